import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { parseYaml } from '#src/content/yaml.ts';
import { campaignDays } from '#src/features/campaigns/campaigns.tables.ts';
import {
  type CampaignFile,
  calendarOf,
  campaignById,
  campaignFileSchema,
  listCampaigns,
  loadCampaign,
  phaseOn,
  phasesOf,
} from '#src/features/campaigns/index.ts';
import { startOfDay, Temporal } from '#src/kernel/time.ts';
import { type WorkdayCalendar, workdayCalendar } from '#src/kernel/workdays.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.execute(sql`truncate campaigns, campaign_phases, campaign_days cascade`));

const day = (iso: string): Temporal.PlainDate => Temporal.PlainDate.from(iso);

function campaignFile(more: Partial<CampaignFile> = {}): CampaignFile {
  return campaignFileSchema.parse({
    id: 'pilot',
    name: '试点',
    goal: '用起来',
    zone: 'Asia/Shanghai',
    startsOn: 'first-run',
    days: 14,
    tipTime: '09:10',
    reminderTime: '16:40',
    audience: 'everyone',
    phases: [
      { kind: 'warm-up', name: '预热', fromDay: 0, toDay: 3, focus: '' },
      { kind: 'burst', name: '爆发', fromDay: 4, toDay: 9, focus: '' },
    ],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5, streakBonus: [{ days: 5, points: 10 }] },
    ...more,
  });
}

const load = (file: CampaignFile, today: string, calendar: WorkdayCalendar = workdayCalendar()) =>
  loadCampaign(database.db, file, {
    today: day(today),
    calendar,
    at: startOfDay(day(today), 'Asia/Shanghai'),
  });

async function calendarAt(id: string) {
  const campaign = await campaignById(database.db, id);
  if (campaign === undefined) throw new Error('the campaign is gone');
  return calendarOf(database.db, campaign);
}
/** The calendar as one letter a day: w for workdays. */
async function days(id: string): Promise<string> {
  const calendar = await calendarAt(id);
  let letters = '';
  for (
    let one = calendar.first;
    Temporal.PlainDate.compare(one, calendar.last) <= 0;
    one = one.add({ days: 1 })
  ) {
    letters += calendar.isWorkday(one) ? 'w' : '-';
  }
  return letters;
}

describe('a first load', () => {
  it('starts today, freezes the calendar with 调休 and counts workdays', async () => {
    const { campaignId, ...loaded } = await load(campaignFile(), '2026-09-28');
    expect(loaded).toMatchObject({
      outcome: 'created',
      unknownYears: [],
      keptStart: false,
      keptEnd: false,
      frozenUntil: null,
    });
    const calendar = await calendarAt(campaignId);
    expect([calendar.first.toString(), calendar.last.toString()]).toEqual(['2026-09-28', '2026-10-11']);
    expect(calendar.isWorkday(day('2026-10-01'))).toBe(false);
    expect(calendar.nameOf(day('2026-10-01'))).toContain('国庆');
    expect(calendar.isWorkday(day('2026-10-10'))).toBe(true);
    expect(calendar.nameOf(day('2026-10-10'))).toBe('调休上班');
    expect([27, 28, 30].map((one) => calendar.ordinal(day('2026-09-01').with({ day: one })))).toEqual([
      0, 1, 3,
    ]);
    expect(calendar.ordinal(day('2026-10-07'))).toBe(3);
    expect(calendar.ordinal(day('2026-10-08'))).toBe(4);
    expect(calendar.nextWorkday(day('2026-09-30'))?.toString()).toBe('2026-10-08');
    expect(calendar.nextWorkday(day('2026-10-10'))).toBeUndefined();
    expect(calendar.nextWorkday(day('2026-01-01'))?.toString()).toBe('2026-09-28');
    const between = calendar.workdaysBetween(day('2026-09-30'), day('2026-10-09'));
    expect(between.map(String)).toEqual(['2026-09-30', '2026-10-08', '2026-10-09']);
    expect(calendar.workdaysBetween(day('2026-01-01'), day('2026-01-05'))).toEqual([]);
  });

  it('writes the phases by their days', async () => {
    const { campaignId } = await load(campaignFile(), '2026-11-23');
    expect((await phasesOf(database.db, campaignId)).map(({ name }) => name)).toEqual(['预热', '爆发']);
    const names = ['2026-11-22', '2026-11-23', '2026-11-26', '2026-11-27', '2026-12-03'].map(
      async (iso) => (await phaseOn(database.db, campaignId, day(iso)))?.name,
    );
    expect(await Promise.all(names)).toEqual([undefined, '预热', '预热', '爆发', undefined]);
  });

  it('tells the years whose holidays are not announced', async () => {
    const calendar = { ...workdayCalendar(), knows: (year: number) => year <= 2026 };
    expect((await load(campaignFile(), '2026-12-25', calendar)).unknownYears).toEqual([2027]);
  });

  it.each([
    ['a phase beyond the end', { days: 5 }, 'phases[1]: must lie within days 0 to 4'],
    [
      'phases that overlap',
      {
        phases: [0, 3].map((fromDay) => ({
          kind: 'burst' as const,
          name: 'x',
          fromDay,
          toDay: fromDay + 3,
          focus: '',
        })),
      },
      'phases[1]: must begin after day 3',
    ],
  ])('refuses %s', async (_name, more, sentence) => {
    await expect(load(campaignFile(more), '2026-11-23')).rejects.toThrow(sentence);
    expect(await listCampaigns(database.db)).toEqual([]);
  });

  it('happens once when two processes start together', async () => {
    const loaded = await Promise.all([1, 2, 3].map(() => load(campaignFile(), '2026-11-23')));
    expect(loaded.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'unchanged', 'unchanged']);
  });
});

