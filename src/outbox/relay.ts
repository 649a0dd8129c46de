import { randomUUID } from 'node:crypto';
import { and, count, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import type { JobCall } from '../kernel/jobs.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, Temporal } from '../kernel/time.ts';
import { deliveries } from './outbox.tables.ts';

/** Takes a batch to whoever sends it; the same id twice while the first is pending is one job. */
export type EnqueueBatch = (
  call: JobCall,
  options: { id: string; priority: 'answer' | 'campaign' },
) => Promise<void>;

export interface Relay {
  /** Call after a commit that promised something. Returns at once; many calls make few rounds. */
  nudge(): void;
  /** Hands over whatever is planned, and again every batch whose job may have been lost. At start and by a chore. */
  sweep(): Promise<void>;
  /** How many deliveries have not reached an end yet. */
  open(): Promise<number>;
  /** Resolves when a nudge that was made before this call has been worked off. */
  settled(): Promise<void>;
}

/** How many rows one round takes: bounded, so that a notice to everybody does not hold up an answer. */
const ROWS_A_ROUND = 5_000;

/**
 * Moves planned deliveries into batches and puts one job per batch on the queue. The rows are the truth: a batch is
 * committed before its job exists, so a crash between the two is mended by the next sweep.
 */
export function createRelay(deps: {
  db: Db;
  clock: Clock;
  log: Log;
  enqueue: EnqueueBatch;
  send: (batchId: string) => JobCall;
  batchSizeOf: (channel: string) => number;
}): Relay {
  let running: Promise<void> | undefined;
  let again = false;

  async function rounds(): Promise<void> {
    do {
      again = false;
      while ((await relayOnce(deps)) > 0);
    } while (again);
  }

  function start(): Promise<void> {
    if (running === undefined) {
      running = rounds()
        .catch((error: unknown) => deps.log.error({ err: error }, 'relay failed; the next sweep goes on'))
        .finally(() => {
          running = undefined;
        });
    } else {
      again = true;
    }
    return running;
  }

  return {
    nudge: () => void start(),
    async open() {
      const [row] = await deps.db
        .select({ open: count() })
        .from(deliveries)
        .where(inArray(deliveries.state, ['planned', 'queued', 'sending']));
      return row?.open ?? 0;
    },
    async settled() {
      while (running !== undefined) await running;
    },
    async sweep() {
      await start();
      await requeueBatches(deps);
    },
  };
}

interface Batch {
  id: string;
  priority: 'answer' | 'campaign';
}

type RelayDeps = Parameters<typeof createRelay>[0];

/** One round; answers how many rows it moved. */
async function relayOnce(deps: RelayDeps): Promise<number> {
  const now = deps.clock.now();
  const { moved, batches } = await deps.db.transaction(async (tx) => {
    const due = await tx.execute<{
      message_id: string;
      recipient: string;
      channel: string;
      account: string;
      priority: 'answer' | 'campaign';
      expires_at: string | null;
    }>(sql`
      select d.message_id, d.recipient, d.channel, d.account, m.priority,
             to_char(d.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as expires_at
      from deliveries d join outbox_messages m on m.id = d.message_id
      where d.state = 'planned'
      order by m.priority = 'campaign', d.planned_at, d.message_id
      limit ${ROWS_A_ROUND}
      for update of d skip locked`);
    const live = due.rows.filter((row) => row.expires_at === null || !isPast(row.expires_at, now));
    const past = due.rows.filter((row) => row.expires_at !== null && isPast(row.expires_at, now));
    const { rows, batches } = cut(live, deps.batchSizeOf);
    await move(tx, rows, 'queued', now);
    await move(
      tx,
      past.map((row) => ({ ...row, batch_id: null })),
      'expired',
      now,
    );
    return { moved: due.rows.length, batches };
  });
  for (const batch of batches) {
    await deps.enqueue(deps.send(batch.id), { id: batch.id, priority: batch.priority });
  }
  return moved;
}

function isPast(iso: string, now: Temporal.Instant): boolean {
  return Temporal.Instant.compare(Temporal.Instant.from(iso), now) <= 0;
}

/** Answers of different people may share a batch, but no more of them than a failed call may send again. */
const ANSWERS_A_BATCH = 50;

/**
 * A batch goes to one channel and account and holds no more than the platform takes in a call; a message of ours
 * has batches of its own, so that platforms with batch calls can use them.
 */
function cut<
  Row extends { message_id: string; channel: string; account: string; priority: Batch['priority'] },
>(
  due: readonly Row[],
  batchSizeOf: (channel: string) => number,
): { rows: (Row & { batch_id: string })[]; batches: Batch[] } {
  const batches: Batch[] = [];
  const open = new Map<string, { id: string; room: number }>();
  const rows = due.map((row) => {
    const answer = row.priority === 'answer';
    const key = `${answer ? 'answers' : row.message_id} ${row.channel} ${row.account}`;
    let batch = open.get(key);
    if (batch === undefined || batch.room === 0) {
      const most = batchSizeOf(row.channel);
      batch = { id: randomUUID(), room: answer ? Math.min(most, ANSWERS_A_BATCH) : most };
      open.set(key, batch);
      batches.push({ id: batch.id, priority: row.priority });
    }
    batch.room -= 1;
    return { ...row, batch_id: batch.id };
  });
  return { rows, batches };
}

async function move(
  tx: Db,
  rows: readonly { message_id: string; recipient: string; batch_id: string | null }[],
  state: 'queued' | 'expired',
  now: Temporal.Instant,
): Promise<void> {
  if (rows.length === 0) return;
  const moved = JSON.stringify(
    rows.map(({ message_id, recipient, batch_id }) => ({ message_id, recipient, batch_id })),
  );
  await tx.execute(sql`
    update deliveries d set state = ${state}, batch_id = r.batch_id, changed_at = ${now.toString()}
    from json_to_recordset(${moved}::json) as r(message_id uuid, recipient text, batch_id uuid)
    where d.message_id = r.message_id and d.recipient = r.recipient and d.state = 'planned'`);
}

/** Jobs are only a projection of the rows: whoever emptied the queue finds them here again. */
async function requeueBatches(deps: RelayDeps): Promise<void> {
  const open = await deps.db
    .selectDistinct({ id: deliveries.batchId })
    .from(deliveries)
    .where(and(inArray(deliveries.state, ['queued', 'sending']), isNotNull(deliveries.batchId)));
  for (const { id } of open) {
    if (id !== null) await deps.enqueue(deps.send(id), { id, priority: 'campaign' });
  }
}
