import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Rest, rest } from './rest.ts';

let api: Rest;
beforeAll(async () => {
  api = await rest();
});
afterAll(() => api.close());

const tip = {
  id: 'ss-new-tip',
  title: '新技巧',
  body: '一句话说明。',
  try: '现在就试试。',
  feature: '冻结窗格',
  area: 'spreadsheets',
  level: 'advanced',
  scene: '看长表',
};

const campaign = {
  id: 'spring',
  name: '春季活动',
  goal: '大家都用起来',
  zone: 'Asia/Shanghai',
  startsOn: '2026-09-28',
  days: 14,
  tipTime: '09:30',
  reminderTime: '16:00',
  audience: { departments: ['FIN'] },
  phases: [{ kind: 'warm-up', name: '预热', fromDay: 0, toDay: 13, focus: '认识' }],
  tasks: { mode: 'any', of: ['learn-tip'] },
  points: { checkIn: 5 },
};

const keys = (items: unknown[]) => (items as { key: string }[]).map(({ key }) => key);

describe('tips', () => {
  it('come by key and by what is asked for', async () => {
    const all = (await api.all('tips')) as { key: string; area: string; level: string }[];
    expect(keys(all)).toEqual(keys(all).toSorted());
    const asked = await api.all('tips?area=pdf&level=beginner');
    expect(asked).toEqual(all.filter(({ area, level }) => area === 'pdf' && level === 'beginner'));
    expect(asked.length).toBeGreaterThan(0);
    expect(keys(await api.all('tips?search=format-painter'))).toEqual(['wp-format-painter']);
  });

  it('are written as their files give them: created, unchanged, updated', async () => {
    const put = async (body: object) => (await api.send('PUT', 'tips/ss-new-tip', body)).body;
    const lines = await api.audited(async () => {
      const created = await put(tip);
      expect(created).toMatchObject({
        outcome: 'created',
        tip: { key: 'ss-new-tip', tryNow: '现在就试试。' },
      });
      const { body: last } = await api.get('tips?limit=1000');
      const places = last.items.map(({ position }: { position: number }) => position);
      expect(created.tip.position).toBe(Math.max(...places));
      expect((await put(tip)).outcome).toBe('unchanged');
      expect(await put({ ...tip, title: '改过的' })).toMatchObject({
        outcome: 'updated',
        tip: { title: '改过的', position: created.tip.position },
      });
    });
    expect(lines).toEqual(['tips.put ss-new-tip', 'tips.put ss-new-tip']);
  });

  it('keep their place in the library when they are written alone', async () => {
    const { body: before } = await api.get('tips/ss-freeze-panes');
    const { key, tryNow, id: _id, position: _position, retiredAt: _retiredAt, ...rest } = before;
    const given = Object.entries({ ...rest, id: key, try: tryNow }).filter(([, value]) => value !== null);
    const { body } = await api.send('PUT', 'tips/ss-freeze-panes', Object.fromEntries(given));
    expect(body).toEqual({ outcome: 'unchanged', tip: before });
  });

  it('retire instead of vanishing, once, and come back when they are written again', async () => {
    const { body: retired } = await api.send('DELETE', 'tips/wp-replace');
    expect(retired.retiredAt).toBe('2026-09-18T00:00:00Z');
    expect((await api.get('tips/wp-replace')).body).toEqual(retired);
    expect(keys(await api.all('tips'))).not.toContain('wp-replace');
    expect(keys(await api.all('tips?retired=true'))).toEqual(['wp-replace']);
    expect(keys(await api.all('tips?retired=all'))).toContain('wp-replace');
    await api.moveTo('2026-09-18T00:30:00Z');
    expect((await api.send('DELETE', 'tips/wp-replace')).body).toEqual(retired);
    const back = await api.send('PUT', 'tips/wp-replace', { ...tip, id: 'wp-replace' });
    expect(back.body).toMatchObject({ outcome: 'updated', tip: { retiredAt: null } });
  });

  it.each([
    ['another key in the address', 'tips/other-key', tip, 400, 'input.invalid'],
    [
      'a day that no calendar has',
      'tips/ss-new-tip',
      { ...tip, validUntil: '2027-02-30' },
      400,
      'http.invalid',
    ],
    ['a field too many', 'tips/ss-new-tip', { ...tip, colour: 'red' }, 400, 'http.invalid'],
    ['a character that no text may hold', 'tips/ss-new-tip', { ...tip, body: 'a\0b' }, 400, 'http.invalid'],
  ])('with %s are refused', async (_name, path, body, status, code) => {
    expect((await api.send('PUT', path, body)).body).toMatchObject({ status, code });
  });

  it('of a key that nobody knows are a problem', async () => {
    expect((await api.get('tips/none')).body).toMatchObject({ status: 404, code: 'tip.not-found' });
    expect((await api.send('DELETE', 'tips/none')).body).toMatchObject({
      status: 404,
      code: 'tip.not-found',
    });
  });
});

