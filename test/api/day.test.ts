import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conversation } from '../support/conversation.ts';
import { type Rest, rest, SLOW_MS } from './rest.ts';

/** Friday; the Saturday is off, the Sunday is worked because of 中秋, then Monday. */
const DAY = '2026-09-18';

let api: Rest;
beforeAll(async () => {
  api = await rest();
  await api.moveTo(`${DAY}T01:10:00Z`);
  for (const number of ['E0001', 'E0002', 'E0003']) {
    const employee = conversation(api, number);
    await employee.taps(await employee.lastCard(), '打卡');
  }
  // Reminders at 16:40; then the worked Sunday, on which E0001 goes on and the others miss.
  await api.moveTo(`${DAY}T09:00:00Z`);
  await api.moveTo('2026-09-20T02:00:00Z');
  await conversation(api, 'E0001').says('打卡');
  await api.moveTo('2026-09-21T02:00:00Z');
}, SLOW_MS);
afterAll(() => api.close());

const numbersOf = (items: unknown[]) =>
  (items as { employee: { number: string } }[]).map(({ employee }) => employee.number).toSorted();

describe('check-ins', () => {
  it('name the person with the department of the day, the tip, and the evidence', async () => {
    const { body } = await api.get(`checkins?employee=E0001&to=${DAY}`);
    expect(body.items).toEqual([
      {
        campaign: { id: expect.any(String), key: 'office-suite-30-days' },
        employee: { number: 'E0001', name: '林晓雯', department: { code: 'MKT', name: '市场部' } },
        day: DAY,
        at: `${DAY}T01:10:00Z`,
        receivedAt: `${DAY}T01:10:00Z`,
        zone: 'Asia/Shanghai',
        grade: 'tap',
        channel: 'sandbox',
        tip: { key: expect.any(String), title: expect.any(String) },
      },
    ]);
  });

  it.each([
    ['campaign=office-suite-30-days', ['E0001', 'E0001', 'E0002', 'E0003']],
    [`from=${DAY}&to=${DAY}`, ['E0001', 'E0002', 'E0003']],
    ['from=2026-09-19', ['E0001']],
    ['department=HR', ['E0002']],
    ['department=ROOT', ['E0001', 'E0001', 'E0002', 'E0003']],
    ['department=FIN&employee=E0001', []],
    ['employee=E0004', []],
  ])('by %s', async (filters, expected) => {
    expect(numbersOf(await api.all(`checkins?${filters}`))).toEqual(expected);
  });

  it('keep the department that the person had on the day', async () => {
    await api.send('POST', 'employees:import', {
      employees: [{ number: 'E0003', name: '陈立新', department: 'MKT' }],
    });
    expect(numbersOf(await api.all('checkins?department=FIN'))).toEqual(['E0003']);
    expect(numbersOf(await api.all('streaks?department=FIN'))).toEqual([]);
    expect(numbersOf(await api.all('streaks?department=MKT'))).toEqual(['E0001', 'E0003']);
  });
});

describe('streaks', () => {
  it('are as seen today: nought once a workday was missed', async () => {
    const { body } = await api.get('streaks?employee=E0002');
    expect(body.items[0]).toMatchObject({ current: 0, lastRun: 1, best: 1, counted: 1, lastDay: DAY });
    const { body: first } = await api.get('streaks?employee=E0001');
    expect(first.items[0]).toMatchObject({ current: 2, lastRun: 2, best: 2, lastDay: '2026-09-20' });
  });
});

