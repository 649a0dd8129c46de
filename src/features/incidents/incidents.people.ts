import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { AmnestyRule } from './incidents.rules.ts';

/** Whom an outage hits, with the first and the last of their days that it does: one each, in one query. */
export async function peopleHit(
  tx: Db,
  {
    startsAt,
    endsAt,
    channel,
  }: { startsAt: Temporal.Instant; endsAt: Temporal.Instant; channel: string | null },
  rule: AmnestyRule,
): Promise<{ employeeId: string; from: string; to: string }[]> {
  const [start, end] = [sql`${startsAt.toString()}::timestamptz`, sql`${endsAt.toString()}::timestamptz`];
  const opens = (day: SQL): SQL => sql`((${day} + ${rule.from.toString()}::time) at time zone p.zone)`;
  const closes = (day: SQL): SQL => sql`((${day} + ${rule.to.toString()}::time) at time zone p.zone)`;
  const day = sql`d.day::date`;
  const { rows } = await tx.execute<{ id: string; from: string; to: string }>(sql`
    with people as (
      select e.id, e.joined_on, e.left_on, coalesce(
        (select h.zone from employee_zones h where h.employee_id = e.id and h.since <= ${start} order by h.since desc limit 1),
        e.zone) as zone
      from employees e
      where ${channel === null ? sql`true` : sql`exists (select 1 from identities i where i.employee_id = e.id and i.channel = ${channel})`}
    )
    select p.id, min(d.day)::date::text as from, max(d.day)::date::text as to
    from people p
    cross join lateral generate_series(
      (${start} at time zone p.zone)::date, (${end} at time zone p.zone)::date, interval '1 day') as d(day)
    where (p.joined_on is null or p.joined_on <= ${day}) and (p.left_on is null or p.left_on >= ${day})
      and 100 * extract(epoch from least(${end}, ${closes(day)}) - greatest(${start}, ${opens(day)}))
        >= ${rule.share} * extract(epoch from ${closes(day)} - ${opens(day)})
      and not exists (
        select 1 from campaigns k join checkins c on c.campaign_id = k.id and c.employee_id = p.id and c.day = ${day}
        where k.starts_on <= ${day} and k.ends_on >= ${day})
    group by p.id order by p.id`);
  return rows.map(({ id, from, to }) => ({ employeeId: id, from, to }));
}
