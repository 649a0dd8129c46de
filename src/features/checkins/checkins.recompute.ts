import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

/** A campaign's workdays as one array, looked up by the distance from its first day. */
export interface Ordinals {
  first: string;
  last: string;
  /** Of every day from first to last, as PostgreSQL writes an array; NULL for a day that is off or missing. */
  ordinals: string;
}

/** A campaign without days has a calendar in which no check-in lies. */
export async function ordinalsOf(tx: Db, campaignId: string): Promise<Ordinals> {
  const { rows } = await tx.execute<{
    first: string | null;
    last: string | null;
    ordinals: string | null;
  }>(sql`
    select min(days.day)::text as first, max(days.day)::text as last,
           array_agg(case when d.workday then d.ordinal end order by days.day)::text as ordinals
    from (
      select generate_series(min(day), max(day), '1 day')::date as day from campaign_days where campaign_id = ${campaignId}
    ) days left join campaign_days d on d.campaign_id = ${campaignId} and d.day = days.day`);
  const { first, last, ordinals } = rows[0] ?? {};
  return { first: first ?? 'infinity', last: last ?? '-infinity', ordinals: ordinals ?? '{}' };
}

/** Condition on a column of employees' ids. */
type Whose = (employee: SQL) => SQL;

const anybody: Whose = () => sql`true`;
const oneOf =
  (ids: readonly string[]): Whose =>
  (employee) =>
    sql`${employee} = any(${sql.param([...ids])}::uuid[])`;

/**
 * One row per employee: current, best, counted, last_day, of the whole campaign. People whose days were corrected are
 * worked out apart from the others: for these PostgreSQL then reads nothing but the primary key of the check-ins, and
 * sorts nothing. What nobody has (corrections, excusals) costs nothing.
 */
export async function streaksOfCampaign(tx: Db, campaignId: string, ordinals: Ordinals): Promise<SQL> {
  const { rows } = await tx.execute<{ corrected: boolean; excused: boolean }>(sql`
    select exists (select 1 from day_corrections where campaign_id = ${campaignId}) as corrected,
           exists (select 1 from excused_days where day between ${ordinals.first}::date and ${ordinals.last}::date) as excused`);
  const { corrected = false, excused = false } = rows[0] ?? {};
  const away = excused ? excusedOrdinals(ordinals, anybody) : undefined;
  if (!corrected) return streaksFrom(tapped(campaignId, ordinals, anybody), ordinals, away);
  const theirs = sql`select k.employee_id from day_corrections k where k.campaign_id = ${campaignId}`;
  const asTapped = streaksFrom(
    tapped(
      campaignId,
      ordinals,
      (employee) =>
        sql`not exists (select 1 from day_corrections k where k.campaign_id = ${campaignId} and k.employee_id = ${employee})`,
    ),
    ordinals,
    away,
  );
  const asCorrected = streaksFrom(
    counted(campaignId, ordinals, (employee) => sql`${employee} in (${theirs})`),
    ordinals,
    away,
  );
  return sql`${asTapped} union all ${asCorrected}`;
}

/** The same for these people alone. */
export function streaksOfPeople(campaignId: string, ordinals: Ordinals, employeeIds: readonly string[]): SQL {
  const whose = oneOf(employeeIds);
  return streaksFrom(counted(campaignId, ordinals, whose), ordinals, excusedOrdinals(ordinals, whose));
}

const within = ({ first, last }: Ordinals, day: SQL): SQL =>
  sql`${day} between ${first}::date and ${last}::date`;
const ordinalAt = ({ first, ordinals }: Ordinals, day: SQL): SQL =>
  sql`(${ordinals}::int[])[${day} - ${first}::date + 1]`;

/** The days of the check-ins, where nothing was corrected. */
function tapped(campaignId: string, ordinals: Ordinals, whose: Whose): SQL {
  return sql`select c.employee_id, c.day from checkins c
    where c.campaign_id = ${campaignId} and ${within(ordinals, sql`c.day`)} and ${whose(sql`c.employee_id`)}`;
}

/** The days that count: the last correction of a day is stronger than its check-in. */
function counted(campaignId: string, ordinals: Ordinals, whose: Whose): SQL {
  return sql`
    ${tapped(campaignId, ordinals, whose)} and not exists (
      select 1 from day_corrections k
      where k.campaign_id = ${campaignId} and k.employee_id = c.employee_id and k.day = c.day)
    union all
    select h.employee_id, h.day from (${holding(sql`k.campaign_id = ${campaignId} and ${within(ordinals, sql`k.day`)} and ${whose(sql`k.employee_id`)}`)}) h
    where h.effect = 'counts' and h.cause <> 'revoked'`;
}

/** Which correction of each day holds: the last one. */
export function holding(condition: SQL): SQL {
  return sql`
    select distinct on (k.campaign_id, k.employee_id, k.day) k.campaign_id, k.employee_id, k.day, k.effect, k.cause
    from day_corrections k where ${condition}
    order by k.campaign_id, k.employee_id, k.day, k.id desc`;
}

/** For whoever has excused workdays, their ordinals. */
function excusedOrdinals(ordinals: Ordinals, whose: Whose): SQL {
  return sql`
    select employee_id, array_agg(ordinal) as ordinals from (
      select x.employee_id, ${ordinalAt(ordinals, sql`x.day`)} as ordinal from excused_days x
      where ${within(ordinals, sql`x.day`)} and ${whose(sql`x.employee_id`)}
    ) x where ordinal is not null group by employee_id`;
}

/**
 * Counted days are numbered in order; a run ends where the next one is not on the next workday, excused ones passed
 * over, and is as long as its last number is above that of the run before.
 */
function streaksFrom(days: SQL, ordinals: Ordinals, excused: SQL | undefined): SQL {
  // Where nobody is excused nothing is carried along for it: a year of everybody is millions of rows.
  const [away, column, joined, excuses] =
    excused === undefined
      ? [sql``, sql``, sql``, sql``]
      : [
          sql`, away.ordinals as away`,
          sql`, away`,
          sql`left join (${excused}) away on away.employee_id = c.employee_id`,
          sql`and (away is null or next - ordinal - 1 <> (
            select count(*) from unnest(away) o where o > ordinal and o < next))`,
        ];
  return sql`
    select employee_id, max(length) filter (where next is null) as current, max(length) as best,
           max(number) as counted, max(day) as last_day
    from (
      select employee_id, day, next, number, number - lag(number, 1, 0) over own as length
      from (
        select employee_id, day, ordinal${column}, (row_number() over own)::int as number, lead(ordinal) over own as next
        from (
          select c.employee_id, c.day, ${ordinalAt(ordinals, sql`c.day`)} as ordinal${away}
          from (${days}) c ${joined}
        ) dated
        where ordinal is not null
        window own as (partition by employee_id order by day)
      ) numbered
      where next is null or (next - ordinal <> 1 ${excuses})
      window own as (partition by employee_id order by day)
    ) runs
    group by employee_id`;
}
