import { createApp } from '../src/app.ts';
import type { Channel } from '../src/chat/event.ts';
import { behaviourSchema } from '../src/config/behaviour.ts';
import { openDatabase } from '../src/kernel/db.ts';
import { createLog } from '../src/kernel/log.ts';
import { type LoopbackRules, loopbackAdapter } from '../src/simulators/loopback/index.ts';

/** One platform as the worker sees it. */
export interface WorkerChannel {
  channel: Channel;
  account: string;
  url: string;
  rules: LoopbackRules;
}

/** A worker of the product, with loopback platforms for channels, until it is killed. */
const { databaseUrl, redisUrl, dataDir, channels } = JSON.parse(process.argv[2] ?? '{}') as {
  databaseUrl: string;
  redisUrl?: string;
  dataDir: string;
  channels: WorkerChannel[];
};
/** Longer than the outage: what cannot be asked any more is rightly left unconfirmed. */
const TELLS_FOR_MS = 600_000;

const log = createLog(process.env['CHAOS_LOG'] ?? 'silent');
const database = openDatabase(databaseUrl, {
  maxConnections: 12,
  onError: (error) => log.warn({ reason: error.message }, 'database connection failed'),
});
const app = await createApp({
  config: {
    role: 'worker',
    clock: 'system',
    sandbox: false,
    dataDir,
    redisUrl,
    behaviour: behaviourSchema.parse({}),
  },
  database,
  databaseUrl,
  secrets: { secretKey: Buffer.alloc(32, 7) },
  log,
  channels: () => channels.map((one) => loopbackAdapter({ ...one, tellsForMs: TELLS_FOR_MS })),
});
await app.startWorking();
process.stdout.write('working\n');
