import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import type { AppealView } from '../../features/periods/periods.api.ts';
import { Loaded, More, Problem, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { appealsQuery } from './performance.query.ts';
import { usePerformanceTexts } from './performance.text.ts';

/** What people object to; each is decided once, with an answer that they read. */
export function Appeals() {
  const { appeals: t } = usePerformanceTexts();
  const [state, setState] = useState<'open' | 'decided'>('open');
  const appeals = useInfiniteQuery(appealsQuery(state));
  return (
    <>
      <Radio.Group
        value={state}
        onChange={({ target }) => setState(target.value as 'open' | 'decided')}
        options={(['open', 'decided'] as const).map((value) => ({ value, label: t[value] }))}
      />
      <Loaded query={appeals}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="panel empty">{t.none}</p>;
          return items.map((one) => <Appeal key={one.id} appeal={one} />);
        }}
      </Loaded>
      <More query={appeals} />
    </>
  );
}

function Appeal({ appeal }: { appeal: AppealView }) {
  const { appeals: t } = usePerformanceTexts();
  const times = useTimes();
  const { no, employee, day, decision } = appeal;
  const title = t.title(no, employee.name, employee.number, times.day(day));
  return (
    <section className="panel" aria-label={title}>
      <h2>{title}</h2>
      <p>
        <strong>{t.reason}</strong> {appeal.reason}
      </p>
      <ul className="performance-trail">
        {appeal.trail.map((line) => (
          <li key={line}>{line.replaceAll('**', '')}</li>
        ))}
      </ul>
      {decision === null ? (
        <>
          <p className="muted">{t.answerBy(times.day(appeal.answerBy))}</p>
          <Decision id={appeal.id} />
        </>
      ) : (
        <p>
          <Tag tone={decision.outcome === 'granted' ? 'good' : 'warm'}>{t.outcome[decision.outcome]}</Tag>{' '}
          {decision.reason} <span className="muted">{t.by(decision.byName, times.full(decision.at))}</span>
        </p>
      )}
    </section>
  );
}

function Decision({ id }: { id: string }) {
  const { appeals: t } = usePerformanceTexts();
  const send = useSend();
  const [reason, setReason] = useState('');
  const decide = (outcome: 'granted' | 'refused'): void =>
    send.mutate({ path: `/appeals/${id}/decision`, body: { outcome, reason: reason.trim() } });
  const isShort = reason.trim().length < 2;
  return (
    <div className="performance-row">
      <Input
        aria-label={t.answer}
        placeholder={t.answer}
        value={reason}
        maxLength={300}
        onChange={({ target }) => setReason(target.value)}
      />
      <Button type="primary" disabled={send.isPending || isShort} onClick={() => decide('granted')}>
        {t.grant}
      </Button>
      <Button disabled={send.isPending || isShort} onClick={() => decide('refused')}>
        {t.refuse}
      </Button>
      {send.error === null ? null : <Problem error={send.error} />}
    </div>
  );
}
