import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { exportFormats, type QuestionView } from '../../features/questions/questions.api.ts';
import { Loaded, More, Problem, Tag } from '../parts.tsx';
import { useWrite } from '../use-write.ts';
import { QuestionPicture } from './QuestionPicture.tsx';
import { importFile, questionsQuery } from './quizzes.query.ts';
import { useQuizTexts } from './quizzes.text.ts';

/** The question bank: look through it, let questions pass the review, bring files in and take them out. */
export function Bank() {
  const t = useQuizTexts();
  const [search, setSearch] = useState('');
  const [onlyDrafts, setOnlyDrafts] = useState(false);
  const settled = useDeferredValue(search.trim());
  const questions = useInfiniteQuery(questionsQuery(settled, onlyDrafts ? 'draft' : undefined));
  return (
    <>
      <Files />
      <p className="quiz-actions">
        <Input
          type="search"
          allowClear
          maxLength={200}
          aria-label={t.search}
          placeholder={t.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Checkbox checked={onlyDrafts} onChange={(event) => setOnlyDrafts(event.target.checked)}>
          {t.onlyDrafts}
        </Checkbox>
      </p>
      <Loaded query={questions}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <p className="panel empty">{t.noQuestions}</p>
          ) : (
            <ul className="panel quiz-list">
              {items.map((question) => (
                <Question key={question.key} question={question} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <More query={questions} />
    </>
  );
}

function Files() {
  const t = useQuizTexts();
  const client = useQueryClient();
  const bring = useMutation({ mutationFn: importFile, onSuccess: () => client.invalidateQueries() });
  const report = bring.data;
  return (
    <section className="panel" aria-label={t.importTitle}>
      <h2>{t.importTitle}</h2>
      <p className="muted small">{t.importAbout}</p>
      <p className="quiz-actions">
        <input
          type="file"
          aria-label={t.file}
          accept=".xlsx,.csv,.xml,.gift,.txt"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file !== undefined) bring.mutate(file);
            event.target.value = '';
          }}
        />
        {exportFormats.map((format) => (
          <a key={format} href={`/api/v1/questions:export?format=${format}`} download>
            {t.exportAs} {format.toUpperCase()}
          </a>
        ))}
      </p>
      {bring.error === null ? null : <Problem error={bring.error} />}
      {report === undefined ? null : (
        <div role="status">
          <p>
            {t.imported(
              report.totals.created,
              report.totals.updated,
              report.totals.unchanged,
              report.totals.refused,
            )}
          </p>
          <ul className="small">
            {report.rows
              .filter(({ outcome }) => outcome === 'refused')
              .slice(0, 50)
              .map(({ line, id, problems }) => (
                <li key={`${line} ${id}`}>
                  {t.line(line)} {id} {problems.join('; ')}
                </li>
              ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Question({ question }: { question: QuestionView }) {
  const t = useQuizTexts();
  const review = useWrite<{ review: 'draft' | 'reviewed' }, QuestionView>(
    `/questions/${question.key}/review`,
  );
  const isReviewed = question.review === 'reviewed';
  const isRight = (index: number): boolean =>
    question.answer === index ||
    (Array.isArray(question.answer) && (question.answer as unknown[]).includes(index));
  return (
    <li>
      <details>
        <summary>
          <span className="row-title">{question.text}</span> <Tag tone="notice">{t.kinds[question.kind]}</Tag>{' '}
          <Tag>{t.levels[question.level]}</Tag>{' '}
          <Tag tone={isReviewed ? 'good' : 'warm'}>{t.reviews[question.review]}</Tag>{' '}
          <span className="muted small">{question.feature}</span>
        </summary>
        <QuestionPicture name={question.picture} alt={question.text} />
        {question.options.length === 0 ? (
          <p>
            {t.answer}: {String(question.answer)} {question.unit ?? ''}
          </p>
        ) : (
          <ol type="A">
            {question.options.map((option, index) => (
              <li key={option}>
                {option} {isRight(index) ? <Tag tone="good">{t.right}</Tag> : null}
              </li>
            ))}
          </ol>
        )}
        <p className="muted">
          {t.explanation}: {question.explanation ?? t.noExplanation}
        </p>
        {review.error === null ? null : <Problem error={review.error} />}
        <Button size="small" onClick={() => review.mutate({ review: isReviewed ? 'draft' : 'reviewed' })}>
          {isReviewed ? t.sendBack : t.pass}
        </Button>
      </details>
    </li>
  );
}
