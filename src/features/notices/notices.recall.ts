import { eq, sql } from 'drizzle-orm';
import type { ChannelAdapter } from '../../chat/adapter.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { settle } from '../../outbox/settle.ts';
import { cancelMessage } from '../../outbox/stops.ts';
import { beginRecall } from './notices.calls.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { changed, type Deed, endLadder, lockedNotice } from './notices.service.ts';
import type { Notice } from './notices.tables.ts';
import { noticeMessages } from './notices.tables.ts';

/** Ends what has not left; what has is taken back by the job. Answers how many will not get it at all. */
export async function recallNotice(
  tx: Db,
  deps: NoticeDeps,
  id: string,
  deed: Deed,
): Promise<{ notice: Notice; cancelled: number }> {
  const notice = await lockedNotice(tx, id, ['sent', 'closed']);
  await endLadder(tx, deps, notice);
  const messages = await tx.select().from(noticeMessages).where(eq(noticeMessages.noticeId, id));
  let cancelled = 0;
  for (const { messageId, part } of messages) {
    const n = await cancelMessage(tx, { messageId, reason: 'cancelled', at: deed.at });
    if (part === 'text') cancelled += n;
  }
  const recalled = await changed(
    tx,
    notice,
    'recalled',
    deed,
    { state: 'recalled', closedAt: deed.at },
    { cancelled },
  );
  // A row, so that it is begun after the commit and whatever becomes of this process.
  await deps.schedules.put(tx, { key: `notices.recall:${id}`, call: beginRecall(id), at: deed.at });
  return { notice: recalled, cancelled };
}

const CALLS_A_ROUND = 200;

/** What was reached on one channel: how many people lost it, and how many keep it. */
export interface Reached {
  channel: string;
  recalled: number;
  left: number;
}

/**
 * Takes back what the platforms let be taken back, one call an id: an id may stand for everybody in a bulk call. What
 * could not be taken back keeps its state. A repeat asks only about what is left. Answers what was reached, by channel.
 */
export async function recallSent(
  db: Db,
  adapterOf: (channel: string, account: string) => ChannelAdapter | undefined,
  noticeId: string,
  at: Temporal.Instant,
): Promise<{ recalled: number; left: number; channels: Reached[] }> {
  let after = '';
  for (;;) {
    const ids = await sentIds(db, noticeId, after);
    for (const { channel, account, id } of ids) {
      const adapter = adapterOf(channel, account);
      // An adapter that cannot, or a platform that will not any more, is no reason to stop with the others.
      const outcome = await adapter?.recall(id).catch(() => 'failed' as const);
      if (outcome === 'recalled') await noteRecalled(db, noticeId, { channel, account, id }, at);
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < CALLS_A_ROUND) break;
    after = `${last.channel} ${last.account} ${last.id}`;
  }
  const channels = await reachedOn(db, noticeId);
  const sum = (of: 'recalled' | 'left') => channels.reduce((total, one) => total + one[of], 0);
  return { recalled: sum('recalled'), left: sum('left'), channels };
}

/** Who lost everything that belongs to it, and who still has some of it; each person once, and each group. */
async function reachedOn(db: Db, noticeId: string): Promise<Reached[]> {
  const { rows } = await db.execute<Reached & Record<string, unknown>>(sql`
    with people as (
      select d.channel, d.recipient,
        bool_or(d.state in ('accepted', 'delivered', 'read', 'clicked', 'unconfirmed', 'unknown')) as keeps,
        bool_or(d.state = 'recalled') as lost
      from notice_messages m join deliveries d on d.message_id = m.message_id
      where m.notice_id = ${noticeId} group by d.channel, d.recipient)
    select channel, (count(*) filter (where lost and not keeps))::int as recalled,
      (count(*) filter (where keeps))::int as left
    from people where lost or keeps group by channel order by channel`);
  return rows;
}

interface SentId {
  channel: string;
  account: string;
  id: string;
}

async function sentIds(db: Db, noticeId: string, after: string): Promise<SentId[]> {
  const { rows } = await db.execute<SentId & Record<string, unknown>>(sql`
    select distinct d.channel, d.account, d.platform_message_id as id, d.channel || ' ' || d.account || ' ' || d.platform_message_id as key
    from notice_messages m join deliveries d on d.message_id = m.message_id
    where m.notice_id = ${noticeId} and d.platform_message_id is not null
      and d.state in ('accepted', 'delivered', 'read', 'clicked', 'unconfirmed')
      and d.channel || ' ' || d.account || ' ' || d.platform_message_id > ${after}
    order by key limit ${CALLS_A_ROUND}`);
  return rows;
}

async function noteRecalled(
  db: Db,
  noticeId: string,
  { channel, account, id }: SentId,
  at: Temporal.Instant,
) {
  const { rows } = await db.execute<{ messageId: string; recipient: string }>(sql`
    select d.message_id as "messageId", d.recipient from notice_messages m join deliveries d on d.message_id = m.message_id
    where m.notice_id = ${noticeId} and d.channel = ${channel} and d.account = ${account} and d.platform_message_id = ${id}`);
  return settle(
    db,
    rows.map((row) => ({ row, end: { state: 'recalled' as const, reason: null } })),
    at,
  );
}
