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
import { type PlatformCounts, type PlatformName, startPlatformProcess } from './platform-process.ts';

/** A platform's own strict simulator with people, and our adapter on it. */
export interface BenchPlatform {
  adapter: ChannelAdapter;
  /** Platform ids. */
  people: string[];
  /** The way that a plain notice takes, and the fewest calls that it can need. */
  way: string;
  fewest: number;
  counts(): Promise<PlatformCounts>;
  close(): Promise<void>;
}

export type OpenPlatform = (database: Database, people: number) => Promise<BenchPlatform>;

type Settings = Record<string, string>;
interface Surroundings {
  database: Database;
  fileRoot: string;
}

function platform(
  name: PlatformName,
  peopleACall: number,
  adapterOf: (settings: Settings, surroundings: Surroundings) => ChannelAdapter,
): OpenPlatform {
  return async (database, n) => {
    const simulator = await startPlatformProcess(name, n);
    const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-bench-files-'));
    const adapter = adapterOf(simulator.settings, { database, fileRoot });
    return {
      adapter,
      people: simulator.people,
      way: bulkWay(adapter),
      fewest: Math.ceil(n / peopleACall),
      counts: simulator.counts,
      async close() {
        await adapter.close();
        await simulator.stop();
        await rm(fileRoot, { recursive: true, force: true });
      },
    };
  };
}

const deps = ({ database, fileRoot }: Surroundings) => ({
  database,
  fileRoot,
  clock: systemClock,
  log: silentLog,
});

/** 1,000 members a call; 30 a minute to one member; account limit × 200 person-times a day. */
export const wecom = platform('wecom', 1_000, (settings, around) => {
  const { corpId = '', agentId = '', secret = '', token = '', aesKey = '', url: baseUrl = '' } = settings;
  return createWecomAdapter(
    {
      app: { corpId, agentId, secret, token, aesKey, baseUrl, contactSecret: undefined, groupWebhooks: {} },
      robot: undefined,
      behaviour: { accountLimit: 1_000, menu: [] },
    },
    deps(around),
  );
});

/** 200 people a call; 1,000 calls a minute and 50 a second. */
export const feishu = platform('feishu', 200, (settings, around) => {
  const { appId = '', appSecret = '', verificationToken = '', url: baseUrl = '' } = settings;
  return createFeishuAdapter({
    settings: { appId, appSecret, verificationToken, baseUrl, mode: 'webhook', encryptKey: 'kudryavka' },
    ...deps(around),
  });
});

/** A plain text goes by the robot: 20 people a call, 20 calls a second. */
export const dingtalk = platform('dingtalk', 20, (settings, around) => {
  const { clientId = '', clientSecret = '', corpId = '', robotCode = '', agentId = '' } = settings;
  const { token = '', aesKey = '', url = '' } = settings;
  return createDingtalkAdapter(
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
      baseUrl: url,
      oapiBaseUrl: url,
      callsAMonth: 1_000_000,
      messagesAMonth: 1_000_000,
    },
    { ...deps(around), publicUrl: 'http://127.0.0.1' },
  );
});

/** The way that takes a plain text to the most people at once. */
function bulkWay({ ways }: ChannelAdapter): string {
  const taking = ways.filter((way) =>
    way.takes({ kind: 'text', text: '通知' }, { kind: 'person', platformId: 'p' }),
  );
  return taking.sort((a, b) => b.batchSize - a.batchSize)[0]?.name ?? '';
}
