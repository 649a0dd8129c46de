import { type SQL, sql } from 'drizzle-orm';
import type { EvidenceGrade } from '../checkins/checkins.schema.ts';
import type { EvidenceChannel } from '../checkins/checkins.tables.ts';
import { harmless, type Period } from './reports.rules.ts';
import type { Column } from './reports.table.ts';
import { wallClock } from './reports.wall-clock.ts';
import { channelNames, dayCell, gradeNames } from './reports.words.ts';

/** One check-in, as it was recorded. */
export type DetailRow = {
  number: string;
  name: string;
  /** The main department on that day. */
  department: string | null;
  campaign: string;
  day: string;
  at_ms: number;
  zone: string;
  channel: EvidenceChannel;
  grade: EvidenceGrade;
  tip: string | null;
};

/**
 * Every check-in on a day of the period, by employee number, then day. Periods of membership are cut where the next
 * one begins, so that a day has one department whatever the directory says, and a check-in one row.
 */
export function detailQuery({ from, to }: Period): SQL {
  return sql`
    with posts as materialized (
      select m.employee_id, d.name, m.from_day,
             least(m.to_day, lead(m.from_day) over (partition by m.employee_id order by m.from_day) - 1, 'infinity') as to_day
      from memberships m join departments d on d.id = m.department_id
      where m.main
    )
    select e.number, e.name, posts.name as department, k.name as campaign, c.day,
           (extract(epoch from c.at) * 1000)::float8 as at_ms, c.zone, c.channel, c.grade, t.title as tip
    from checkins c
    join employees e on e.id = c.employee_id
    left join campaigns k on k.id = c.campaign_id
    left join tips t on t.id = c.tip_id
    left join posts on posts.employee_id = c.employee_id and c.day between posts.from_day and posts.to_day
    where c.day between ${from.toString()} and ${to.toString()}
    order by e.number, c.day, k.starts_on, c.campaign_id`;
}

export function detailColumns(): Column<DetailRow>[] {
  const onWall = wallClock();
  const day = dayCell();
  return [
    { heading: '工号', kind: 'text', width: 22, of: ({ number }) => harmless(number) },
    { heading: '姓名', kind: 'text', width: 14, of: ({ name }) => harmless(name) },
    { heading: '部门', kind: 'text', width: 22, of: ({ department }) => harmless(department ?? '') },
    { heading: '活动', kind: 'text', width: 26, of: ({ campaign }) => harmless(campaign ?? '') },
    { heading: '日期', kind: 'day', width: 12, of: (row) => day(row.day) },
    { heading: '打卡时间', kind: 'time', width: 20, of: ({ at_ms, zone }) => onWall(at_ms, zone) },
    { heading: '时区', kind: 'text', width: 20, of: ({ zone }) => zone },
    { heading: '渠道', kind: 'text', width: 10, of: ({ channel }) => channelNames[channel] ?? channel },
    { heading: '证据等级', kind: 'text', width: 10, of: ({ grade }) => gradeNames[grade] ?? grade },
    { heading: '小技巧', kind: 'text', width: 36, of: ({ tip }) => harmless(tip ?? '') },
  ];
}
