import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { daysOfCampaign } from '../campaigns/index.ts';
import { holding } from './checkins.recompute.ts';
import { DAY, streakOnDays } from './checkins.rules.ts';

export interface StreakVerification {
  checked: number;
  wrong: { campaignId: string; employeeId: string; stored: string; recomputed: string }[];
}

const PEOPLE_A_FETCH = 1_000;

/**
 * Computes every streak from check-ins, corrections, excusals and the campaign's frozen calendar alone and compares it
 * with what is stored. Answers how many were checked, and of those that are wrong the first `most`.
 *
 * PostgreSQL hands over the days of each person in the order of the primary keys, which need no sort, and the pure rule
 * works them out here while the next ones are under way: window functions over 20,000,000 days take three times as long.
 */
export async function verifyStreaks(db: Db, most = 100): Promise<StreakVerification> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_sort = off`);
    await tx.execute(sql`set local enable_hashagg = off`);
    await tx.execute(sql`set local cursor_tuple_fraction = 1`);
    await tx.execute(sql`set local work_mem = '64MB'`);
    await tx.execute(sql`set local jit = off`);
    const campaigns = await tx.execute<{ id: string }>(
      sql`select id from campaigns union select campaign_id from streaks`,
    );
    const all: StreakVerification = { checked: 0, wrong: [] };
    for (const { id } of campaigns.rows) await verifyCampaign(tx, id, most, all);
    return all;
  });
}

/** Days as places from the campaign's first day on, joined by commas; null for none. */
type RecordRow = {
  employee_id: string;
  stored: string | null;
  tapped: string | null;
  counts: string | null;
  counts_not: string | null;
  excused: string | null;
};

async function verifyCampaign(
  tx: Db,
  campaignId: string,
  most: number,
  all: StreakVerification,
): Promise<void> {
  const calendar = await daysOfCampaign(tx, campaignId);
  const first = calendar[0]?.day ?? Temporal.PlainDate.from('2000-01-01');
  const length = calendar.length === 0 ? 0 : first.until(calendar.at(-1)?.day ?? first).days + 1;
  const workdays = calendar.filter(({ workday }) => workday).map(({ day }) => first.until(day).days);
  const isoAt = (place: number): string => first.add({ days: place }).toString();
  for await (const rows of records(tx, campaignId, first.toString(), length)) {
    for (const row of rows) {
      const days = new Uint8Array(length);
      mark(days, row.excused, DAY.excused);
      mark(days, row.tapped, DAY.counted);
      if (row.counts_not !== null) {
        const excused = new Set(row.excused?.split(',').map(Number));
        for (const place of row.counts_not.split(',').map(Number))
          days[place] = excused.has(place) ? DAY.excused : DAY.open;
      }
      mark(days, row.counts, DAY.counted);
      const found = streakOnDays(days, workdays);
      const recomputed =
        found === undefined ? null : `(${found.current},${found.best},${found.counted},${isoAt(found.last)})`;
      if (row.stored === null && recomputed === null) continue;
      all.checked += 1;
      if (row.stored !== recomputed && all.wrong.length < most)
        all.wrong.push({
          campaignId,
          employeeId: row.employee_id,
          stored: row.stored ?? 'nothing',
          recomputed: recomputed ?? 'nothing',
        });
    }
  }
}

/** Reads `12,13,40` without making strings of it: a year of everybody is 20,000,000 numbers. */
function mark(days: Uint8Array, places: string | null, what: number): void {
  if (places === null) return;
  let place = 0;
  for (let at = 0; at < places.length; at += 1) {
    const code = places.charCodeAt(at);
    if (code !== 44) place = place * 10 + code - 48;
    else {
      days[place] = what;
      place = 0;
    }
  }
  days[place] = what;
}

/** Everybody who has a streak or a day that counts, each once. What nobody has (corrections, excusals) costs nothing. */
async function* records(
  tx: Db,
  campaignId: string,
  first: string,
  length: number,
): AsyncGenerator<RecordRow[]> {
  const within = (day: SQL): SQL =>
    sql`${day} between ${first}::date and ${first}::date + ${length}::int - 1`;
  const places = (day: SQL): SQL => sql`string_agg((${day} - ${first}::date)::text, ',')`;
  const { rows } = await tx.execute<{ corrected: boolean; excused: boolean }>(sql`
    select exists (select 1 from day_corrections where campaign_id = ${campaignId}) as corrected,
           exists (select 1 from excused_days where ${within(sql`day`)}) as excused`);
  const { corrected = false, excused = false } = rows[0] ?? {};
  const counts = sql`h.effect = 'counts' and h.cause <> 'revoked'`;
  await tx.execute(sql`
    declare records no scroll cursor for
    select employee_id, s.stored, c.tapped,
      ${corrected ? sql`k.counts, k.counts_not` : sql`null as counts, null as counts_not`},
      ${excused ? sql`x.excused` : sql`null as excused`}
    from (
      select employee_id, row(current, best, counted, last_day)::text as stored
      from streaks where campaign_id = ${campaignId} order by employee_id
    ) s
    full join (
      select employee_id, ${places(sql`day`)} as tapped from checkins
      where campaign_id = ${campaignId} and ${within(sql`day`)} group by employee_id
    ) c using (employee_id)
    ${
      corrected
        ? sql`full join (
            select employee_id, ${places(sql`h.day`)} filter (where ${counts}) as counts,
                   ${places(sql`h.day`)} filter (where not (${counts})) as counts_not
            from (${holding(sql`k.campaign_id = ${campaignId} and ${within(sql`k.day`)}`)}) h group by employee_id
          ) k using (employee_id)`
        : sql``
    }
    ${
      excused
        ? sql`left join (
            select employee_id, ${places(sql`day`)} as excused from excused_days
            where ${within(sql`day`)} group by employee_id
          ) x using (employee_id)`
        : sql``
    }`);
  const fetch = async (): Promise<RecordRow[]> =>
    (await tx.execute<RecordRow>(sql`fetch ${sql.raw(String(PEOPLE_A_FETCH))} from records`)).rows;
  let coming = fetch();
  for (;;) {
    const found = await coming;
    if (found.length === 0) break;
    coming = fetch();
    // Whoever stops reading early never awaits this one.
    coming.catch(() => undefined);
    yield found;
  }
  await tx.execute(sql`close records`);
}
