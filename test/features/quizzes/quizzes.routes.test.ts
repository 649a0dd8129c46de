import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { roundNumbers } from '#src/features/quizzes/index.ts';
import { bank, letterFor } from '../../conversations/quiz-rounds.ts';
import { wordsOf } from '../../support/conversation.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;
let server: TestServer;

beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-14T01:30:00Z',
    tips: 3,
    people: [
      'E1,=张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E2,李想,SALES,,销售,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
    ],
  });
  server = await testServer(app);
  expect((await api('POST', '/questions:import', { questions: bank })).body).toMatchObject({
    totals: { created: 2, refused: 0 },
  });
});
afterAll(async () => {
  await server?.close();
  await app?.close();
});

async function api(method: string, path: string, body?: unknown) {
  const response = await server.api(method, path, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const plan = (id: string, more: Record<string, unknown> = {}) => ({
  campaign: 'small-campaign',
  quiz: {
    id,
    kind: 'span',
    title: '技巧赛',
    blueprint: [{ count: 2 }],
    policy: { leastPeople: 1 },
    startsAt: '2026-09-14T09:00:00+08:00',
    endsAt: '2026-09-16T18:00:00+08:00',
    ...more,
  },
});

/** Answers both questions of the round that is on: `quiz-one` as told, the other one right. */
async function plays(number: string, right: boolean): Promise<void> {
  const me = app.as(number);
  let words = (await me.says('答题')).messages.map(wordsOf).join('\n');
  for (const place of [1, 2]) {
    words = words.slice(words.indexOf(`第 ${place} / 2 题`));
    const reply = words.includes('哪个对') ? letterFor(words, right ? '对的' : '错一') : '对';
    words = (await me.says(reply)).messages.map(wordsOf).join('\n');
  }
}

describe('rounds by API', () => {
  it('are planned, looked at before, changed, published, and fixed from then on', async () => {
    expect(await api('PUT', '/quizzes/spring', plan('spring'))).toMatchObject({
      status: 200,
      body: { outcome: 'created', quiz: { state: 'draft', questions: 0 } },
    });
    const { body } = await api('POST', '/quizzes:preview', { quiz: plan('spring').quiz });
    expect(body).toMatchObject({ slots: [{ wanted: 2, fitting: 2 }] });
    expect((body['cards'] as unknown[]).length).toBe(2);
    expect(await api('PUT', '/quizzes/spring', plan('spring', { title: '春季赛' }))).toMatchObject({
      body: { outcome: 'updated', quiz: { title: '春季赛' } },
    });
    expect(await api('POST', '/quizzes/spring/publish', {})).toMatchObject({
      status: 200,
      body: { state: 'published', questions: 2 },
    });
    expect(await api('PUT', '/quizzes/spring', plan('spring'))).toMatchObject({
      status: 409,
      body: { code: 'quiz.published' },
    });
  });

  it.each([
    ['a name that differs from the address', 'PUT', '/quizzes/other', plan('spring'), 400],
    ['a field that nobody knows', 'PUT', '/quizzes/x1', plan('x1', { colour: 'red' }), 400],
    [
      'an end before the beginning',
      'PUT',
      '/quizzes/x2',
      plan('x2', { endsAt: '2026-09-01T09:00:00+08:00' }),
      400,
    ],
    ['a negative score', 'PUT', '/quizzes/x3', plan('x3', { policy: { perRight: -1 } }), 400],
    ['a round that is not there', 'GET', '/quizzes/nowhere', undefined, 404],
    ['a cursor of our own making', 'GET', '/quizzes?cursor=made-up', undefined, 400],
    ['a live step of a round over days', 'POST', '/quizzes/spring/live', { do: 'next' }, 409],
    ['winners before the end', 'POST', '/quizzes/spring/approve', {}, 409],
    [
      'a question that the round has not',
      'POST',
      '/quizzes/spring/questions/9/withdraw',
      { reason: '错' },
      404,
    ],
    ['a withdrawal without a reason', 'POST', '/quizzes/spring/questions/0/withdraw', { reason: ' ' }, 400],
  ])('refuse %s', async (_what, method, path, body, status) => {
    const answer = await api(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code: expect.any(String), title: expect.any(String) });
  });

  it('are not published with more questions than the bank has', async () => {
    await api('PUT', '/quizzes/long', plan('long', { blueprint: [{ count: 50 }] }));
    expect(await api('POST', '/quizzes/long/publish', {})).toMatchObject({
      status: 409,
      body: { code: 'quiz.short' },
    });
  });

  it('are closed to whoever brings no token', async () => {
    for (const path of ['/quizzes', '/quizzes/spring/results', '/quizzes/spring/answers.xlsx', '/questions'])
      expect((await fetch(`${server.url}/api/v1${path}`)).status).toBe(401);
  });

  it('give the ranking page by page, and the league per head', async () => {
    await plays('E1', true);
    await plays('E2', false);
    const first = await api('GET', '/quizzes/spring/results?limit=1');
    expect(first.body).toMatchObject({ items: [{ rank: 1, number: 'E1', score: 200, right: 2, asked: 2 }] });
    const second = await api(
      'GET',
      `/quizzes/spring/results?limit=1&cursor=${String(first.body['nextCursor'])}`,
    );
    expect(second.body).toMatchObject({ items: [{ rank: 2, number: 'E2', score: 100 }], nextCursor: null });
    const league = await api('GET', '/quizzes/spring/league');
    expect(league.body).toMatchObject({
      items: [
        { code: 'RD', rank: 1, people: 1, took: 1, perHead: 200 },
        { code: 'SALES', rank: 2, people: 1, took: 1, perHead: 100 },
      ],
    });
  });

  it('give every answer as a workbook in which nothing is a formula', async () => {
    const answer = await server.api('GET', '/quizzes/spring/answers.xlsx');
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="spring-answers.xlsx"');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(await answer.arrayBuffer());
    const [ranking, answers] = workbook.worksheets;
    expect(ranking?.getRow(2).values).toEqual([undefined, 1, 'E1', "'=张小满", '研发部', 200, 2, 2, 2, 0]);
    expect(answers?.rowCount).toBe(1 + 4);
    const said = (answers?.getColumn(7).values.slice(2) ?? []).map(String);
    expect(said.toSorted((a, b) => a.localeCompare(b, 'zh'))).toEqual(
      ['对', '对', '对的', '错一'].toSorted((a, b) => a.localeCompare(b, 'zh')),
    );
  });

  it('are counted for the metrics while they run', async () => {
    expect(await roundNumbers(app.database.db)).toEqual([
      { kind: 'daily', rounds: 0, people: 0, answers: 0 },
      { kind: 'span', rounds: 1, people: 2, answers: 4 },
      { kind: 'live', rounds: 0, people: 0, answers: 0 },
    ]);
  });

  it('lose a question that was bad: scores are counted anew, and who moved is kept', async () => {
    const items = await api('GET', '/quizzes/spring/items');
    const all = items.body['items'] as { key: string; position: number; easiness: number; answers: number }[];
    const bad = all.find(({ key }) => key === 'quiz-one');
    expect(bad).toMatchObject({ answers: 2, easiness: 0.5 });
    const path = `/quizzes/spring/questions/${bad?.position}/withdraw`;
    expect(await api('POST', path, { reason: '两个都对' })).toMatchObject({
      status: 200,
      body: { changed: 2 },
    });
    expect((await api('POST', path, { reason: '再来' })).body).toEqual({ changed: 0 });
    expect((await api('GET', '/quizzes/spring/rescores')).body['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ number: 'E1', scoreBefore: 200, scoreAfter: 100 })]),
    );
    expect((await api('GET', '/quizzes/spring/results')).body).toMatchObject({
      items: [{ score: 100 }, { score: 100 }],
    });
  });

  it('end, have their winners confirmed once, give certificates, and change no more', async () => {
    const early = await api('GET', '/quizzes/spring/certificates/E1');
    expect(early).toMatchObject({ status: 409, body: { code: 'quiz.not-closed' } });
    expect((await api('POST', '/quizzes/spring/close', {})).body).toMatchObject({ state: 'closed' });
    const once = await api('POST', '/quizzes/spring/approve', {});
    const again = await api('POST', '/quizzes/spring/approve', {});
    expect(once.body).toEqual(again.body);
    expect((once.body['winners'] as unknown[]).length).toBe(2);
    const { rows } = await app.database.db.execute(
      sql`select count(distinct key)::int as n from point_entries where reason = 'quiz-winner'`,
    );
    expect(rows).toEqual([{ n: 2 }]);
    const certificate = await server.api('GET', '/quizzes/spring/certificates/E1');
    expect(
      Buffer.from(await certificate.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const given = await app.database.db.execute<{ code: string }>(sql`select code from quiz_certificates`);
    const typed = (given.rows[0]?.code ?? '').toLowerCase().replaceAll('-', ' ');
    expect(await api('GET', `/quizzes/certificates/${encodeURIComponent(typed)}`)).toMatchObject({
      status: 200,
      body: { number: 'E1', name: '=张小满', title: '春季赛', asked: 1 },
    });
    expect(await api('GET', '/quizzes/certificates/AAAA-BBBB-CCCC-DDDD')).toMatchObject({
      status: 404,
      body: { code: 'quiz.no-certificate' },
    });
    expect(await api('POST', '/quizzes/spring/questions/0/withdraw', { reason: '晚了' })).toMatchObject({
      status: 409,
      body: { code: 'quiz.approved' },
    });
  });

  it('leave a line in the audit for each change and each look at people', async () => {
    const { rows } = await app.database.db.execute<{ action: string }>(
      sql`select distinct action from audit where subject like 'quiz:spring%' order by action`,
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'quizzes.answers',
        'quizzes.approve',
        'quizzes.certificate',
        'quizzes.close',
        'quizzes.publish',
        'quizzes.put',
        'quizzes.results',
        'quizzes.withdraw',
      ]),
    );
  });
});
