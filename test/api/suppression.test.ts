import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { employeeIdOf } from '#src/features/directory/directory.lists.ts';
import { rulesOfPeople } from '#src/features/suppression/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { asAdmin, type Rest, rest } from './rest.ts';

let api: Rest;
beforeAll(async () => {
  api = await rest();
}, 60_000);
afterAll(() => api.close());

async function writes(
  method: 'PUT' | 'POST',
  path: string,
  body: object,
): Promise<{ status: number; body: string }> {
  const response = await api.server.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { ...asAdmin, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
  return { status: response.statusCode, body: response.body };
}

const company = {
  zone: 'Asia/Shanghai',
  quiet: [{ from: '20:30', to: '08:00' }],
  calendar: workdayCalendar(),
};

async function rulesOf(number: string, at = '2026-09-21T02:00:00Z') {
  const id = await employeeIdOf(api.database.db, number);
  return (await rulesOfPeople(company)(api.database.db, [id], Temporal.Instant.from(at))).get(id);
}

describe('hours of a department', () => {
  it('hold for its people over the company’s, a person’s own over both', async () => {
    const night = [{ from: '07:00', to: '19:00' }];
    expect(
      (await writes('PUT', 'quiet-rules', { department: 'HR', quiet: night, workdays: 'every-day' })).status,
    ).toBe(204);
    expect((await rulesOf('E0002'))?.quiet.map(String)).toHaveLength(1);
    expect((await rulesOf('E0002'))?.quiet[0]?.from.toString()).toBe('07:00:00');
    expect((await rulesOf('E0002'))?.worksOn(Temporal.PlainDate.from('2026-10-01'))).toBe(true);
    expect((await rulesOf('E0001'))?.quiet[0]?.from.toString()).toBe('20:30:00');
    await writes('PUT', 'quiet-rules', { employee: 'E0002', quiet: [], workdays: [6, 7] });
    expect(await rulesOf('E0002')).toMatchObject({ quiet: [] });
    const { body } = await api.get('quiet-rules');
    expect(body.items).toMatchObject([
      { department: 'HR', employee: null, workdays: 'every-day' },
      { department: null, employee: 'E0002', workdays: [6, 7] },
    ]);
    await writes('POST', 'quiet-rules/remove', { employee: 'E0002' });
    await writes('POST', 'quiet-rules/remove', { department: 'HR' });
    expect((await rulesOf('E0002'))?.quiet[0]?.from.toString()).toBe('20:30:00');
  });

  it.each([
    ['both owners', { department: 'HR', employee: 'E0002', quiet: [] }, 400],
    ['no owner', { quiet: [] }, 400],
    ['a time that is none', { department: 'HR', quiet: [{ from: '25:00', to: '08:00' }] }, 400],
    ['a department that is none', { department: 'NONE', quiet: [] }, 404],
  ])('are refused with %s', async (_name, body, status) => {
    expect((await writes('PUT', 'quiet-rules', body)).status).toBe(status);
  });

  it('that are not there cannot be removed', async () => {
    expect(await writes('POST', 'quiet-rules/remove', { department: 'FIN' })).toMatchObject({
      status: 404,
      body: expect.stringContaining('suppression.rule-unknown'),
    });
  });
});

describe('an exclusion', () => {
  it('keeps somebody out on its days, on their own calendar, and is audited', async () => {
    const lines = await api.audited(async () => {
      const { status, body } = await writes('POST', 'exclusions', {
        employee: 'E0003',
        reason: 'leave',
        from: '2026-09-21',
      });
      expect(status).toBe(201);
      const { id } = JSON.parse(body);
      expect((await rulesOf('E0003'))?.excluded).toBe('leave');
      expect((await rulesOf('E0003', '2026-09-20T02:00:00Z'))?.excluded).toBeUndefined();
      expect((await writes('POST', `exclusions/${id}/end`, { to: '2026-09-20' })).status).toBe(409);
      expect((await writes('POST', `exclusions/${id}/end`, { to: '2026-09-22' })).status).toBe(204);
      expect((await rulesOf('E0003', '2026-09-23T02:00:00Z'))?.excluded).toBeUndefined();
      const list = await api.get('exclusions?on=2026-09-22');
      expect(list.body.items).toMatchObject([
        { employee: { number: 'E0003' }, reason: 'leave', from: '2026-09-21', to: '2026-09-22' },
      ]);
    });
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'exclusions.add',
      'exclusions.end',
      'exclusions.list',
    ]);
  });
});
