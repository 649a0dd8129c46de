import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { createWecomAdapter } from '#src/adapters/wecom/index.ts';
import { type App, createApp } from '#src/app.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { silentLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';
import { deliveries } from '#src/outbox/outbox.tables.ts';
import { promiseAll } from '#src/outbox/outbox.ts';
import type { WecomSimulator } from '#src/simulators/wecom/index.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { ANNA, optionsFor, startPlatform, until } from './support.ts';

const START = '2026-09-18T02:00:00Z';
let app: App;
let database: TestDatabase;
let simulator: WecomSimulator;
let dataDir: string;

beforeAll(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-wecom-quota-'));
  simulator = await startPlatform();
  app = await createApp({
    config: {
      role: 'all',
      clock: 'manual',
      sandbox: false,
      dataDir,
      redisUrl: undefined,
      behaviour: behaviourSchema.parse({ clock: { startAt: START } }),
    },
    database,
    databaseUrl: database.url,
    secrets: { secretKey: Buffer.alloc(32, 7) },
    log: silentLog,
    channels: (deps) => [createWecomAdapter({ ...optionsFor(simulator), robot: undefined }, deps)],
  });
  await app.startWorking();
});
afterAll(async () => {
  await app.stop();
  await simulator.close();
  await database.close();
  await rm(dataDir, { recursive: true });
});

it('of 31 messages to one member in a minute none is sent that WeCom would drop; the rest waits its turn', async () => {
  const account = simulator.world.corpId;
  await promiseAll(
    database.db,
    Array.from({ length: 31 }, (_, index) => ({
      purpose: 'answer',
      priority: 'answer' as const,
      content: { kind: 'text' as const, text: `第 ${index + 1} 条` },
      recipients: [{ employeeId: null, address: { channel: 'wecom' as const, account, platformId: ANNA } }],
      at: Temporal.Instant.from(START),
    })),
  );
  const stateOf = () =>
    database.db
      .select({ state: deliveries.state, reason: deliveries.reason })
      .from(deliveries)
      .where(eq(deliveries.channel, 'wecom'));
  app.relay.nudge();
  await until(() => simulator.client.chat(ANNA).length === 25);
  let states = await stateOf();
  for (let round = 0; round < 200 && states.some(({ state }) => state === 'queued'); round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    states = await stateOf();
  }
  expect(states.filter(({ state }) => state === 'accepted' || state === 'unconfirmed')).toHaveLength(25);
  expect(states.filter(({ reason }) => reason === 'quota: message/send to a member a minute')).toHaveLength(
    6,
  );
  expect([simulator.client.chat(ANNA).length, simulator.world.dropped]).toEqual([25, 0]);
});
