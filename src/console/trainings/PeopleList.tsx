import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import type { PersonView, TrainingView } from '../../features/trainings/trainings.api.ts';
import { Table } from '../ListTable.tsx';
import '../styles/list.css';
import { useMay } from '../may.ts';
import { Loaded, More, Problem, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { importDurations, peopleQuery } from './trainings.query.ts';
import { useTrainingTexts } from './trainings.text.ts';

/** Who is on the list and who came; liaisons see their own departments. */
export function PeopleList({ training }: { training: TrainingView }) {
  const t = useTrainingTexts();
  const p = t.people;
  const may = useMay();
  const people = useInfiniteQuery(peopleQuery(training.id));
  const send = useSend();
  const signUp = (): void => {
    const employee = prompt(p.signUpAsk)?.trim();
    if (employee !== undefined && employee !== '')
      send.mutate({ path: `/trainings/${training.id}/people`, body: { employee, do: 'sign-up' } });
  };
  return (
    <>
      <p className="training-actions">
        {may('trainings.correct') && training.state === 'open' ? (
          <Button onClick={signUp}>{p.signUp}</Button>
        ) : null}
        <a href={`/api/v1/trainings/${training.id}/people.xlsx`} download>
          {p.download}
        </a>
      </p>
      {send.error === null ? null : <Problem error={send.error} />}
      <Loaded query={people}>
        {({ pages }) => (
          <PeopleTable
            training={training}
            people={pages.flatMap(({ items }) => items)}
            onSend={send.mutate}
          />
        )}
      </Loaded>
      <More query={people} />
      {may('trainings.correct') && training.state === 'open' ? <Import training={training} /> : null}
    </>
  );
}

function PeopleTable({
  training,
  people,
  onSend,
}: {
  training: TrainingView;
  people: readonly PersonView[];
  onSend: (sent: { path: string; body: object }) => void;
}) {
  const t = useTrainingTexts();
  const p = t.people;
  const may = useMay();
  const times = useTimes();
  const correct = ({ number, present }: PersonView): void => {
    const reason = prompt(p.why)?.trim();
    if (reason === undefined || reason === '') return;
    onSend({
      path: `/trainings/${training.id}/attendance`,
      body: { employee: number, present: !present, reason },
    });
  };
  return (
    <Table
      rows={people}
      keyOf={({ number }) => number}
      none={p.none}
      columns={[
        { title: p.number, cell: ({ number }) => number },
        { title: p.name, cell: ({ name }) => name },
        { title: p.department, cell: ({ department }) => department ?? '–' },
        {
          title: p.standing,
          cell: ({ standing, movedUpAt }) => (
            <>
              {p.standings[standing]} {movedUpAt === null ? null : <Tag tone="notice">{p.movedUp}</Tag>}
            </>
          ),
        },
        {
          title: p.attendance,
          cell: ({ present, late, grade }) => (
            <>
              <Tag tone={present ? (late ? 'warm' : 'good') : 'plain'}>
                {present ? (late ? p.late : p.present) : p.absent}
              </Tag>{' '}
              {grade === null ? null : <span className="muted small">{p.grades[grade]}</span>}
            </>
          ),
        },
        { title: p.arrived, cell: ({ arrivedAt }) => (arrivedAt === null ? '–' : times.short(arrivedAt)) },
        { title: p.minutes, cell: ({ minutes }) => minutes ?? '–' },
        ...(may('trainings.correct')
          ? [
              {
                title: '',
                cell: (person: PersonView) => (
                  <button type="button" className="plain-button" onClick={() => correct(person)}>
                    {person.present ? p.takeBack : p.note}
                  </button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

const MOST_SHOWN = 50;

/** How long people were online: first what would happen, then the same for real. */
function Import({ training }: { training: TrainingView }) {
  const p = useTrainingTexts().people;
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const work = useMutation({
    mutationFn: (dryRun: boolean) => {
      if (file === undefined) throw new Error('no file');
      return importDurations(training.id, file, dryRun);
    },
    onSuccess: () => client.invalidateQueries(),
  });
  const report = work.data;
  const shown = report?.rows.filter(({ problem }) => problem !== null).slice(0, MOST_SHOWN) ?? [];
  return (
    <details className="panel form">
      <summary>{p.importTitle}</summary>
      <p className="muted">{p.importAbout}</p>
      <div className="training-actions">
        <label htmlFor={id}>{p.file}</label>
        <input
          id={id}
          type="file"
          accept=".csv,.xlsx"
          onChange={(event) => {
            setFile(event.target.files?.[0]);
            work.reset();
          }}
        />
        <Button disabled={file === undefined} onClick={() => work.mutate(true)}>
          {p.dry}
        </Button>
        <Button type="primary" disabled={report?.dryRun !== true} onClick={() => work.mutate(false)}>
          {p.apply}
        </Button>
      </div>
      {work.error === null ? null : <Problem error={work.error} />}
      {report === undefined ? null : (
        <section aria-live="polite">
          <p>
            {p.report(
              report.totals.counted,
              report.totals.unchanged,
              report.totals.short,
              report.totals.refused,
            )}
          </p>
          <ul>
            {shown.map(({ line, problem }) => (
              <li key={line}>
                {p.line(line)}: {problem}
              </li>
            ))}
          </ul>
        </section>
      )}
    </details>
  );
}
