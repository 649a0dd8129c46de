import { inArray, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import { Temporal } from '../kernel/time.ts';
import { type Batch, openBatches } from './batches.ts';
import { composeDigests } from './digest.ts';
import { deliveries } from './outbox.tables.ts';
import type { RelayDeps } from './relay-deps.ts';
import { rushEnds } from './release.rules.ts';
import { endWhatCannotLeave, releaseCampaigns } from './release.ts';
import { releaseAnswers } from './release-answers.ts';

export interface Relay {
  /** Call after a commit that promised something. Returns at once; many calls make few rounds. */
  nudge(): void;
  /** Hands over whatever may leave now, and again every batch whose job may have been lost. At start and by a chore. */
  sweep(): Promise<void>;
  /** How many deliveries can still go on by themselves now: what is held or waits for the platform does not count. */
  open(): Promise<number>;
  /** When the next thing that waits for the product's clock falls due; for a manual clock. */
  nextDue(): Promise<Temporal.Instant | undefined>;
  /** Resolves when a nudge that was made before this call has been worked off. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What waits for the platform's quotas is looked at again this often; whatever is sent in between nudges as well. */
const AGAIN_MS = 200;

/**
 * Moves planned deliveries into batches and puts one job per batch on the queue. The rows are the truth: a batch is
 * committed before its job exists, so a crash between the two is mended by the next sweep. Of what we start ourselves
 * only as much leaves as the platform takes in the next seconds, so that a pause, a new answer or a fairer share never
 * stands behind a long queue.
 */
export function createRelay(deps: RelayDeps): Relay {
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function rounds(): Promise<void> {
    do {
      again = false;
      const answers = await releaseAnswers(deps);
      await enqueueAll(deps, answers.batches);
      await wakeHeld(deps.db, deps.clock.now());
      await composeDigests(deps);
      const { batches, left, moved } = await releaseCampaigns(deps);
      await enqueueAll(deps, batches);
      if (answers.more || moved > 0) again = true;
      else if (left) later();
    } while (again && !closed);
  }

  function later(): void {
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void start();
    }, AGAIN_MS).unref();
  }

  function start(): Promise<void> {
    if (closed) return Promise.resolve();
    if (running === undefined) {
      running = rounds()
        .catch((error: unknown) =>
          deps.log.error({ reason: messageOf(error) }, 'relay failed; the next sweep goes on'),
        )
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
    open: () => openNow(deps),
    nextDue: () => nextDue(deps),
    async settled() {
      while (running !== undefined) await running;
    },
    async sweep() {
      await endWhatCannotLeave(deps);
      await start();
      await requeueBatches(deps);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      while (running !== undefined) await running;
    },
  };
}

async function enqueueAll(deps: RelayDeps, batches: readonly Batch[]): Promise<void> {
  for (const priority of ['answer', 'campaign'] as const) {
    const calls = batches
      .filter((batch) => (batch.priority === 'answer') === (priority === 'answer'))
      .map(({ id }) => ({ ...deps.send(id), id }));
    if (calls.length > 0) await deps.enqueue(calls, { priority });
  }
}

/** What was held until now is planned again and looked at anew; the budget's backlog is the digest's. */
async function wakeHeld(db: Db, now: Temporal.Instant): Promise<void> {
  await db.execute(sql`
    update deliveries set state = 'planned', reason = null, not_before = null, changed_at = ${now.toString()}
    where (message_id, recipient) in (
      select message_id, recipient from deliveries
      where state = 'held' and not_before <= ${now.toString()} and reason is distinct from 'budget'
      order by message_id, recipient for update skip locked)`);
}

/** Jobs are only a projection of the rows: whoever emptied the queue finds them here again. */
async function requeueBatches(deps: RelayDeps): Promise<void> {
  await enqueueAll(deps, await openBatches(deps.db));
}

const moment = (text: string): Temporal.Instant => Temporal.Instant.from(text);

async function openNow({ db, clock, adapters }: RelayDeps): Promise<number> {
  const now = clock.now();
  type Open = { message_id: string; channel: string; priority: string; state: string; n: number };
  // One statement: between two, what is planned in the first may be queued in the second, and be seen by neither.
  const { rows } = await db.execute<Open>(sql`
    select d.message_id, d.channel, m.priority, d.state, count(*)::int as n
    from deliveries d join outbox_messages m on m.id = d.message_id
    where d.state = 'queued'
      or d.state = 'planned' and (d.not_before is null or d.not_before <= ${now.toString()})
      and not exists (select 1 from send_stops s where s.ended_at is null and m.priority <> 'answer' and (
        s.scope = 'everything' or s.scope = 'message' and s.subject = d.message_id::text
        or s.scope = 'campaign' and s.subject = m.campaign_id::text or s.scope = 'channel' and s.subject = d.channel))
    group by 1, 2, 3, 4`);
  return rows
    .filter(({ message_id, channel, priority, state }) => {
      if (state === 'queued') return true;
      const avoid = adapters.find((adapter) => adapter.channel === channel)?.avoid;
      return priority === 'answer' || rushEnds(avoid, message_id, now) === undefined;
    })
    .reduce((sum, { n }) => sum + n, 0);
}

async function nextDue({ db, clock, adapters }: RelayDeps): Promise<Temporal.Instant | undefined> {
  const now = clock.now();
  const { rows } = await db.execute<{ at: string }>(sql`
    select to_char(least(
      (select min(not_before) from deliveries where state = 'held'),
      (select min(not_before) from deliveries where state = 'planned' and not_before > ${now.toString()}),
      (select min(confirm_at) from deliveries where confirm_at is not null)
    ) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`);
  const due = rows[0]?.at === undefined || rows[0].at === null ? [] : [moment(rows[0].at)];
  if (adapters.some(({ avoid }) => avoid !== undefined)) {
    const waiting = await db
      .selectDistinct({ id: deliveries.messageId, channel: deliveries.channel })
      .from(deliveries)
      .where(inArray(deliveries.state, ['planned']));
    for (const { id, channel } of waiting) {
      const ends = rushEnds(adapters.find((adapter) => adapter.channel === channel)?.avoid, id, now);
      if (ends !== undefined) due.push(ends);
    }
  }
  return due.reduce<Temporal.Instant | undefined>(
    (least, at) => (least === undefined || Temporal.Instant.compare(at, least) < 0 ? at : least),
    undefined,
  );
}
