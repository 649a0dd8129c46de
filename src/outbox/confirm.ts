import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ChannelAdapter, Confirmation, Confirming } from '../chat/adapter.ts';
import { groupBy } from '../kernel/collections.ts';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, isoOf, type Temporal } from '../kernel/time.ts';
import { deliveries } from './outbox.tables.ts';
import { type End, settle } from './settle.ts';

export interface ConfirmDeps {
  db: Db;
  clock: Clock;
  log: Log;
  adapters: readonly ChannelAdapter[];
  /** Counts silent drops and what they came to. */
  count?: (channel: string, state: string, n: number) => void;
}

type Row = typeof deliveries.$inferSelect;

const ROWS_A_ROUND = 1_000;

/** A person whom the platform dropped in silence is planned again so often. */
const MOST_ATTEMPTS = 2;

/**
 * Compares what we meant with what the platform tells afterwards, for everything whose time to be asked has come.
 * Answers how many were asked about. Bears to run in several processes at once: a row is taken by moving its next time.
 */
export async function confirmDue(deps: ConfirmDeps): Promise<number> {
  let asked = 0;
  for (const adapter of deps.adapters) {
    const { confirming } = adapter;
    if (confirming === undefined) continue;
    for (;;) {
      const rows = await take(deps, adapter, confirming);
      for (const ofWay of groupBy(rows, ({ way }) => way).values()) {
        for (let start = 0; start < ofWay.length; start += confirming.batchSize)
          await ask(deps, adapter, confirming, ofWay.slice(start, start + confirming.batchSize));
      }
      asked += rows.length;
      if (rows.length < ROWS_A_ROUND) break;
    }
  }
  return asked;
}

/** Takes rows by moving their next time on: a process that dies before it has asked leaves them for then. */
async function take(
  { db, clock }: ConfirmDeps,
  adapter: ChannelAdapter,
  confirming: Confirming,
): Promise<Row[]> {
  const now = clock.now();
  return db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(deliveries)
      .where(
        and(
          sql`${deliveries.confirmAt} <= ${isoOf(now)}`,
          eq(deliveries.channel, adapter.channel),
          eq(deliveries.account, adapter.account),
          inArray(deliveries.state, ['accepted', 'unknown']),
        ),
      )
      .orderBy(deliveries.messageId, deliveries.recipient)
      .limit(ROWS_A_ROUND)
      .for('update', { skipLocked: true });
    if (rows.length === 0) return [];
    const again = now.add({ milliseconds: confirming.everyMs });
    const keys = JSON.stringify(rows.map(({ messageId, recipient }) => ({ m: messageId, r: recipient })));
    await tx.execute(sql`
      update deliveries d set confirm_at = ${isoOf(again)}
      from json_to_recordset(${keys}::json) as k(m uuid, r text)
      where d.message_id = k.m and d.recipient = k.r`);
    return rows;
  });
}

async function ask(
  deps: ConfirmDeps,
  adapter: ChannelAdapter,
  confirming: Confirming,
  rows: readonly Row[],
): Promise<void> {
  const { clock, db, log, count } = deps;
  let told: Confirmation[];
  try {
    told = await confirming.ask(
      rows.map((row) => ({
        key: `${row.messageId}:${row.recipient}`,
        to:
          row.addressKind === 'group'
            ? { kind: 'group', chatId: row.platformId }
            : { kind: 'person', platformId: row.platformId },
        platformMessageId: row.platformMessageId ?? undefined,
        way: row.way ?? '',
        sentAt: row.sentAt ?? row.changedAt,
      })),
    );
  } catch (error) {
    log.warn({ channel: adapter.channel, reason: messageOf(error) }, 'could not ask what became of messages');
    told = [];
  }
  const now = clock.now();
  const ends = rows.map((row, index) => ({
    row,
    end: endAfter(row, told[index] ?? { kind: 'pending' }, confirming, now),
  }));
  await settle(
    db,
    ends.flatMap(({ row, end }) => (end === undefined ? [] : [{ row, end }])),
    now,
  );
  const missing = told.filter(({ kind }) => kind === 'missing').length;
  if (missing > 0) count?.(adapter.channel, 'dropped', missing);
}

/** What a confirmation means for a row; undefined: nothing yet, it is asked about again. */
export function endAfter(
  row: Pick<Row, 'state' | 'sentAt' | 'changedAt' | 'attempts' | 'reason'>,
  told: Confirmation,
  confirming: Pick<Confirming, 'withinMs'>,
  now: Temporal.Instant,
): End | undefined {
  switch (told.kind) {
    case 'delivered':
    case 'read':
      return {
        state: told.kind,
        reason: null,
        ...(told.platformMessageId === undefined ? {} : { platformMessageId: told.platformMessageId }),
      };
    case 'refused':
    case 'unreachable':
      return { state: told.kind, reason: told.reason };
    case 'missing':
      // The platform itself says that it is not there: nobody can get it twice.
      return row.attempts < MOST_ATTEMPTS
        ? { state: 'planned', reason: `dropped: ${told.reason}`, leavesBatch: true }
        : { state: 'unreachable', reason: `dropped: ${told.reason}` };
    case 'pending':
      return isOver(row, confirming, now) ? silent(row) : undefined;
    case 'untold':
      return silent(row);
  }
}

/** What stays open when the platform tells nothing (more). An unknown one stays unknown; it is only no longer asked about. */
function silent(row: Pick<Row, 'state' | 'reason'>): End {
  return row.state === 'unknown'
    ? { state: 'unknown', reason: row.reason }
    : { state: 'unconfirmed', reason: null };
}

function isOver(
  row: Pick<Row, 'sentAt' | 'changedAt'>,
  { withinMs }: Pick<Confirming, 'withinMs'>,
  now: Temporal.Instant,
): boolean {
  const sent = row.sentAt ?? row.changedAt;
  return now.epochMilliseconds - sent.epochMilliseconds >= withinMs;
}
