import { useQuery } from '@tanstack/react-query';
import { Segmented, Select } from 'antd';
import { useId, useState } from 'react';
import type { TipPlanView } from '../../features/tips/tips.api.ts';
import { call } from '../api.ts';
import { campaignsQuery } from '../campaigns.query.ts';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { Loaded, Problem, Tag } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { useCalendarTexts } from './calendar.text.ts';
import { withReordered } from './order.ts';
import { TipOrder } from './TipOrder.tsx';

const LEVELS = ['beginner', 'intermediate', 'advanced'] as const;
type Level = (typeof LEVELS)[number];

/** Which tip on which coming day, and the order from which that follows. */
export function TipCalendar() {
  const t = useCalendarTexts();
  const campaigns = useQuery(campaignsQuery);
  return (
    <Loaded query={campaigns}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="panel empty">{t.none}</p>
        ) : (
          <Calendar campaigns={items.map(({ key, name }) => ({ value: key, label: name }))} />
        )
      }
    </Loaded>
  );
}

function Calendar({ campaigns }: { campaigns: { value: string; label: string }[] }) {
  const text = useTexts();
  const t = useCalendarTexts();
  const id = useId();
  const [campaign, setCampaign] = useState(campaigns[0]?.value ?? '');
  const [level, setLevel] = useState<Level>('beginner');
  const path = `/campaigns/${encodeURIComponent(campaign)}`;
  const plan = useQuery({
    queryKey: ['tip-plan', campaign, level],
    queryFn: ({ signal }) => call<TipPlanView>(`${path}/tip-plan?level=${level}`, { signal }),
  });
  return (
    <>
      <p className="muted">{t.about}</p>
      <div className="calendar-choice">
        {campaigns.length > 1 ? (
          <div className="labelled">
            <label htmlFor={id}>{t.campaign}</label>
            <Select id={id} value={campaign} onChange={setCampaign} options={campaigns} />
          </div>
        ) : null}
        <Segmented
          aria-label={t.level}
          value={level}
          onChange={setLevel}
          options={LEVELS.map((value) => ({ value, label: text.levels[value] }))}
        />
      </div>
      <Loaded query={plan}>{(found) => <Plan key={level} plan={found} level={level} path={path} />}</Loaded>
    </>
  );
}

interface PlanProps {
  plan: TipPlanView;
  level: Level;
  path: string;
}

function Plan({ plan, level, path }: PlanProps) {
  const t = useCalendarTexts();
  const may = useMay();
  const { mutate, isPending, error } = useSend<TipPlanView>();
  const whole = plan.order.map(({ key }) => key);
  const own = plan.order.filter((tip) => tip.level === level);
  const dayOf = new Map(plan.days.toReversed().map(({ day, tip }) => [tip.key, day]));
  const keep = (keys: readonly string[]): void =>
    mutate({
      method: 'PUT',
      path: `${path}/tip-order?level=${level}`,
      body: { order: withReordered(whole, keys), was: whole },
    });
  return (
    <div className="calendar">
      <section className="panel" aria-labelledby="tip-days">
        <h2 id="tip-days">{t.days}</h2>
        {plan.days.length === 0 ? <p className="empty">{t.noDays}</p> : null}
        <ol className="tip-days">
          {plan.days.map(({ day, tip, chosen }) => (
            <li key={day}>
              <span className="number">{day.slice(5)}</span>
              <span>{tip.title}</span>
              <Tag tone={chosen ? 'good' : 'plain'}>{chosen ? t.chosen : t.planned}</Tag>
            </li>
          ))}
        </ol>
      </section>
      <section className="panel" aria-labelledby="tip-order" aria-busy={isPending}>
        <h2 id="tip-order">{t.order}</h2>
        {may('tips.write') ? <p className="muted small">{t.orderAbout}</p> : null}
        {error === null ? null : <Problem error={error} />}
        <TipOrder tips={own} dayOf={dayOf} mayMove={may('tips.write') && !isPending} onOrder={keep} />
      </section>
    </div>
  );
}
