import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  activeCampaignFor,
  type Campaign,
  campaignById,
  campaignFileSchema,
  listCampaigns,
  loadCampaign,
  membersOf,
} from '#src/features/campaigns/index.ts';
import { employees } from '#src/features/directory/directory.tables.ts';
import { newId } from '#src/kernel/ids.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { DEPARTMENTS, day, imports, instant, people } from '../directory/organisation.ts';

const COLUMNS = '工号,姓名,部门编码,兼职部门编码,时区,入职日期,离职日期';

let database: TestDatabase;
let ids: Map<string, string>;
let campaigns: Map<string, Campaign>;
beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  const first = people(
    COLUMNS,
    '1,甲,SALES,,,2020-01-01,',
    '2,乙,EAST,,America/New_York,2020-01-01,',
    '3,丙,RD,EAST,,2020-01-01,',
    '4,丁,RD,,,2020-01-01,2026-11-25',
    '5,戊,,,,2026-11-27,',
  );
  await imports(db, { departments: DEPARTMENTS, employees: first }, '2026-11-01');
  await imports(db, { employees: people(COLUMNS, '2,乙,RD,,America/New_York,2020-01-01,') }, '2026-11-26');
  ids = new Map((await db.select().from(employees)).map(({ number, id }) => [number, id]));
  const load = (id: string, startsOn: string, days: number, audience: unknown) =>
    loadCampaign(
      db,
      campaignFileSchema.parse({
        id,
        name: id,
        goal: '用起来',
        zone: 'Asia/Shanghai',
        startsOn,
        days,
        tipTime: '09:10',
        reminderTime: '16:40',
        audience,
        phases: [{ kind: 'burst', name: 'x', fromDay: 0, toDay: 0, focus: '' }],
        tasks: { mode: 'any', of: ['learn-tip'] },
        points: { checkIn: 5 },
      }),
      { today: day('2026-11-01'), calendar: workdayCalendar(), at: instant('2026-11-01T00:00Z') },
    );
  await load('everyone', '2026-11-10', 30, 'everyone');
  await load('sales', '2026-11-20', 10, { departments: ['SALES'] });
  campaigns = new Map((await listCampaigns(db)).map((campaign) => [campaign.key, campaign]));
});
afterAll(() => database.close());

const numberOf = (id: string): string => [...ids].find(([, one]) => one === id)?.[0] ?? id;
const campaign = (key: string): Campaign => {
  const found = campaigns.get(key);
  if (found === undefined) throw new Error(`no campaign ${key}`);
  return found;
};

describe('the active campaign', () => {
  it.each([
    ['nobody before the first begins', '2026-11-09', {}],
    [
      'everyone employed takes part in the one for everyone',
      '2026-11-19',
      { 1: 'everyone', 2: 'everyone', 3: 'everyone', 4: 'everyone' },
    ],
    [
      'the one that started last counts, for second posts and below the department too',
      '2026-11-20',
      { 1: 'sales', 2: 'sales', 3: 'sales', 4: 'everyone' },
    ],
    [
      'a leaver and a mover are where they are on that day',
      '2026-11-26',
      { 1: 'sales', 2: 'everyone', 3: 'sales' },
    ],
    [
      'a joiner comes in on the day of joining',
      '2026-11-27',
      { 1: 'sales', 2: 'everyone', 3: 'sales', 5: 'everyone' },
    ],
    [
      'the other one goes on when the last ends',
      '2026-11-30',
      { 1: 'everyone', 2: 'everyone', 3: 'everyone', 5: 'everyone' },
    ],
    ['nobody after the end', '2026-12-10', {}],
  ])('%s', async (_name, iso, expected) => {
    const found = await activeCampaignFor(database.db, [...ids.values(), newId()], day(iso));
    expect(Object.fromEntries([...found].map(([id, { key }]) => [numberOf(id), key]))).toEqual(expected);
  });

  it('is asked for whole sets, also very large ones', async () => {
    const many = Array.from({ length: 70_000 }, newId);
    const found = await activeCampaignFor(database.db, [...many, ids.get('1') ?? ''], day('2026-11-20'));
    expect([...found.values()].map(({ key }) => key)).toEqual(['sales']);
    expect(found.get(ids.get('1') ?? '')).toEqual(campaign('sales'));
    expect(await activeCampaignFor(database.db, [], day('2026-11-20'))).toEqual(new Map());
  });
});

describe('the members of a campaign', () => {
  const members = async (key: string, iso: string, zone?: string) =>
    (await membersOf(database.db, campaign(key), { day: day(iso), ...(zone === undefined ? {} : { zone }) }))
      .map(({ employeeId }) => numberOf(employeeId))
      .toSorted();

  it('are those of the audience who are employed on that day', async () => {
    expect(await members('everyone', '2026-11-19')).toEqual(['1', '2', '3', '4']);
    expect(await members('sales', '2026-11-25')).toEqual(['1', '2', '3']);
    expect(await members('sales', '2026-11-26')).toEqual(['1', '3']);
  });

  it('are not those who take part in a younger one meanwhile', async () => {
    expect(await members('everyone', '2026-11-25')).toEqual(['4']);
    expect(await members('everyone', '2026-11-26')).toEqual(['2']);
  });

  it('can be asked for by zone', async () => {
    expect(await members('everyone', '2026-11-19', 'America/New_York')).toEqual(['2']);
  });
});

it('lists campaigns newest first and finds one by its id', async () => {
  expect((await listCampaigns(database.db)).map(({ key }) => key)).toEqual(['sales', 'everyone']);
  expect(await campaignById(database.db, campaign('sales').id)).toEqual(campaign('sales'));
  expect(await campaignById(database.db, newId())).toBeUndefined();
});
