import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Campaign,
  type CampaignFile,
  campaignById,
  campaignFileSchema,
  loadCampaign,
} from '#src/features/campaigns/index.ts';
import { complete } from '#src/features/checkins/checkins.service.ts';
import { streakOf } from '#src/features/checkins/checkins.streaks.ts';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { type CalendarOverrides, workdayCalendar } from '#src/kernel/workdays.ts';
import { day } from '../../support/calendar.ts';
import { campaignFile } from '../../support/content.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
const me = randomUUID();
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

/** Loads the campaign at noon in Shanghai on that day. */
async function load(
  on: string,
  changes: Partial<CampaignFile>,
  calendar: CalendarOverrides = {},
): Promise<Campaign> {
  const days = changes.days ?? campaignFile.days;
  const file = campaignFileSchema.parse({
    ...campaignFile,
    ...changes,
    phases: [{ ...campaignFile.phases[0], toDay: days - 1 }],
  });
  const at = Temporal.Instant.from(`${on}T04:00:00Z`);
  const { campaignId } = await loadCampaign(database.db, file, {
    today: day(on),
    calendar: workdayCalendar(calendar),
    at,
  });
  return (await campaignById(database.db, campaignId)) as Campaign;
}

async function checkInOn(campaign: Campaign, ...days: string[]): Promise<void> {
  for (const one of days) {
    const at = Temporal.Instant.from(`${one}T01:00:00Z`);
    await database.db.transaction((tx) =>
      complete(tx, [
        {
          campaign,
          employeeId: me,
          day: day(one),
          zone: 'Asia/Shanghai',
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

async function current(campaign: Campaign): Promise<number | undefined> {
  expect((await verifyStreaks(database.db)).wrong).toEqual([]);
  return (await streakOf(database.db, campaign.id, me))?.current;
}

describe('a streak while its campaign changes', () => {
  it('is not broken by a holiday that is announced for days to come', async () => {
    const first = await load('2026-11-02', {});
    await checkInOn(first, '2026-11-02', '2026-11-03');
    const changed = await load('2026-11-03', { name: '改名' }, { daysOff: ['2026-11-05'] });
    await checkInOn(changed, '2026-11-04', '2026-11-06');
    expect(await current(changed)).toBe(4);
  });

  it('does not change by one that is announced for days gone by', async () => {
    const first = await load('2026-11-02', {});
    await checkInOn(first, '2026-11-02', '2026-11-03', '2026-11-04');
    const changed = await load('2026-11-04', { name: '改名' }, { daysOff: ['2026-11-03'] });
    await checkInOn(changed, '2026-11-05');
    expect(await current(changed)).toBe(4);
  });

  it('goes on when the campaign is lengthened on the way', async () => {
    const first = await load('2026-11-02', { days: 3 });
    await checkInOn(first, '2026-11-02', '2026-11-03', '2026-11-04');
    const longer = await load('2026-11-04', { days: 20 });
    await checkInOn(longer, '2026-11-05', '2026-11-06', '2026-11-09');
    expect(await current(longer)).toBe(6);
  });

  it('goes on when the campaign is lengthened after its end: nobody could check in between', async () => {
    const first = await load('2026-11-02', { days: 3 });
    await checkInOn(first, '2026-11-02', '2026-11-03', '2026-11-04');
    const longer = await load('2026-11-10', { days: 20 });
    await checkInOn(longer, '2026-11-10', '2026-11-11');
    expect(await current(longer)).toBe(5);
  });

  it('keeps its days when the campaign is shortened', async () => {
    const first = await load('2026-11-02', { days: 20 });
    await checkInOn(first, '2026-11-02', '2026-11-03', '2026-11-04');
    const shorter = await load('2026-11-04', { days: 2 });
    expect(await current(shorter)).toBe(3);
  });
});
