import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { TrainingView } from '../../features/trainings/trainings.api.ts';
import { clockQuery } from '../clock/clock.query.ts';
import { useMay } from '../may.ts';
import { Loaded } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { instantOf } from './plan.ts';
import { spanQuery } from './trainings.query.ts';
import { useTrainingTexts } from './trainings.text.ts';

const DAY_MS = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Weeks from Monday on, with the days before and after that fill them: ISO days. */
function weeksOf(month: string): string[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const next = new Date(first);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const days = Math.ceil((next.getTime() - first) / DAY_MS + lead);
  return Array.from({ length: Math.ceil(days / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_day, at) => iso(first + (week * 7 + at - lead) * DAY_MS)),
  );
}

function shifted(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
}

/** A month of classes, on the wall clock of the console. */
export function Calendar({ onOpen, onNew }: { onOpen: (training: TrainingView) => void; onNew: () => void }) {
  const t = useTrainingTexts();
  const times = useTimes();
  const may = useMay();
  const { data: clock } = useQuery(clockQuery);
  const today = times.isoDay(clock?.now ?? new Date().toISOString());
  const [chosen, setMonth] = useState<string>();
  const month = chosen ?? today.slice(0, 7);
  const weeks = weeksOf(month);
  const days = weeks.flat();
  const from = instantOf(`${days[0]}T00:00`, times.zone);
  const to = instantOf(`${iso(Date.parse(`${days.at(-1)}T00:00:00Z`) + DAY_MS)}T00:00`, times.zone);
  const classes = useQuery(spanQuery(from, to));
  return (
    <>
      <p className="training-actions">
        {may('trainings.write') ? (
          <Button type="primary" onClick={onNew}>
            {t.newTraining}
          </Button>
        ) : null}
        <Button onClick={() => setMonth(shifted(month, -1))}>{t.previous}</Button>
        <Button onClick={() => setMonth(undefined)}>{t.today}</Button>
        <Button onClick={() => setMonth(shifted(month, 1))}>{t.next}</Button>
        <strong className="training-month">{times.month(month)}</strong>
      </p>
      <Loaded query={classes}>
        {({ items }) => (
          <section className="panel training-calendar" aria-label={t.calendar} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  {t.weekdays.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {weeks.map((week) => (
                  <tr key={week[0]}>
                    {week.map((day) => (
                      <td
                        key={day}
                        className={day.startsWith(month) ? '' : 'other-month'}
                        aria-current={day === today ? 'date' : undefined}
                      >
                        <span className="number">{Number(day.slice(8))}</span>
                        {items
                          .filter(({ startsAt }) => times.isoDay(startsAt) === day)
                          .map((one) => (
                            <button
                              key={one.id}
                              type="button"
                              className="training-entry"
                              data-state={one.state}
                              onClick={() => onOpen(one)}
                            >
                              <span className="number">{times.time(one.startsAt)}</span> {one.title}
                            </button>
                          ))}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
            {items.length === 0 ? <p className="empty">{t.none}</p> : null}
          </section>
        )}
      </Loaded>
    </>
  );
}
