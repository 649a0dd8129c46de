import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Campaign, daysOfCampaign } from '#src/features/campaigns/index.ts';
import { streakOf } from '#src/features/checkins/checkins.streaks.ts';
import { complete as record, verifyStreaks } from '#src/features/checkins/index.ts';
import { excuse } from '#src/features/excusals/index.ts';
import { calendarDoubts } from '#src/features/periods/periods.calendar.ts';
import { evaluate } from '#src/features/periods/periods.evaluate.ts';
import { monthSpan, openPeriod } from '#src/features/periods/periods.service.ts';
import { localDay, Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { type Given, organisation, strictRule } from './organisation.ts';

/** The holidays of 2027 as they may be announced: New Year's Day is a Friday, and its Sunday is worked for it. */
const announced = workdayCalendar({ years: [2027], daysOff: ['2027-01-01'], workdays: ['2027-01-03'] });
/** The same program before anybody has told it. */
const unannounced = { ...workdayCalendar(), knows: (year: number) => year <= 2026 };

let database: TestDatabase;
let campaign: Campaign;
let ids: Map<string, string>;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  expect((await verifyStreaks(database.db)).wrong).toEqual([]);
  await database.close();
});

const whole: Given['posts'] = [['RD', '2020-01-06']];

async function begin(
  from: string,
  days: number,
  people: readonly Given[] = [{ number: '0001', posts: whole }],
  calendar = workdayCalendar(),
): Promise<void> {
  ({ campaign, ids } = await organisation(database.db, people, { from, days, rule: strictRule(), calendar }));
}

/** Taps at this moment of somebody who is in this zone then, in one set each. */
async function taps(number: string, zone: string, ...moments: string[]): Promise<void> {
  for (const moment of moments) {
    const at = Temporal.Instant.from(moment);
    await database.db.transaction((tx) =>
      record(tx, [
        {
          campaign,
          employeeId: ids.get(number) as string,
          day: localDay(at, zone),
          zone,
          task: 'learn-tip',
          grade: 'tap',
          tipId: undefined,
          at,
          receivedAt: at,
          channel: 'sandbox',
          eventKey: randomUUID(),
        },
      ]),
    );
  }
}

/** 09:00 in Shanghai on each of these days. */
const tapsOn = (number: string, ...days: string[]): Promise<void> =>
  taps(number, 'Asia/Shanghai', ...days.map((day) => `${day}T01:00:00Z`));

const streak = async (number: string): Promise<string> => {
  const found = await streakOf(database.db, campaign.id, ids.get(number) as string);
  return `${found?.current} now, ${found?.best} best, ${found?.counted} in all`;
};

async function resultsOf(month: string) {
  const span = monthSpan(campaign, Temporal.PlainYearMonth.from(month));
  if (span === undefined) throw new Error(month);
  const [from, to] = [span.from.toString(), span.to.toString()];
  const workdays = (await daysOfCampaign(database.db, campaign.id))
    .filter(({ day, workday }) => workday && from <= day.toString() && day.toString() <= to)
    .map(({ day }) => day.toString());
  const people = await database.db.transaction((tx) =>
    evaluate(tx, { campaign, rule: strictRule(), from, to, workdays }),
  );
  return people.map(({ row: { number, due, counted, best } }) => ({ number, due, counted, best }));
}

const doubts = async (month: string, calendar = unannounced) => {
  const span = monthSpan(campaign, Temporal.PlainYearMonth.from(month));
  const at = Temporal.Instant.from('2026-12-01T00:00:00Z');
  const period = await database.db.transaction((tx) =>
    openPeriod(tx, campaign, span as NonNullable<typeof span>, at),
  );
  return calendarDoubts(database.db, calendar, period);
};

