import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Db, openDatabase } from '../src/kernel/db.ts';
import { defineScheduledJob } from '../src/kernel/jobs.ts';
import { silentLog } from '../src/kernel/log.ts';
import { systemClock, Temporal } from '../src/kernel/time.ts';
import { workdayCalendar } from '../src/kernel/workdays.ts';
import { createScheduler, queueBackend, type Scheduler, type When } from '../src/scheduler/index.ts';

export interface Figure {
  id: string;
  figure: string;
  backend: string;
  n: number;
  value: number;
  unit: string;
  target: string;
  met: boolean;
}

export interface SchedulerBench {
  /** A migrated database that belongs to this benchmark alone. */
  databaseUrl: string;
  redisUrl?: string;
  quick: boolean;
  report(figure: Figure): void;
}

const nothing = defineScheduledJob({
  name: 'bench.nothing',
  payload: z.object({}),
  run: () => Promise.resolve({ kind: 'fired' }),
});

/**
 * P4: 10,000 schedules due at one instant, once as single instants and once as a cron of each. The lateness of a
 * slot is taken from its record; that of the last one also from when all are committed and visible, which no
 * record can flatter.
 */
export async function p4(bench: SchedulerBench): Promise<void> {
  const n = bench.quick ? 1_000 : 10_000;
  const database = openDatabase(bench.databaseUrl);
  const backend = queueBackend({ databaseUrl: bench.databaseUrl, redisUrl: bench.redisUrl, log: silentLog });
  const scheduler = createScheduler({
    db: database.db,
    clock: systemClock,
    jobs: [nothing],
    backend,
    calendar: workdayCalendar(),
    log: silentLog,
  });
  await scheduler.start();
  const base = { backend: backend.kind, n };
  try {
    for (const [shape, when] of shapes()) {
      const slot = await putAll(database.db, scheduler, n, shape, when);
      const { p99, doneMs, lost, doubled } = await watch(database.db, slot, n, shape);
      const report = (figure: string, value: number, unit: string, target: string, met: boolean) =>
        bench.report({ id: 'P4', figure: `${figure}, ${shape}`, ...base, value, unit, target, met });
      report('lateness p99', p99, 'ms', '≤ 2000', p99 <= 2_000);
      report('all committed after', doneMs, 'ms', '≤ 2000', doneMs <= 2_000);
      report('lost', lost, 'slots', '0', lost === 0);
      report('doubled', doubled, 'slots', '0', doubled === 0);
    }
  } finally {
    await scheduler.stop();
    await backend.close();
    await database.close();
  }
}

type Shape = 'one-off' | 'cron';

function shapes(): [Shape, (slot: Temporal.Instant) => When][] {
  return [
    ['one-off', (at) => ({ at })],
    ['cron', (slot) => ({ cron: cronAt(slot), zone: 'Asia/Shanghai', calendar: 'every-day' })],
  ];
}

function cronAt(slot: Temporal.Instant): string {
  const { hour, minute } = slot.toZonedDateTimeISO('Asia/Shanghai');
  return `${minute} ${hour} * * *`;
}

/** Resolves to the slot. One schedule is put, the others are its copies: what is measured comes afterwards. */
async function putAll(
  db: Db,
  scheduler: Scheduler,
  n: number,
  shape: Shape,
  when: (slot: Temporal.Instant) => When,
): Promise<Temporal.Instant> {
  // The planner's worst moment: its statistics are from before the schedules were put.
  await db.execute(sql`analyze schedules`);
  const ahead = Temporal.Now.instant().add({ seconds: 5 });
  const slot = ahead.round({ smallestUnit: shape === 'cron' ? 'minute' : 'second', roundingMode: 'ceil' });
  const key = `bench.${shape}:${slot.epochMilliseconds}:1`;
  await db.transaction(async (tx) => {
    await scheduler.put(tx, { key, call: nothing.with({}), when: when(slot), misfire: { policy: 'once' } });
    await tx.execute(sql`
      insert into schedules (id, key, job, payload, cron, zone, calendar, misfire, next_at, created_at)
      select gen_random_uuid(), key || '.' || i, job, payload, cron, zone, calendar, misfire, next_at, created_at
      from schedules, generate_series(2, ${n}::int) as i where key = ${key}`);
  });
  await scheduler.wake();
  if (Temporal.Instant.compare(Temporal.Now.instant(), slot) >= 0) throw new Error('putting took too long');
  return slot;
}

async function watch(db: Db, slot: Temporal.Instant, n: number, shape: Shape) {
  const mine = sql`schedule_key like ${`bench.${shape}:${slot.epochMilliseconds}:%`}`;
  const giveUpAt = slot.add({ seconds: 90 });
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { rows } = await db.execute<{ found: string }>(
      sql`select count(*) as found from schedule_runs where outcome = 'fired' and ${mine}`,
    );
    const now = Temporal.Now.instant();
    if (Number(rows[0]?.found) < n && Temporal.Instant.compare(now, giveUpAt) < 0) continue;
    const doneMs = Math.round(slot.until(now).total('milliseconds'));
    return { doneMs, ...(await tally(db, mine, n)) };
  }
}

async function tally(db: Db, mine: ReturnType<typeof sql>, n: number) {
  const { rows } = await db.execute<{ p99: string | null; fired: string; schedules: string }>(sql`
    select percentile_disc(0.99) within group (order by extract(epoch from at - slot) * 1000) as p99,
      count(*) as fired, count(distinct schedule_id) as schedules
    from schedule_runs where outcome = 'fired' and ${mine}`);
  const fired = Number(rows[0]?.fired);
  const once = Number(rows[0]?.schedules);
  return { p99: Math.round(Number(rows[0]?.p99)), lost: n - once, doubled: fired - once };
}