describe('the evidence of a day', () => {
  it('holds everything about this person on this day', async () => {
    const { status, body } = await api.get(`employees/E0001/evidence?day=${DAY}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      employee: { number: 'E0001', name: '林晓雯', department: { code: 'MKT' } },
      day: DAY,
      zone: 'Asia/Shanghai',
      campaign: { key: 'office-suite-30-days', workday: true, dayName: '' },
      completions: [{ task: 'learn-tip', grade: 'tap', channel: 'sandbox', eventKey: expect.any(String) }],
      checkins: [{ at: `${DAY}T01:10:00Z`, grade: 'tap' }],
      points: [{ amount: 5, reason: 'check-in', reverses: null }],
    });
    const purposes = body.deliveries.map(({ purpose }: { purpose: string }) => purpose);
    expect(purposes).toContain('tips.daily');
    expect(purposes).not.toContain('checkins.reminder');
    expect(body.deliveries[0].title).toMatch(/^今日技巧/);
  });

  it('of somebody who did nothing holds what they were sent', async () => {
    const { body } = await api.get(`employees/E0004/evidence?day=${DAY}`);
    expect(body).toMatchObject({ completions: [], checkins: [], points: [] });
    const purposes = body.deliveries.map(({ purpose }: { purpose: string }) => purpose);
    expect(purposes).toEqual(['tips.daily', 'checkins.reminder']);
  });

  it('is that of the person’s own today unless a day is given', async () => {
    expect((await api.get('employees/E0001/evidence')).body).toMatchObject({
      day: '2026-09-21',
      checkins: [],
    });
    const { body } = await api.get('employees/E0007/evidence');
    expect(body).toMatchObject({ day: '2026-09-21', zone: 'Europe/Berlin' });
  });
});

describe('points', () => {
  it('are the entries of one person, the newest first', async () => {
    const items = (await api.all('points?employee=E0001&campaign=office-suite-30-days', {
      limit: 1,
    })) as object[];
    expect(items).toMatchObject([
      { amount: 5, reason: 'check-in', at: '2026-09-20T02:00:00Z' },
      { amount: 5, reason: 'check-in', at: `${DAY}T01:10:00Z` },
    ]);
    expect((await api.get('points')).body).toMatchObject({ errors: [{ path: 'query.employee' }] });
  });
});

describe('deliveries', () => {
  it('say whom what reached, and never what was written', async () => {
    const { body } = await api.get('deliveries?employee=E0004&purpose=tips.daily');
    expect(body.items).toHaveLength(3);
    expect(body.items[2]).toEqual({
      messageId: expect.any(String),
      purpose: 'tips.daily',
      priority: 'campaign',
      campaignId: expect.any(String),
      recipient: expect.any(String),
      employee: { number: 'E0004', name: '赵思远' },
      addressKind: 'person',
      channel: 'sandbox',
      state: 'delivered',
      reason: null,
      attempts: expect.any(Number),
      plannedAt: `${DAY}T01:10:00Z`,
      changedAt: `${DAY}T01:10:00Z`,
      expiresAt: `${DAY}T16:00:00Z`,
    });
  });

  it('are those since a moment, and those in a state', async () => {
    const since = (await api.all('deliveries?since=2026-09-20T00:00:00Z&purpose=tips.daily', {
      limit: 1000,
    })) as { plannedAt: string; state: string }[];
    expect(since.length).toBeGreaterThan(100);
    expect(since.every(({ plannedAt }) => plannedAt >= '2026-09-20')).toBe(true);
    expect(await api.all('deliveries?state=refused')).toEqual([]);
    const { body } = await api.get('deliveries?state=lost');
    expect(body).toMatchObject({ status: 400, errors: [{ path: 'query.state' }] });
  });

  it('are counted by purpose and state', async () => {
    const { body } = await api.get(`deliveries/summary?campaign=office-suite-30-days&day=${DAY}`);
    expect(body).toMatchObject({ day: DAY, zone: 'Asia/Shanghai' });
    const listed = (await api.all('deliveries?purpose=tips.daily', { limit: 1000 })) as {
      plannedAt: string;
    }[];
    const ofDay = listed.filter(({ plannedAt }) => plannedAt < `${DAY}T16:00`);
    const tips = body.purposes.find(({ purpose }: { purpose: string }) => purpose === 'tips.daily');
    expect(tips).toEqual({ purpose: 'tips.daily', total: ofDay.length, states: { delivered: ofDay.length } });
  });

  it('have states with a meaning, and only states of the table follow', async () => {
    const { items } = (await api.get('delivery-states')).body;
    const names = items.map(({ state }: { state: string }) => state);
    expect(names).toContain('unreachable');
    for (const { meaning, next } of items) {
      expect(meaning).not.toBe('');
      expect(names).toEqual(expect.arrayContaining(next));
    }
  });
});

describe('the overview of a day', () => {
  it('agrees with the lists', async () => {
    const { body } = await api.get(`overview?day=${DAY}`);
    expect(body).toMatchObject({
      day: DAY,
      campaign: { key: 'office-suite-30-days', zone: 'Asia/Shanghai' },
      phase: { kind: 'warm-up', name: '预热' },
      workday: true,
      checkedIn: 3,
      pointsGiven: 15,
    });
    const employed = await api.all(`employees?employedOn=${DAY}`, { limit: 1000 });
    expect(body.members).toBe(employed.length);
    const sum = (of: 'members' | 'checkedIn') =>
      body.departments.reduce(
        (total: number, department: Record<string, number>) => total + (department[of] ?? 0),
        0,
      );
    expect(sum('members')).toBe(body.members);
    expect(sum('checkedIn')).toBe(3);
    expect(body.departments).toContainEqual(
      expect.objectContaining({ code: 'HR', parentCode: 'ROOT', checkedIn: 1 }),
    );
    expect(body.reminders.promised).toBeGreaterThan(0);
    expect(body.tips.sent).toBe(body.tips.promised);
    expect(body.tips.promised).toBeGreaterThan(body.reminders.promised);
  });

  it('is that of today unless a day is given, and empty when no campaign runs', async () => {
    expect((await api.get('overview')).body).toMatchObject({ day: '2026-09-21', checkedIn: 0 });
    expect((await api.get('overview?day=2020-01-01')).body).toMatchObject({
      campaign: null,
      phase: null,
      members: 0,
    });
  });

  it('of a campaign for some departments counts their people alone', async () => {
    const campaign = {
      id: 'sales-only',
      name: '销售',
      goal: '用起来',
      zone: 'Asia/Shanghai',
      startsOn: '2026-09-21',
      days: 5,
      tipTime: '09:30',
      reminderTime: '16:00',
      audience: { departments: ['SALES', 'GONE'] },
      phases: [{ kind: 'burst', name: '爆发', fromDay: 0, toDay: 4, focus: '用' }],
      tasks: { mode: 'any', of: ['learn-tip'] },
      points: { checkIn: 5 },
    };
    expect((await api.send('PUT', 'campaigns/sales-only', campaign)).status).toBe(200);
    const { body } = await api.get('overview?campaign=sales-only');
    const sales = await api.all('employees?department=SALES&employedOn=2026-09-21', { limit: 1000 });
    expect(body.campaign.key).toBe('sales-only');
    expect(body.members).toBeGreaterThanOrEqual(sales.length);
    expect(body.members).toBeLessThan(sales.length * 2);
  });
});

describe('tip days', () => {
  it('say which tip whom on which day', async () => {
    const items = (await api.all('campaigns/office-suite-30-days/tip-days')) as {
      day: string;
      level: string;
      tip: { key: string };
    }[];
    expect(new Set(items.map(({ day }) => day))).toEqual(new Set([DAY, '2026-09-20', '2026-09-21']));
    const path = `campaigns/office-suite-30-days/tip-days?from=${DAY}&to=${DAY}`;
    const first = (await api.all(path)) as { day: string; level: string; tip: { key: string } }[];
    const { body } = await api.get(`checkins?employee=E0001&to=${DAY}`);
    const tip = first.find(({ level }) => level === 'beginner')?.tip;
    expect(body.items[0].tip).toEqual(tip);
  });
});

describe('schedules', () => {
  it('tell their next slot, and what became of the slots before', async () => {
    const items = (await api.all('schedules?job=tips.push')) as {
      key: string;
      zone: string;
      nextAt: string;
    }[];
    const shanghai = items.find(({ key, zone }) => zone === 'Asia/Shanghai' && key.startsWith('tips.push'));
    expect(shanghai?.nextAt).toMatch(/^2026-09-22T01:10:00Z$/);
    const runs = await api.all(`schedules/${encodeURIComponent(shanghai?.key ?? '')}/runs`, { limit: 1 });
    expect(runs).toMatchObject([
      { slot: '2026-09-21T01:10:00Z', outcome: 'fired' },
      { slot: '2026-09-20T01:10:00Z', outcome: 'fired' },
      { slot: '2026-09-19T01:10:00Z', outcome: 'skipped', reason: 'day-off' },
      { slot: `${DAY}T01:10:00Z`, outcome: 'fired' },
    ]);
    expect((await api.get('schedules/none/runs')).body).toMatchObject({ code: 'schedule.not-found' });
  });
});

describe('every read of personal data', () => {
  it.each([
    ['employees', 'employees.list everyone'],
    ['employees?department=FIN&limit=5', 'employees.list department=FIN'],
    [`employees?search=${encodeURIComponent('林晓雯')}`, 'employees.list search=*'],
    ['employees/E0001', 'employees.read employee=E0001'],
    [`employees/E0001/evidence?day=${DAY}`, `evidence.read day=${DAY} employee=E0001`],
    [`checkins?department=HR&from=${DAY}`, `checkins.list department=HR from=${DAY}`],
    ['streaks?employee=E0001', 'streaks.list employee=E0001'],
    ['points?employee=E0001', 'points.list employee=E0001'],
    ['deliveries?state=read', 'deliveries.list state=read'],
  ])('%s leaves one line in the audit', async (path, line) => {
    expect(await api.audited(() => api.get(path))).toEqual([line]);
  });

  it('that found nobody stands there as an attempt: whoever guesses is seen', async () => {
    expect(await api.audited(() => api.get('employees/NOBODY'))).toEqual(['employees.read employee=NOBODY']);
  });

  it('stands in the audit with who read it', async () => {
    await api.get('streaks?employee=E0002');
    const { body } = await api.get('audit?action=streaks.list&limit=1');
    expect(body.items).toEqual([
      {
        id: expect.any(Number),
        at: '2026-09-21T02:00:00Z',
        actor: { kind: 'token', id: 'bootstrap', name: null },
        action: 'streaks.list',
        subject: 'employee=E0002',
        detail: {},
      },
    ]);
    expect((await api.get('audit?actor=nobody')).body.items).toEqual([]);
    expect((await api.get('audit?since=2026-09-22T00:00:00Z')).body.items).toEqual([]);
    const imports = (await api.all('audit?action=directory.import&until=2026-09-18T00:00:01Z')) as object[];
    expect(imports).toMatchObject([{ actor: { kind: 'system', id: 'test' } }]);
  });

  it.each(['departments', 'tips', 'campaigns', 'schedules', 'delivery-states', 'overview', 'audit'])(
    '%s is none',
    async (path) => {
      expect(await api.audited(() => api.get(path))).toEqual([]);
    },
  );
});
