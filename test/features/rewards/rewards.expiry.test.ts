import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { expirePoints, verifyPoints } from '#src/features/rewards/index.ts';
import { expiresOn, leftOf, monthToAnnounce } from '#src/features/rewards/rewards.expiry.rules.ts';
import { award, reverse } from '#src/features/rewards/rewards.ledger.ts';
import { createLog } from '#src/kernel/log.ts';
import { Temporal } from '#src/kernel/time.ts';
import { instant } from '../../support/calendar.ts';
import { loadSmall } from '../../support/content.ts';
import { wordsOf } from '../../support/conversation.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

const rule = { afterMonths: 1, noticeDays: 14 };
const date = (text: string) => Temporal.PlainDate.from(text);

describe('what expires', () => {
  it.each([
    ['2026-10-17', undefined],
    ['2026-10-18', '2026-11-01'],
    ['2026-10-31', '2026-11-01'],
    ['2026-02-15', '2026-03-01'],
    ['2028-02-15', undefined],
    ['2026-12-20', '2027-01-01'],
  ])('on %s %s is announced', (today, month) => {
    expect(monthToAnnounce(date(today), rule)?.toString()).toBe(month);
  });

  it('never goes sooner than the notice says, and never with a month before its own', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 7, max: 28 }),
        (offset, noticeDays) => {
          const today = date('2026-01-01').add({ days: offset });
          const month = monthToAnnounce(today, { afterMonths: 1, noticeDays });
          const on = expiresOn(today, { afterMonths: 1, noticeDays });
          expect(today.until(on).days).toBe(noticeDays);
          if (month !== undefined) expect(Temporal.PlainDate.compare(on, month)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('is what is left of old points, and what is gone does not go again', () => {
    const amount = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(amount, amount, amount, (earned, spent, expired) => {
        const left = leftOf({ earned, spent, expired });
        expect(left).toBeLessThanOrEqual(earned);
        expect(leftOf({ earned, spent, expired: expired + left })).toBe(0);
      }),
    );
  });
});

describe('points that expire', () => {
  let the: SmallApp;
  let campaignId: string;
  /** The job of that morning. */
  async function morning(day: string): Promise<void> {
    const now = instant(`${day}T02:10:00Z`);
    await the.database.db.transaction((tx) =>
      expirePoints.run(tx, { campaignId }, { slot: now, now, log: createLog('silent') }),
    );
  }
  beforeAll(async () => {
    the = await smallApp({
      startAt: '2026-10-26T01:00:00Z',
      campaign: { points: { checkIn: 5, answerRight: 0, streakBonus: [], expiry: rule } },
    });
    const { db } = the.database;
    const { rows } = await db.execute<{ number: string; id: string }>(sql`select number, id from employees`);
    const ids = new Map(rows.map(({ number, id }) => [number, id]));
    campaignId = (await campaignBy(db, 'small-campaign')).id;
    const earned = [
      ['E1', '2026-09-14T01:30:00Z'],
      ['E1', '2026-09-30T15:59:59Z'],
      ['E1', '2026-09-30T16:00:00Z'],
      ['E2', '2026-09-14T01:30:00Z'],
    ] as const;
    await award(
      db,
      earned.map(([number, at]) => ({
        key: `check-in:${number}:${at}`,
        campaignId,
        employeeId: ids.get(number) ?? '',
        amount: 5,
        reason: 'check-in',
        at: instant(at),
      })),
    );
  });
  afterAll(() => the.close());

  const mine = async (number: string) => JSON.stringify((await the.as(number).says('我的积分')).messages[0]);
  const entries = async () =>
    (
      await the.database.db.execute<{ number: string; amount: number; rule_version: number | null }>(sql`
        select e.number, p.amount, p.rule_version from point_entries p join employees e on e.id = p.account_id
        where p.reason = 'expiry' order by e.number, p.at`)
    ).rows;

  it('are announced two weeks before, once, and shown in 我的积分', async () => {
    await morning('2026-10-17');
    expect(await told()).toEqual([]);
    await morning('2026-10-18');
    expect(await told()).toEqual([
      expect.stringContaining('你有 10 积分到 2026-11-01'),
      expect.stringContaining('你有 5 积分到 2026-11-01'),
    ]);
    await morning('2026-10-24');
    expect(await told()).toHaveLength(2);
    expect(await mine('E1')).toContain('10 分将在 2026-11-01 到期');
    expect(await mine('E1')).toContain('15 分');
    expect(await entries()).toEqual([]);
  });

  it('go by an entry of the ledger with its reason and the version of the rules, and younger ones stay', async () => {
    await morning('2026-10-31');
    expect(await entries()).toEqual([]);
    await morning('2026-11-03');
    expect(await entries()).toEqual([
      { number: 'E1', amount: -10, rule_version: 1 },
      { number: 'E2', amount: -5, rule_version: 1 },
    ]);
    const words = await mine('E1');
    expect(words).toContain('-10　到期');
    expect(words).toContain('"5 分"');
    expect((await verifyPoints(the.database.db)).wrong).toEqual([]);
  });

  it('leave the level as it was: it goes by what was ever earned', async () => {
    expect(await mine('E2')).toContain('再得 45 分升级');
  });

  it('do not go twice: what is taken back after it expired is given back by an entry', async () => {
    const { db } = the.database;
    const { rows } = await db.execute<{ key: string }>(sql`
      select p.key from point_entries p join employees e on e.id = p.account_id
      where e.number = 'E2' and p.reason = 'check-in'`);
    expect(await reverse(db, { key: rows[0]?.key ?? '', at: the.app.clock.now() })).toBe('reversed');
    expect(await mine('E2')).toContain('"0 分"');
    expect((await verifyPoints(db)).wrong).toEqual([]);
  });

  async function told(): Promise<string[]> {
    const { rows } = await the.database.db.execute<{ content: { kind: string; text: string } }>(sql`
      select content from outbox_messages where purpose = 'rewards.expiry' order by content->>'text'`);
    return rows.map(({ content }) => wordsOf(content as Parameters<typeof wordsOf>[0]));
  }
});

