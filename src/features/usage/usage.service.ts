import { sql } from 'drizzle-orm';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { isoOf, localDay, Temporal } from '../../kernel/time.ts';
import { activeCampaignFor } from '../campaigns/index.ts';
import { type Completion, complete } from '../checkins/index.ts';
import { zonesAt } from '../directory/index.ts';

/** That somebody used the software on a day, as a server saw it. */
export interface UsedDay {
  employeeId: string;
  day: Temporal.PlainDate;
  source: string;
  /** Minutes or events, as the source counts; null when it only says that there was use. */
  amount: number | null;
}

/** Reports may be late, but not so late that nobody can look into them any more. */
export const OLDEST_DAYS = 62;

/**
 * Writes what servers saw, by (source, day, person): the same again changes nothing, also with another amount. Where a
 * campaign asks for `use-software`, the day's task is completed by it with the grade `usage`. Answers which were new, in
 * order. At most one row for each source, day and person counts.
 */
export async function recordUsage(
  tx: Db,
  used: readonly UsedDay[],
  at: Temporal.Instant,
): Promise<boolean[]> {
  if (used.length === 0) return [];
  // All at once and first: day by day, two imports, or an import and a group of taps, could wait for each other.
  await oneAtATime(
    tx,
    used.map(({ employeeId }) => employeeId),
  );
  const rows = JSON.stringify(
    used.map((one) => ({ e: one.employeeId, d: one.day.toString(), s: one.source, n: one.amount })),
  );
  const inserted = await tx.execute<{ e: string; d: string; s: string }>(sql`
    insert into usage_days (employee_id, day, source, amount, received_at)
    select distinct on (e, d, s) e, d, s, n, ${isoOf(at)}::timestamptz
    from json_to_recordset(${rows}::json) as r(e uuid, d date, s text, n int) order by e, d, s
    on conflict do nothing
    returning employee_id as e, day::text as d, source as s`);
  const fresh = new Set(inserted.rows.map(({ e, d, s }) => `${e} ${d} ${s}`));
  const isNew = used.map((one) => fresh.delete(`${one.employeeId} ${one.day.toString()} ${one.source}`));
  await completeTasks(
    tx,
    used.filter((_one, index) => isNew[index]),
    at,
  );
  return isNew;
}

async function completeTasks(tx: Db, used: readonly UsedDay[], at: Temporal.Instant): Promise<void> {
  for (const [iso, same] of groupBy(used, ({ day }) => day.toString())) {
    const day = Temporal.PlainDate.from(iso);
    const people = new Map(same.map((one) => [one.employeeId, one]));
    const ids = [...people.keys()];
    const campaigns = await activeCampaignFor(tx, ids, day);
    const zones = await zonesAt(
      tx,
      ids,
      day.toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).toInstant(),
    );
    const completions: Completion[] = [];
    for (const [employeeId, { source, amount }] of people) {
      const campaign = campaigns.get(employeeId);
      if (campaign === undefined || !campaign.tasks.of.includes('use-software')) continue;
      const zone = zones.get(employeeId) ?? campaign.zone;
      completions.push({
        campaign,
        employeeId,
        day,
        zone,
        task: 'use-software',
        grade: 'usage',
        tipId: undefined,
        at: momentOf(day, zone, at),
        receivedAt: at,
        channel: 'usage',
        eventKey: `usage:${source}:${iso}`,
        detail: { source, ...(amount === null ? {} : { amount }) },
      });
    }
    await complete(tx, completions);
  }
}

/** A report names a day, not a moment: noon stands for it, or now while it is the morning of that day. */
function momentOf(day: Temporal.PlainDate, zone: string, now: Temporal.Instant): Temporal.Instant {
  const noon = day.toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).toInstant();
  return Temporal.Instant.compare(noon, now) <= 0 ? noon : now;
}

/** Why a day cannot be reported now; undefined when it can. */
export function lateness(
  day: Temporal.PlainDate,
  { now, zone }: { now: Temporal.Instant; zone: string },
): 'future' | 'too-old' | undefined {
  const today = localDay(now, zone);
  // Somebody further east lives in tomorrow already.
  if (Temporal.PlainDate.compare(day, today.add({ days: 1 })) > 0) return 'future';
  return day.until(today).total('days') > OLDEST_DAYS ? 'too-old' : undefined;
}
