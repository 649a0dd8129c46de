import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { createFeishuAdapter, type FeishuDeps } from '#src/adapters/feishu/index.ts';
import type { ChannelAdapter, Receive } from '#src/chat/adapter.ts';
import type { FeishuSettings } from '#src/config/platforms.ts';
import type { Db } from '#src/kernel/db.ts';
import { type Log, silentLog } from '#src/kernel/log.ts';
import { type Clock, systemClock } from '#src/kernel/time.ts';
import {
  type FeishuSimulator,
  type FeishuSimulatorOptions,
  startFeishuSimulator,
} from '#src/simulators/feishu/index.ts';

export const ENCRYPT_KEY = 'kudryavka';

export type Mode = FeishuSettings['mode'];

export function settingsFor(feishu: FeishuSimulator, mode: Mode): FeishuSettings {
  const { appId, appSecret, verificationToken, url: baseUrl } = feishu;
  return { appId, appSecret, verificationToken, baseUrl, mode, encryptKey: ENCRYPT_KEY };
}

/** Resolves when the simulator's events reach the app. */
export async function connected(feishu: FeishuSimulator, least = 1): Promise<void> {
  for (let round = 0; round < 800 && feishu.connection.ready() < least; round += 1) await pause(25);
  if (feishu.connection.ready() < least) throw new Error('nobody holds the long connection');
}

export interface FeishuSetUp {
  feishu: FeishuSimulator;
  adapter: ChannelAdapter;
  server: FastifyInstance;
  url: string;
  fileRoot: string;
  anna: string;
  ben: string;
  groupId: string;
  close(): Promise<void>;
}

export interface SetUpOptions {
  mode: Mode;
  receive?: Receive;
  db?: Db;
  clock?: Clock;
  log?: Log;
  simulator?: Partial<FeishuSimulatorOptions>;
  tuning?: FeishuDeps['tuning'];
}

/** A simulator with two people in a group, and our adapter on a server of its own, without the rest of the product. */
export async function setUp(options: SetUpOptions): Promise<FeishuSetUp> {
  const { mode, receive = async () => ({}), clock = systemClock, log = silentLog } = options;
  const feishu = await startFeishuSimulator({ port: 0, ...options.simulator });
  const { openId: anna } = feishu.world.addPerson({ name: '王小安', number: 'E1' });
  const { openId: ben } = feishu.world.addPerson({ name: '李本', number: 'E2' });
  const { id: groupId } = feishu.world.addGroup([anna, ben]);
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-feishu-'));
  await writeFile(join(fileRoot, 'hello.txt'), 'hello');
  const adapter = createFeishuAdapter({
    settings: settingsFor(feishu, mode),
    database: { db: options.db as Db },
    clock,
    log,
    fileRoot,
    ...(options.tuning === undefined ? {} : { tuning: options.tuning }),
  });
  const server = Fastify();
  await adapter.listen?.(server, receive);
  const url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/webhooks/feishu`;
  if (mode === 'webhook') feishu.pushTo({ url, encryptKey: ENCRYPT_KEY });
  else await connected(feishu);
  return {
    feishu,
    adapter,
    server,
    url,
    fileRoot,
    anna,
    ben,
    groupId,
    async close() {
      await server.close();
      await adapter.close();
      await feishu.close();
      await rm(fileRoot, { recursive: true });
    },
  };
}