it('points of which somebody was told late are not told again with those of the next month', async () => {
  const slow = { afterMonths: 1, noticeDays: 28 };
  const the = await smallApp({
    startAt: '2026-10-28T01:00:00Z',
    campaign: { points: { checkIn: 5, answerRight: 0, streakBonus: [], expiry: slow } },
  });
  try {
    const { db } = the.database;
    const campaignId = (await campaignBy(db, 'small-campaign')).id;
    const { rows } = await db.execute<{ id: string }>(sql`select id from employees where number = 'E1'`);
    const employeeId = rows[0]?.id ?? '';
    const taps = ['2026-09-14T01:30:00Z', '2026-10-05T01:30:00Z'].map((at) => ({
      key: at,
      campaignId,
      employeeId,
      amount: 5,
      reason: 'check-in' as const,
      at: instant(at),
    }));
    await award(db, taps);
    // What goes with December is told of while what goes with November, told late, is still there.
    for (const day of ['2026-10-28', '2026-11-04']) {
      const now = instant(`${day}T02:10:00Z`);
      await db.transaction((tx) =>
        expirePoints.run(tx, { campaignId }, { slot: now, now, log: createLog('silent') }),
      );
    }
    const { rows: told } = await db.execute(
      sql`select amount, expires_on::text as on from point_expiries order by month`,
    );
    expect(told).toEqual([
      { amount: 5, on: '2026-11-25' },
      { amount: 5, on: '2026-12-02' },
    ]);
  } finally {
    await the.close();
  }
});

it('a change of the rules is a new version, and entries name the one they were booked under', async () => {
  const the = await smallApp({ startAt: '2026-09-14T01:00:00Z' });
  try {
    const { rows } = await the.database.db.execute<{ version: number }>(
      sql`select version from campaign_point_rules`,
    );
    expect(rows).toEqual([{ version: 1 }]);
    await the.moveTo('2026-09-14T01:30:00Z');
    await the.as('E1').says('打卡');
    const richer = { points: { checkIn: 6, answerRight: 0, streakBonus: [] } };
    for (const campaign of [richer, richer])
      await loadSmall(the.database.db, '2026-09-14T10:00:00Z', { campaign });
    await the.moveTo('2026-09-15T01:30:00Z');
    await the.as('E1').says('打卡');
    const { rows: booked } = await the.database.db.execute<{ rule_version: number }>(sql`
      select rule_version from point_entries where account_kind = 'employee' and reason = 'check-in' order by at`);
    expect(booked.map(({ rule_version }) => rule_version)).toEqual([1, 2]);
  } finally {
    await the.close();
  }
});
