import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { QuizView } from '../../features/quizzes/quizzes.api.ts';
import { Loaded, More, Problem, Tag } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { quizzesQuery } from './quizzes.query.ts';
import { useQuizTexts } from './quizzes.text.ts';
import type { View } from './view.ts';

export function Rounds({ onView }: { onView: (view: View) => void }) {
  const t = useQuizTexts();
  const rounds = useInfiniteQuery(quizzesQuery);
  return (
    <>
      <p className="quiz-actions">
        <Button type="primary" onClick={() => onView({ kind: 'plan' })}>
          {t.newRound}
        </Button>
      </p>
      <Loaded query={rounds}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <p className="panel empty">{t.noRounds}</p>
          ) : (
            <ul className="panel quiz-list">
              {items.map((quiz) => (
                <Round key={quiz.id} quiz={quiz} onView={onView} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <More query={rounds} />
    </>
  );
}

function Round({ quiz, onView }: { quiz: QuizView; onView: (view: View) => void }) {
  const t = useQuizTexts();
  const publish = useWrite<object, QuizView>(`/quizzes/${quiz.id}/publish`);
  const ask = () => (confirm(t.publishAsk) ? publish.mutate({}) : undefined);
  return (
    <li>
      <div>
        <span className="row-title">{quiz.title}</span> <Tag tone="notice">{t.roundKinds[quiz.kind]}</Tag>{' '}
        <Tag tone={quiz.state === 'published' ? 'good' : 'plain'}>{t.states[quiz.state]}</Tag>
        <p className="muted small">{quiz.rules}</p>
        {publish.error === null ? null : <Problem error={publish.error} />}
      </div>
      <p className="quiz-actions">
        {quiz.state === 'draft' ? <Button onClick={ask}>{t.publish}</Button> : null}
        {quiz.kind === 'live' && quiz.state !== 'draft' ? (
          <Button onClick={() => onView({ kind: 'live', quiz })}>{t.openRoom}</Button>
        ) : null}
        {quiz.state === 'draft' ? null : (
          <Button onClick={() => onView({ kind: 'results', quiz })}>{t.openResults}</Button>
        )}
      </p>
    </li>
  );
}
