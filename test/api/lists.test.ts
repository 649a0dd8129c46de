import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { auditPage } from '#src/features/audit/audit.api.ts';
import { campaignsPage } from '#src/features/campaigns/campaigns.api.ts';
import { checkinsPage, streaksPage } from '#src/features/checkins/checkins.api.ts';
import { departmentsPage, employeesPage } from '#src/features/directory/directory.api.ts';
import { pointsPage } from '#src/features/rewards/rewards.api.ts';
import { tipDaysPage, tipsPage } from '#src/features/tips/tips.api.ts';
import { newId } from '#src/kernel/ids.ts';
import { deliveriesPage } from '#src/outbox/outbox.api.ts';
import { scheduleRunsPage, schedulesPage } from '#src/scheduler/scheduler.api.ts';
import { conversation } from '../support/conversation.ts';
import { type Rest, rest, SLOW_MS } from './rest.ts';

const CAMPAIGN = 'office-suite-30-days';

let api: Rest;
beforeAll(async () => {
  api = await rest();
  await api.moveTo('2026-09-18T01:10:00Z');
  for (let n = 1; n <= 9; n += 1) await conversation(api, `E000${n}`).says('打卡');
  for (let n = 1; n <= 4; n += 1) await putCampaign(`campaign-${n}`);
  await api.moveTo('2026-09-20T01:30:00Z');
  for (let n = 1; n <= 5; n += 1) await conversation(api, `E000${n}`).says('打卡');
}, SLOW_MS);
afterAll(() => api.close());

const query = (text: string, values: unknown[] = []) => api.database.pool.query(text, values);

function putCampaign(id: string) {
  return api.send('PUT', `campaigns/${id}`, {
    id,
    name: id,
    goal: '用起来',
    zone: 'Asia/Shanghai',
    startsOn: '2027-03-01',
    days: 5,
    tipTime: '09:30',
    reminderTime: '16:00',
    audience: { departments: ['FIN'] },
    phases: [{ kind: 'burst', name: '爆发', fromDay: 0, toDay: 4, focus: '用' }],
    tasks: { mode: 'any', of: ['learn-tip'] },
    points: { checkIn: 5 },
  });
}

function putTip(id: string) {
  return api.send('PUT', `tips/${id}`, {
    id,
    title: id,
    body: '说明',
    try: '试试',
    feature: '功能',
    area: 'pdf',
    level: 'beginner',
    scene: '场景',
  });
}

const importRows = (rows: object) => api.send('POST', 'employees:import', rows);
const person = (number: string) => ({ employees: [{ number, name: number, department: 'FIN' }] });

/** Copies a row with other values in some columns: what the parts of the product would write. */
const copy = (table: string, columns: string, values: string, where = 'true') =>
  query(`insert into ${table} (${columns}) select ${values} from ${table} where ${where} limit 1`);

interface List {
  path: string;
  limit: number;
  shape: z.ZodType<{ items: unknown[] }>;
  /** Brings rows into the list: some that belong before, some that belong behind the page read last. */
  arrive: (page: number) => Promise<unknown>;
}

const lists: Record<string, List> = {
  departments: {
    path: 'departments',
    limit: 5,
    shape: departmentsPage,
    arrive: (n) =>
      importRows({ departments: [`A${n}`, `Z${n}`].map((code) => ({ code, name: code, parent: 'ROOT' })) }),
  },
  employees: {
    path: 'employees',
    limit: 60,
    shape: employeesPage,
    arrive: (n) =>
      importRows({ employees: [person(`A${n}`), person(`Z${n}`)].flatMap((one) => one.employees) }),
  },
  'employees of a department': {
    path: 'employees?department=FIN',
    limit: 5,
    shape: employeesPage,
    arrive: (n) =>
      importRows({ employees: [person(`AA${n}`), person(`ZZ${n}`)].flatMap((one) => one.employees) }),
  },
  campaigns: { path: 'campaigns', limit: 2, shape: campaignsPage, arrive: (n) => putCampaign(`later-${n}`) },
  tips: {
    path: 'tips',
    limit: 20,
    shape: tipsPage,
    arrive: async (n) => {
      await putTip(`aa-${n}`);
      await putTip(`zz-${n}`);
    },
  },
  'tip days': {
    path: `campaigns/${CAMPAIGN}/tip-days`,
    limit: 3,
    shape: tipDaysPage,
    arrive: async (n) => {
      const columns = 'campaign_id, day, track, tip_id, chosen_at';
      await copy('tip_days', columns, `campaign_id, '2026-09-18', 'beginner@A${n}', tip_id, chosen_at`);
      await copy('tip_days', columns, `campaign_id, '2026-10-10', 'beginner@Z${n}', tip_id, chosen_at`);
    },
  },
  'check-ins': {
    path: 'checkins',
    limit: 4,
    shape: checkinsPage,
    arrive: (n) => conversation(api, `E003${n}`).says('打卡'),
  },
  streaks: {
    path: 'streaks',
    limit: 4,
    shape: streaksPage,
    arrive: (n) => conversation(api, `E004${n}`).says('打卡'),
  },
  points: {
    path: 'points?employee=E0001',
    limit: 1,
    shape: pointsPage,
    arrive: async (n) => {
      const columns = 'transfer_id, key, account_kind, account_id, campaign_id, amount, reason, at';
      const own =
        "account_kind = 'employee' and account_id = (select id from employees where number = 'E0001')";
      for (const at of ["timestamptz '2026-01-01'", "timestamptz '2027-01-01'"]) {
        const id = newId();
        const values = `'${id}', '${id}', account_kind, account_id, campaign_id, ${n}, reason, ${at}`;
        if (n <= 2) await copy('point_entries', columns, values, own);
      }
    },
  },
  deliveries: {
    path: 'deliveries?purpose=tips.daily',
    limit: 300,
    shape: deliveriesPage,
    arrive: (n) => conversation(api, `E005${n}`).says('帮助'),
  },
  schedules: {
    path: 'schedules',
    limit: 5,
    shape: schedulesPage,
    arrive: async (n) => {
      const columns = 'id, key, job, payload, zone, calendar, misfire, created_at';
      for (const key of [`a.job:${n}`, `z.job:${n}`]) {
        const values = `'${newId()}', '${key}', job, payload, zone, calendar, misfire, created_at`;
        await copy('schedules', columns, values);
      }
    },
  },
  'the audit': {
    path: 'audit',
    limit: 5,
    shape: auditPage,
    arrive: () => api.get('employees/E0001'),
  },
};

