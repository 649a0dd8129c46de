import { and, eq, sql } from 'drizzle-orm';
import { groupBy } from '../../kernel/collections.ts';
import { type Db, isOneOf } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { type Campaign, type CampaignCalendar, calendarOf, campaignById } from '../campaigns/index.ts';
import { holding } from './checkins.recompute.ts';
import { advance, currentOn, recompute, type Streak } from './checkins.rules.ts';
import { streaks } from './checkins.tables.ts';

interface Recorded {
  employeeId: string;
  day: Temporal.PlainDate;
}

/**
 * Moves the streaks on by new check-ins, over excused workdays since the last counted one. A check-in that comes for a
 * day before the last one (a redelivery after midnight) changes runs in the middle, and one for a corrected day may not
 * count: these people's streaks are computed from the record again. Whoever has no counted day at all has none.
 */
export async function advanceStreaks(
  tx: Db,
  campaign: Campaign,
  calendar: CampaignCalendar,
  recorded: readonly Recorded[],
  before: ReadonlyMap<string, Streak>,
): Promise<Map<string, Streak>> {
  const after = new Map<string, Streak>();
  const again = new Set<string>();
  const steps = await stepsTo(tx, campaign.id, recorded, before);
  for (const { employeeId, day } of recorded) {
    const old = before.get(employeeId);
    const { corrected = false, excused = [] } = steps.get(employeeId) ?? {};
    const isLate = old !== undefined && Temporal.PlainDate.compare(day, old.lastDay) <= 0;
    const between = excused.filter((one) => calendar.isWorkday(Temporal.PlainDate.from(one))).length;
    if (isLate || corrected) again.add(employeeId);
    else after.set(employeeId, advance(old, day, calendar, between));
  }
  const days = await countedDays(tx, campaign.id, [...again]);
  const excused = await excusedDaysOf(tx, calendar, [...again]);
  for (const employeeId of again) {
    const streak = recompute(days.get(employeeId) ?? [], calendar, excused.get(employeeId) ?? []);
    if (streak !== undefined) after.set(employeeId, streak);
  }
  await storeStreaks(tx, campaign.id, after);
  return after;
}

/**
 * What lies between somebody's last counted day and the day of a check-in: whether that day was corrected, and the excused
 * days in between, on none of which they have a counted day. People with neither are not named.
 */
async function stepsTo(
  tx: Db,
  campaignId: string,
  recorded: readonly Recorded[],
  before: ReadonlyMap<string, Streak>,
): Promise<Map<string, { corrected: boolean; excused: string[] }>> {
  if (recorded.length === 0) return new Map();
  const rows = JSON.stringify(
    recorded.map(({ employeeId, day }) => ({
      e: employeeId,
      d: day.toString(),
      l: before.get(employeeId)?.lastDay.toString() ?? null,
    })),
  );
  const found = await tx.execute<{ e: string; corrected: boolean; excused: string[] }>(sql`
    select * from (
      select r.e, exists (select 1 from day_corrections k
          where k.campaign_id = ${campaignId} and k.employee_id = r.e and k.day = r.d) as corrected,
        array(select x.day::text from excused_days x where x.employee_id = r.e and x.day > r.l and x.day < r.d) as excused
      from json_to_recordset(${rows}::json) as r(e uuid, d date, l date)
    ) steps where corrected or excused <> '{}'`);
  return new Map(found.rows.map(({ e, ...step }) => [e, step]));
}

/** The days that count for each of these people: the last correction of a day is stronger than its check-in. */
export async function countedDays(
  tx: Db,
  campaignId: string,
  employeeIds: readonly string[],
): Promise<Map<string, Temporal.PlainDate[]>> {
  if (employeeIds.length === 0) return new Map();
  const theirs = sql`any(${sql.param([...employeeIds])}::uuid[])`;
  const { rows } = await tx.execute<{ employee_id: string; day: string }>(sql`
    select employee_id, coalesce(c.day, h.day) as day
    from (select employee_id, day from checkins where campaign_id = ${campaignId} and employee_id = ${theirs}) c
    full join (${holding(sql`k.campaign_id = ${campaignId} and k.employee_id = ${theirs}`)}) h using (employee_id, day)
    where h.effect is null or (h.effect = 'counts' and h.cause <> 'revoked')`);
  return daysByPerson(rows);
}

async function excusedDaysOf(
  tx: Db,
  calendar: CampaignCalendar,
  employeeIds: readonly string[],
): Promise<Map<string, Temporal.PlainDate[]>> {
  if (employeeIds.length === 0) return new Map();
  const { rows } = await tx.execute<{ employee_id: string; day: string }>(sql`
    select employee_id, day from excused_days
    where employee_id = any(${sql.param([...employeeIds])}::uuid[])
      and day between ${calendar.first.toString()} and ${calendar.last.toString()}`);
  return daysByPerson(rows);
}

