// A worker process for the test that kills it: takes one job and never finishes it.
import { z } from 'zod';
import { defineJob } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { createQueue, queueBackend } from '#src/scheduler/index.ts';

const [databaseUrl, redisUrl] = process.argv.slice(2);
if (databaseUrl === undefined) throw new Error('usage: stuck-process.ts <database url> [redis url]');
const stuck = defineJob({
  name: 'test.say',
  payload: z.object({ text: z.string() }),
  run: () => new Promise<void>(() => undefined),
});
const backend = queueBackend({ databaseUrl, redisUrl, log: silentLog });
await createQueue({ backend, jobs: [stuck], log: silentLog, concurrency: 1 }).start();
