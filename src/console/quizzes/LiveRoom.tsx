import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import type { LiveView, QuizView } from '../../features/quizzes/quizzes.api.ts';
import { Loaded, Problem, Tag } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { QuestionPicture } from './QuestionPicture.tsx';
import { liveQuery } from './quizzes.query.ts';
import { useQuizTexts } from './quizzes.text.ts';

type Watched = LiveView & { aheadMs: number };

/** The control room of a live round, and the page for the wall. */
export function LiveRoom({ quiz }: { quiz: QuizView }) {
  const t = useQuizTexts();
  const live = useQuery(liveQuery(quiz.id));
  const step = useWrite<{ do: 'next' | 'reveal' | 'end' }, LiveView>(`/quizzes/${quiz.id}/live`);
  const [onWall, setOnWall] = useState(false);
  return (
    <Loaded query={live}>
      {(view) => (
        <>
          <p className="quiz-actions">
            <Button
              type="primary"
              disabled={view.phase === 'over' || view.number === view.of || step.isPending}
              onClick={() => step.mutate({ do: 'next' })}
            >
              {t.next}
            </Button>
            <Button
              disabled={view.phase !== 'open' || step.isPending}
              onClick={() => step.mutate({ do: 'reveal' })}
            >
              {t.reveal}
            </Button>
            <Button
              danger
              disabled={view.phase === 'over' || step.isPending}
              onClick={() => step.mutate({ do: 'end' })}
            >
              {t.end}
            </Button>
            <Button onClick={() => setOnWall(true)}>{t.projector}</Button>
          </p>
          {step.error === null ? null : <Problem error={step.error} />}
          <section className="panel quiz-board" aria-live="polite">
            <Board view={view} title={quiz.title} />
          </section>
          {onWall ? <Projector view={view} title={quiz.title} onLeave={() => setOnWall(false)} /> : null}
        </>
      )}
    </Loaded>
  );
}

function Projector({ view, title, onLeave }: { view: Watched; title: string; onLeave: () => void }) {
  const t = useQuizTexts();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onLeave();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onLeave]);
  return (
    <div className="projector" role="dialog" aria-modal="true" aria-label={t.projector}>
      <Board view={view} title={title} />
      <button type="button" className="plain-button projector-leave" onClick={onLeave}>
        {t.leaveProjector}
      </button>
    </div>
  );
}

function Board({ view, title }: { view: Watched; title: string }) {
  const t = useQuizTexts();
  const seconds = useCountdown(view);
  return (
    <div className="board">
      <h2>
        {title} <Tag tone={view.phase === 'open' ? 'good' : 'plain'}>{t.phases[view.phase]}</Tag>
      </h2>
      <p className="muted">
        {view.number === 0 ? t.join : t.of(view.number, view.of)} · {t.joined(view.joined)}
        {view.number === 0 ? '' : ` · ${t.answered(view.answered)}`}
        {view.right === null ? '' : ` · ${t.rightCount(view.right)}`}
      </p>
      {seconds === undefined ? null : <p className="board-seconds number">{seconds}</p>}
      {view.text === null ? null : <p className="board-question">{view.text}</p>}
      <QuestionPicture name={view.picture} alt={view.text ?? ''} />
      {view.options.length === 0 || view.phase === 'revealed' ? null : (
        <ul className="board-options">
          {view.options.map((option) => (
            <li key={option}>{option}</li>
          ))}
        </ul>
      )}
      {view.answer === null ? null : <p className="board-answer">{view.answer}</p>}
      {view.explanation === null ? null : <p>{view.explanation}</p>}
      {view.top.length === 0 ? null : (
        <section aria-label={t.top}>
          <h3>{t.top}</h3>
          <ol className="board-top">
            {view.top.map(({ rank, number, name, score }) => (
              <li key={number} value={rank}>
                {name} <span className="number">{score}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}

const TICK_MS = 200;

/** Seconds that are left by the server's clock; undefined when nothing runs. */
function useCountdown({ phase, closesAt, aheadMs }: Watched): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (phase !== 'open' || closesAt === null) return undefined;
  return Math.max(0, Math.ceil((Date.parse(closesAt) - (now - aheadMs)) / 1000));
}
