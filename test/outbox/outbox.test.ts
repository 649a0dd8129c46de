import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { createActionSealer } from '#src/chat/action-id.ts';
import { text } from '#src/chat/message.ts';
import { type JobCall, type QueueJob } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { type ManualClock, manualClock } from '#src/kernel/time.ts';
import { type DeliveryState, deliveryStates } from '#src/outbox/delivery-states.ts';
import {
  markRead,
  type Promised,
  promise,
  promiseAll,
  type Recipient,
  withdraw,
} from '#src/outbox/outbox.ts';
import { createRelay, type Relay } from '#src/outbox/relay.ts';
import { sendJob } from '#src/outbox/sender.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type FakeAdapter, fails, fakeAdapter, lost } from './fake-adapter.ts';
import { noRules, withoutSuppression } from './rules.ts';

let database: TestDatabase;
let clock: ManualClock;
let adapter: FakeAdapter;
let queue: JobCall[];
let acted: Set<string>;
let job: QueueJob<{ batchId: string }>;
let relay: Relay;
/** Whether the channel is still switched on. */
let serving: boolean;

beforeAll(async () => {
  database = await testDatabase();
  // Every change of state is written down by the database itself, whoever makes it.
  await database.db.execute(sql`create table transitions (was text, became text)`);
  await database.db.execute(sql`
    create function note_transition() returns trigger language plpgsql as $$ begin
      if tg_op = 'INSERT' then insert into transitions values (null, new.state);
      elsif old.state <> new.state then insert into transitions values (old.state, new.state); end if;
      return new; end $$`);
  await database.db.execute(sql`
    create trigger note_transition after insert or update on deliveries for each row execute function note_transition()`);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(
    sql`truncate outbox_messages, deliveries, send_batches, channel_health, transitions`,
  );
  use(fakeAdapter({ repeatsSafely: false }));
});

/** From now on this adapter serves the channel `sandbox`. */
function use(next: FakeAdapter): void {
  clock = manualClock('2026-09-18T01:10:00Z');
  adapter = next;
  queue = [];
  acted = new Set();
  serving = true;
  job = sendJob({
    db: database.db,
    clock,
    sealer: createActionSealer(Buffer.alloc(32, 1)),
    adapterOf: (channel) => (channel === 'sandbox' && serving ? adapter : undefined),
    rulesOf: noRules,
    acted: async (_tx, stopKey, ids) => new Set(stopKey === 'gone' ? [] : ids.filter((id) => acted.has(id))),
  });
  relay = newRelay();
}

function newRelay(): Relay {
  return createRelay({
    db: database.db,
    clock,
    log: silentLog,
    enqueue: async (calls) => {
      // A job that waits already is not added again, as with the real queue.
      queue.push(
        ...calls.filter((one) => !queue.some(({ payload }) => isDeepStrictEqual(payload, one.payload))),
      );
    },
    send: (batchId) => job.with({ batchId }),
    adapters: [adapter],
    ...withoutSuppression,
  });
}

const people = Array.from({ length: 12 }, (_, n) => `00000000-0000-7000-8000-0000000000${String(n + 10)}`);
const [ann = '', ben = ''] = people;

const to = (employeeId: string, channel: 'sandbox' | 'wecom' = 'sandbox'): Recipient => ({
  employeeId,
  address: { channel, account: 'fake', platformId: `p-${employeeId.slice(-2)}` },
});

const notice = (recipients: readonly Recipient[], more: Partial<Promised> = {}): Promised => ({
  purpose: 'test',
  priority: 'campaign',
  content: text('你好'),
  recipients,
  at: clock.now(),
  ...more,
});

/** Hands out everything that is planned, and works off the queue until it is empty; answers what was thrown. */
async function work(most = 20): Promise<unknown[]> {
  await relay.sweep();
  const thrown: unknown[] = [];
  for (let tries = 0; queue.length > 0 && tries < most; tries += 1) {
    const call = queue.shift() as JobCall;
    await run(call).catch((error: unknown) => thrown.push(error));
  }
  return thrown;
}

const run = (call: JobCall): Promise<void> =>
  job.run(job.payload.parse(call.payload), { log: silentLog, attempt: 1 });

/** Runs the batch again after a failure, as the queue would. */
async function again(): Promise<unknown[]> {
  return work();
}

interface State {
  state: string;
  reason: string | null;
}

async function stateOf(employeeId: string): Promise<string> {
  const { rows } = await database.db.execute<State & Record<string, unknown>>(sql`
    select state, reason from deliveries where employee_id = ${employeeId}`);
  return rows
    .map(({ state, reason }) => [state, reason].filter((part) => part !== null).join(' '))
    .join(', ');
}

