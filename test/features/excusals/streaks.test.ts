import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Campaign,
  type CampaignCalendar,
  type CampaignFile,
  calendarOf,
  campaignById,
  campaignFileSchema,
  loadCampaign,
} from '#src/features/campaigns/index.ts';
import { currentOn, recompute } from '#src/features/checkins/checkins.rules.ts';
import { complete } from '#src/features/checkins/checkins.service.ts';
import { excusedSince, streakOf } from '#src/features/checkins/checkins.streaks.ts';
import { refreshStreaks, verifyStreaks } from '#src/features/checkins/index.ts';
import { correct } from '#src/features/corrections/index.ts';
import { excuse } from '#src/features/excusals/excusals.service.ts';
import { type PersonRecord, resultOf } from '#src/features/performance/performance.rules.ts';
import { performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import { balanceOf } from '#src/features/rewards/index.ts';
import { localDay, Temporal } from '#src/kernel/time.ts';
import { type CalendarOverrides, workdayCalendar } from '#src/kernel/workdays.ts';
import { day } from '../../support/calendar.ts';
import { campaignFile } from '../../support/content.ts';
import { isAwaited, type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const rule = performanceRuleSchema.parse({
  day: [['tap', 'declared', 'read', 'question', 'usage']],
  target: { kind: 'days', days: 20, of: 22 },
  bands: [{ name: '达成', from: 0, credit: 100 }],
  weight: 5,
  parts: { individual: 100, team: 0 },
});

async function campaignFrom(
  startsOn: string,
  days: number,
  more: Partial<CampaignFile> = {},
  calendar: CalendarOverrides = {},
): Promise<{ campaign: Campaign; calendar: CampaignCalendar }> {
  const file = campaignFileSchema.parse({
    ...campaignFile,
    id: `c-${randomUUID()}`,
    startsOn,
    days,
    phases: [{ ...campaignFile.phases[0], toDay: days - 1 }],
    ...more,
  });
  const { campaignId } = await loadCampaign(database.db, file, {
    today: day(startsOn),
    calendar: workdayCalendar(calendar),
    at: Temporal.Instant.from(`${startsOn}T00:00:00Z`),
  });
  const campaign = (await campaignById(database.db, campaignId)) as Campaign;
  return { campaign, calendar: await calendarOf(database.db, campaign) };
}

/** One change of somebody's record, in the terms of the campaign's days. */
type Change =
  | { kind: 'tap'; at: number; zone: string; hour: number }
  | { kind: 'excuse'; from: number; days: number; reference: string; withdrawn: boolean }
  | { kind: 'correct'; at: number; effect: 'counts' | 'does-not-count' };

const zones = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Pacific/Kiritimati',
  'Australia/Lord_Howe',
];
const change = (length: number): fc.Arbitrary<Change> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('tap' as const),
        at: fc.nat(length - 1),
        zone: fc.constantFrom(...zones),
        hour: fc.integer({ min: 3, max: 23 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('excuse' as const),
        from: fc.integer({ min: -3, max: length }),
        days: fc.integer({ min: 1, max: 6 }),
        reference: fc.constantFrom('a', 'b', 'c'),
        withdrawn: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('correct' as const),
        at: fc.nat(length - 1),
        effect: fc.constantFrom('counts' as const, 'does-not-count' as const),
      }),
    },
  );

