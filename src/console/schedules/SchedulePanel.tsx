import { useQuery } from '@tanstack/react-query';
import type { ScheduleRunView, ScheduleView } from '../../scheduler/scheduler.api.ts';
import { useLanguage, useTexts } from '../language.ts';
import { Loaded, Tag } from '../parts.tsx';
import { times } from '../times.ts';
import { runsQuery } from './schedules.query.ts';

/** One schedule in its own zone, with its next slot and what became of the latest ones. */
export function ScheduleItem({
  schedule,
  campaign,
}: {
  schedule: ScheduleView;
  campaign: string | undefined;
}) {
  const text = useTexts();
  const own = times(useLanguage(), schedule.zone);
  const runs = useQuery(runsQuery(schedule.id));
  const { id, job, nextAt, attempts } = schedule;
  return (
    <li className="panel schedule" aria-labelledby={id}>
      <div>
        <h2 id={id}>{text.schedules.jobs[job] ?? job}</h2>
        {campaign === undefined ? null : <p className="muted">{campaign}</p>}
        <p className="muted small">
          <RhythmWords cron={schedule.cron} /> · {schedule.zone}
        </p>
        <p className="next-slot">
          <span className="muted small">{text.schedules.next}</span>
          {nextAt === null ? (
            <span>{text.schedules.noNext}</span>
          ) : (
            <time dateTime={nextAt}>{own.short(nextAt)}</time>
          )}
        </p>
        {attempts > 0 ? <Tag tone="danger">{text.schedules.trying(attempts)}</Tag> : null}
      </div>
      <div>
        <h3>{text.schedules.runs}</h3>
        <Loaded query={runs}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="muted">{text.schedules.noRuns}</p>
            ) : (
              <ol className="runs">
                {items.map((run) => (
                  <Run key={run.slot} run={run} own={own} />
                ))}
              </ol>
            )
          }
        </Loaded>
      </div>
    </li>
  );
}

function Run({
  run: { slot, outcome, reason, at },
  own,
}: {
  run: ScheduleRunView;
  own: ReturnType<typeof times>;
}) {
  const text = useTexts();
  const isLate = Date.parse(at) - Date.parse(slot) >= 60_000;
  return (
    <li>
      <time className="number" dateTime={slot}>
        {own.short(slot)}
      </time>
      <Tag tone={outcome === 'fired' ? 'good' : 'plain'}>{text.schedules[outcome]}</Tag>
      <span className="muted">
        {[
          reason === null ? undefined : (text.schedules.reasons[reason] ?? reason),
          isLate ? text.schedules.at(own.short(at)) : undefined,
        ]
          .filter((words) => words !== undefined)
          .join(' · ')}
      </span>
    </li>
  );
}

/** `10 9 * * *` is every day at 09:10; any other rhythm stands as it was written. */
function RhythmWords({ cron }: { cron: string | null }) {
  const text = useTexts();
  if (cron === null) return text.schedules.once;
  const [, minute, hour] = /^(\d{1,2}) (\d{1,2}) \* \* \*$/.exec(cron) ?? [];
  if (minute === undefined || hour === undefined) return <code>{cron}</code>;
  return text.schedules.daily(`${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`);
}
