import { writeSync } from 'node:fs';
import type { ChatEvent } from '#src/chat/event.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type ApplicationPlace, application } from './application.ts';

export interface Given extends ApplicationPlace {
  /** What is said, in this order; a key that was used before is a redelivery. */
  events: { key: string; actor: string; text: string }[];
}

/**
 * Runs the application on the database of the test and hears the events one after another. Says what became of each;
 * ends when every answer is sent, unless it is killed before.
 */
const { events, ...place } = JSON.parse(process.argv[2] ?? '{}') as Given;
const { app, database } = await application(place);
const { now } = place;
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