const idOf = (item: unknown) => JSON.stringify(item);

describe.each(Object.entries(lists))('%s, page by page', (_name, { path, limit, shape, arrive }) => {
  it('are all rows and none twice, also while rows arrive in between', async () => {
    const before = (await api.all(path, { limit: 1000 })).map(idOf);
    let pages = 1;
    const read = (
      await api.all(path, {
        limit,
        between: async (page) => {
          pages += 1;
          if (page <= 5) await arrive(page);
        },
      })
    ).map(idOf);
    expect(pages).toBeGreaterThan(1);
    expect(new Set(read).size).toBe(read.length);
    expect(read).toEqual(expect.arrayContaining(path === 'audit' ? before.slice(0, 50) : before));
    expect(before.length).toBeGreaterThan(limit);
  });

  it('are no more than what their shape says', async () => {
    const { body } = await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=3`);
    expect(body.items.length).toBeGreaterThan(0);
    // Reading it by the shape would leave out whatever the shape does not know.
    expect(shape.parse(body)).toEqual(body);
  });

  it('refuse a filter that they do not know, a limit above 1,000, and a cursor that is none of theirs', async () => {
    const ask = async (more: string) =>
      (await api.get(`${path}${path.includes('?') ? '&' : '?'}${more}`)).body;
    expect(await ask('colour=red')).toMatchObject({ status: 400, code: 'http.invalid' });
    expect(await ask('limit=1001')).toMatchObject({ status: 400, errors: [{ path: 'query.limit' }] });
    const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await ask(`cursor=${cursor({})}`)).toMatchObject({ status: 400, code: 'paging.bad-cursor' });
    expect(await ask(`cursor=${cursor({ key: 'a\0', code: 'a\0', number: 'a\0' })}`)).toMatchObject({
      status: 400,
      code: 'paging.bad-cursor',
    });
  });
});

it('the runs of a schedule come page by page, no more than their shape', async () => {
  const { body: campaign } = await api.get(`campaigns/${CAMPAIGN}`);
  const { body } = await api.get('schedules?job=tips.push&limit=1000');
  const key = `tips.push:${campaign.id}:Asia/Shanghai`;
  const { id } = body.items.find((schedule: { key: string }) => schedule.key === key);
  const all = await api.all(`schedules/${id}/runs`, { limit: 1000 });
  expect(await api.all(`schedules/${id}/runs`, { limit: 2 })).toEqual(all);
  expect(all).toHaveLength(3);
  const answer = { items: all, nextCursor: null };
  expect(scheduleRunsPage.parse(answer)).toEqual(answer);
});

describe('a word that a filter cannot hold', () => {
  it.each([
    'employees?search=%00',
    'employees?search=',
    'employees?employedOn=2026-02-30',
    'employees?employedOn=0000-01-01',
    'checkins?from=yesterday',
    'deliveries?since=2026-09-18',
    'deliveries?since=0000-01-01T00:00:00Z',
    'tips?level=expert',
    'tips/%00',
    'overview?day=0000-01-01',
  ])('%s is refused', async (path) => {
    expect((await api.get(path)).body).toMatchObject({ status: 400, code: 'http.invalid' });
  });
});

it('nothing is answered to nobody', async () => {
  for (const path of ['employees', 'checkins', 'audit', 'overview', 'tips', 'schedules']) {
    expect((await api.server.inject({ url: `/api/v1/${path}` })).statusCode).toBe(401);
  }
});
