import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { createDingtalkAdapter } from '#src/adapters/dingtalk/index.ts';
import { createApp } from '#src/app.ts';
import { card, type Message, text } from '#src/chat/message.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { silentLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';
import { deliveries } from '#src/outbox/outbox.tables.ts';
import { promise } from '#src/outbox/outbox.ts';
import type { DingtalkSimulator, SimulatorSettings } from '#src/simulators/dingtalk/index.ts';
import type { TestApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { testServer } from '../../support/server.ts';
import { settingsFor, startOffice } from './office.ts';
import { until } from './opened.ts';

interface Running extends TestApp {
  simulator: DingtalkSimulator;
}

let running: Running;
afterEach(async () => running.close());

/** Not at a full hour, which the channel avoids. The application's planner against the strict platform: limits of seconds as in production. */
async function run(strictness: Partial<SimulatorSettings> = {}): Promise<Running> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-planning-'));
  let now = Date.now;
  const simulator = await startOffice({ strictness: { callsASecond: 20, now: () => now(), ...strictness } });
  const behaviour = behaviourSchema.parse({ clock: { startAt: '2026-09-18T02:10:00Z' } });
  const config: TestApp['config'] = {
    role: 'all',
    clock: 'manual',
    sandbox: false,
    dataDir,
    redisUrl: undefined,
    behaviour,
  };
  const app = await createApp({
    config,
    database,
    databaseUrl: database.url,
    secrets: { secretKey: Buffer.alloc(32, 7) },
    log: silentLog,
    channels: (deps) => {
      now = () => deps.clock.now().epochMilliseconds;
      return [createDingtalkAdapter(settingsFor(simulator), deps)];
    },
  });
  await app.startWorking();
  return {
    app,
    simulator,
    database,
    dataDir,
    config,
    moveTo: (instant) => app.advance(Temporal.Instant.from(instant)),
    async close() {
      await app.stop();
      await simulator.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function tell(content: Message, people: readonly string[]): Promise<string> {
  const { app, database, simulator } = running;
  const account = simulator.settings.corpId;
  const address = (platformId: string) => ({ channel: 'dingtalk' as const, account, platformId });
  const id = await promise(database.db, {
    purpose: 'notices.test',
    priority: 'campaign',
    content,
    recipients: people.map((platformId) => ({ employeeId: null, address: address(platformId) })),
    at: app.clock.now(),
  });
  app.relay.nudge();
  return id;
}

async function statesOf(id: string): Promise<Record<string, number>> {
  const rows = await running.database.db
    .select({ state: deliveries.state })
    .from(deliveries)
    .where(eq(deliveries.messageId, id));
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function people(count: number): string[] {
  const ids = Array.from({ length: count }, (_, index) => `person${index}`);
  for (const userid of ids) running.simulator.addPerson({ userid });
  return ids;
}

const callsOf = (path: string): number => running.simulator.counts.calls.get(path) ?? 0;
const BATCH = '/v1.0/robot/oToMessages/batchSend';
const NOTICE = '/topapi/message/corpconversation/asyncsend_v2';

it('a text to a thousand people takes the fewest calls, and none is refused for its rate', async () => {
  running = await run();
  const id = await tell(text('本周五下午停机维护'), people(1_000));
  await running.app.settled();
  expect(await statesOf(id)).toEqual({ accepted: 1_000 });
  expect(callsOf(BATCH)).toBe(50);
  expect(running.simulator.counts.throttled).toBe(0);
  expect(running.simulator.shown('chat:person999')).toHaveLength(1);
}, 300_000);

it('a notice without buttons goes to a hundred in a call; the same words are not sent again on the day', async () => {
  running = await run();
  const all = people(300);
  const notice = card({ title: '停机通知', body: '周五 18:00 停机' });
  const first = await tell(notice, all);
  await running.app.settled();
  expect(await statesOf(first)).toEqual({ accepted: 300 });
  expect(callsOf(NOTICE)).toBe(3);
  const second = await tell(notice, all);
  await running.app.relay.sweep();
  expect(await statesOf(second)).not.toMatchObject({ accepted: expect.any(Number) });
  expect(running.simulator.counts.dropped).toBe(0);
}, 300_000);

it('what goes beyond the month is not tried, and so not refused', async () => {
  running = await run({ callsAMonth: 5 });
  const id = await tell(text('太多人了'), people(200));
  await until(() => callsOf(BATCH) >= 4);
  await running.app.relay.sweep();
  const states = await statesOf(id);
  expect(states['refused']).toBeUndefined();
  expect(running.simulator.counts.metered).toBeLessThanOrEqual(5);
  expect(callsOf(BATCH)).toBe(running.simulator.counts.metered);
}, 300_000);

it('the channels page names the day on which a thousand people use up the free month, make-up workdays counted', async () => {
  running = await run({ callsAMonth: 5_000, pushesAMonth: 3_000 });
  const { database, simulator } = running;
  await database.db.execute(sql`
    with made as (
      insert into employees (id, number, name, locale, zone, level, created_at)
      select gen_random_uuid(), 'P' || n, '同事', 'zh-CN', 'Asia/Shanghai', 'beginner', now()
      from generate_series(1, 1000) as n
      returning id, number
    )
    insert into identities (channel, account, platform_id, employee_id)
    select 'dingtalk', ${simulator.settings.corpId}, number, id from made`);
  const server = await testServer(running);
  const answer = await server.api('GET', '/channels');
  const { items } = (await answer.json()) as {
    items: { quotas: { name: string; runsOutOn: string | null }[] }[];
  };
  await server.close();
  // Friday the 18th is over; Sunday the 20th is worked for the holidays: 2,500 calls and 1,000 messages a day.
  expect(items[0]?.quotas.filter(({ runsOutOn }) => runsOutOn !== null)).toMatchObject([
    { name: 'metered calls a month', runsOutOn: '2026-09-22' },
    { name: 'webhook and stream messages a month', runsOutOn: '2026-09-23' },
  ]);
});
