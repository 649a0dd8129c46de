import { and, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ActionSealer, sealMessage } from '../chat/action-id.ts';
import type { ChannelAdapter, Dispatch, SendResult } from '../chat/adapter.ts';
import type { Message } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import { PlatformError } from '../kernel/errors.ts';
import { defineJob, type QueueJob } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, Temporal } from '../kernel/time.ts';
import { deliveries, outboxMessages } from './outbox.tables.ts';

interface SenderDeps {
  db: Db;
  clock: Clock;
  sealer: ActionSealer;
  adapterOf: (channel: string, account: string) => ChannelAdapter | undefined;
  /**
   * Who of these people has done meanwhile what the message asks for. `withdraw` stops what it finds; this catches
   * the person who acted while the message was being promised.
   */
  acted: (tx: Db, stopKey: string, employeeIds: readonly string[]) => Promise<Set<string>>;
  /** Counts what became of deliveries. */
  count?: (channel: string, state: string, n: number) => void;
}

type Row = typeof deliveries.$inferSelect;

/**
 * The job that sends one batch. The rows say how far it got, so it bears being run again: rows that a dead worker
 * left in `sending` are repeated where the channel sends the same key only once, and end as `unknown` elsewhere.
 */
export function sendJob(deps: SenderDeps): QueueJob<{ batchId: string }> {
  return defineJob({
    name: 'outbox.send',
    payload: z.object({ batchId: z.uuid() }),
    run: async ({ batchId }, { log }) => {
      const batch = await claim(deps, batchId);
      if (batch !== undefined) await send(deps, batch, log);
    },
  });
}

interface ClaimedBatch {
  rows: Row[];
  /** By message id: answers to different people share a batch. */
  contents: ReadonlyMap<string, Message>;
  adapter: ChannelAdapter;
}

const repeatsSafely = (adapter: ChannelAdapter): boolean => adapter.ways[0]?.repeatsSafely === true;

/** `repeatsSafely` promises a day; after that a key may be new to the platform again. */
const HOURS_A_KEY_IS_KNOWN = 24;

async function claim(deps: SenderDeps, batchId: string): Promise<ClaimedBatch | undefined> {
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const open = await tx
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.batchId, batchId), inArray(deliveries.state, ['queued', 'sending'])))
      .orderBy(deliveries.messageId, deliveries.recipient)
      .for('update');
    const first = open[0];
    if (first === undefined) return undefined;
    const adapter = deps.adapterOf(first.channel, first.account);
    if (adapter === undefined) {
      const state = (row: Row) => (row.state === 'sending' ? 'unknown' : 'unreachable');
      await settle(tx, open, (row) => ({ state: state(row), reason: 'channel-off' }), now);
      return undefined;
    }
    const forgotten = now.subtract({ hours: HOURS_A_KEY_IS_KNOWN });
    const left = open.filter((row) => row.state === 'sending');
    const lost = left.filter((row) => !repeatsSafely(adapter) || isPast(row.plannedAt, forgotten));
    const late = open.filter((row) => row.state === 'queued' && isPast(row.expiresAt, now));
    const done = await whoActed(tx, deps, open);
    const rows = open.filter((row) => !lost.includes(row) && !late.includes(row) && !done.includes(row));
    await settle(tx, done, () => ({ state: 'excluded', reason: 'acted' }), now);
    await settle(tx, lost, () => ({ state: 'unknown', reason: 'answer-lost' }), now);
    await settle(tx, late, () => ({ state: 'expired', reason: null }), now);
    if (rows.length === 0) return undefined;
    await settle(tx, rows, () => ({ state: 'sending', reason: null }), now, { attempt: true });
    return { rows, contents: await contentsOf(tx, rows), adapter };
  });
}

async function contentsOf(tx: Db, rows: readonly Row[]): Promise<Map<string, Message>> {
  const messages = await tx
    .select({ id: outboxMessages.id, content: outboxMessages.content })
    .from(outboxMessages)
    .where(inArray(outboxMessages.id, [...new Set(rows.map(({ messageId }) => messageId))]));
  return new Map(messages.map(({ id, content }) => [id, content]));
}

