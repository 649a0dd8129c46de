import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createApp } from '#src/app.ts';
import { trainingInput } from '#src/features/trainings/trainings.api.ts';
import { remindPeople } from '#src/features/trainings/trainings.jobs.ts';
import { changeTraining } from '#src/features/trainings/trainings.plan.ts';
import { bySystem } from '#src/features/trainings/trainings.store.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock, Temporal } from '#src/kernel/time.ts';
import { type Classes, classesOf, SECRET_KEY } from '../../conversations/classes.ts';
import { wordsOf } from '../../support/conversation.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

/** Days pass slowly on a busy machine. */
jest.setTimeout(180_000);

const person = (number: string, name: string, zone: string, locale = 'zh-CN') =>
  `${number},${name},RD,,员工,${zone},${locale},,,2020-01-06,,beginner`;

let app: SmallApp;
let classes: Classes;

async function begin(startAt: string): Promise<void> {
  app = await smallApp({
    startAt,
    tips: 3,
    // No tips and reminders of the campaign in between: the budget is the classes' own.
    campaign: { audience: { departments: ['SALES'] } },
    people: [
      person('E1', '张小满', 'Asia/Shanghai'),
      person('E2', '李想', 'Asia/Shanghai'),
      person('E3', 'Emily Carter', 'America/New_York', 'en'),
    ],
  });
  classes = classesOf(app.app, app.database.db, join(app.dataDir, 'files'));
}
afterEach(() => app?.close());

const plan = (from: string, to: string, more: object = {}) => ({
  title: '表格入门',
  kind: 'remote' as const,
  link: 'https://meet.example.com/1',
  startsAt: from,
  endsAt: to,
  ...more,
});
const signUp = async (number: string, no: number) => app.as(number).says(`报名 ${no}`);

/**
 * Moves the clock in steps of six hours: what a schedule holds back for the morning must be known before the clock goes on,
 * as it is when time passes by itself.
 */
async function pass(to: string): Promise<void> {
  const end = Temporal.Instant.from(to);
  for (;;) {
    const now = app.app.clock.now();
    const step = now
      .add({ minutes: 1 })
      .toZonedDateTimeISO('UTC')
      .round({ smallestUnit: 'hour', roundingMode: 'floor' });
    const next = step
      .add({ hours: 6 - (step.hour % 6) })
      .subtract({ minutes: 1 })
      .toInstant();
    if (Temporal.Instant.compare(next, end) >= 0) break;
    await app.moveTo(next.toString());
  }
  await app.moveTo(to);
}

/** The reminders that somebody has got: when they were sent, on this wall clock. */
async function reminded(number: string, zone: string): Promise<string[]> {
  const { rows } = await app.database.db.execute<{ at: string }>(sql`
    select d.sent_at::text as at from deliveries d join outbox_messages m on m.id = d.message_id
    join employees e on e.id = d.employee_id
    where m.purpose = 'trainings.reminder' and e.number = ${number} and d.sent_at is not null order by d.sent_at`);
  return rows.map(({ at }) =>
    Temporal.Instant.from(at.replace(' ', 'T').replace(/\+00$/, 'Z'))
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' }),
  );
}

/** What became of each reminder's slot: `1d fired`, `3d skipped begun`. */
async function runs(): Promise<string[]> {
  const { rows } = await app.database.db.execute<{ said: string }>(sql`
    select concat_ws(' ', split_part(schedule_key, ':', 3), nullif(split_part(schedule_key, ':', 4), ''), outcome, reason) as said
    from schedule_runs where schedule_key like 'trainings.remind:%' order by slot, schedule_key`);
  return rows.map(({ said }) => said);
}

