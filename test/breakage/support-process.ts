import { writeSync } from 'node:fs';
import { createApp } from '#src/app.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import { behaviourSchema } from '#src/config/behaviour.ts';
import { openDatabase } from '#src/kernel/db.ts';
import { silentLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';

export interface Given {
  databaseUrl: string;
  dataDir: string;
  redisUrl: string | undefined;
  now: string;
  /** What is said, in this order; a key that was used before is a redelivery. */
  events: { key: string; actor: string; text: string }[];
}

/**
 * Runs the application on the database of the test and hears the events one after another. Says what became of each;
 * ends when every answer is sent, unless it is killed before.
 */
const { databaseUrl, dataDir, redisUrl, now, events } = JSON.parse(process.argv[2] ?? '{}') as Given;
const database = openDatabase(databaseUrl, { maxConnections: 8 });
const app = await createApp({
  config: {
    role: 'all',
    clock: 'manual',
    sandbox: true,
    dataDir,
    redisUrl,
    behaviour: behaviourSchema.parse({ clock: { startAt: now } }),
  },
  database,
  databaseUrl,
  secrets: { secretKey: Buffer.alloc(32, 7) },
  log: silentLog,
});
await app.startWorking();
writeSync(1, 'working\n');
for (const { key, actor, text } of events) {
  const event: ChatEvent = {
    channel: 'sandbox',
    account: 'sandbox',
    key,
    actor,
    place: { kind: 'private' },
    payload: { kind: 'text', text },
    occurredAt: Temporal.Instant.from(now),
    receivedAt: Temporal.Instant.from(now),
  };
  const { outcome } = await app.router.route(event);
  writeSync(1, `${key} ${outcome}\n`);
}
await app.settled();
writeSync(1, 'settled\n');
await app.stop();
await database.close();
