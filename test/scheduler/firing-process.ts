// A worker process for the test that kills it: fires what is due, slowly, until it is gone.
import { openDatabase } from '#src/kernel/db.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { createScheduler, queueBackend } from '#src/scheduler/index.ts';
import { note } from './effects.ts';

const [databaseUrl, redisUrl] = process.argv.slice(2);
if (databaseUrl === undefined) throw new Error('usage: firing-process.ts <database url> [redis url]');
const { db } = openDatabase(databaseUrl);
const backend = queueBackend({ databaseUrl, redisUrl, log: silentLog });
const calendar = workdayCalendar();
await createScheduler({ db, clock: systemClock, jobs: [note], backend, calendar, log: silentLog }).start();
