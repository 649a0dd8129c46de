import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDingtalkAdapter } from '../src/adapters/dingtalk/index.ts';
import { createFeishuAdapter } from '../src/adapters/feishu/index.ts';
import { createWecomAdapter } from '../src/adapters/wecom/index.ts';
import type { ChannelAdapter } from '../src/chat/adapter.ts';
import type { Database } from '../src/kernel/db.ts';
import { silentLog } from '../src/kernel/log.ts';
import { systemClock } from '../src/kernel/time.ts';
import { startDingtalkSimulator } from '../src/simulators/dingtalk/index.ts';
import { startFeishuSimulator } from '../src/simulators/feishu/index.ts';
import { startWecomSimulator } from '../src/simulators/wecom/index.ts';

/** A platform's own strict simulator with people, and our adapter on it. */
export interface BenchPlatform {
  adapter: ChannelAdapter;
  /** Platform ids. */
  people: string[];
  /** The way that a plain notice takes, and the fewest calls that it can need. */
  way: string;
  fewest: number;
  counts(): { calls: number; throttled: number; dropped: number };
  close(): Promise<void>;
}

export type OpenPlatform = (database: Database, people: number) => Promise<BenchPlatform>;

const named = (people: number, prefix: string): string[] =>
  Array.from({ length: people }, (_, n) => `${prefix}${n}`);

async function withFolder<Opened>(
  open: (fileRoot: string) => Promise<Opened>,
): Promise<{ opened: Opened; remove(): Promise<void> }> {
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-bench-files-'));
  return { opened: await open(fileRoot), remove: () => rm(fileRoot, { recursive: true, force: true }) };
}

/** 1,000 members a call; 30 a minute to one member; account limit × 200 person-times a day. */
export const wecom: OpenPlatform = async (database, n) => {
  const simulator = await startWecomSimulator({ accountLimit: 1_000 });
  const people = named(n, 'p');
  for (const userid of people) simulator.client.addPerson({ userid });
  const { world, url } = simulator;
  const { opened: adapter, remove } = await withFolder(async (fileRoot) =>
    createWecomAdapter(
      {
        app: {
          corpId: world.corpId,
          agentId: String(world.agentId),
          secret: world.secret,
          token: world.token,
          aesKey: world.aesKey,
          baseUrl: url,
          contactSecret: undefined,
          groupWebhooks: {},
        },
        robot: undefined,
        behaviour: { accountLimit: 1_000, menu: [] },
      },
      { database, clock: systemClock, log: silentLog, fileRoot },
    ),
  );
  const before = simulator.calls('message/send');
  return {
    adapter,
    people,
    way: bulkWay(adapter),
    fewest: Math.ceil(n / 1_000),
    counts: () => ({
      calls: simulator.calls('message/send') - before,
      throttled: world.throttled,
      dropped: world.dropped,
    }),
    async close() {
      await adapter.close();
      await simulator.close();
      await remove();
    },
  };
};

/** 200 people a call; 1,000 calls a minute and 50 a second. */
export const feishu: OpenPlatform = async (database, n) => {
  const simulator = await startFeishuSimulator({ port: 0 });
  const people = Array.from(
    { length: n },
    (_, index) => simulator.world.addPerson({ name: `p${index}` }).openId,
  );
  const { appId, appSecret, verificationToken, url: baseUrl } = simulator;
  const { opened: adapter, remove } = await withFolder(async (fileRoot) =>
    createFeishuAdapter({
      settings: { appId, appSecret, verificationToken, baseUrl, mode: 'webhook', encryptKey: 'kudryavka' },
      database,
      clock: systemClock,
      log: silentLog,
      fileRoot,
    }),
  );
  const way = bulkWay(adapter);
  return {
    adapter,
    people,
    way,
    fewest: Math.ceil(n / 200),
    counts: () => ({ ...simulator.counts(way), dropped: 0 }),
    async close() {
      await adapter.close();
      await simulator.close();
      await remove();
    },
  };
};

/** A plain text goes by the robot: 20 people a call, 20 calls a second. */
export const dingtalk: OpenPlatform = async (database, n) => {
  const simulator = await startDingtalkSimulator({ callsAMonth: 1_000_000, pushesAMonth: 1_000_000 });
  const people = named(n, 'p');
  for (const userid of people) simulator.addPerson({ userid });
  const { clientId, clientSecret, corpId, robotCode, agentId, token, aesKey } = simulator.settings;
  const { opened: adapter, remove } = await withFolder(async (fileRoot) =>
    createDingtalkAdapter(
      {
        clientId,
        clientSecret,
        corpId,
        robotCode,
        agentId,
        token,
        aesKey,
        cardTemplateId: undefined,
        mode: 'webhook',
        baseUrl: simulator.url,
        oapiBaseUrl: simulator.url,
        callsAMonth: 1_000_000,
        messagesAMonth: 1_000_000,
      },
      { database, clock: systemClock, log: silentLog, fileRoot, publicUrl: 'http://127.0.0.1' },
    ),
  );
  const way = bulkWay(adapter);
  return {
    adapter,
    people,
    way,
    fewest: Math.ceil(n / 20),
    counts() {
      const { calls, throttled, dropped } = simulator.counts;
      const sends = [...calls]
        .filter(([path]) => path.endsWith('oToMessages/batchSend'))
        .reduce((sum, [, times]) => sum + times, 0);
      return { calls: sends - throttled, throttled, dropped };
    },
    async close() {
      await adapter.close();
      await simulator.close();
      await remove();
    },
  };
};

/** The way that takes a plain text to the most people at once. */
function bulkWay({ ways }: ChannelAdapter): string {
  const taking = ways.filter((way) =>
    way.takes({ kind: 'text', text: '通知' }, { kind: 'person', platformId: 'p' }),
  );
  return taking.sort((a, b) => b.batchSize - a.batchSize)[0]?.name ?? '';
}
