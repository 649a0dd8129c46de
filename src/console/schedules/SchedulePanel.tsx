import { useQuery } from '@tanstack/react-query';
import type { ScheduleRunView, ScheduleView } from '../../scheduler/scheduler.api.ts';
import { useLanguage, useTexts } from '../language.ts';
import { Loaded, Tag } from '../parts.tsx';
import { times } from '../times.ts';
import { runsQuery } from './schedules.query.ts';

interface SchedulePanelProps {
  schedules: readonly ScheduleView[];
  /** Stands for what they have in common. */
  first: ScheduleView;
  campaign: string | undefined;
}

export function SchedulePanel({ schedules, first, campaign }: SchedulePanelProps) {
  const text = useTexts();
  return (
    <section className="panel" aria-labelledby={first.id}>
      <h2 id={first.id} className="schedule-name">
        {text.schedules.jobs[first.job] ?? first.job}
        <span className="muted">
          <RhythmWords cron={first.cron} />
          {campaign === undefined ? null : ` · ${campaign}`}
        </span>
      </h2>
      <ul className="zones">
        {schedules.map((schedule) => (
          <ZoneRow key={schedule.id} schedule={schedule} />
        ))}
      </ul>
    </section>
  );
}

/** One schedule on the wall clock of its own zone: the next slot, and what became of the latest ones. */
function ZoneRow({ schedule: { id, zone, nextAt, attempts } }: { schedule: ScheduleView }) {
  const text = useTexts();
  const own = times(useLanguage(), zone);
  const runs = useQuery(runsQuery(id));
  return (
    <li className="zone">
      <div>
        <p className="row-title">{zone}</p>
        <p className="small">
          <span className="muted">{text.schedules.next} </span>
          {nextAt === null ? text.schedules.noNext : <time dateTime={nextAt}>{own.short(nextAt)}</time>}
        </p>
        {attempts > 0 ? <Tag tone="danger">{text.schedules.trying(attempts)}</Tag> : null}
      </div>
      <div>
        <h3 className="unseen">{text.schedules.runs}</h3>
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

interface RunProps {
  run: ScheduleRunView;
  own: ReturnType<typeof times>;
}

function Run({ run: { slot, outcome, reason, at }, own }: RunProps) {
  const text = useTexts();
  const isLate = Date.parse(at) - Date.parse(slot) >= 60_000;
  const why = [
    reason === null ? undefined : (text.schedules.reasons[reason] ?? reason),
    isLate ? text.schedules.at(own.short(at)) : undefined,
  ];
  return (
    <li>
      <time className="number" dateTime={slot}>
        {own.short(slot)}
      </time>
      <Tag tone={outcome === 'fired' ? 'good' : 'plain'}>{text.schedules[outcome]}</Tag>
      <span className="muted small">{why.filter((words) => words !== undefined).join(' · ')}</span>
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
