import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ItemsView, QuizView } from '../../features/quizzes/quizzes.api.ts';
import { Loaded, More, Problem, Tag } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { itemsQuery, leagueQuery, resultsQuery } from './quizzes.query.ts';
import { useQuizTexts } from './quizzes.text.ts';

/** Who stands where, the departments, how each question did, and what is done with it. */
export function Results({ quiz }: { quiz: QuizView }) {
  const t = useQuizTexts();
  const results = useInfiniteQuery(resultsQuery(quiz.id));
  const league = useQuery(leagueQuery(quiz.id));
  const items = useQuery(itemsQuery(quiz.id));
  const approve = useWrite<object, unknown>(`/quizzes/${quiz.id}/approve`);
  const close = useWrite<object, unknown>(`/quizzes/${quiz.id}/close`);
  const c = t.columns;
  return (
    <>
      <p className="quiz-actions">
        {quiz.state === 'published' ? <Button onClick={() => close.mutate({})}>{t.close}</Button> : null}
        <Button type="primary" onClick={() => (confirm(t.approveAsk) ? approve.mutate({}) : undefined)}>
          {t.approve}
        </Button>
        <a href={`/api/v1/quizzes/${quiz.id}/answers.xlsx`} download>
          {t.download}
        </a>
      </p>
      {approve.error === null ? null : <Problem error={approve.error} />}
      {close.error === null ? null : <Problem error={close.error} />}
      <section className="panel">
        <h2>{t.ranking}</h2>
        <Loaded query={results}>
          {({ pages }) => (
            <Table
              headings={[c.rank, c.name, c.number, c.score, c.right, c.seconds]}
              rows={pages
                .flatMap((page) => page.items)
                .map((one) => ({
                  key: one.number,
                  cells: [
                    one.rank,
                    <span key="name">
                      {one.name} {one.wins ? <Tag tone="good">{t.wins}</Tag> : null}
                    </span>,
                    one.number,
                    one.score,
                    `${one.right} / ${one.asked}`,
                    one.seconds,
                  ],
                }))}
            />
          )}
        </Loaded>
        <More query={results} />
      </section>
      <section className="panel">
        <h2>{t.league}</h2>
        <Loaded query={league}>
          {({ items: teams }) => (
            <Table
              headings={[c.rank, c.team, c.people, c.took, c.perHead]}
              rows={teams.map((team) => ({
                key: team.code,
                cells: [team.rank ?? '–', team.name, team.people, team.took, team.perHead],
              }))}
            />
          )}
        </Loaded>
      </section>
      <section className="panel">
        <h2>{t.items}</h2>
        <Loaded query={items}>
          {({ items: all }) => (
            <ul className="quiz-list">
              {all.map((item) => (
                <Item key={item.position} quizId={quiz.id} item={item} isFinal={quiz.state === 'approved'} />
              ))}
            </ul>
          )}
        </Loaded>
      </section>
    </>
  );
}

function Item({
  quizId,
  item,
  isFinal,
}: {
  quizId: string;
  item: ItemsView['items'][number];
  isFinal: boolean;
}) {
  const t = useQuizTexts();
  const withdraw = useWrite<{ reason: string }, unknown>(
    `/quizzes/${quizId}/questions/${item.position}/withdraw`,
  );
  const ask = (): void => {
    const reason = prompt(t.withdrawAsk)?.trim();
    if (reason !== undefined && reason !== '') withdraw.mutate({ reason });
  };
  const c = t.columns;
  return (
    <li>
      <div>
        <span className="row-title">{item.text}</span>
        <p className="muted small number">
          {c.answers} {item.answers} · {c.easiness} {Math.round(item.easiness * 100)}% · {c.discrimination}{' '}
          {item.discrimination ?? '–'}{' '}
          {item.options.map((option, index) => `· ${option} ${item.chosen[index] ?? 0} `)}
        </p>
        {item.signals.map((signal) => (
          <Tag key={signal} tone="warm">
            {t.signals[signal as keyof typeof t.signals] ?? signal}
          </Tag>
        ))}
        {item.withdrawn === null ? null : (
          <Tag tone="danger">
            {t.withdrawn}: {item.withdrawn.reason}
          </Tag>
        )}
        {withdraw.error === null ? null : <Problem error={withdraw.error} />}
      </div>
      {item.withdrawn === null && !isFinal ? <Button onClick={ask}>{t.withdraw}</Button> : null}
    </li>
  );
}

function Table({
  headings,
  rows,
}: {
  headings: readonly string[];
  rows: readonly { key: string; cells: readonly React.ReactNode[] }[];
}) {
  const t = useQuizTexts();
  if (rows.length === 0) return <p className="empty">{t.nobody}</p>;
  return (
    <div className="quiz-table">
      <table>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                <td key={headings[index]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