describe('December and January', () => {
  const turn = ['2026-12-30', '2026-12-31', '2027-01-04', '2027-01-05'];

  it('with the holidays of the next year known: the streak runs over New Year, which is not due', async () => {
    await begin('2026-12-01', 62, undefined, announced);
    await tapsOn('0001', '2026-12-30', '2026-12-31', '2027-01-03', '2027-01-04');
    expect(await streak('0001')).toBe('4 now, 4 best, 4 in all');
    expect(await resultsOf('2026-12')).toEqual([{ number: '0001', due: 23, counted: 2, best: 2 }]);
    // 21 days from Monday to Friday, without the 1st and with the worked Sunday.
    expect(await resultsOf('2027-01')).toEqual([{ number: '0001', due: 21, counted: 2, best: 2 }]);
    expect(await doubts('2027-01', announced)).toEqual({ unknownYears: [], differing: [] });
  });

  it('with the next year unknown: its days follow plain weekends, and HR is told before closing', async () => {
    await begin('2026-12-01', 62, undefined, unannounced);
    await tapsOn('0001', ...turn);
    expect(await streak('0001')).toBe('2 now, 2 best, 4 in all');
    expect(await resultsOf('2027-01')).toEqual([{ number: '0001', due: 21, counted: 2, best: 2 }]);
    expect(await doubts('2026-12')).toEqual({ unknownYears: [], differing: [] });
    expect(await doubts('2027-01')).toEqual({ unknownYears: [2027], differing: [] });
  });

  it('announced after the days were frozen: HR is told which days differ, and an excusal puts New Year right', async () => {
    await begin('2026-12-01', 62, undefined, unannounced);
    await tapsOn('0001', ...turn);
    expect(await doubts('2027-01', announced)).toEqual({
      unknownYears: [],
      differing: [
        { day: '2027-01-01', workday: true },
        { day: '2027-01-03', workday: false },
      ],
    });
    const [from, to] = [Temporal.PlainDate.from('2027-01-01'), Temporal.PlainDate.from('2027-01-01')];
    const given = { employeeId: ids.get('0001') as string, from, to, reason: 'other' as const };
    const at = Temporal.Instant.from('2027-01-06T00:00:00Z');
    await database.db.transaction((tx) =>
      excuse(tx, 'console', [{ ...given, reference: '元旦', note: null }], { by: 'H1', at }),
    );
    expect(await streak('0001')).toBe('4 now, 4 best, 4 in all');
    expect(await resultsOf('2027-01')).toEqual([{ number: '0001', due: 20, counted: 2, best: 2 }]);
  });
});

describe('the leap day', () => {
  it('is a day like others: due, and one that breaks a streak when it is missed', async () => {
    await begin('2024-02-01', 60, [
      { number: '0001', posts: whole },
      { number: '0002', posts: whole },
    ]);
    await tapsOn('0001', '2024-02-28', '2024-02-29', '2024-03-01');
    await tapsOn('0002', '2024-02-28', '2024-03-01');
    expect(await streak('0001')).toBe('3 now, 3 best, 3 in all');
    expect(await streak('0002')).toBe('1 now, 1 best, 2 in all');
    // 21 weekdays, six of them Spring Festival, and two worked Sundays.
    expect(await resultsOf('2024-02')).toEqual([
      { number: '0001', due: 18, counted: 2, best: 2 },
      { number: '0002', due: 18, counted: 1, best: 1 },
    ]);
  });
});

describe('somebody who changes zone', () => {
  it('keeps the streak when flying west, where a day lasts longer, and counts it once', async () => {
    await begin('2026-11-02', 30);
    await tapsOn('0001', '2026-11-09');
    // 08:00 in Shanghai, then 22:00 in New York: the same Tuesday for them.
    await taps('0001', 'Asia/Shanghai', '2026-11-10T00:00:00Z');
    await taps('0001', 'America/New_York', '2026-11-11T03:00:00Z', '2026-11-12T03:00:00Z');
    expect(await streak('0001')).toBe('3 now, 3 best, 3 in all');
  });

  it('keeps the streak when flying east, where the next day begins sooner, over a clock change too', async () => {
    await begin('2026-10-26', 30);
    // Friday evening and, after the clocks went back on Sunday, Monday in New York; Tuesday in Shanghai.
    await taps('0001', 'America/New_York', '2026-10-31T02:00:00Z', '2026-11-02T14:00:00Z');
    await taps('0001', 'Asia/Shanghai', '2026-11-03T01:00:00Z');
    expect(await streak('0001')).toBe('3 now, 3 best, 3 in all');
  });
});

describe('somebody who leaves and returns', () => {
  it('owes no day in between: performance passes over the absence, the campaign’s streak begins anew', async () => {
    await begin('2026-11-02', 40, [
      {
        number: '0001',
        posts: [
          ['RD', '2020-01-06', '2026-11-06'],
          ['RD', '2026-11-23'],
        ],
      },
      { number: '0002', posts: whole },
    ]);
    await tapsOn('0001', '2026-11-05', '2026-11-06', '2026-11-23', '2026-11-24', '2026-11-25');
    expect(await streak('0001')).toBe('3 now, 3 best, 5 in all');
    expect((await resultsOf('2026-11'))[0]).toEqual({ number: '0001', due: 11, counted: 5, best: 5 });
    expect((await resultsOf('2026-11'))[1]).toMatchObject({ number: '0002', due: 21 });
  });
});