async function arrivals(): Promise<number[]> {
  return [...adapter.arrived.values()];
}

describe('a promised message', () => {
  it('arrives once with everybody, however often somebody is named', async () => {
    await promise(database.db, notice([to(ann), to(ben), to(ann)]));
    await work();
    expect([await stateOf(ann), await stateOf(ben)]).toEqual(['delivered', 'delivered']);
    expect(await arrivals()).toEqual([1, 1]);
  });

  it('is not sent when its transaction fails', async () => {
    const failing = database.db.transaction(async (tx) => {
      await promise(tx, notice([to(ann)]));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await work();
    expect(adapter.calls).toEqual([]);
  });

  it('to somebody without an account ends as unreachable at once', async () => {
    await promise(database.db, notice([{ employeeId: ann, address: undefined }, to(ben)]));
    await work();
    expect([await stateOf(ann), await stateOf(ben)]).toEqual(['unreachable no-account', 'delivered']);
  });

  it('on a channel that is switched off ends as unreachable', async () => {
    await promise(database.db, notice([to(ann, 'wecom')]));
    await work();
    expect(await stateOf(ann)).toBe('unreachable channel-off');
  });

  it('goes out in calls as large as the channel takes, and no larger', async () => {
    use(fakeAdapter({ repeatsSafely: false, batchSize: 5 }));
    await promise(database.db, notice(people.map((id) => to(id))));
    await work();
    expect(adapter.calls.map((keys) => keys.length).sort((a, b) => a - b)).toEqual([2, 5, 5]);
    expect(new Set(adapter.calls.flat()).size).toBe(12);
  });

  it('to one person arrives in the order in which it was promised', async () => {
    const words = ['first', 'second', 'third', 'fourth'];
    const ids = await promiseAll(
      database.db,
      words.map((word) => notice([to(ann)], { priority: 'answer', content: text(word) })),
    );
    await work();
    expect(adapter.calls.flat()).toEqual(ids.map((id) => `${id}:${ann}`));
  });

  it('that answers goes before what we send of our own', async () => {
    await promise(database.db, notice([to(ann)]));
    const answer = await promise(database.db, notice([to(ben)], { priority: 'answer' }));
    await work();
    expect(adapter.calls[0]).toEqual([`${answer}:${ben}`]);
  });

  it('keeps its key however often it is tried', async () => {
    adapter.plays(() => Promise.reject(fails('retry')));
    await promise(database.db, notice([to(ann)]));
    await work();
    await again();
    expect(adapter.calls).toHaveLength(2);
    expect(adapter.calls[0]).toEqual(adapter.calls[1]);
  });
});

describe('what the platform says', () => {
  it.each([
    [{ kind: 'delivered', platformMessageId: 'm' } as const, 'delivered'],
    [{ kind: 'accepted', platformMessageId: 'm' } as const, 'unconfirmed'],
    [{ kind: 'refused', reason: '81013' } as const, 'refused 81013'],
    [{ kind: 'unreachable', reason: 'left' } as const, 'unreachable left'],
    [{ kind: 'unknown' } as const, 'unknown answer-lost'],
  ])('is the end of the delivery: %j', async (result, state) => {
    adapter.plays(() => [result]);
    await promise(database.db, notice([to(ann)]));
    await work();
    expect(await stateOf(ann)).toBe(state);
    await again();
    expect(adapter.calls).toHaveLength(1);
  });

  it('is taken person by person', async () => {
    adapter.plays((dispatches) =>
      dispatches.map((_, index) =>
        index === 0 ? { kind: 'refused', reason: 'x' } : { kind: 'delivered', platformMessageId: `${index}` },
      ),
    );
    await promise(database.db, notice([to(ann), to(ben)]));
    await work();
    expect([await stateOf(ann), await stateOf(ben)].sort()).toEqual(['delivered', 'refused x']);
  });

  it('too little, leaves the rest unknown', async () => {
    adapter.plays(() => [{ kind: 'delivered', platformMessageId: 'm' }]);
    await promise(database.db, notice([to(ann), to(ben)]));
    await work();
    expect([await stateOf(ann), await stateOf(ben)].sort()).toEqual(['delivered', 'unknown answer-lost']);
  });
});

describe('a call that fails', () => {
  it.each(['retry', 'wait', 'sign-in'] as const)(
    'with the fate %s is tried again and arrives once',
    async (fate) => {
      adapter.plays(() => Promise.reject(fails(fate, { waitMs: 5 })));
      await promise(database.db, notice([to(ann), to(ben)]));
      expect(await work()).toMatchObject([{ fate }]);
      expect(await stateOf(ann)).toBe('queued');
      expect(await again()).toEqual([]);
      expect(await stateOf(ann)).toBe('delivered');
      expect(await arrivals()).toEqual([1, 1]);
    },
  );

  it('with the fate give-up is refused with the platform’s code and not repeated', async () => {
    adapter.plays(() => Promise.reject(fails('give-up', { platformCode: '81013' })));
    await promise(database.db, notice([to(ann)]));
    expect(await work()).toEqual([]);
    expect(await stateOf(ann)).toBe('refused 81013');
    await again();
    expect(adapter.calls).toHaveLength(1);
  });

  it('without an answer is unknown and not repeated where a repeat could arrive twice', async () => {
    adapter.plays(lost);
    await promise(database.db, notice([to(ann)]));
    await work();
    await again();
    expect(await stateOf(ann)).toBe('unknown 500');
    expect(await arrivals()).toEqual([1]);
  });

  it('without an answer is repeated, and arrives once, where the channel repeats safely', async () => {
    use(fakeAdapter({ repeatsSafely: true }));
    adapter.plays(lost, lost);
    await promise(database.db, notice([to(ann)]));
    await work();
    await again();
    await again();
    expect(adapter.calls).toHaveLength(3);
    expect(await stateOf(ann)).toBe('delivered');
    expect(await arrivals()).toEqual([1]);
  });

  it('by our own fault does not send a second time where that could arrive twice', async () => {
    adapter.plays(() => Promise.reject(new TypeError('ours')));
    await promise(database.db, notice([to(ann)]));
    expect(await work()).toEqual([expect.any(TypeError)]);
    await again();
    expect(await stateOf(ann)).toBe('unknown answer-lost');
    expect(adapter.calls).toHaveLength(1);
  });
});

/** What a killed worker leaves behind: the batches say that they are with the platform, and nobody renews that. */
async function dies(): Promise<void> {
  await database.db.execute(sql`
    update send_batches b set lease_until = clock_timestamp() - interval '1 second',
      calling = (select min(message_id::text)::uuid from deliveries d where d.batch_id = b.id and d.state = 'queued')
    where state = 'queued'`);
}

describe('a worker that is killed while it sends', () => {
  async function leftInSending(): Promise<JobCall> {
    await promise(database.db, notice([to(ann)]));
    await relay.sweep();
    const call = queue.shift() as JobCall;
    queue = [];
    await dies();
    return call;
  }

  it('leaves what is unknown, where a repeat could arrive twice', async () => {
    await run(await leftInSending());
    expect(await stateOf(ann)).toBe('unknown answer-lost');
    expect(adapter.calls).toEqual([]);
  });

  it('leaves what the next one sends again, where the channel repeats safely', async () => {
    use(fakeAdapter({ repeatsSafely: true }));
    await run(await leftInSending());
    expect(await stateOf(ann)).toBe('delivered');
  });

  it('days ago leaves what is unknown everywhere: platforms forget keys after a day', async () => {
    use(fakeAdapter({ repeatsSafely: true }));
    const call = await leftInSending();
    clock.set(clock.now().add({ hours: 25 }));
    await run(call);
    expect(await stateOf(ann)).toBe('unknown answer-lost');
    expect(adapter.calls).toEqual([]);
  });

  it('on a channel that is switched off since then leaves what is unknown', async () => {
    const call = await leftInSending();
    serving = false;
    await run(call);
    expect(await stateOf(ann)).toBe('unknown channel-off');
  });
});

describe('a message that no longer makes sense', () => {
  const soon = () => clock.now().add({ minutes: 10 });
  const later = () => clock.set(clock.now().add({ minutes: 10 }));

  it('expires before it is handed out', async () => {
    await promise(database.db, notice([to(ann)], { expiresAt: soon() }));
    later();
    await work();
    expect([await stateOf(ann), adapter.calls]).toEqual(['expired', []]);
  });

  it('expires in the queue', async () => {
    await promise(database.db, notice([to(ann)], { expiresAt: soon() }));
    await relay.sweep();
    later();
    await work();
    expect([await stateOf(ann), adapter.calls]).toEqual(['expired', []]);
  });

  it('is sent up to that moment', async () => {
    await promise(database.db, notice([to(ann)], { expiresAt: soon() }));
    clock.set(soon().subtract({ nanoseconds: 1_000 }));
    await work();
    expect(await stateOf(ann)).toBe('delivered');
  });

  const stop = { stopKey: 'check-in:c:d', reason: 'acted' };
  it('is withdrawn from whoever acted, and from nobody else', async () => {
    await promise(database.db, notice([to(ann), to(ben)], { stopKey: stop.stopKey }));
    await promise(database.db, notice([to(ann)], { stopKey: 'another' }));
    await withdraw(database.db, { ...stop, employeeIds: [ann], at: clock.now() });
    await work();
    expect((await stateOf(ann)).split(', ').sort()).toEqual(['delivered', 'excluded acted']);
    expect(await stateOf(ben)).toBe('delivered');
  });

  it('is withdrawn from the queue as well', async () => {
    await promise(database.db, notice([to(ann)], { stopKey: stop.stopKey }));
    await relay.sweep();
    await withdraw(database.db, { ...stop, employeeIds: [ann], at: clock.now() });
    await work();
    expect([await stateOf(ann), adapter.calls]).toEqual(['excluded acted', []]);
  });

  it('is not withdrawn once it is delivered', async () => {
    await promise(database.db, notice([to(ann)], { stopKey: stop.stopKey }));
    await work();
    await withdraw(database.db, { ...stop, employeeIds: [ann], at: clock.now() });
    expect(await stateOf(ann)).toBe('delivered');
  });

  it('does not reach whoever acted although nobody withdrew it', async () => {
    await promise(database.db, notice([to(ann), to(ben)], { stopKey: stop.stopKey }));
    acted.add(ann);
    await work();
    expect([await stateOf(ann), await stateOf(ben)]).toEqual(['excluded acted', 'delivered']);
  });
});

describe('the relay', () => {
  it('finds a batch whose job was never made: the process died between commit and queue', async () => {
    await promise(database.db, notice([to(ann)]));
    await relay.sweep();
    queue = [];
    await newRelay().sweep();
    await work();
    expect(await stateOf(ann)).toBe('delivered');
  });

  it('finds what was promised although nobody said so', async () => {
    await promise(database.db, notice([to(ann)]));
    expect(await relay.open()).toBe(1);
    await work();
    expect(await relay.open()).toBe(0);
  });

  it('hands out each delivery once, also when two are at work', async () => {
    use(fakeAdapter({ repeatsSafely: false, batchSize: 3 }));
    const other = newRelay();
    await promiseAll(
      database.db,
      Array.from({ length: 30 }, () => notice(people.map((id) => to(id)))),
    );
    relay.nudge();
    other.nudge();
    await Promise.all([relay.sweep(), other.sweep()]);
    await Promise.all([relay.settled(), other.settled()]);
    await Promise.all([work(1_000), work(1_000)]);
    expect(await arrivals()).toEqual(Array.from({ length: 360 }, () => 1));
  });

  it('run twice at the same moment sends a batch once where the channel does not repeat safely', async () => {
    await promise(database.db, notice(people.map((id) => to(id))));
    await relay.sweep();
    const call = queue.shift() as JobCall;
    await Promise.all([run(call), run(call), run(call)]);
    expect(await arrivals()).toEqual(people.map(() => 1));
  });

  it('goes on after the queue was away', async () => {
    let away = true;
    const flaky = createRelay({
      db: database.db,
      clock,
      log: silentLog,
      enqueue: async (calls) => {
        if (away) throw new Error('queue is away');
        queue.push(...calls);
      },
      send: (batchId) => job.with({ batchId }),
      adapters: [adapter],
      ...withoutSuppression,
    });
    await promise(database.db, notice([to(ann)]));
    flaky.nudge();
    await flaky.settled();
    away = false;
    await flaky.sweep();
    await work();
    expect(await stateOf(ann)).toBe('delivered');
  });
});

describe('everybody checking in while the reminder goes out', () => {
  it('never makes the two wait for each other for ever', async () => {
    use(fakeAdapter({ repeatsSafely: true, batchSize: 500 }));
    const crowd = Array.from({ length: 600 }, () => randomUUID());
    for (let round = 0; round < 4; round += 1) {
      await promise(
        database.db,
        notice(
          crowd.map((id) => to(id)),
          { stopKey: `k${round}` },
        ),
      );
      relay.nudge();
      const taps = Array.from({ length: 10 }, (_, n) =>
        crowd.filter((_id, index) => index % 10 === n).reverse(),
      );
      const withdrawals = taps.map((ids) =>
        withdraw(database.db, { stopKey: `k${round}`, employeeIds: ids, reason: 'acted', at: clock.now() }),
      );
      await Promise.all([...withdrawals, work(), work()]);
    }
    const { rows } = await database.db.execute<{ deadlocks: string }>(
      sql`select deadlocks from pg_stat_database where datname = current_database()`,
    );
    expect(Number(rows[0]?.deadlocks)).toBe(0);
    const { rows: open } = await database.db.execute(sql`
      select 1 from deliveries where state not in ('delivered', 'excluded')`);
    expect(open).toEqual([]);
  });
});

describe('a receipt', () => {
  it('says that a message was read, once it is known', async () => {
    adapter.plays(() => [{ kind: 'accepted', platformMessageId: 'm-7' }]);
    await promise(database.db, notice([to(ann)]));
    await work();
    await markRead(database.db, { channel: 'sandbox', platformMessageId: 'm-6', at: clock.now() });
    expect(await stateOf(ann)).toBe('unconfirmed');
    await markRead(database.db, { channel: 'sandbox', platformMessageId: 'm-7', at: clock.now() });
    await markRead(database.db, { channel: 'sandbox', platformMessageId: 'm-7', at: clock.now() });
    expect(await stateOf(ann)).toBe('read');
  });
});

describe('the states of a delivery', () => {
  type Step = 'relay' | 'work' | 'later' | 'withdraw' | 'kill' | 'read' | 'act';
  const steps = fc.array(
    fc.constantFrom<Step>('relay', 'work', 'later', 'withdraw', 'kill', 'read', 'act', 'work', 'relay'),
    { minLength: 1, maxLength: 12 },
  );
  const ends = fc.array(
    fc.constantFrom('delivered', 'accepted', 'refused', 'unknown', 'retry', 'give-up', 'lost', 'bug'),
    {
      maxLength: 6,
    },
  );

  it('follow the table, whatever happens, and nobody gets a message twice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, ends, fc.boolean(), async (order, results, repeatsSafely) => {
        await database.db.execute(
          sql`truncate outbox_messages, deliveries, send_batches, channel_health, transitions`,
        );
        use(fakeAdapter({ repeatsSafely }));
        adapter.plays(...results.map(scripted));
        await promise(
          database.db,
          notice(
            [
              to(ann),
              to(ben),
              to(people[2] ?? '', 'wecom'),
              { employeeId: people[3] ?? '', address: undefined },
            ],
            {
              stopKey: 'k',
              expiresAt: clock.now().add({ minutes: 25 }),
            },
          ),
        );
        for (const step of order) await perform(step);
        await work();
        const { rows } = await database.db.execute<{ was: DeliveryState | null; became: DeliveryState }>(
          sql`select distinct was, became from transitions`,
        );
        for (const { was, became } of rows) {
          const allowed: readonly string[] =
            was === null ? ['planned', 'unreachable'] : deliveryStates[was].next;
          expect(allowed.includes(became) ? 'in the table' : `${was} → ${became}`).toBe('in the table');
        }
        expect((await arrivals()).filter((times) => times > 1)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  function scripted(end: string): Parameters<FakeAdapter['plays']>[0] {
    switch (end) {
      case 'retry':
      case 'give-up':
        return () => Promise.reject(fails(end));
      case 'bug':
        return () => Promise.reject(new TypeError('ours'));
      case 'lost':
        return lost;
      case 'refused':
        return (dispatches) => dispatches.map(() => ({ kind: 'refused', reason: 'no' }));
      case 'unknown':
        return (dispatches) => dispatches.map(() => ({ kind: 'unknown' }));
      default:
        return (dispatches) =>
          dispatches.map(() => ({ kind: end as 'delivered' | 'accepted', platformMessageId: randomUUID() }));
    }
  }

  async function perform(step: Step): Promise<void> {
    switch (step) {
      case 'relay':
        return relay.sweep();
      case 'work':
        await work(3);
        return;
      case 'later':
        clock.set(clock.now().add({ minutes: 10 }));
        return;
      case 'withdraw':
        return withdraw(database.db, { stopKey: 'k', employeeIds: [ann], reason: 'acted', at: clock.now() });
      case 'kill':
        return dies();
      case 'read':
        return markRead(database.db, { channel: 'sandbox', platformMessageId: 'm1', at: clock.now() });
      case 'act':
        acted.add(ben);
    }
  }

  it('that are final lead nowhere, and every next one exists', () => {
    const all = Object.keys(deliveryStates);
    for (const { next } of Object.values(deliveryStates)) {
      for (const state of next) expect(all).toContain(state);
    }
  });
});
