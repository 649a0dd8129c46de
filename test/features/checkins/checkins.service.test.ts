import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { type Campaign, type CampaignCalendar, calendarOf } from '#src/features/campaigns/index.ts';
import { type Completion, complete } from '#src/features/checkins/checkins.service.ts';
import { streakOf } from '#src/features/checkins/checkins.streaks.ts';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { balanceOf, verifyPoints } from '#src/features/rewards/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { day, walked } from '../../support/calendar.ts';
import { campaignFile, crowd, loadSmall } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
let campaign: Campaign;
let calendar: CampaignCalendar;
let everybody: string[];
let next = 0;

beforeAll(async () => {
  database = await testDatabase();
  const loaded = await loadSmall(database.db, '2026-08-31T00:00:00Z', {
    people: crowd(400),
    campaign: {
      days: 60,
      points: {
        ...campaignFile.points,
        streakBonus: [
          { days: 3, points: 10 },
          { days: 5, points: 50 },
        ],
      },
    },
  });
  campaign = loaded.campaign;
  calendar = await calendarOf(database.db, campaign);
  everybody = [...loaded.ids.values()].sort();
});
afterAll(() => database.close());

/** Somebody of whom nothing is recorded yet. */
function somebody(): string {
  const id = everybody[next];
  next += 1;
  if (id === undefined) throw new Error('the crowd is used up');
  return id;
}

const tap = (employeeId: string, on: Temporal.PlainDate, more: Partial<Completion> = {}): Completion => {
  const at = on.toZonedDateTime({ timeZone: 'Asia/Shanghai', plainTime: '09:15' }).toInstant();
  return {
    campaign,
    employeeId,
    day: on,
    zone: 'Asia/Shanghai',
    task: 'learn-tip',
    grade: 'tap',
    tipId: undefined,
    at,
    receivedAt: at,
    channel: 'sandbox',
    eventKey: randomUUID(),
    ...more,
  };
};

async function checkIn(...taps: Completion[]) {
  return database.db.transaction((tx) => complete(tx, taps));
}

async function streak(employeeId: string) {
  const found = await streakOf(database.db, campaign.id, employeeId);
  return found === undefined
    ? undefined
    : {
        current: found.current,
        best: found.best,
        counted: found.counted,
        lastDay: found.lastDay.toString(),
      };
}

async function provenRight(): Promise<void> {
  expect((await verifyStreaks(database.db)).wrong).toEqual([]);
  expect((await verifyPoints(database.db)).wrong).toEqual([]);
}

/** Taps on all of these days, one after the other, in the order given. */
async function checkInOn(employeeId: string, ...days: string[]): Promise<void> {
  for (const one of days) await checkIn(tap(employeeId, day(one)));
}

describe('checking in', () => {
  it('counts the day once and says when it was', async () => {
    const me = somebody();
    const [first] = await checkIn(tap(me, day('2026-08-31')));
    expect(first).toMatchObject({ kind: 'recorded', points: 5, streak: { current: 1 } });
    const again = await checkIn(
      tap(me, day('2026-08-31'), { at: Temporal.Instant.from('2026-08-31T09:00:00Z') }),
    );
    expect(again[0]).toMatchObject({ kind: 'already', streak: { current: 1 } });
    expect(String((again[0] as { at: Temporal.Instant }).at)).toBe('2026-08-31T01:15:00Z');
    expect(await balanceOf(database.db, campaign.id, me)).toBe(5);
  });

  it('counts nothing on a day off and says so', async () => {
    const me = somebody();
    expect(await checkIn(tap(me, day('2026-09-05')))).toMatchObject([{ kind: 'day-off' }]);
    expect(await streak(me)).toBeUndefined();
  });

  it('counts nothing outside the campaign', async () => {
    const me = somebody();
    expect(await checkIn(tap(me, day('2026-08-28')), tap(somebody(), day('2027-01-04')))).toMatchObject([
      { kind: 'day-off' },
      { kind: 'day-off' },
    ]);
  });

  it('answers a set in the order in which it was asked', async () => {
    const three = [somebody(), somebody(), somebody()].reverse();
    const off = tap(somebody(), day('2026-09-05'));
    const [a, b, c] = three.map((id) => tap(id, day('2026-09-01'))) as [Completion, Completion, Completion];
    await checkIn(b);
    const outcomes = await checkIn(a, off, b, c);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['recorded', 'day-off', 'already', 'recorded']);
  });

  it('keeps what the day was made of: when, where, in which zone', async () => {
    const me = somebody();
    await checkIn(tap(me, day('2026-09-01'), { receivedAt: Temporal.Instant.from('2026-09-01T05:00:00Z') }));
    const { rows } = await database.db.execute(sql`
      select day, zone, grade, channel, at, received_at from checkins where employee_id = ${me}`);
    expect(rows).toEqual([
      {
        day: '2026-09-01',
        zone: 'Asia/Shanghai',
        grade: 'tap',
        channel: 'sandbox',
        at: '2026-09-01 01:15:00+00',
        received_at: '2026-09-01 05:00:00+00',
      },
    ]);
  });
});