/** Applies changes to one person as the product does, and keeps the record beside it as somebody with a pen would. */
function person(campaign: Campaign, calendar: CampaignCalendar) {
  const employeeId = randomUUID();
  const taps = new Set<string>();
  const excusals = new Map<string, { from: Temporal.PlainDate; days: number }>();
  const corrections: { day: string; effect: 'counts' | 'does-not-count'; cause: 'appeal' | 'revoked' }[] = [];
  const at = Temporal.Instant.from('2026-11-24T00:00:00Z');

  async function apply(one: Change): Promise<void> {
    await database.db.transaction(async (tx) => {
      if (one.kind === 'tap') {
        const when = calendar.first
          .add({ days: one.at })
          .toZonedDateTime({ timeZone: one.zone, plainTime: { hour: one.hour, minute: 30 } })
          .toInstant();
        const on = localDay(when, one.zone);
        await complete(tx, [
          {
            campaign,
            employeeId,
            day: on,
            zone: one.zone,
            task: 'learn-tip',
            grade: 'tap',
            tipId: undefined,
            at: when,
            receivedAt: when.add({ hours: 6 }),
            channel: 'sandbox',
            eventKey: randomUUID(),
          },
        ]);
        if (calendar.isWorkday(on)) taps.add(on.toString());
      } else if (one.kind === 'excuse') {
        const from = calendar.first.add({ days: one.from });
        const to = from.add({ days: one.days - 1 });
        const given = {
          employeeId,
          from,
          to,
          reason: 'leave' as const,
          reference: one.reference,
          note: null,
        };
        await excuse(tx, 'import', [{ ...given, withdrawn: one.withdrawn }], { by: 'hr', at });
        if (one.withdrawn) excusals.delete(one.reference);
        else excusals.set(one.reference, { from, days: one.days });
      } else {
        const on = calendar.first.add({ days: one.at });
        if (!calendar.isWorkday(on)) return;
        const cause = one.effect === 'counts' ? ('appeal' as const) : ('revoked' as const);
        const row = { campaignId: campaign.id, employeeId, day: on, effect: one.effect, cause };
        await correct(tx, [{ ...row, causeId: randomUUID(), reason: '核实过', by: 'hr', at }]);
        corrections.push({ day: on.toString(), effect: one.effect, cause });
      }
    });
  }

  function record(): PersonRecord {
    const excused = [...excusals.values()].flatMap(({ from, days }) =>
      Array.from({ length: days }, (_, n) => from.add({ days: n }).toString()),
    );
    return {
      stretches: [{ from: '2000-01-01', to: '2100-01-01' }],
      evidence: [...taps].map((one) => ({ day: one, kind: 'tap' as const })),
      corrections,
      excusals: excused.map((one) => ({ day: one, reason: 'leave' as const })),
    };
  }

  /** Stored, as seen after the campaign's end. */
  async function stored() {
    const streak = await streakOf(database.db, campaign.id, employeeId);
    const today = calendar.last.add({ days: 1 });
    const since = await excusedSince(database.db, campaign.id, [{ employeeId, today }]);
    return {
      current: currentOn(streak, today, calendar, since.get(employeeId)),
      best: streak?.best ?? 0,
      counted: streak?.counted ?? 0,
    };
  }

  function expected() {
    const workdays = calendar.workdaysBetween(calendar.first, calendar.last).map(String);
    const { current, best, counted, days } = resultOf(rule, { workdays }, record());
    const pure = recompute(
      days.flatMap((one) => (one.kind === 'counted' ? [day(one.day)] : [])),
      calendar,
      record().excusals.map((one) => day(one.day)),
    );
    expect(pure?.best ?? 0).toBe(best);
    return { current, best, counted };
  }
  return { employeeId, apply, stored, expected };
}