function daysByPerson(
  rows: readonly { employee_id: string; day: string }[],
): Map<string, Temporal.PlainDate[]> {
  const groups = groupBy(rows, (row) => row.employee_id);
  return new Map([...groups].map(([id, own]) => [id, own.map(({ day }) => Temporal.PlainDate.from(day))]));
}

async function storeStreaks(tx: Db, campaignId: string, after: ReadonlyMap<string, Streak>): Promise<void> {
  if (after.size === 0) return;
  const rows = JSON.stringify(
    [...after].map(([e, { current, best, counted, lastDay }]) => ({
      e,
      current,
      best,
      counted,
      last: lastDay.toString(),
    })),
  );
  await tx.execute(sql`
    insert into streaks (campaign_id, employee_id, current, best, counted, last_day)
    select ${campaignId}, e, current, best, counted, last from json_to_recordset(${rows}::json)
      as s(e uuid, current int, best int, counted int, last date)
    order by e
    on conflict (campaign_id, employee_id) do update
      set current = excluded.current, best = excluded.best, counted = excluded.counted, last_day = excluded.last_day`);
}

export async function streaksOfMany(
  tx: Db,
  campaignId: string,
  employeeIds: readonly string[],
): Promise<Map<string, Streak>> {
  if (employeeIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(streaks)
    .where(and(eq(streaks.campaignId, campaignId), isOneOf(streaks.employeeId, employeeIds)));
  return new Map(rows.map((row) => [row.employeeId, row]));
}

/** The same, kept from everybody else until the transaction ends: an outage may be excusing these people right now. */
export async function streaksToMove(
  tx: Db,
  campaignId: string,
  employeeIds: readonly string[],
): Promise<Map<string, Streak>> {
  if (employeeIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(streaks)
    .where(and(eq(streaks.campaignId, campaignId), isOneOf(streaks.employeeId, employeeIds)))
    .orderBy(streaks.employeeId)
    .for('update');
  return new Map(rows.map((row) => [row.employeeId, row]));
}

export async function streakOf(tx: Db, campaignId: string, employeeId: string): Promise<Streak | undefined> {
  return (await streaksOfMany(tx, campaignId, [employeeId])).get(employeeId);
}

/** How many excused workdays lie between each person's last counted day and `today`, for `currentOn`. */
export async function excusedSince(
  tx: Db,
  campaignId: string,
  people: readonly { employeeId: string; today: Temporal.PlainDate }[],
): Promise<Map<string, number>> {
  if (people.length === 0) return new Map();
  const rows = JSON.stringify(
    people.map(({ employeeId, today }) => ({ e: employeeId, d: today.toString() })),
  );
  const found = await tx.execute<{ e: string; n: number }>(sql`
    select p.e, count(*)::int as n
    from json_to_recordset(${rows}::json) as p(e uuid, d date)
    join streaks s on s.campaign_id = ${campaignId} and s.employee_id = p.e
    join excused_days x on x.employee_id = p.e and x.day > s.last_day and x.day < p.d
    join campaign_days c on c.campaign_id = ${campaignId} and c.day = x.day and c.workday
    group by p.e`);
  return new Map(found.rows.map(({ e, n }) => [e, n]));
}

/** Who of these people is excused on a day, and why. */
export async function excusedOn(
  tx: Db,
  day: Temporal.PlainDate,
  employeeIds: readonly string[],
): Promise<Map<string, string>> {
  if (employeeIds.length === 0) return new Map();
  const { rows } = await tx.execute<{ employee_id: string; reason: string }>(sql`
    select employee_id, reason from excused_days
    where day = ${day.toString()} and employee_id = any(${sql.param([...employeeIds])}::uuid[])`);
  return new Map(rows.map((row) => [row.employee_id, row.reason]));
}

/** The length of somebody's run as they see it on a day of theirs. */
export async function currentFor(
  tx: Db,
  campaign: Campaign | string,
  employeeId: string,
  today: Temporal.PlainDate,
): Promise<number> {
  const found = typeof campaign === 'string' ? await campaignById(tx, campaign) : campaign;
  if (found === undefined) return 0;
  const since = await excusedSince(tx, found.id, [{ employeeId, today }]);
  const streak = await streakOf(tx, found.id, employeeId);
  return currentOn(streak, today, await calendarOf(tx, found), since.get(employeeId));
}
