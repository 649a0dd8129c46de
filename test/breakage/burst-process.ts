import { writeSync } from 'node:fs';
import { createApp } from '#src/app.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { openDatabase } from '#src/kernel/db.ts';
import { silentLog } from '#src/kernel/log.ts';
import { burst, NOW } from './burst.ts';

/**
 * Runs the application on the database of the test and handles the whole burst, forty events at a time, as a
 * platform would deliver them. Says how many are handled; ends when every answer is sent, unless it is killed before.
 */
const [databaseUrl = '', dataDir = '', redisUrl = ''] = process.argv.slice(2);
const database = openDatabase(databaseUrl, { maxConnections: 8 });
const app = await createApp({
  config: {
    role: 'all',
    clock: 'manual',
    sandbox: true,
    dataDir,
    redisUrl: redisUrl === '' ? undefined : redisUrl,
    behaviour: behaviourSchema.parse({ clock: { startAt: NOW } }),
  },
  database,
  databaseUrl,
  secrets: { secretKey: Buffer.alloc(32, 7) },
  log: silentLog,
});
await app.startWorking();

const waiting = burst();
let handled = 0;
async function deliver(): Promise<void> {
  for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
    await app.router.route(event);
    handled += 1;
    writeSync(1, `handled ${handled}\n`);
  }
}
await Promise.all(Array.from({ length: 40 }, deliver));
await app.settled();
writeSync(1, 'settled\n');
await app.stop();
await database.close();