describe('reminders', () => {
  beforeEach(() => begin('2026-09-07T01:00:00Z'));

  it('come a week, three days, a day and an hour before, to those who are in, on their own clocks', async () => {
    // Tuesday 14:00 in Shanghai, 02:00 in New York.
    const training = await classes.open(
      plan('2026-09-22T14:00:00+08:00', '2026-09-22T15:00:00+08:00', { seats: 2 }),
    );
    await signUp('E1', training.no);
    await signUp('E3', training.no);
    await signUp('E2', training.no);
    await pass('2026-09-22T07:00:00Z');
    expect(await reminded('E1', 'Asia/Shanghai')).toEqual([
      '2026-09-15T14:00',
      // Saturday is a day off, and Sunday is worked in lieu of a holiday: it waits for that morning.
      '2026-09-20T08:00',
      '2026-09-21T14:00',
      '2026-09-22T13:00',
    ]);
    // At night nothing comes but the last one, which must not be missed.
    expect((await reminded('E3', 'America/New_York')).at(-1)).toBe('2026-09-22T01:00');
    expect((await reminded('E3', 'America/New_York')).slice(0, -1).every((at) => at.endsWith('08:00'))).toBe(
      true,
    );
    // Whoever waits, or cancelled, is left in peace.
    expect(await reminded('E2', 'Asia/Shanghai')).toEqual([]);
  });

  it('stop for whoever cancels, also what waits for the morning', async () => {
    const training = await classes.open(plan('2026-09-08T22:00:00+08:00', '2026-09-08T23:00:00+08:00'));
    await signUp('E1', training.no);
    // A day before is 22:00, which waits until eight.
    await pass('2026-09-07T14:30:00Z');
    await app.as('E1').says(`取消报名 ${training.no}`);
    await pass('2026-09-08T16:00:00Z');
    expect(await reminded('E1', 'Asia/Shanghai')).toEqual([]);
  });

  it('follow a class that is moved over midnight, and do not repeat what was just told', async () => {
    const training = await classes.open(
      plan('2026-09-16T09:00:00+08:00', '2026-09-16T10:00:00+08:00', { reminders: ['1d', '1h'] }),
    );
    await signUp('E1', training.no);
    // The day before at 09:00 it is sent; then the class moves over midnight to a day later, 00:30.
    await pass('2026-09-15T01:10:00Z');
    const differs = { startsAt: '2026-09-17T00:30:00+08:00', endsAt: '2026-09-17T01:30:00+08:00' };
    expect((await classes.change(training, differs)).told).toBe(1);
    // The same place and time again is no change, and nobody hears of it.
    expect((await classes.change(training, { ...differs, about: '带电脑' })).told).toBe(0);
    await pass('2026-09-16T17:00:00Z');
    expect(await reminded('E1', 'Asia/Shanghai')).toEqual([
      '2026-09-15T09:00',
      // A day before 00:30 is night: it waits until eight.
      '2026-09-16T08:00',
      '2026-09-16T23:30',
    ]);
    const heard = (await app.as('E1').inbox()).map(wordsOf);
    expect(heard.filter((words) => words.startsWith('有变化'))).toHaveLength(1);
    expect(heard.find((words) => words.startsWith('有变化'))).toContain('9 月 17 日（周四） 00:30–01:30');
    expect(heard.find((words) => words.startsWith('有变化'))).toContain(
      '原来是 9 月 16 日（周三） 09:00–10:00',
    );
  });

  it('of a class that is moved by some minutes are not sent twice', async () => {
    const training = await classes.open(plan('2026-09-08T15:00:00+08:00', '2026-09-08T16:00:00+08:00'));
    await signUp('E1', training.no);
    await pass('2026-09-08T06:00:30Z');
    await classes.change(training, {
      startsAt: '2026-09-08T15:10:00+08:00',
      endsAt: '2026-09-08T16:10:00+08:00',
    });
    await pass('2026-09-08T08:00:00Z');
    expect((await reminded('E1', 'Asia/Shanghai')).filter((at) => at.startsWith('2026-09-08'))).toEqual([
      '2026-09-08T14:00',
    ]);
    expect(await runs()).toContain('1h skipped just-moved');
  });

  it('of a cancelled class are skipped, with the reason', async () => {
    const training = await classes.open(
      plan('2026-09-08T15:00:00+08:00', '2026-09-08T16:00:00+08:00', { reminders: ['1h'] }),
    );
    await signUp('E1', training.no);
    await classes.cancel(training, '改期');
    await pass('2026-09-08T08:00:00Z');
    expect(await runs()).toEqual(['1h skipped cancelled']);
    expect(
      (await app.as('E1').inbox()).map(wordsOf).filter((words) => words.startsWith('培训取消')),
    ).toHaveLength(1);
  });
});

