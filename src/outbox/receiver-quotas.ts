import { sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Quota, Way } from '../chat/quota.ts';
import type { Db } from '../kernel/db.ts';
import { Temporal } from '../kernel/time.ts';
import { accountKey, wallNow } from './meter.ts';
import { calendarEnd, receiverQuotas } from './quota.rules.ts';
import type { End, Row } from './settle.ts';

/** A call may reach the platform a little after we noted it; what is noted counts this much longer. */
const MARGIN_SECONDS = 2;

/**
 * Takes out of a batch whoever has had as much as the platform allows for one person or group: beyond it some platforms
 * answer success and deliver nothing. They are planned again for when there is room.
 */
export async function overReceiverQuotas(
  tx: Db,
  adapter: ChannelAdapter,
  way: Way,
  rows: readonly Row[],
  ends: Map<Row, End>,
  now: Temporal.Instant,
): Promise<void> {
  const quotas = receiverQuotas(adapter.quotas, way.name);
  if (quotas.length === 0) return;
  await lockReceivers(tx, adapter);
  for (const quota of quotas) {
    const concerned = rows.filter((row) => !ends.has(row) && row.addressKind === quota.per);
    if (concerned.length === 0) continue;
    const used = await usesOf(tx, adapter, quota, concerned, now);
    // Several messages to one person in this batch use it up one after the other.
    const inBatch = new Map<string, number>();
    for (const row of concerned) {
      const key = quota.counts === 'same-content' ? `${row.platformId} ${row.messageId}` : row.platformId;
      const before = (used.get(key)?.n ?? 0) + (inBatch.get(key) ?? 0);
      if (before < quota.most) inBatch.set(key, (inBatch.get(key) ?? 0) + 1);
      else
        ends.set(row, {
          state: 'planned',
          reason: `quota: ${quota.name}`,
          notBefore: roomFrom(quota, used.get(key)?.firstSecondsAgo ?? 0, now),
          leavesBatch: true,
        });
    }
  }
}

/**
 * People of one message are all different, so its batches need not wait for one another. As soon as another message is
 * under way on the channel, they do: whoever sees both waits until what came before is written down.
 */
async function lockReceivers(tx: Db, adapter: ChannelAdapter): Promise<void> {
  const { rows } = await tx.execute(sql`
    select distinct coalesce(message_id, id) from send_batches
    where state = 'queued' and channel = ${adapter.channel} and account = ${adapter.account} limit 2`);
  const key = sql`hashtextextended(${`receivers ${accountKey(adapter)}`}, 0)`;
  await tx.execute(
    rows.length > 1
      ? sql`select pg_advisory_xact_lock(${key})`
      : sql`select pg_advisory_xact_lock_shared(${key})`,
  );
}

interface Uses {
  n: number;
  /** How long ago the oldest of them was. */
  firstSecondsAgo: number;
}

/** The messages of both deliveries have the same content. */
const SAME_CONTENT = sql`and exists (
  select 1 from outbox_messages theirs, outbox_messages ours
  where theirs.id = d.message_id and ours.id = w.m and ours.content_hash = theirs.content_hash)`;

async function usesOf(
  tx: Db,
  { channel, account }: ChannelAdapter,
  quota: Quota,
  rows: readonly Row[],
  now: Temporal.Instant,
): Promise<Map<string, Uses>> {
  const people = JSON.stringify(rows.map(({ platformId, messageId }) => ({ p: platformId, m: messageId })));
  const same = quota.counts === 'same-content';
  // A sliding window goes by the database's clock, a calendar day by the product's. A fixed moment lets the index be used.
  const wallMs = await wallNow(tx);
  const since =
    'seconds' in quota.window
      ? Temporal.Instant.fromEpochMilliseconds(
          Math.floor(wallMs - (quota.window.seconds + MARGIN_SECONDS) * 1000),
        )
      : startOf(quota.window, now);
  const at = 'seconds' in quota.window ? sql`d.called_at` : sql`coalesce(d.sent_at, d.called_at)`;
  // One look into the index for each person, whatever the planner thinks of the table.
  const { rows: found } = await tx.execute<{ p: string; m: string; n: number; first: number }>(sql`
    select w.p, w.m, u.n, u.first
    from (select distinct p, m from json_to_recordset(${people}::json) as x(p text, m uuid)) w
    cross join lateral (
      select count(*)::int as n, (extract(epoch from min(${at})) * 1000)::float8 as first
      from deliveries d
      where d.platform_id = w.p and d.called_at is not null and ${at} >= ${since.toString()}::timestamptz
        and d.channel = ${channel} and d.account = ${account} and d.way = any(${sql.param(quota.ways)}::text[])
        and d.state not in ('refused', 'unreachable')
        ${same ? SAME_CONTENT : sql``}
    ) u
    where u.n > 0`);
  return new Map(
    found.map(({ p, m, n, first }) => [
      same ? `${p} ${m}` : p,
      { n, firstSecondsAgo: (wallMs - first) / 1000 },
    ]),
  );
}

function startOf(
  window: { calendar: 'day' | 'month'; zone: string },
  now: Temporal.Instant,
): Temporal.Instant {
  const day = now.toZonedDateTimeISO(window.zone).toPlainDate();
  return (window.calendar === 'day' ? day : day.with({ day: 1 })).toZonedDateTime(window.zone).toInstant();
}

function roomFrom({ window }: Quota, firstSecondsAgo: number, now: Temporal.Instant): Temporal.Instant {
  if (!('seconds' in window)) return calendarEnd(window, now);
  const seconds = Math.max(1, window.seconds + MARGIN_SECONDS - firstSecondsAgo);
  return now.add({ milliseconds: Math.ceil(seconds * 1000) });
}
