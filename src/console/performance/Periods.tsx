import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import type { PeriodView } from '../../features/periods/periods.api.ts';
import { clockQuery } from '../clock/clock.query.ts';
import { monthsToExport } from '../exports/months.ts';
import { useMay } from '../may.ts';
import { Loaded, Problem, Tag, type Tone } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { PeriodSteps } from './PeriodSteps.tsx';
import { keyQuery, periodsQuery } from './performance.query.ts';
import { usePerformanceTexts } from './performance.text.ts';
import { Results } from './Results.tsx';

interface Campaign {
  key: string;
  startsOn: string;
  endsOn: string;
}

/** The periods of a campaign, and what is to be done about the chosen one. */
export function Periods({ campaign }: { campaign: Campaign }) {
  const { periods: t } = usePerformanceTexts();
  const may = useMay();
  const periods = useQuery(periodsQuery(campaign.key));
  const [chosen, setChosen] = useState<string>();
  return (
    <Loaded query={periods}>
      {({ items }) => {
        const period = items.find(({ id }) => id === chosen) ?? items[0];
        return (
          <>
            {may('performance.close') ? <OpenPeriod campaign={campaign} known={items} /> : null}
            {items.length === 0 ? <p className="panel empty">{t.none}</p> : null}
            <ul className="rows performance-periods">
              {items.map((one) => (
                <Item key={one.id} period={one} on={one.id === period?.id} onChoose={setChosen} />
              ))}
            </ul>
            {period === undefined ? null : (
              <>
                <PeriodSteps key={period.id} period={period} />
                {may('performance.results') ? <Results period={period} /> : null}
              </>
            )}
            <PublicKey />
          </>
        );
      }}
    </Loaded>
  );
}

const tones = {
  open: 'plain',
  preview: 'notice',
  objections: 'warm',
  closed: 'good',
} as const satisfies Record<PeriodView['state'], Tone>;

function Item({ period, on, onChoose }: { period: PeriodView; on: boolean; onChoose: (id: string) => void }) {
  const { periods: t } = usePerformanceTexts();
  return (
    <li className="row">
      <button
        type="button"
        className="plain-button row-main"
        aria-pressed={on}
        onClick={() => onChoose(period.id)}
      >
        <span className="row-title">{period.name}</span>{' '}
        <span className="muted small">
          {t.days(period.from, period.to)} · {t.rule(period.ruleVersion)}
          {period.openAppeals === 0 ? '' : ` · ${t.appeals(period.openAppeals)}`}
        </span>
      </button>
      <Tag tone={tones[period.state]}>{t.states[period.state]}</Tag>
    </li>
  );
}

function OpenPeriod({ campaign, known }: { campaign: Campaign; known: readonly PeriodView[] }) {
  const { periods: t } = usePerformanceTexts();
  const times = useTimes();
  const clock = useQuery(clockQuery);
  const today = times.isoDay(clock.data?.now ?? new Date().toISOString());
  const months = monthsToExport([campaign], today).filter(
    (month) => !known.some(({ name }) => name === month),
  );
  const [chosen, setChosen] = useState<string>();
  const open = useSend();
  const month = months.includes(chosen ?? '') ? chosen : months[0];
  if (month === undefined) return null;
  return (
    <div className="performance-row">
      <Select
        aria-label={t.month}
        value={month}
        onChange={setChosen}
        options={months.map((value) => ({ value, label: times.month(value) }))}
      />
      <Button
        loading={open.isPending}
        onClick={() => open.mutate({ path: '/performance/periods', body: { campaign: campaign.key, month } })}
      >
        {t.open}
      </Button>
      {open.error === null ? null : <Problem error={open.error} />}
    </div>
  );
}

function PublicKey() {
  const { periods: t } = usePerformanceTexts();
  const key = useQuery(keyQuery);
  if (key.data === undefined) return null;
  return (
    <section className="panel">
      <h2>{t.key}</h2>
      <p className="performance-key">{key.data.publicKey}</p>
      <p className="muted small">{t.keyHint}</p>
    </section>
  );
}