it('reach somebody who came from a zone that nobody lived in when the class was opened', async () => {
  await begin('2026-09-07T01:00:00Z');
  const training = await classes.open(
    plan('2026-09-09T15:00:00+08:00', '2026-09-09T16:00:00+08:00', { reminders: ['1d'] }),
  );
  await signUp('E2', training.no);
  const { db } = app.database;
  await db.execute(sql`update employees set zone = 'Asia/Tokyo' where number = 'E2'`);
  await db.execute(sql`insert into employee_zones (employee_id, since, zone)
    select id, '2026-09-07T02:00:00Z', 'Asia/Tokyo' from employees where number = 'E2'`);
  await app.app.refreshSchedules();
  await app.moveTo('2026-09-08T07:00:30Z');
  expect(await reminded('E2', 'Asia/Tokyo')).toEqual(['2026-09-08T16:00']);
});

describe('over a clock change', () => {
  it('a class that is moved keeps its hour on the wall of whoever lives there', async () => {
    await begin('2026-10-26T13:00:00Z');
    // Friday 10:00 in New York, in summer time; moved to Tuesday 10:00, when summer time has ended.
    const training = await classes.open(
      plan('2026-10-30T10:00:00-04:00', '2026-10-30T11:00:00-04:00', {
        zone: 'America/New_York',
        reminders: ['3d', '1d', '1h'],
      }),
    );
    await signUp('E3', training.no);
    await classes.change(training, {
      startsAt: '2026-11-03T10:00:00-05:00',
      endsAt: '2026-11-03T11:00:00-05:00',
    });
    await pass('2026-11-03T16:30:00Z');
    expect(await reminded('E3', 'America/New_York')).toEqual([
      // Three days before is Saturday: it waits for Monday at eight.
      '2026-11-02T08:00',
      '2026-11-02T10:00',
      '2026-11-03T09:00',
    ]);
    const heard = (await app.as('E3').inbox()).map(wordsOf);
    expect(heard.find((words) => words.startsWith('Changed'))).toContain('Tue 3 Nov 10:00–11:00');
    expect(heard.find((words) => words.startsWith('Changed'))).toContain('Fri 30 Oct 10:00–11:00');
  });
});

