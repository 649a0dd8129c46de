import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ResultsView, TrainingView } from '../../features/trainings/trainings.api.ts';
import { Loaded } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { resultsQuery } from './trainings.query.ts';
import { useTrainingTexts } from './trainings.text.ts';

/** Who came, what they thought, what they know now. */
export function Results({ training }: { training: TrainingView }) {
  const t = useTrainingTexts().results;
  const times = useTimes();
  const results = useQuery(resultsQuery(training.id));
  return (
    <Loaded query={results}>
      {({ signedUp, present, late, absent, waiting, ratings, quiz, poster, recordingToldAt }) => (
        <>
          <dl className="panel training-figures">
            <Figure name={t.signedUp}>{signedUp}</Figure>
            <Figure name={t.present}>{present}</Figure>
            <Figure name={t.late}>{late}</Figure>
            <Figure name={t.absent}>{absent}</Figure>
            <Figure name={t.waiting}>{waiting}</Figure>
          </dl>
          <section className="panel">
            <h2>{t.satisfaction}</h2>
            {ratings === null ? <p className="muted">{t.few}</p> : <Satisfaction ratings={ratings} />}
          </section>
          <section className="panel">
            <h2>{t.quiz}</h2>
            <p>
              {quiz === null
                ? t.noQuiz
                : `${quiz.title} · ${t.quizLine(quiz.people, quiz.rightShare === null ? '–' : `${Math.round(quiz.rightShare * 100)}%`)}`}
            </p>
          </section>
          {poster === null ? null : (
            <section className="panel">
              <h2>{t.poster}</h2>
              <p>{t.posterLine(poster.scans, poster.arrived)}</p>
            </section>
          )}
          {recordingToldAt === null ? null : (
            <p className="muted">{t.recording(times.short(recordingToldAt))}</p>
          )}
        </>
      )}
    </Loaded>
  );
}

function Satisfaction({ ratings }: { ratings: NonNullable<ResultsView['ratings']> }) {
  const t = useTrainingTexts().results;
  const most = Math.max(1, ...ratings.scores);
  return (
    <>
      <p>
        <strong className="training-average number">{ratings.average.toFixed(2)}</strong>{' '}
        <span className="muted">{t.people(ratings.count)}</span>
      </p>
      <ul className="training-scores">
        {[5, 4, 3, 2, 1].map((score) => {
          const many = ratings.scores[score - 1] ?? 0;
          return (
            <li key={score}>
              <span className="number">{t.scores(score)}</span>
              <span className="training-bar" style={{ inlineSize: `${(many / most) * 60}%` }} />
              <span className="number">{many}</span>
            </li>
          );
        })}
      </ul>
      {ratings.comments.length === 0 ? null : (
        <>
          <h3>{t.comments}</h3>
          <ul className="training-list">
            {ratings.comments.map(({ score, comment }, index) => (
              <li key={index}>
                <span>
                  <span className="number">{t.scores(score)}</span> · {comment}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="muted small">{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}