describe('a streak with excusals and corrections', () => {
  it.each([
    ['a month with Mid-Autumn in it', '2026-09-01', 30, {}],
    ['a leap day', '2024-02-12', 30, {}],
    ['the year end, both years known', '2025-12-15', 31, {}],
    ['the year end, the new year unknown', '2026-12-15', 31, {}],
    [
      'the same, when the company knows better',
      '2026-12-15',
      31,
      { daysOff: ['2027-01-01'], workdays: ['2027-01-03'] },
    ],
    ['both clock changes of Lord Howe', '2026-04-01', 30, {}],
    ['the clock change of New York', '2026-10-25', 30, {}],
  ])(
    'kept step by step, recomputed and judged by the rule is one, whatever comes in which order: %s',
    async (_name, startsOn, days, overrides) => {
      const { campaign, calendar } = await campaignFrom(startsOn, days, {}, overrides);
      await fc.assert(
        fc.asyncProperty(fc.array(change(days), { minLength: 1, maxLength: 16 }), async (changes) => {
          const me = person(campaign, calendar);
          for (const one of changes) {
            await me.apply(one);
            expect(await me.stored()).toEqual(me.expected());
          }
        }),
        { numRuns: 12 },
      );
      expect((await verifyStreaks(database.db)).wrong).toEqual([]);
    },
  );

  it('of a whole set at once is the same as of each alone', async () => {
    const { campaign, calendar } = await campaignFrom('2026-09-01', 30);
    const people = Array.from({ length: 40 }, () => person(campaign, calendar));
    for (const [index, one] of people.entries()) {
      for (let n = 0; n < 12; n += 1)
        await one.apply({ kind: 'tap', at: (n * 2 + index) % 30, zone: 'Asia/Shanghai', hour: 9 });
    }
    await database.db.transaction((tx) =>
      excuse(
        tx,
        'import',
        people.map(({ employeeId }) => ({
          employeeId,
          from: day('2026-09-08'),
          to: day('2026-09-16'),
          reason: 'outage',
          reference: 'set',
          note: null,
        })),
        { by: 'hr', at: Temporal.Instant.from('2026-09-20T00:00:00Z') },
      ),
    );
    expect((await verifyStreaks(database.db)).wrong).toEqual([]);
    await database.db.transaction((tx) =>
      refreshStreaks(tx, {
        employeeIds: people.map(({ employeeId }) => employeeId),
        from: day('2026-09-08'),
        to: day('2026-09-16'),
        at: Temporal.Instant.from('2026-09-20T00:00:00Z'),
      }),
    );
    expect((await verifyStreaks(database.db)).wrong).toEqual([]);
  });

  it('earns the bonus of a length that an excusal joins two runs to', async () => {
    const { campaign, calendar } = await campaignFrom('2026-09-07', 30, {
      points: { checkIn: 5, answerRight: 0, streakBonus: [{ days: 3, points: 10 }] },
    });
    const me = person(campaign, calendar);
    for (const at of [0, 1, 3, 4]) await me.apply({ kind: 'tap', at, zone: 'Asia/Shanghai', hour: 9 });
    expect(await balanceOf(database.db, campaign.id, me.employeeId)).toBe(20);
    await me.apply({ kind: 'excuse', from: 2, days: 1, reference: 'a', withdrawn: false });
    expect(await me.stored()).toMatchObject({ best: 4, counted: 4 });
    expect(await balanceOf(database.db, campaign.id, me.employeeId)).toBe(30);
  });

  it('loses nothing when a check-in and an excusal are written at the same moment', async () => {
    const { campaign, calendar } = await campaignFrom('2026-09-07', 30);
    for (let round = 0; round < 12; round += 1) {
      const me = person(campaign, calendar);
      await me.apply({ kind: 'tap', at: 0, zone: 'Asia/Shanghai', hour: 9 });
      await Promise.all([
        me.apply({ kind: 'excuse', from: 1, days: 1, reference: 'a', withdrawn: false }),
        me.apply({ kind: 'tap', at: 2, zone: 'Asia/Shanghai', hour: 9 }),
      ]);
      expect(await me.stored()).toEqual(me.expected());
    }
  });

  it('loses nothing when somebody without a streak checks in while very many are being excused', async () => {
    const { campaign, calendar } = await campaignFrom('2026-09-07', 30);
    const me = person(campaign, calendar);
    const everybody = [me.employeeId, ...Array.from({ length: 600 }, () => randomUUID())];
    const at = Temporal.Instant.from('2026-09-10T00:00:00Z');
    const given = { from: day('2026-09-08'), to: day('2026-09-08'), reason: 'leave' as const, note: null };
    let taps: Promise<void> | undefined;
    await database.db.transaction(async (tx) => {
      const excusals = everybody.map((employeeId) => ({ ...given, employeeId, reference: 'many' }));
      await excuse(tx, 'import', excusals, { by: 'hr', at });
      taps = (async () => {
        for (const one of [0, 2]) await me.apply({ kind: 'tap', at: one, zone: 'Asia/Shanghai', hour: 9 });
      })();
      // Until they are done, or wait for us.
      for (let waits = false; !waits; )
        waits = await Promise.race([taps.then(() => true), isAwaited(database)]);
    });
    await taps;
    expect(await me.stored()).toMatchObject({ current: 0, best: 2, counted: 2 });
    expect((await verifyStreaks(database.db)).wrong).toEqual([]);
  });
});
