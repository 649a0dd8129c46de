import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { asc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { defineScheduledJob, type ScheduledJob } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { type Clock, manualClock, systemClock, Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { createScheduler, type ScheduleDefinition, type Scheduler } from '#src/scheduler/index.ts';
import { scheduleRuns, schedules } from '#src/scheduler/scheduler.tables.ts';
import { backends, eventually, type TestBackend, testBackend, withoutRedis } from './backends.ts';
import { effectsOf, makeEffects, note } from './effects.ts';

const calendar = workdayCalendar();
const instant = (text: string) => Temporal.Instant.from(text);

if (withoutRedis) it.skip('the scheduler on Redis: redis-server is not on the PATH', () => undefined);

describe.each(backends)('the scheduler on %s', (kind) => {
  let backend: TestBackend;
  let running: Scheduler[] = [];

  beforeAll(async () => {
    backend = await testBackend(kind);
    await makeEffects(backend.database.db);
  });

  afterEach(async () => {
    for (const scheduler of running) await scheduler.stop();
    running = [];
    await backend.database.db.execute(sql`truncate schedules, schedule_runs, effects`);
    await backend.flush();
  });

  afterAll(() => backend.close());

  function scheduler(jobs: ScheduledJob[] = [note], clock: Clock = systemClock): Scheduler {
    const made = createScheduler({
      db: backend.database.db,
      clock,
      jobs,
      backend: backend.open(),
      calendar,
      log: silentLog,
    });
    running.push(made);
    return made;
  }

  async function put(
    on: Scheduler,
    ...definitions: (Partial<ScheduleDefinition> & Pick<ScheduleDefinition, 'key' | 'when'>)[]
  ) {
    await backend.database.db.transaction(async (tx) => {
      for (const definition of definitions) {
        await on.put(tx, {
          call: note.with({ name: definition.key, sleepMs: 0 }),
          misfire: { policy: 'once' },
          ...definition,
        });
      }
    });
    await on.wake();
  }

  /** `key outcome reason`, in slot order. */
  async function runs(key?: string): Promise<string[]> {
    const rows = await backend.database.db
      .select()
      .from(scheduleRuns)
      .where(key === undefined ? undefined : eq(scheduleRuns.scheduleKey, key))
      .orderBy(asc(scheduleRuns.slot), asc(scheduleRuns.scheduleKey));
    return rows.map(
      (row) => `${row.scheduleKey} ${row.outcome}${row.reason === null ? '' : ` ${row.reason}`}`,
    );
  }

  const inMs = (milliseconds: number) => ({ at: Temporal.Now.instant().add({ milliseconds }) });
  const settled = (count: number) => eventually(async () => (await runs()).length >= count);

  it('fires a slot when its time comes, once, and not before', async () => {
    const fired = scheduler();
    await fired.start();
    await put(fired, { key: 'a', when: inMs(400) }, { key: 'b', when: inMs(900) });
    await settled(2);
    expect(await effectsOf(backend.database.db)).toEqual(['a', 'b']);
    const rows = await backend.database.db.select().from(scheduleRuns);
    for (const { at, slot } of rows) expect(Temporal.Instant.compare(at, slot)).toBeGreaterThanOrEqual(0);
  });

  it('fires at start what came due while nobody was there', async () => {
    await put(scheduler(), { key: 'missed', when: inMs(-60_000) });
    await scheduler().start();
    expect(await runs()).toEqual(['missed fired']);
  });

  it('fires each slot once when two processes work at once, each woken for everything', async () => {
    const two = [scheduler(), scheduler()];
    for (const each of two) await each.start();
    const keys = Array.from({ length: 450 }, (_, i) => `s${String(i).padStart(3, '0')}`);
    const when = inMs(1_500);
    await put(two[0] as Scheduler, ...keys.map((key) => ({ key, when })));
    await eventually(async () => {
      await Promise.all(two.map((each) => each.fireDue()));
      return (await runs()).length >= keys.length;
    });
    expect(await effectsOf(backend.database.db)).toEqual(keys);
  });

  it('fires or records every slot of a process that was killed in the middle', async () => {
    const db = backend.database.db;
    const keys = Array.from({ length: 600 }, (_, i) => `k${String(i).padStart(3, '0')}`);
    await put(
      scheduler(),
      ...keys.map((key) => ({
        key,
        when: inMs(-1_000),
        call: note.with({ name: key, sleepMs: 4 }),
      })),
    );
    const script = fileURLToPath(new URL('./firing-process.ts', import.meta.url));
    const args = ['--import', 'tsx', script, backend.database.url];
    const child = spawn(
      process.execPath,
      backend.redisUrl === undefined ? args : [...args, backend.redisUrl],
      { stdio: 'inherit' },
    );
    await settled(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = await effectsOf(db);
    expect(before.length).toBeLessThan(keys.length);
    await scheduler().start();
    await settled(keys.length);
    expect((await effectsOf(db)).sort()).toEqual(keys);
    expect(await runs()).toHaveLength(keys.length);
  });

  it('fires every slot once after the queue lost everything', async () => {
    const fired = scheduler();
    await fired.start();
    await put(fired, { key: 'near', when: inMs(1_500) }, { key: 'far', when: inMs(2_000) });
    await backend.flush();
    await fired.reconcile();
    await settled(2);
    expect(await effectsOf(backend.database.db)).toEqual(['near', 'far']);
  });

  it('goes on after the database has dropped every connection', async () => {
    const fired = scheduler();
    await fired.start();
    await put(fired, { key: 'before', when: inMs(50) });
    await settled(1);
    await backend.database.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    await put(fired, { key: 'after', when: inMs(1_500) });
    await settled(2);
    expect(await effectsOf(backend.database.db)).toEqual(['before', 'after']);
    // A wake that was lost with its connection is made up for by the reconciler, which comes every minute.
  }, 120_000);

  it('does not fire a schedule that was removed', async () => {
    const fired = scheduler();
    await fired.start();
    await put(fired, { key: 'gone', when: inMs(600) }, { key: 'kept', when: inMs(1_000) });
    expect(await fired.remove(backend.database.db, 'gone')).toBe(true);
    expect(await fired.remove(backend.database.db, 'gone')).toBe(false);
    await settled(1);
    expect(await runs()).toEqual(['kept fired']);
  });

  it('waits when the clock was set back after the wake was ordered', async () => {
    let behindMs = 0;
    const clock: Clock = { now: () => Temporal.Now.instant().subtract({ milliseconds: behindMs }) };
    const fired = scheduler([note], clock);
    await fired.start();
    await put(fired, { key: 'a', when: inMs(500) });
    behindMs = 1_000;
    await settled(1);
    const [row] = await backend.database.db.select().from(scheduleRuns);
    if (row === undefined) throw new Error('no run');
    expect(Temporal.Instant.compare(row.at, row.slot)).toBeGreaterThanOrEqual(0);
    expect(await effectsOf(backend.database.db)).toEqual(['a']);
  });

  it('decides by the misfire policy when the clock jumps forward', async () => {
    let now = instant('2026-11-23T00:00:00Z');
    const fired = scheduler([note], { now: () => now });
    const when = { cron: '0 9 * * *', zone: 'Asia/Shanghai', calendar: 'every-day' as const };
    await put(
      fired,
      { key: 'late', when, misfire: { policy: 'late-until', minutes: 60 } },
      { key: 'once', when, misfire: { policy: 'once' } },
      { key: 'skip', when, misfire: { policy: 'skip' } },
    );
    now = instant('2026-11-24T01:30:00Z');
    expect(await fired.fireDue()).toEqual({ fired: 2, skipped: 4 });
    expect(await runs()).toEqual([
      'late skipped too-late',
      'once skipped superseded',
      'skip skipped too-late',
      'late fired',
      'once fired',
      'skip skipped too-late',
    ]);
  });
});

describe('a schedule', () => {
  let backend: TestBackend;
  let now = instant('2026-11-23T07:00:00Z');
  const clock: Clock = { now: () => now };

  beforeAll(async () => {
    backend = await testBackend('postgres');
    await makeEffects(backend.database.db);
  });
  afterEach(async () => {
    now = instant('2026-11-23T07:00:00Z');
    await backend.database.db.execute(sql`truncate schedules, schedule_runs, effects`);
  });
  afterAll(() => backend.close());

  function scheduler(...jobs: ScheduledJob[]): Scheduler {
    const all = [note, ...jobs];
    return createScheduler({
      db: backend.database.db,
      clock,
      jobs: all,
      backend: backend.open(),
      calendar,
      log: silentLog,
    });
  }
  const daily = (time: string, from?: string) => {
    const [hour, minute] = time.split(':');
    const cron = `${Number(minute)} ${Number(hour)} * * *`;
    const base = { cron, zone: 'Asia/Shanghai', calendar: 'every-day' as const };
    return from === undefined ? base : { ...base, from: instant(from) };
  };
  const definition = (key: string, change: Partial<ScheduleDefinition> = {}): ScheduleDefinition => ({
    key,
    call: note.with({ name: key, sleepMs: 0 }),
    when: daily('09:10'),
    misfire: { policy: 'once' },
    ...change,
  });
  const nextOf = async (key: string) => {
    const [row] = await backend.database.db.select().from(schedules).where(eq(schedules.key, key));
    return row?.nextAt?.toString() ?? null;
  };
  const runs = async () =>
    (await backend.database.db.select().from(scheduleRuns).orderBy(asc(scheduleRuns.slot))).map(
      (row) => `${row.scheduleKey} ${row.slot.toString()} ${row.reason ?? row.outcome}`,
    );

  it('starts with the first slot from now on', async () => {
    await scheduler().put(backend.database.db, definition('a'));
    expect(await nextOf('a')).toBe('2026-11-24T01:10:00Z');
  });

  it('loaded in the afternoon with a start in the morning, still fires its morning slot', async () => {
    const fired = scheduler();
    await fired.put(backend.database.db, definition('a', { when: daily('09:10', '2026-11-22T16:00:00Z') }));
    expect(await fired.fireDue()).toEqual({ fired: 1, skipped: 0 });
    expect(await runs()).toEqual(['a 2026-11-23T01:10:00Z fired']);
    expect(await nextOf('a')).toBe('2026-11-24T01:10:00Z');
  });

  it('keeps its next slot when it is put again unchanged, with a new payload or a new start', async () => {
    const fired = scheduler();
    await fired.put(backend.database.db, definition('a'));
    now = instant('2026-11-24T02:00:00Z');
    await fired.put(backend.database.db, definition('a', { call: note.with({ name: 'new', sleepMs: 0 }) }));
    expect(await nextOf('a')).toBe('2026-11-24T01:10:00Z');
    await fired.fireDue();
    expect(await effectsOf(backend.database.db)).toEqual(['new']);
  });

  it('does not fire a slot again when its times change and the start lies in the past', async () => {
    const fired = scheduler();
    const from = '2026-11-22T16:00:00Z';
    await fired.put(backend.database.db, definition('a', { when: daily('09:10', from) }));
    await fired.fireDue();
    await fired.put(backend.database.db, definition('a', { when: daily('08:30', from) }));
    expect(await nextOf('a')).toBe('2026-11-24T00:30:00Z');
  });

  it('records overdue slots as replaced when its times change', async () => {
    const fired = scheduler();
    await fired.put(backend.database.db, definition('a'));
    now = instant('2026-11-25T02:00:00Z');
    await fired.put(backend.database.db, definition('a', { when: daily('18:00') }));
    expect(await runs()).toEqual(['a 2026-11-24T01:10:00Z replaced', 'a 2026-11-25T01:10:00Z replaced']);
    expect(await nextOf('a')).toBe('2026-11-25T10:00:00Z');
  });

  it('records overdue slots as removed when it is removed', async () => {
    const fired = scheduler();
    await fired.put(backend.database.db, definition('a'));
    now = instant('2026-11-24T02:00:00Z');
    await fired.remove(backend.database.db, 'a');
    expect(await runs()).toEqual(['a 2026-11-24T01:10:00Z removed']);
    expect(await fired.fireDue()).toEqual({ fired: 0, skipped: 0 });
  });

  it('for one instant fires once, also when it is put again afterwards, and again only for another instant', async () => {
    const fired = scheduler();
    const first = definition('a', { when: { at: now } });
    await fired.put(backend.database.db, first);
    await fired.fireDue();
    await fired.put(backend.database.db, first);
    expect(await fired.fireDue()).toEqual({ fired: 0, skipped: 0 });
    await fired.put(backend.database.db, definition('a', { when: { at: now.add({ seconds: 1 }) } }));
    now = now.add({ seconds: 1 });
    expect(await fired.fireDue()).toEqual({ fired: 1, skipped: 0 });
  });

  it('is not put when the transaction is undone', async () => {
    const fired = scheduler();
    const undone = backend.database.db.transaction(async (tx) => {
      await fired.put(tx, definition('a'));
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(await nextOf('a')).toBeNull();
  });

  it('is put once when two processes put it at the same time', async () => {
    const fired = scheduler();
    await Promise.all(Array.from({ length: 8 }, () => fired.put(backend.database.db, definition('a'))));
    expect(await backend.database.db.select().from(schedules)).toHaveLength(1);
  });

  it.each([
    ['a job that does not exist', { call: { job: 'test.none', payload: {} } }, 'schedule.job-unknown'],
    [
      'a payload that the job does not take',
      { call: { job: 'test.note', payload: { name: 7 } } },
      'schedule.invalid',
    ],
    ['a cron that cannot be read', { when: { ...daily('09:10'), cron: '0 25 * * *' } }, 'schedule.invalid'],
  ])('is refused with %s', async (_name, change, code) => {
    await expect(scheduler().put(backend.database.db, definition('a', change))).rejects.toMatchObject({
      code,
    });
  });

  it('stops the start when its job is gone, and says which', async () => {
    const other = defineScheduledJob({
      name: 'test.old',
      payload: z.object({}),
      run: async () => ({ kind: 'fired' }),
    });
    await scheduler(other).put(backend.database.db, definition('tips', { call: other.with({}) }));
    const started = scheduler().start();
    await expect(started).rejects.toMatchObject({
      code: 'schedule.job-missing',
      message: 'Schedules wait for jobs that do not exist: "tips" waits for "test.old"',
    });
  });

  it('stays for a process that knows its job', async () => {
    const other = defineScheduledJob({
      name: 'test.new',
      payload: z.object({}),
      run: async () => ({ kind: 'fired' }),
    });
    const newer = scheduler(other);
    await newer.put(backend.database.db, definition('a', { call: other.with({}), when: { at: now } }));
    expect(await scheduler().fireDue()).toEqual({ fired: 0, skipped: 0 });
    expect(await newer.fireDue()).toEqual({ fired: 1, skipped: 0 });
  });

  it('takes two jobs of one name for a mistake', () => {
    expect(() => scheduler(note)).toThrow(expect.objectContaining({ code: 'job.duplicate' }));
  });

  it('keeps the reason that its job gives for doing nothing', async () => {
    const idle = defineScheduledJob({
      name: 'test.idle',
      payload: z.object({}),
      run: async () => ({ kind: 'skipped', reason: 'nobody-left' }),
    });
    const fired = scheduler(idle);
    await fired.put(backend.database.db, definition('a', { call: idle.with({}), when: { at: now } }));
    expect(await fired.fireDue()).toEqual({ fired: 0, skipped: 1 });
    expect(await runs()).toEqual(['a 2026-11-23T07:00:00Z nobody-left']);
  });

  it('may be moved by its own job', async () => {
    const hop: ScheduledJob<{ left: number }> = defineScheduledJob({
      name: 'test.hop',
      payload: z.object({ left: z.number() }),
      async run(tx, { left }, { slot }) {
        if (left > 0)
          await fired.put(
            tx,
            definition('a', { call: hop.with({ left: left - 1 }), when: { at: slot.add({ minutes: 1 }) } }),
          );
        return { kind: 'fired' };
      },
    });
    const fired = scheduler(hop);
    await fired.put(backend.database.db, definition('a', { call: hop.with({ left: 2 }), when: { at: now } }));
    now = now.add({ minutes: 5 });
    expect(await fired.fireDue()).toEqual({ fired: 3, skipped: 0 });
  });

  it('that slept for a year is worked off in pieces: one slot fires, the others are recorded', async () => {
    const fired = scheduler();
    await fired.put(
      backend.database.db,
      definition('a', {
        when: {
          cron: '5 * * * *',
          zone: 'UTC',
          calendar: 'every-day',
          from: instant('2025-11-23T07:00:00Z'),
        },
      }),
    );
    expect(await fired.fireDue()).toEqual({ fired: 1, skipped: 365 * 24 - 1 });
    expect(await effectsOf(backend.database.db)).toEqual(['a']);
  });
});

describe('a job that throws', () => {
  let backend: TestBackend;
  let now = instant('2026-11-23T01:10:00Z');
  let failures = Number.POSITIVE_INFINITY;
  const clock: Clock = { now: () => now };
  const frail = defineScheduledJob({
    name: 'test.frail',
    payload: z.object({}),
    async run(tx, _payload, { slot }) {
      await tx.execute(sql`insert into effects values ('frail', ${slot.toString()})`);
      failures -= 1;
      if (failures >= 0) throw new Error('no luck');
      return { kind: 'fired' };
    },
  });
  let fired: Scheduler;

  beforeAll(async () => {
    backend = await testBackend('postgres');
    await makeEffects(backend.database.db);
    const jobs = [note, frail];
    fired = createScheduler({
      db: backend.database.db,
      clock,
      jobs,
      backend: backend.open(),
      calendar,
      log: silentLog,
    });
  });
  afterEach(async () => {
    now = instant('2026-11-23T01:10:00Z');
    failures = Number.POSITIVE_INFINITY;
    await backend.database.db.execute(sql`truncate schedules, schedule_runs, effects`);
  });
  afterAll(() => backend.close());

  async function put(misfire: ScheduleDefinition['misfire']) {
    const when = { cron: '10 9 * * *', zone: 'Asia/Shanghai', calendar: 'every-day' as const };
    const db = backend.database.db;
    for (const key of ['before', 'x', 'y'])
      await fired.put(db, { key, call: note.with({ name: key, sleepMs: 0 }), when, misfire });
    await fired.put(db, { key: 'frail', call: frail.with({}), when, misfire });
  }
  const later = async (seconds: number) => {
    now = now.add({ seconds });
    return await fired.fireDue();
  };
  const runs = async () =>
    (
      await backend.database.db
        .select()
        .from(scheduleRuns)
        .where(eq(scheduleRuns.scheduleKey, 'frail'))
        .orderBy(asc(scheduleRuns.slot))
    ).map((row) => row.reason ?? row.outcome);

  it('does not take the others with it', async () => {
    await put({ policy: 'once' });
    expect(await fired.fireDue()).toEqual({ fired: 3, skipped: 0 });
    expect(await effectsOf(backend.database.db)).toEqual(['before', 'x', 'y']);
    expect(await runs()).toEqual([]);
  });

  it('is tried again, and what it wrote before it threw is undone', async () => {
    await put({ policy: 'once' });
    failures = 2;
    await fired.fireDue();
    expect(await later(19)).toEqual({ fired: 0, skipped: 0 });
    expect(await later(1)).toEqual({ fired: 1, skipped: 0 });
    expect(await effectsOf(backend.database.db, 'frail')).toEqual(['frail']);
    expect(await runs()).toEqual(['fired']);
  });

  it('is recorded as failed after three attempts, and goes on with its next slot', async () => {
    await put({ policy: 'once' });
    await fired.fireDue();
    await later(20);
    expect(await runs()).toEqual([]);
    expect(await later(20)).toEqual({ fired: 0, skipped: 1 });
    expect(await runs()).toEqual(['failed']);
    failures = 0;
    expect(await later(24 * 3_600)).toEqual({ fired: 4, skipped: 0 });
    expect(await runs()).toEqual(['failed', 'fired']);
  });

  it('is not tried again when that would be too late by its policy', async () => {
    await put({ policy: 'late-until', minutes: 0 });
    expect(await fired.fireDue()).toEqual({ fired: 3, skipped: 1 });
    expect(await runs()).toEqual(['failed']);
  });

  it('is recorded as failed, not as late, when nobody came to try it again', async () => {
    await put({ policy: 'skip' });
    await fired.fireDue();
    expect(await later(3_600)).toEqual({ fired: 0, skipped: 1 });
    expect(await runs()).toEqual(['failed']);
  });

  it('lets the missed slots before the one that throws be recorded, and loses none', async () => {
    now = instant('2026-11-21T00:00:00Z');
    await put({ policy: 'late-until', minutes: 60 });
    now = instant('2026-11-23T01:20:00Z');
    await fired.fireDue();
    expect(await runs()).toEqual(['too-late', 'too-late']);
    failures = 0;
    await later(20);
    expect(await runs()).toEqual(['too-late', 'too-late', 'fired']);
  });
});

describe('advanceTo', () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await testBackend('postgres');
    await makeEffects(backend.database.db);
  });
  afterAll(() => backend.close());

  it('goes from slot to slot, lets what follows happen in between, and ends at the target', async () => {
    const clock = manualClock('2026-11-23T00:00:00Z');
    const { db } = backend.database;
    const fired = createScheduler({
      db,
      clock,
      jobs: [note],
      backend: backend.open(),
      calendar,
      log: silentLog,
    });
    await fired.start();
    const base = { zone: 'Asia/Shanghai', calendar: 'every-day' as const };
    await fired.put(db, {
      key: 'nine',
      call: note.with({ name: 'nine', sleepMs: 0 }),
      when: { ...base, cron: '0 9 * * *' },
      misfire: { policy: 'skip' },
    });
    await fired.put(db, {
      key: 'noon',
      call: note.with({ name: 'noon', sleepMs: 0 }),
      when: { ...base, cron: '0 12 * * *' },
      misfire: { policy: 'skip' },
    });
    const seen: string[] = [];
    await fired.advanceTo(instant('2026-11-24T02:00:00Z'), async () => {
      seen.push(`${clock.now().toString()} ${(await effectsOf(db)).length}`);
      // Whatever a slot sets off may itself be due before the next one.
      if (seen.length === 1)
        await fired.put(db, {
          key: 'echo',
          call: note.with({ name: 'echo', sleepMs: 0 }),
          when: { at: clock.now().add({ minutes: 30 }) },
          misfire: { policy: 'once' },
        });
    });
    expect(seen).toEqual([
      '2026-11-23T01:00:00Z 1',
      '2026-11-23T01:30:00Z 2',
      '2026-11-23T04:00:00Z 3',
      '2026-11-24T01:00:00Z 4',
    ]);
    expect(clock.now().toString()).toBe('2026-11-24T02:00:00Z');
    await fired.stop();
  });
});
