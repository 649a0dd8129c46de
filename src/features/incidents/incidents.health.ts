import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { incidents } from '../excusals/excusals.tables.ts';
import { peopleHit } from './incidents.people.ts';
import { type AmnestyRule, foundOn, instantAt, minuteOf, spansOf } from './incidents.rules.ts';
import { text } from './incidents.text.ts';

export type ProcessRole = 'all' | 'web' | 'worker';

/**
 * Says that this process is alive, and how the channels are; once a minute, under the same minute only once. A channel
 * is down when every account of it has failed three times in a row and none has answered since.
 */
export async function beat(
  tx: Db,
  { process, role, at }: { process: string; role: ProcessRole; at: Temporal.Instant },
): Promise<void> {
  const minute = instantAt(minuteOf(at)).toString();
  const subjects = role === 'all' ? ['web', 'worker'] : [role];
  await tx.execute(sql`
    insert into health_minutes (minute, subject, process, ok, reason)
    select ${minute}::timestamptz, s, ${process}, true, null from unnest(${sql.param(subjects)}::text[]) s
    union all
    select ${minute}::timestamptz, 'channel:' || channel, ${process}, not bool_and(failures >= 3),
           max(reason) filter (where failures >= 3)
    from channel_health group by channel
    on conflict do nothing`);
}

/** What is down is looked for in the record of so many days. */
const LOOK_BACK_HOURS = 3 * 24;
/** An outage that is not over yet is not looked at: how long it was shows later. */
const STILL_GOING_MINUTES = 2;

/**
 * Looks through the health record for outages that took their share of a day's check-in window, in the company's zone,
 * and writes those that nobody has written yet. Answers how many. Several processes may look at once.
 */
export async function findIncidents(
  tx: Db,
  { zone, rule, now }: { zone: string; rule: AmnestyRule; now: Temporal.Instant },
): Promise<number> {
  const { rows: locks } = await tx.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('incidents.find')) as mine`,
  );
  if (locks[0]?.mine !== true) return 0;
  const until = now.subtract({ minutes: STILL_GOING_MINUTES });
  const since = until.subtract({ hours: LOOK_BACK_HOURS });
  let found = 0;
  for (const [channel, minutes] of await downMinutes(tx, since, until)) {
    const over = spansOf(minutes, rule.gapMinutes).filter(({ to }) => to < minuteOf(until));
    const last = localDay(until, zone);
    for (
      let day = localDay(since, zone);
      Temporal.PlainDate.compare(day, last) <= 0;
      day = day.add({ days: 1 })
    ) {
      const outage = foundOn(over, day, zone, rule);
      if (outage === undefined) continue;
      const startsAt = instantAt(outage.span.from);
      const endsAt = instantAt(outage.span.to + 1);
      if (await isKnown(tx, channel, startsAt, endsAt)) continue;
      await tx.insert(incidents).values({
        id: newId(),
        number: await nextNumber(tx, day),
        title: text['zh-CN'].foundTitle(channel),
        startsAt,
        endsAt,
        channel,
        expected: (await peopleHit(tx, { startsAt, endsAt, channel }, rule)).length,
        source: 'found',
        state: 'found',
        evidence: { lostMinutes: outage.lost, windowMinutes: outage.window },
        createdAt: now,
      });
      found += 1;
    }
  }
  return found;
}

/** Minutes in order in which we, or a channel, were down: by channel, null for us. Before the first beat nothing is known. */
async function downMinutes(
  tx: Db,
  since: Temporal.Instant,
  until: Temporal.Instant,
): Promise<Map<string | null, number[]>> {
  const { rows } = await tx.execute<{ channel: string | null; minute: number }>(sql`
    with record as materialized (
      select (extract(epoch from minute) / 60)::int as minute, subject, bool_or(ok) as ok
      from health_minutes where minute >= ${since.toString()} and minute < ${until.toString()} group by 1, 2
    ), first as (
      select case when min(web) is null or min(worker) is null then null
        else greatest(${minuteOf(since)}::int, min(web), min(worker)) end as minute
      from (
        select (extract(epoch from min(minute) filter (where subject = 'web')) / 60)::int as web,
               (extract(epoch from min(minute) filter (where subject = 'worker')) / 60)::int as worker
        from health_minutes where subject in ('web', 'worker')
      ) began
    )
    select null as channel, m.minute from first, generate_series(first.minute, ${minuteOf(until)}::int - 1) m(minute)
    where not exists (select 1 from record r where r.minute = m.minute and r.subject = 'web' and r.ok)
       or not exists (select 1 from record r where r.minute = m.minute and r.subject = 'worker' and r.ok)
    union all
    select substr(subject, 9), minute from record where subject like 'channel:%' and not ok
    order by 1, 2`);
  const down = new Map<string | null, number[]>();
  for (const { channel, minute } of rows) {
    const minutes = down.get(channel);
    if (minutes === undefined) down.set(channel, [minute]);
    else minutes.push(minute);
  }
  return down;
}

async function isKnown(
  tx: Db,
  channel: string | null,
  startsAt: Temporal.Instant,
  endsAt: Temporal.Instant,
): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    select 1 from incidents where channel is not distinct from ${channel}
      and starts_at < ${endsAt.toString()} and ends_at > ${startsAt.toString()} limit 1`);
  return rows.length > 0;
}

/** `IN-20261112-1`; call it in a transaction that holds the lock of incidents. */
export async function nextNumber(tx: Db, day: Temporal.PlainDate): Promise<string> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('incidents.number'))`);
  const prefix = `IN-${day.toString().replaceAll('-', '')}-`;
  const { rows } = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from incidents where number like ${`${prefix}%`}`,
  );
  return `${prefix}${(rows[0]?.n ?? 0) + 1}`;
}