describe('a later load', () => {
  it('of the same file changes nothing, whatever the calendar says by then', async () => {
    const { campaignId } = await load(campaignFile(), '2026-11-23');
    const before = await database.db.select().from(campaignDays);
    const holiday = workdayCalendar({ daysOff: ['2026-11-24', '2026-12-02'] });
    expect((await load(campaignFile(), '2026-11-26', holiday)).outcome).toBe('unchanged');
    expect(await database.db.select().from(campaignDays)).toEqual(before);
    expect((await campaignById(database.db, campaignId))?.startsOn.toString()).toBe('2026-11-23');
  });

  it('notices when only a phase has changed', async () => {
    const { campaignId } = await load(campaignFile(), '2026-11-23');
    const file = campaignFile();
    const changed = { ...file, phases: file.phases.map((phase) => ({ ...phase, focus: '新的重点' })) };
    expect((await load(changed, '2026-11-23')).outcome).toBe('updated');
    expect((await phaseOn(database.db, campaignId, day('2026-11-23')))?.focus).toBe('新的重点');
  });

  it('of a changed file updates what it says and takes over the calendar only for days to come', async () => {
    const { campaignId } = await load(campaignFile(), '2026-11-23');
    expect(await days(campaignId)).toBe('wwwww--wwwww--');
    const holiday = workdayCalendar({ daysOff: ['2026-11-24', '2026-12-02'] });
    const loaded = await load(campaignFile({ name: '新名字', tips: ['a'] }), '2026-11-26', holiday);
    expect(loaded).toMatchObject({ outcome: 'updated', keptStart: false });
    expect(loaded.frozenUntil?.toString()).toBe('2026-11-26');
    expect(await campaignById(database.db, campaignId)).toMatchObject({ name: '新名字', tipOrder: ['a'] });
    expect(await days(campaignId)).toBe('wwwww--ww-ww--');
    const calendar = await calendarAt(campaignId);
    expect(
      ['2026-11-24', '2026-11-26', '2026-11-30', '2026-12-02', '2026-12-03'].map((iso) =>
        calendar.ordinal(day(iso)),
      ),
    ).toEqual([2, 4, 6, 7, 8]);
  });

  it('leaves alone a day that has begun further east', async () => {
    const { campaignId } = await load(campaignFile(), '2026-11-23');
    const evening = Temporal.Instant.from('2026-11-25T20:00:00+08:00');
    const calendar = workdayCalendar({ daysOff: ['2026-11-26', '2026-11-27'] });
    const loaded = await loadCampaign(database.db, campaignFile({ name: 'x' }), {
      today: day('2026-11-25'),
      calendar,
      at: evening,
    });
    expect(loaded.frozenUntil?.toString()).toBe('2026-11-26');
    expect(await days(campaignId)).toBe('wwww---wwwww--');
  });

  it('can lengthen and shorten a running campaign, but not end it before today', async () => {
    const { campaignId } = await load(campaignFile(), '2026-11-23');
    await load(campaignFile({ days: 16 }), '2026-11-25');
    expect(await days(campaignId)).toBe('wwwww--wwwww--ww');
    await load(campaignFile({ days: 10 }), '2026-11-25');
    expect(await days(campaignId)).toBe('wwwww--www');
    const short = campaignFile({
      days: 2,
      phases: [{ kind: 'burst', name: 'x', fromDay: 0, toDay: 1, focus: '' }],
    });
    expect(await load(short, '2026-11-25')).toMatchObject({ outcome: 'updated', keptEnd: true });
    expect(await days(campaignId)).toBe('www');
    expect((await campaignById(database.db, campaignId))?.endsOn.toString()).toBe('2026-11-25');
  });

  it('moves the start of a campaign that has not begun, and keeps that of one that has', async () => {
    const { campaignId } = await load(campaignFile({ startsOn: '2026-12-07' }), '2026-11-23');
    expect(await load(campaignFile({ startsOn: '2026-12-09' }), '2026-11-24')).toMatchObject({
      outcome: 'updated',
      keptStart: false,
    });
    const calendar = await calendarAt(campaignId);
    expect([calendar.first.toString(), calendar.ordinal(calendar.first)]).toEqual(['2026-12-09', 1]);
    expect(await load(campaignFile({ startsOn: '2026-12-20' }), '2026-12-10')).toMatchObject({
      outcome: 'unchanged',
      keptStart: true,
    });
    expect((await campaignById(database.db, campaignId))?.startsOn.toString()).toBe('2026-12-09');
  });
});

it.each([
  ['zone', { zone: 'Asia/Beijing' }],
  ['startsOn', { startsOn: '2026-02-30' }],
])('a file with a %s that does not exist is refused before it is loaded', (field, wrong) => {
  const file = {
    ...parseYaml(
      readFileSync('config/content/office-suite/campaign.yaml', 'utf8'),
      'campaign.yaml',
      z.looseObject({}),
    ),
    ...wrong,
  };
  expect(campaignFileSchema.safeParse(file).error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
});
