import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { cardIn, wordsOf } from '../../support/conversation.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let the: SmallApp;
let server: TestServer;
afterEach(async () => {
  expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  await server?.close();
  await the.close();
});

async function company(campaign: NonNullable<Parameters<typeof smallApp>[0]['campaign']>) {
  the = await smallApp({ startAt: '2026-09-14T00:00:00Z', campaign });
  server = await testServer(the);
}
const api = async (method: string, path: string, body?: unknown) => {
  const response = await server.api(method, path, body);
  return { status: response.status, body: (await response.json()) as Record<string, any> }; // oxlint-disable-line typescript/no-explicit-any
};
const grades = async () =>
  (
    await the.database.db.execute<{ line: string }>(sql`
      select e.number || ' ' || t.day || ' ' || t.task || ' ' || t.grade as line
      from task_completions t join employees e on e.id = t.employee_id order by 1`)
  ).rows.map(({ line }) => line);

describe('use that a server reports', () => {
  it('counts the day where the campaign asks for it, once, and is the strongest evidence', async () => {
    await company({ tasks: { mode: 'any', of: ['use-software'] } });
    await the.moveTo('2026-09-15T02:00:00Z');
    const given = {
      source: 'office-server',
      items: [
        { employee: 'E1', day: '2026-09-14', amount: 35 },
        { employee: 'E2', day: '2026-09-14' },
        { employee: 'NOBODY', day: '2026-09-14' },
        { employee: 'E1', day: '2026-09-20' },
        { employee: 'E1', day: '2026-05-01' },
      ],
    };
    const first = await api('POST', '/usage', given);
    expect(first.body).toMatchObject({ totals: { recorded: 2, unchanged: 0, refused: 3 } });
    expect(first.body['rows'].slice(2).map((row: { problems: string[] }) => row.problems.length)).toEqual([
      1, 1, 1,
    ]);
    expect((await api('POST', '/usage', given)).body).toMatchObject({
      totals: { recorded: 0, unchanged: 2 },
    });
    expect(await grades()).toEqual(['E1 2026-09-14 use-software usage', 'E2 2026-09-14 use-software usage']);
    expect(wordsOf((await the.as('E1').says('我的')).messages[0])).toContain('连续 1 天');
    expect((await api('GET', '/usage?employee=E1')).body['items']).toMatchObject([
      { employee: { number: 'E1' }, day: '2026-09-14', source: 'office-server', amount: 35 },
    ]);
  });

  it('is kept beside what the person said, and changes nothing where the campaign does not ask for it', async () => {
    await company({ tasks: { mode: 'any', of: ['learn-tip'] } });
    await the.moveTo('2026-09-14T02:00:00Z');
    await api('POST', '/usage', { source: 's', items: [{ employee: 'E1', day: '2026-09-14' }] });
    expect(await grades()).toEqual([]);
    const { rows } = await the.database.db.execute(sql`select count(*)::int as n from usage_days`);
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('use that is reported twice', () => {
  it('by two sources or two imports at once is one task of the day, and neither import fails', async () => {
    await company({ tasks: { mode: 'any', of: ['use-software'] } });
    await the.moveTo('2026-09-18T02:00:00Z');
    const item = (employee: string, day: string) => ({ employee, day });
    const [monday, tuesday] = [item('E1', '2026-09-14'), item('E2', '2026-09-15')];
    for (let round = 0; round < 10; round += 1) {
      const reports = await Promise.all([
        api('POST', '/usage', { source: `a${round}`, items: [monday, tuesday] }),
        api('POST', '/usage', {
          source: `b${round}`,
          items: [item('E2', '2026-09-16'), item('E1', '2026-09-17')],
        }),
        api('POST', '/usage', { source: `a${round}`, items: [tuesday, monday] }),
      ]);
      expect(reports.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(reports.map(({ body }) => body['totals'].recorded).reduce((a, b) => a + b)).toBe(4);
    }
    expect(await grades()).toEqual([
      'E1 2026-09-14 use-software usage',
      'E1 2026-09-17 use-software usage',
      'E2 2026-09-15 use-software usage',
      'E2 2026-09-16 use-software usage',
    ]);
  });
});

describe('a tip that was open', () => {
  it('long enough before the tap counts as read, and a second tap adds that evidence', async () => {
    await company({ tasks: { mode: 'any', of: ['learn-tip'], readSeconds: 20 } });
    await the.moveTo('2026-09-14T01:10:00Z');
    const one = await the.as('E1').lastCard();
    const two = await the.as('E2').lastCard();
    await the.moveTo('2026-09-14T01:10:05Z');
    await the.as('E1').taps(one, '打卡');
    await the.moveTo('2026-09-14T01:10:40Z');
    await the.as('E2').taps(two, '打卡');
    expect(await grades()).toEqual(['E1 2026-09-14 learn-tip tap', 'E2 2026-09-14 learn-tip read']);
    expect((await the.as('E1').says('打卡')).messages.map(wordsOf).join()).toContain('已经打过卡');
    expect(await grades()).toContain('E1 2026-09-14 learn-tip read');
  });
});

describe('points for answers', () => {
  it('are bounded by the day and by how fast they come; the answers stay right', async () => {
    await company({ points: { checkIn: 5, answerRight: 2, streakBonus: [], answersPerDay: 1 } });
    await the.moveTo('2026-09-14T01:10:00Z');
    const question = cardIn((await the.as('E1').taps(await the.as('E1').lastCard(), '考考我')).messages);
    expect((await the.as('E1').taps(question, 'B')).card?.body).toContain('+2 积分');
    await the.moveTo('2026-09-15T01:10:00Z');
    const next = cardIn((await the.as('E1').taps(await the.as('E1').lastCard(), '考考我')).messages);
    expect((await the.as('E1').taps(next, 'B')).card?.body).toContain('+2 积分');
    expect((await the.as('E1').taps(next, 'B')).card?.body).not.toContain('积分');
  });
});