describe('a streak in the database', () => {
  it('grows over the weekend, the worked Sunday and the holiday week', async () => {
    const me = somebody();
    await checkInOn(me, '2026-09-17', '2026-09-18', '2026-09-20', '2026-09-21');
    expect(await streak(me)).toEqual({ current: 4, best: 4, counted: 4, lastDay: '2026-09-21' });
  });

  it('is joined by a tap that arrives late', async () => {
    const me = somebody();
    await checkInOn(me, '2026-09-01', '2026-09-02', '2026-09-04', '2026-09-03');
    expect(await streak(me)).toEqual({ current: 4, best: 4, counted: 4, lastDay: '2026-09-04' });
    await provenRight();
  });

  it('is what somebody would count with a pen, whatever the order and the sets in which taps arrive', async () => {
    const workdays = fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(workdays, fc.integer({ min: 1, max: 4 }), async (offsets, size) => {
        const me = somebody();
        const others = [somebody(), somebody(), somebody()].slice(0, size - 1);
        const days = offsets
          .map((offset) => calendar.first.add({ days: offset }))
          .filter((one) => calendar.isWorkday(one));
        for (const one of days) await checkIn(tap(me, one), ...others.map((id) => tap(id, one)));
        for (const id of [me, ...others]) expect(await streak(id)).toEqual(walked(calendar, days));
      }),
      { numRuns: 25 },
    );
    await provenRight();
  });

  it('loses no day when the first taps of somebody are recorded at the same time', async () => {
    const days = ['2026-09-01', '2026-09-02', '2026-09-03', '2026-09-04'];
    for (let round = 0; round < 15; round += 1) {
      const me = somebody();
      await Promise.all(days.map((one) => checkIn(tap(me, day(one)))));
      expect(await streak(me)).toEqual({ current: 4, best: 4, counted: 4, lastDay: '2026-09-04' });
    }
    await provenRight();
  });

  it('counts a tap once when it is recorded ten times at once', async () => {
    const me = somebody();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => checkIn(tap(me, day('2026-09-01')))));
    expect(outcomes.flat().filter(({ kind }) => kind === 'recorded')).toHaveLength(1);
    expect(await balanceOf(database.db, campaign.id, me)).toBe(5);
  });

  it('does not let sets with the same people wait for each other for ever', async () => {
    const people = Array.from({ length: 12 }, somebody);
    const sets = Array.from({ length: 12 }, (_, shift) => [
      ...people.slice(shift),
      ...people.slice(0, shift),
    ]);
    await Promise.all(
      sets.map((set, index) => checkIn(...set.map((id) => tap(id, calendar.first.add({ days: index % 4 }))))),
    );
    for (const id of people) expect((await streak(id))?.counted).toBe(4);
    await provenRight();
  });
});

describe('points', () => {
  const balance = (id: string) => balanceOf(database.db, campaign.id, id);

  it('come with every counted day and with the lengths that the campaign rewards', async () => {
    const me = somebody();
    const amounts: number[] = [];
    for (const one of ['2026-09-07', '2026-09-08', '2026-09-09', '2026-09-10', '2026-09-11']) {
      const [outcome] = await checkIn(tap(me, day(one)));
      amounts.push(outcome?.kind === 'recorded' ? outcome.points : -1);
    }
    expect(amounts).toEqual([5, 5, 15, 5, 55]);
    expect(await balance(me)).toBe(85);
  });

  it('of a length come once in a campaign', async () => {
    const me = somebody();
    await checkInOn(me, '2026-09-07', '2026-09-08', '2026-09-09', '2026-09-14', '2026-09-15', '2026-09-16');
    expect(await balance(me)).toBe(6 * 5 + 10);
  });

  it('of a length come also when a late tap makes the streak jump over it', async () => {
    const me = somebody();
    // 1, 2 and then 4, 5: the late 3 makes 2 to 5 at a stroke.
    await checkInOn(me, '2026-09-07', '2026-09-08', '2026-09-10', '2026-09-11', '2026-09-14');
    expect(await balance(me)).toBe(25 + 10);
    await checkInOn(me, '2026-09-09');
    expect(await streak(me)).toMatchObject({ current: 6, best: 6 });
    expect(await balance(me)).toBe(30 + 10 + 50);
  });

  it('of a length come also when a late tap joins a run that has ended since', async () => {
    const me = somebody();
    await checkInOn(me, '2026-09-07', '2026-09-09', '2026-09-14');
    await checkInOn(me, '2026-09-08');
    expect(await streak(me)).toMatchObject({ current: 1, best: 3 });
    expect(await balance(me)).toBe(20 + 10);
  });

  it('are the same whatever the order in which the days arrive', async () => {
    const days = ['2026-09-07', '2026-09-08', '2026-09-09', '2026-09-10', '2026-09-11', '2026-09-15'];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(days, { minLength: days.length }), async (order) => {
        const me = somebody();
        await checkInOn(me, ...order);
        expect(await balance(me)).toBe(6 * 5 + 10 + 50);
      }),
      { numRuns: 20 },
    );
    await provenRight();
  });
});

describe('the proof', () => {
  it('finds a streak that somebody has touched', async () => {
    const me = somebody();
    await checkInOn(me, '2026-09-01');
    await database.db.execute(sql`update streaks set current = 9 where employee_id = ${me}`);
    const { wrong } = await verifyStreaks(database.db);
    expect(wrong).toEqual([
      {
        campaignId: campaign.id,
        employeeId: me,
        stored: '(9,1,1,2026-09-01)',
        recomputed: '(1,1,1,2026-09-01)',
      },
    ]);
    await database.db.execute(sql`update streaks set current = 1 where employee_id = ${me}`);
  });

  it('finds a streak without check-ins and check-ins without a streak', async () => {
    const me = somebody();
    await checkInOn(me, '2026-09-01');
    await database.db.execute(sql`delete from streaks where employee_id = ${me}`);
    expect((await verifyStreaks(database.db)).wrong).toMatchObject([{ employeeId: me, stored: 'nothing' }]);
    await database.db.execute(sql`
      insert into streaks values (${campaign.id}, ${me}, 1, 1, 1, '2026-09-01')`);
    await provenRight();
  });
});
