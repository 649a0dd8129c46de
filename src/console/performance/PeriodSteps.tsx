import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import type { PeriodView, RunView } from '../../features/periods/periods.api.ts';
import { useMay } from '../may.ts';
import { Problem } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { usePerformanceTexts } from './performance.text.ts';

/** What can be done next with a period, and what was done. The server decides again. */
export function PeriodSteps({ period }: { period: PeriodView }) {
  const { periods: t } = usePerformanceTexts();
  const may = useMay();
  const send = useSend();
  const isRunning = period.runs.some(({ state }) => state === 'requested');
  const hasFailed = period.runs.at(-1)?.state === 'failed';
  return (
    <section className="panel" aria-label={period.name}>
      <h2>{period.name}</h2>
      {period.objectionsUntil === null ? null : <p>{t.until(period.objectionsUntil)}</p>}
      {period.preparedBy === null ? null : <p role="status">{t.prepared(period.preparedBy)}</p>}
      <CalendarDoubts period={period} />
      {isRunning ? <p role="status">{t.running}</p> : null}
      {hasFailed ? <p role="alert">{t.failed}</p> : null}
      {may('performance.close') && !isRunning ? <Steps period={period} send={send} /> : null}
      {send.error === null ? null : <Problem error={send.error} />}
      <ul className="rows">
        {period.runs
          .filter(({ state }) => state === 'done')
          .map((run) => (
            <Run key={run.id} period={period} run={run} />
          ))}
      </ul>
      {may('exports.make') ? <Files period={period} /> : null}
    </section>
  );
}

/** Whether the days of the period are those that are announced: one sentence for each doubt. */
function CalendarDoubts({ period: { state, calendar } }: { period: PeriodView }) {
  const { periods: t } = usePerformanceTexts();
  const { unknownYears, differing } = calendar;
  const days = (workday: boolean): string[] =>
    differing.filter((one) => one.workday === workday).map(({ day }) => day);
  const [worked, off] = [days(true), days(false)];
  if (state === 'closed') return null;
  return (
    <>
      {unknownYears.length > 0 ? <p role="alert">{t.unknownYears(unknownYears.join('、'))}</p> : null}
      {worked.length > 0 ? <p role="alert">{t.frozenAsWorked(worked.join('、'))}</p> : null}
      {off.length > 0 ? <p role="alert">{t.frozenAsOff(off.join('、'))}</p> : null}
    </>
  );
}

type Send = ReturnType<typeof useSend>;

function Steps({ period, send }: { period: PeriodView; send: Send }) {
  const { periods: t } = usePerformanceTexts();
  const [reason, setReason] = useState('');
  const step = (path: string, body: object = {}): void =>
    send.mutate({ path: `/performance/periods/${period.id}/${path}`, body });
  const isBusy = send.isPending;
  if (period.state === 'closed') {
    return (
      <div className="performance-row">
        <Button disabled={isBusy} onClick={() => step('supplement')}>
          {t.supplement}
        </Button>
        {period.preparedBy === null || period.preparedByYou ? null : (
          <>
            <Input
              aria-label={t.reason}
              placeholder={t.reason}
              value={reason}
              maxLength={300}
              onChange={({ target }) => setReason(target.value)}
            />
            <Button
              type="primary"
              disabled={isBusy || reason.trim().length < 2}
              onClick={() => step('supplement/confirmation', { reason: reason.trim() })}
            >
              {t.confirmSupplement}
            </Button>
          </>
        )}
      </div>
    );
  }
  return (
    <>
      <div className="performance-row">
        <Button disabled={isBusy} onClick={() => step('preview')}>
          {t.preview}
        </Button>
        {period.state === 'open' ? null : (
          <Button disabled={isBusy} onClick={() => step('reopen')}>
            {t.reopen}
          </Button>
        )}
        {period.state === 'objections' && period.preparedBy === null ? (
          <Button type="primary" disabled={isBusy} onClick={() => step('closing')}>
            {t.prepare}
          </Button>
        ) : null}
        {period.state === 'objections' && period.preparedBy !== null && !period.preparedByYou ? (
          <Button
            type="primary"
            disabled={isBusy}
            onClick={() => (confirm(t.confirmAsk) ? step('closing/confirmation') : undefined)}
          >
            {t.confirm}
          </Button>
        ) : null}
      </div>
      {period.preparedByYou ? <p className="muted">{t.waitsForOther}</p> : null}
      {period.state === 'preview' ? (
        <Objections onAsk={(body) => step('objections', body)} isBusy={isBusy} />
      ) : null}
    </>
  );
}

function Objections({
  onAsk,
  isBusy,
}: {
  onAsk: (body: { until: string; tell: boolean }) => void;
  isBusy: boolean;
}) {
  const { periods: t } = usePerformanceTexts();
  const [until, setUntil] = useState('');
  const [tell, setTell] = useState(true);
  return (
    <div className="performance-row">
      <label>
        {t.deadline} <Input type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
      </label>
      <Checkbox checked={tell} onChange={({ target }) => setTell(target.checked)}>
        {t.tell}
      </Checkbox>
      <Button type="primary" disabled={isBusy || until === ''} onClick={() => onAsk({ until, tell })}>
        {t.objections}
      </Button>
    </div>
  );
}

function Run({ period, run }: { period: PeriodView; run: RunView }) {
  const { periods: t } = usePerformanceTexts();
  const times = useTimes();
  const may = useMay();
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">
          {t.runs[run.kind]}
          {run.kind === 'supplement' ? ` ${run.revision}` : ''}
        </p>
        <p className="muted small">
          {t.run(run.people ?? 0, run.asOf === null ? '' : times.full(run.asOf))} ·{' '}
          {t.by(run.preparedBy, run.confirmedBy)}
          {run.reason === '' ? '' : ` · ${run.reason}`}
        </p>
        {run.receipt === null ? null : (
          <p className="small performance-key">
            {t.receipt} {run.receipt}
          </p>
        )}
      </div>
      {run.packageSha256 !== null && may('performance.results') ? (
        <a
          className="download"
          href={`/api/v1/performance/periods/${period.id}/package?revision=${run.revision}`}
          download
        >
          {t.package}
        </a>
      ) : null}
    </li>
  );
}

function Files({ period }: { period: PeriodView }) {
  const { periods: t } = usePerformanceTexts();
  const ask = useSend();
  const month = period.from.slice(0, 7);
  return (
    <>
      <div className="performance-row">
        {(['xlsx', 'csv', 'json'] as const).map((format) => (
          <Button
            key={format}
            disabled={ask.isPending}
            onClick={() =>
              ask.mutate({
                path: '/exports',
                body: { kind: 'performance', month, format, purpose: t.purpose },
              })
            }
          >
            {t.file(format)}
          </Button>
        ))}
      </div>
      {ask.isSuccess ? <p role="status">{t.asked}</p> : null}
      {ask.error === null ? null : <Problem error={ask.error} />}
    </>
  );
}