async function whoActed(tx: Db, deps: SenderDeps, rows: readonly Row[]): Promise<Row[]> {
  const waiting = rows.filter((row) => row.state === 'queued' && row.employeeId !== null);
  const stopKey = waiting[0]?.stopKey ?? null;
  if (stopKey === null) return [];
  const acted = await deps.acted(
    tx,
    stopKey,
    waiting.map((row) => row.employeeId ?? ''),
  );
  return waiting.filter((row) => acted.has(row.employeeId ?? ''));
}

function isPast(moment: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return moment !== null && Temporal.Instant.compare(moment, now) <= 0;
}

async function send(deps: SenderDeps, batch: ClaimedBatch, log: Log): Promise<void> {
  const { rows, contents, adapter } = batch;
  try {
    const results = await adapter.send(
      rows.map((row) => dispatchOf(deps.sealer, row, contents.get(row.messageId) as Message)),
      adapter.ways[0]?.name ?? '',
    );
    await settle(
      deps.db,
      rows,
      (_row, index) => endOf(results[index] ?? { kind: 'unknown' }),
      deps.clock.now(),
    );
    for (const result of results) deps.count?.(adapter.channel, result.kind, 1);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.warn(
      { platform: error.platform, call: error.call, code: error.platformCode, fate: error.fate },
      'send failed',
    );
    await afterFailure(deps, batch, error);
  }
}

/** A refusal is final; a lost answer is repeated only where that is safe; everything else goes back to its batch. */
async function afterFailure(
  deps: SenderDeps,
  { rows, adapter }: ClaimedBatch,
  error: PlatformError,
): Promise<void> {
  const now = deps.clock.now();
  if (error.unanswered && !repeatsSafely(adapter)) {
    await settle(deps.db, rows, () => ({ state: 'unknown', reason: error.platformCode }), now);
    deps.count?.(adapter.channel, 'unknown', rows.length);
    return;
  }
  if (error.fate === 'give-up') {
    await settle(deps.db, rows, () => ({ state: 'refused', reason: error.platformCode }), now);
    deps.count?.(adapter.channel, 'refused', rows.length);
    return;
  }
  if (!error.unanswered) await settle(deps.db, rows, () => ({ state: 'queued', reason: null }), now);
  throw error;
}

function dispatchOf(sealer: ActionSealer, row: Row, content: Message): Dispatch {
  return {
    key: `${row.messageId}:${row.recipient}`,
    to:
      row.addressKind === 'group'
        ? { kind: 'group', chatId: row.platformId }
        : { kind: 'person', platformId: row.platformId },
    message: sealMessage(sealer, content, row.employeeId ?? ''),
  };
}

interface End {
  state: Row['state'];
  reason: string | null;
  platformMessageId?: string;
}

function endOf(result: SendResult): End {
  switch (result.kind) {
    case 'delivered':
    case 'accepted':
      return { state: result.kind, reason: null, platformMessageId: result.platformMessageId };
    case 'refused':
    case 'unreachable':
      return { state: result.kind, reason: result.reason };
    case 'later':
    case 'unknown':
      return { state: 'unknown', reason: 'answer-lost' };
  }
}

/** Writes the new states as one set. A row that somebody read in the meantime keeps `read`. */
async function settle(
  tx: Db,
  rows: readonly Row[],
  end: (row: Row, index: number) => End,
  now: Temporal.Instant,
  options: { attempt?: boolean } = {},
): Promise<void> {
  if (rows.length === 0) return;
  const ends = JSON.stringify(
    rows.map((row, index) => {
      const { state, reason, platformMessageId } = end(row, index);
      return { m: row.messageId, r: row.recipient, state, reason, p: platformMessageId ?? null };
    }),
  );
  await tx.execute(sql`
    update deliveries d set state = e.state, reason = e.reason, changed_at = ${now.toString()},
      platform_message_id = coalesce(e.p, d.platform_message_id),
      attempts = d.attempts + ${options.attempt === true ? 1 : 0}
    from json_to_recordset(${ends}::json) as e(m uuid, r text, state text, reason text, p text)
    where d.message_id = e.m and d.recipient = e.r and d.state in ('queued', 'sending')`);
}