describe('processes', () => {
  it('a reminder that runs while the class is being moved waits, and does not tell the old time', async () => {
    await begin('2026-09-07T01:00:00Z');
    const { db, pool } = app.database;
    const training = await classes.open(
      plan('2026-09-08T15:00:00+08:00', '2026-09-08T16:00:00+08:00', { reminders: ['1h'] }),
    );
    await signUp('E1', training.no);
    const slot = Temporal.Instant.from('2026-09-08T06:00:00Z');
    const remind = () =>
      db.transaction((tx) =>
        remindPeople.run(
          tx,
          { trainingId: training.id, step: '1h', zone: '' },
          { slot, now: slot, log: silentLog },
        ),
      );
    const outcome = await db.transaction(async (tx) => {
      const moved = plan('2026-09-08T17:00:00+08:00', '2026-09-08T18:00:00+08:00', { reminders: ['1h'] });
      await changeTraining(tx, classes.deps, training.id, trainingInput.parse(moved), {
        at: slot,
        by: bySystem,
      });
      let ended = false;
      const running = remind().finally(() => {
        ended = true;
      });
      for (let waits = false; !waits && !ended; ) {
        const { rows } = await pool.query(`select 1 from pg_locks where not granted`);
        waits = rows.length > 0;
      }
      return { running };
    });
    expect(await outcome.running).toEqual({ kind: 'skipped', reason: 'moved' });
  });

  const second = (at: string) => {
    const clock = manualClock(at);
    return createApp({
      config: { ...app.config, behaviour: { ...app.config.behaviour, clock: { startAt: clock.now() } } },
      database: app.database,
      databaseUrl: app.database.url,
      secrets: { secretKey: SECRET_KEY },
      log: silentLog,
    });
  };

  it('a reminder that fell due while nothing ran is sent late, one that is overtaken or whose class began is skipped', async () => {
    await begin('2026-09-07T01:00:00Z');
    const early = await classes.open(
      plan('2026-09-08T15:00:00+08:00', '2026-09-08T16:00:00+08:00', { reminders: ['1h'] }),
    );
    const late = await classes.open(
      plan('2026-09-10T15:00:00+08:00', '2026-09-10T16:00:00+08:00', { reminders: ['2d', '1d', '1h'] }),
    );
    for (const { no } of [early, late]) await signUp('E1', no);
    // From Monday to Wednesday 16:30 nothing runs: the clock jumps, and nobody has fired what fell due.
    (app.app.clock as ReturnType<typeof manualClock>).set(Temporal.Instant.from('2026-09-09T08:30:00Z'));
    await app.app.scheduler.fireDue();
    await app.app.settled();
    const all = await runs();
    expect(all).toEqual(
      [
        '1h skipped too-late',
        '2d America/New_York skipped superseded',
        '2d Asia/Shanghai skipped superseded',
        '1d America/New_York skipped nobody',
        '1d Asia/Shanghai fired',
      ].sort((a, b) => all.indexOf(a) - all.indexOf(b)),
    );
    expect(await reminded('E1', 'Asia/Shanghai')).toEqual(['2026-09-09T16:30']);
  });

  it('two processes that wake at once send each reminder once', async () => {
    await begin('2026-09-07T01:00:00Z');
    const training = await classes.open(
      plan('2026-09-08T15:00:00+08:00', '2026-09-08T16:00:00+08:00', { reminders: ['1d', '1h'] }),
    );
    for (const number of ['E1', 'E2']) await signUp(number, training.no);
    const other = await second('2026-09-07T01:00:00Z');
    for (const moment of ['2026-09-07T07:00:10Z', '2026-09-08T06:00:10Z']) {
      for (const one of [app.app, other])
        (one.clock as ReturnType<typeof manualClock>).set(Temporal.Instant.from(moment));
      await Promise.all(
        [app.app, other].flatMap((one) => [one.scheduler.fireDue(), one.scheduler.fireDue()]),
      );
      await app.app.settled();
    }
    expect(await reminded('E1', 'Asia/Shanghai')).toEqual(['2026-09-07T15:00', '2026-09-08T14:00']);
    expect(await reminded('E2', 'Asia/Shanghai')).toEqual(['2026-09-07T15:00', '2026-09-08T14:00']);
    const fired = (await runs()).filter((one) => one.includes('fired'));
    expect(fired).toEqual(['1d Asia/Shanghai fired', '1h fired']);
    await other.stop();
  });

  it('two that wrap up one class at once ask each person once', async () => {
    await begin('2026-09-07T01:00:00Z');
    const training = await classes.open(
      plan('2026-09-07T14:00:00+08:00', '2026-09-07T15:00:00+08:00', { reminders: [] }),
    );
    await signUp('E1', training.no);
    await app.moveTo('2026-09-07T06:01:00Z');
    await app.as('E1').says(`签到 ${classes.code(training)}`);
    const other = await second('2026-09-07T06:01:00Z');
    for (const one of [app.app, other])
      (one.clock as ReturnType<typeof manualClock>).set(Temporal.Instant.from('2026-09-07T07:05:00Z'));
    await Promise.all([app.app, other].map((one) => one.scheduler.fireDue()));
    await app.app.settled();
    const asked = (await app.as('E1').inbox())
      .map(wordsOf)
      .filter((words) => words.startsWith('这堂课怎么样'));
    expect(asked).toHaveLength(1);
    await other.stop();
  });
});
