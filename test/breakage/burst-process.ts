import { writeSync } from 'node:fs';
import { type ApplicationPlace, application } from './application.ts';
import { burst } from './burst.ts';

/**
 * Runs the application on the database of the test and handles the whole burst, forty events at a time, as a
 * platform would deliver them. Says how many are handled; ends when every answer is sent, unless it is killed before.
 */
const { app, database } = await application(JSON.parse(process.argv[2] ?? '{}') as ApplicationPlace);

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
