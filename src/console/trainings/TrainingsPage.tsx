import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { useState } from 'react';
import type { TrainingView } from '../../features/trainings/trainings.api.ts';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { Loaded, PageHead, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { AttendScreen } from './AttendScreen.tsx';
import { Calendar } from './Calendar.tsx';
import { Materials } from './Materials.tsx';
import { PeopleList } from './PeopleList.tsx';
import { Results } from './Results.tsx';
import { SessionEditor } from './SessionEditor.tsx';
import { trainingQuery } from './trainings.query.ts';
import { useTrainingTexts } from './trainings.text.ts';
import './trainings.css';

type View = { kind: 'calendar' } | { kind: 'new' } | { kind: 'one'; id: string };

/** The calendar; a class opens in its place. */
export default function TrainingsPage() {
  const text = useTexts();
  const t = useTrainingTexts();
  const [view, setView] = useState<View>({ kind: 'calendar' });
  return (
    <AntTheme>
      <PageHead title={text.place.trainings}>
        <p>{t.about}</p>
      </PageHead>
      {view.kind === 'calendar' ? null : (
        <p className="training-back">
          <button type="button" className="plain-button" onClick={() => setView({ kind: 'calendar' })}>
            {t.back}
          </button>
        </p>
      )}
      {view.kind === 'calendar' ? (
        <Calendar onOpen={({ id }) => setView({ kind: 'one', id })} onNew={() => setView({ kind: 'new' })} />
      ) : view.kind === 'new' ? (
        <SessionEditor training={undefined} onMade={(id) => setView({ kind: 'one', id })} />
      ) : (
        <One id={view.id} />
      )}
    </AntTheme>
  );
}

function One({ id }: { id: string }) {
  const t = useTrainingTexts();
  const may = useMay();
  const training = useQuery(trainingQuery(id));
  const tabs = (view: TrainingView) => [
    ...(may('trainings.write')
      ? [{ key: 'edit', label: t.tabs.edit, children: <SessionEditor training={view} /> }]
      : []),
    ...(may('trainings.people')
      ? [{ key: 'people', label: t.tabs.people, children: <PeopleList training={view} /> }]
      : []),
    ...(may('trainings.write')
      ? [{ key: 'materials', label: t.tabs.materials, children: <Materials training={view} /> }]
      : []),
    ...(may('trainings.write') && may('trainings.people')
      ? [{ key: 'attend', label: t.tabs.attend, children: <AttendScreen training={view} /> }]
      : []),
    ...(may('trainings.people')
      ? [{ key: 'results', label: t.tabs.results, children: <Results training={view} /> }]
      : []),
  ];
  return (
    <Loaded query={training}>
      {(view) => (
        <>
          <Heading training={view} />
          <Tabs items={tabs(view)} destroyOnHidden />
        </>
      )}
    </Loaded>
  );
}

function Heading({ training }: { training: TrainingView }) {
  const t = useTrainingTexts();
  const times = useTimes();
  const { no, title, state, kind, startsAt, seats, signedUp, waiting, readyAt, gaps } = training;
  return (
    <section className="panel training-head">
      <h2>
        {no} · {title}
      </h2>
      <p>
        <Tag tone={state === 'open' ? 'good' : state === 'cancelled' ? 'danger' : 'plain'}>
          {t.states[state]}
        </Tag>{' '}
        <Tag tone="notice">{t.kinds[kind]}</Tag>{' '}
        {readyAt !== null ? (
          <Tag tone="good">{t.ready}</Tag>
        ) : gaps > 0 ? (
          <Tag tone="warm">{t.gaps(gaps)}</Tag>
        ) : null}{' '}
        <span className="muted">
          {times.full(startsAt)} · {t.seats(signedUp, seats, waiting)}
        </span>
      </p>
    </section>
  );
}
