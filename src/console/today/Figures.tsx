import type { ReactNode } from 'react';
import type { Overview } from '../../features/overview/overview.api.ts';
import { useTexts } from '../language.ts';

/** The figures of the day: check-ins first, then what was sent and given. */
export function Figures({ overview }: { overview: Overview }) {
  const text = useTexts();
  const { checkedIn, excused, workday, tips, reminders, pointsGiven } = overview;
  // Whoever is excused owes nothing today.
  const members = overview.members - excused;
  const open = members - checkedIn;
  return (
    <section className="figures" aria-label={text.place['']}>
      <div className="figure figure-main">
        <Ring percent={percentOf(checkedIn, members)} />
        <div>
          <h2>{text.today.checkedIn}</h2>
          <p className="figure-value number">{text.today.people(checkedIn, members)}</p>
          <p className="muted small">{workday ? text.today.peopleDetail(open) : text.today.restDetail}</p>
        </div>
      </div>
      <Sent name={text.today.tips} {...tips} />
      <Sent name={text.today.reminders} {...reminders} />
      <Figure name={text.today.points} value={pointsGiven} detail={text.today.netPoints} />
    </section>
  );
}

function Sent({ name, promised, sent }: { name: string; promised: number; sent: number }) {
  const text = useTexts();
  return (
    <Figure
      name={name}
      value={sent}
      detail={promised === 0 ? text.today.notYet : text.today.ofPromised(promised)}
    />
  );
}

function Figure({ name, value, detail }: { name: string; value: number; detail: ReactNode }) {
  return (
    <div className="figure">
      <h2>{name}</h2>
      <p className="figure-value number">{value}</p>
      <p className="muted small">{detail}</p>
    </div>
  );
}

function Ring({ percent }: { percent: number }) {
  const circle = { cx: 38, cy: 38, r: 34, pathLength: 100 };
  return (
    <svg className="ring" viewBox="0 0 76 76" width={76} height={76} role="img" aria-label={`${percent}%`}>
      <circle {...circle} />
      {percent === 0 ? null : <circle {...circle} className="ring-part" strokeDasharray={`${percent} 100`} />}
      <text x={38} y={44} textAnchor="middle">
        {percent}%
      </text>
    </svg>
  );
}

/** Rounded down, so that 100 % means everybody. */
export const percentOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.floor((part / whole) * 100);