describe('campaigns', () => {
  it('have phases and every day of their calendar, by id and by key', async () => {
    const { body } = await api.get('campaigns/office-suite-30-days');
    expect(body).toMatchObject({ startsOn: '2026-09-18', endsOn: '2026-10-17', tipTime: '09:10' });
    expect(body.phases.map(({ fromDay }: { fromDay: string }) => fromDay)).toEqual([
      '2026-09-18',
      '2026-09-23',
      '2026-10-08',
    ]);
    expect(body.days).toHaveLength(30);
    expect(body.days).toContainEqual({ day: '2026-09-20', workday: true, ordinal: 2, name: '调休上班' });
    expect((await api.get(`campaigns/${body.id}`)).body).toEqual(body);
  });

  it('are written as their files give them, and their schedules follow', async () => {
    const refreshed = api.refreshed();
    const lines = await api.audited(async () => {
      const { status, body } = await api.send('PUT', 'campaigns/spring', campaign);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        outcome: 'created',
        unknownYears: [],
        keptStart: false,
        campaign: { key: 'spring', endsOn: '2026-10-11', audience: { departments: ['FIN'] } },
      });
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^campaign\.load [0-9a-f-]{36}$/);
    expect(api.refreshed()).toBe(refreshed + 1);
    const { body } = await api.get('campaigns/spring');
    const { body: schedules } = await api.get('schedules?limit=1000');
    const own = schedules.items.filter(({ key }: { key: string }) => key.includes(body.id));
    expect(own.length).toBeGreaterThanOrEqual(2);
    expect(own[0]).toMatchObject({ zone: expect.any(String), nextAt: expect.stringMatching(/^2026-09-2\d/) });
    expect(await api.audited(() => api.send('PUT', 'campaigns/spring', campaign))).toEqual([]);
  });

  it.each([
    ['a zone that does not exist', { zone: 'Asia/Peking2' }, 'http.invalid'],
    ['a day that no calendar has', { startsOn: '2026-02-30' }, 'http.invalid'],
    ['phases that lie outside', { days: 3 }, 'input.invalid'],
    ['another key', { id: 'summer' }, 'input.invalid'],
    ['a field too many', { colour: 'red' }, 'http.invalid'],
  ])('with %s are refused', async (_name, change, code) => {
    const { body } = await api.send('PUT', 'campaigns/spring', { ...campaign, ...change });
    expect(body).toMatchObject({ status: 400, code });
  });

  it('that nobody knows are a problem', async () => {
    for (const path of [
      'campaigns/none',
      'campaigns/none/tip-days',
      'checkins?campaign=none',
      'deliveries/summary?campaign=none',
      'overview?campaign=none',
    ]) {
      expect((await api.get(path)).body).toMatchObject({ status: 404, code: 'campaign.not-found' });
    }
  });
});
