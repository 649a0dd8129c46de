import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { createApiToken } from '#src/http/credentials.ts';
import { systemClock } from '#src/kernel/time.ts';
import { type Classes, classesOf } from '../../conversations/classes.ts';
import { wordsOf } from '../../support/conversation.ts';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

/** Days pass slowly on a busy machine. */
jest.setTimeout(120_000);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
let app: SmallApp;
let server: TestServer;
let classes: Classes;
let liaison: string;

beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-14T01:30:00Z',
    tips: 3,
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E2,=HYPERLINK(1),RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E3,王知行,SALES,,销售,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E4,何一鸣,SALES,,销售,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'L1,钱接口,RD,,接口人,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,beginner',
    ],
  });
  server = await testServer(app);
  classes = classesOf(app.app, app.database.db, join(app.dataDir, 'files'));
  liaison = (
    await createApiToken(app.database.db, {
      name: 'RD 接口人',
      roles: ['liaison'],
      departmentCodes: ['RD'],
      now: systemClock.now(),
    })
  ).secret;
}, 120_000);
afterAll(async () => {
  await server.close();
  await app.close();
});

interface Answer {
  status: number;
  body: any; // oxlint-disable-line typescript/no-explicit-any
}

async function api(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await server.api(method, path, body);
  return { status: response.status, body: await response.json() };
}

async function asked(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body?: Buffer,
): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
}
const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
const asLiaison = async (path: string): Promise<Answer> => {
  const response = await asked(path, { authorization: `Bearer ${liaison}` });
  return { status: response.status, body: await response.json() };
};

const input = (more: object = {}) => ({
  title: '表格入门',
  kind: 'on-site',
  place: '3 楼培训室',
  startsAt: '2026-09-21T14:00:00+08:00',
  endsAt: '2026-09-21T15:00:00+08:00',
  ...more,
});
const audited = async (): Promise<string[]> => {
  const { rows } = await app.database.db.execute<{ action: string }>(
    sql`select action from audit where action like 'trainings.%' order by place`,
  );
  return rows.map(({ action }) => action);
};

describe('trainings by API', () => {
  let id: string;
  let no: number;

  it('are planned once however often the request comes, and nobody sees them before they open', async () => {
    const key = randomUUID();
    const plan = async () => {
      const response = await fetch(`${server.url}/api/v1/trainings`, {
        method: 'POST',
        headers: { ...admin, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(input({ seats: 3, quotas: [{ department: 'SALES', seats: 1 }] })),
      });
      return response.json() as Promise<{ id: string; no: number; state: string }>;
    };
    const first = await plan();
    expect(await plan()).toEqual(first);
    ({ id, no } = first);
    expect(first).toMatchObject({
      state: 'draft',
      leastMinutes: 36,
      quotas: [{ department: 'SALES', seats: 1 }],
    });
    expect((await app.as('E1').says('培训')).messages.map(wordsOf).join()).toContain('还没有安排培训');
    expect((await app.as('E1').says(`报名 ${no}`)).messages.map(wordsOf).join()).toContain('没有编号');
    expect((await api('POST', `/trainings/${id}/open`, {})).body).toMatchObject({ state: 'open' });
    expect((await app.as('E1').says('培训')).messages.map(wordsOf).join()).toContain('表格入门');
  });

  it.each([
    ['an end before the start', { endsAt: '2026-09-21T13:00:00+08:00' }, 'endsAt'],
    ['a reminder that is none', { reminders: ['soon'] }, 'reminders'],
    ['a link that is no address', { link: 'javascript:alert(1)' }, 'link'],
    ['a title of nothing', { title: '  ' }, 'title'],
  ])('refuse %s', async (_name, more, path) => {
    const { status, body } = await api('POST', '/trainings', input(more));
    expect(status).toBe(400);
    expect(JSON.stringify(body.errors)).toContain(path);
  });

  it('refuse a zone and a department that do not exist', async () => {
    expect((await api('POST', '/trainings', input({ zone: 'Mars/Base' }))).status).toBe(400);
    const quotas = [{ department: 'NONE', seats: 1 }];
    expect((await api('POST', '/trainings', input({ quotas }))).body).toMatchObject({
      code: 'department.not-found',
    });
  });

  it('come in pages by their start, each once', async () => {
    const series = await api('POST', '/trainings:series', {
      title: '秋季班',
      everyDays: 7,
      count: 5,
      training: input({ startsAt: '2026-10-09T14:00:00+08:00', endsAt: '2026-10-09T15:00:00+08:00' }),
    });
    expect(series.body.items).toHaveLength(5);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await api('GET', `/trainings?limit=2${cursor}`);
      seen.push(...body.items.map((one: { startsAt: string }) => one.startsAt));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([...seen].sort());
    expect(seen).toHaveLength(6);
    const october = await api('GET', `/trainings?from=2026-10-15T00:00:00Z&to=2026-10-20T00:00:00Z`);
    expect(october.body.items).toHaveLength(1);
  });

  it('sign people up and cancel for them; a change of place is told once', async () => {
    const sign = (employee: string, what = 'sign-up') =>
      api('POST', `/trainings/${id}/people`, { employee, do: what });
    expect((await sign('E1')).body).toEqual({ outcome: 'in' });
    expect((await sign('E1')).body).toEqual({ outcome: 'already' });
    expect((await sign('E2')).body).toEqual({ outcome: 'in' });
    expect((await sign('E3')).body).toEqual({ outcome: 'in' });
    expect((await sign('E4')).body).toEqual({ outcome: 'waiting' });
    expect((await sign('E9')).body).toMatchObject({ code: 'employee.not-found' });
    const quotas = [{ department: 'SALES', seats: 2 }];
    const changed = await api('PUT', `/trainings/${id}`, input({ seats: 4, quotas, place: '报告厅' }));
    expect(changed.body).toMatchObject({
      told: 4,
      movedUp: 1,
      training: { revision: 1, signedUp: 4, waiting: 0 },
    });
    expect(
      (await api('PUT', `/trainings/${id}`, input({ seats: 4, quotas, place: '报告厅' }))).body,
    ).toMatchObject({ told: 0 });
    await app.app.settled();
    const heard = (await app.as('E4').inbox()).map(wordsOf).join('\n');
    expect(heard).toContain('轮到你了');
    expect(heard).toContain('报告厅');
    const { body } = await api('GET', `/trainings/${id}/history`);
    expect(body.items[0]).toMatchObject({ number: 'E4', kind: 'moved-up' });
  });

  it('cannot become ready with gaps, unless each has a reason with a name', async () => {
    expect((await api('GET', `/trainings/${id}/materials`)).body).toEqual({ items: [] });
    const items = [{ label: '易拉宝', owner: 'E3' }, { label: '手册' }];
    const { body: list } = await api('POST', `/trainings/${id}/materials`, { items });
    const [rollUp, manual] = list.items;
    const refused = await api('POST', `/trainings/${id}/ready`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'training.gaps' } });
    expect(refused.body.detail).toContain('易拉宝');
    await api('PUT', `/trainings/${id}/materials/${rollUp.id}`, { done: true });
    const explained = await api('PUT', `/trainings/${id}/materials/${manual.id}`, { gapReason: '下周印好' });
    expect(explained.body.items[1]).toMatchObject({ gapReason: '下周印好', gapBy: expect.any(String) });
    expect((await api('POST', `/trainings/${id}/ready`, {})).body.readyAt).toBe('2026-09-14T01:30:00Z');
    // A new gap takes it away again.
    await api('POST', `/trainings/${id}/materials`, { items: [{ label: '礼品' }] });
    expect((await api('GET', `/trainings/${id}`)).body).toMatchObject({ readyAt: null, gaps: 1 });
  });

  it('tell a liaison only of their own department', async () => {
    const { body } = await asLiaison(`/trainings/${id}/people`);
    expect(body.items.map(({ number }: { number: string }) => number)).toEqual(['E1', 'E2']);
    const history = await asLiaison(`/trainings/${id}/history`);
    expect(JSON.stringify(history.body)).not.toMatch(/E3|E4|王知行|何一鸣/);
    expect((await asLiaison(`/trainings/${id}/results`)).body).toMatchObject({ signedUp: 2 });
    expect((await asLiaison(`/trainings/${id}/code`)).status).toBe(403);
    expect((await asLiaison(`/trainings/${id}/materials`)).status).toBe(403);
  });

  it('show the code of the moment, and who came since the last look', async () => {
    await app.moveTo('2026-09-21T05:55:00Z');
    const { body } = await api('GET', `/trainings/${id}/code`);
    expect(body).toMatchObject({ open: true, until: '2026-09-21T05:55:30Z' });
    expect(body.qr).toContain('<svg');
    await app.as('E1').says(`签到 ${body.code}`);
    const before = (await audited()).length;
    const first = await api('GET', `/trainings/${id}/arrivals`);
    expect(first.body).toMatchObject({ present: 1, signedUp: 4, items: [{ number: 'E1', late: false }] });
    const next = await api('GET', `/trainings/${id}/arrivals?after=${first.body.after}`);
    expect(next.body).toMatchObject({ present: 1, items: [] });
    // Only the look that named somebody is written down.
    expect((await audited()).slice(before)).toEqual(['trainings.arrivals']);
    await app.moveTo('2026-09-21T06:15:00Z');
    await app.as('E3').says(`签到 ${classes.code({ id } as never)}`);
    expect((await asLiaison(`/trainings/${id}/arrivals?after=${first.body.after}`)).body).toMatchObject({
      present: 1,
      items: [],
    });
    expect(
      (await api('GET', `/trainings/${id}/arrivals?after=${first.body.after}`)).body.items,
    ).toMatchObject([{ number: 'E3', late: true }]);
  });

  it('scan: the page behind the QR code gives a word for one person, an old code a sentence', async () => {
    const { body } = await api('GET', `/trainings/${id}/code`);
    const path = new URL(body.url).pathname + new URL(body.url).search;
    const page = await fetch(server.url + path);
    const word = /签到 (\d{4}) (\d{4})/.exec(await page.text());
    expect(page.status).toBe(200);
    await app.moveTo('2026-09-21T06:16:30Z');
    const late = await fetch(server.url + path);
    expect(late.status).toBe(410);
    expect(await late.text()).toContain('这个二维码已经更新');
    const said = await app.as('E2').says(`签到 ${word?.[1]}${word?.[2]}`);
    expect(said.messages.map(wordsOf).join()).toContain('签到成功');
    const twice = await app.as('E4').says(`签到 ${word?.[1]}${word?.[2]}`);
    expect(twice.messages.map(wordsOf).join()).toContain('已经用过');
    expect((await fetch(`${server.url}/t/99999?k=1`)).status).toBe(404);
    expect((await fetch(`${server.url}/t/${no}/calendar.ics?k=guess`)).status).toBe(404);
  });

  it('corrections keep what was known, and name who made them and why', async () => {
    const correct = (employee: string, present: boolean, reason = '现场核对') =>
      api('POST', `/trainings/${id}/attendance`, { employee, present, reason });
    expect((await correct('E4', false)).body).toMatchObject({ code: 'training.not-attended' });
    expect((await correct('E4', true)).body).toEqual({ outcome: 'recorded' });
    expect((await correct('E4', true)).body).toEqual({ outcome: 'unchanged' });
    expect((await correct('E3', false, '代签')).body).toEqual({ outcome: 'corrected' });
    const { rows } = await app.database.db.execute(sql`
      select a.present, a.source, a.reason, a.corrects is not null as corrects from training_attendance a
      join employees e on e.id = a.employee_id where e.number = 'E3' order by a.seq`);
    expect(rows).toEqual([
      { present: true, source: 'code', reason: null, corrects: false },
      { present: false, source: 'manual', reason: '代签', corrects: true },
    ]);
    const { body } = await api('GET', `/trainings/${id}/people`);
    const e3 = body.items.find(({ number }: { number: string }) => number === 'E3');
    expect(e3).toMatchObject({ present: false, reason: '代签' });
  });

  it('export sign-ups and attendance, where nothing can be read as a formula', async () => {
    const answer = await asked(`/trainings/${id}/people.xlsx`, admin);
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(await answer.arrayBuffer());
    const rows = workbook.worksheets[0]?.getSheetValues() as unknown[][];
    const named = rows.filter(Boolean).map((row) => row.slice(1, 3));
    expect(named).toContainEqual(['E2', "'=HYPERLINK(1)"]);
    expect(await audited()).toContain('trainings.export');
    const own = await asked(`/trainings/${id}/people.xlsx`, { authorization: `Bearer ${liaison}` });
    const bytes = Buffer.from(await own.arrayBuffer());
    const theirs = new ExcelJS.Workbook();
    await theirs.xlsx.load(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    );
    expect(JSON.stringify(theirs.worksheets[0]?.getSheetValues())).not.toContain('何一鸣');
  });
});

describe('time online', () => {
  let id: string;
  const sheet = async (rows: unknown[][]): Promise<Buffer> => {
    const workbook = new ExcelJS.Workbook();
    const own = workbook.addWorksheet('参会');
    for (const row of [['工号', '姓名', '时长（分钟）'], ...rows]) own.addRow(row);
    return Buffer.from(await workbook.xlsx.writeBuffer());
  };
  const read = async (rows: unknown[][], dryRun = false): Promise<Answer> => {
    const path = `/trainings/${id}/attendance:import?dryRun=${dryRun}`;
    const headers = { ...admin, 'content-type': XLSX, 'accept-language': 'zh-CN' };
    const answer = await asked(path, headers, 'POST', await sheet(rows));
    return { status: answer.status, body: await answer.json() };
  };

  beforeAll(async () => {
    const remote = {
      kind: 'remote',
      place: null,
      link: 'https://meet.example.com/2',
      recordingUrl: 'https://meet.example.com/rec/2',
    };
    const span = { startsAt: '2026-09-22T14:00:00+08:00', endsAt: '2026-09-22T15:00:00+08:00' };
    ({ id } = (await api('POST', '/trainings', input({ ...remote, ...span, title: '线上课' }))).body);
    await api('POST', `/trainings/${id}/open`, {});
    for (const employee of ['E1', 'E2', 'E3'])
      await api('POST', `/trainings/${id}/people`, { employee, do: 'sign-up' });
    await app.moveTo('2026-09-22T07:06:00Z');
  });

  const rows = [
    ['E1', '张小满', 20],
    ['E1', '张小满', '0:25:00'],
    ['E2', '', '10 分钟'],
    ['E4', '何一鸣', 60],
    ['E9', '没有', 60],
    ['E3', '王知行', '挺久'],
  ];

  it('is reported row by row before anything is written', async () => {
    const { body } = await read(rows, true);
    expect(body.totals).toEqual({ counted: 3, unchanged: 0, short: 1, refused: 2 });
    expect(
      body.rows.map(({ line, outcome }: { line: number; outcome: string }) => `${line} ${outcome}`),
    ).toEqual(['2 counted', '3 counted', '4 short', '5 counted', '6 refused', '7 refused']);
    expect(body.rows[4].problem).toContain('没有工号为 E9 的员工');
    expect(body.rows[5].problem).toContain('时长看不懂');
    expect((await api('GET', `/trainings/${id}/results`)).body).toMatchObject({ present: 0 });
  });

  it('counts whoever was there long enough, and asks them how it was; the others get the recording', async () => {
    // Before the list was read, nobody could be called absent.
    expect((await app.as('E2').inbox()).map(wordsOf).join()).not.toContain('回放来了');
    await read(rows);
    await app.app.settled();
    const heard = async (number: string) => (await app.as(number).inbox()).map(wordsOf).join('\n');
    expect(await heard('E1')).toContain('这堂课怎么样：线上课');
    expect(await heard('E4')).toContain('这堂课怎么样：线上课');
    expect(await heard('E2')).toContain('回放来了：线上课');
    expect(await heard('E3')).toContain('回放来了：线上课');
    expect(await heard('E1')).not.toContain('回放来了');
    const { body } = await api('GET', `/trainings/${id}/people`);
    expect(body.items[0]).toMatchObject({
      number: 'E1',
      present: true,
      minutes: 45,
      source: 'import',
      grade: 'metered',
    });
  });

  it('read again changes nothing; a longer time replaces a shorter one by a row of its own', async () => {
    expect((await read(rows)).body.totals).toEqual({ counted: 0, unchanged: 3, short: 1, refused: 2 });
    expect((await read([['E1', '', 58]])).body.totals).toMatchObject({ counted: 1 });
    const { rows: kept } = await app.database.db.execute(sql`
      select a.minutes from training_attendance a join employees e on e.id = a.employee_id
      where e.number = 'E1' and a.training_id = ${id} order by a.seq`);
    expect(kept).toEqual([{ minutes: 45 }, { minutes: 58 }]);
    await app.app.settled();
    const asked = (await app.as('E1').inbox())
      .map(wordsOf)
      .filter((words) => words.startsWith('这堂课怎么样：线上课'));
    expect(asked).toHaveLength(1);
  });

  it('belongs to what took place: a draft has nobody in it, and what is over is not cancelled', async () => {
    const { body: draft } = await api('POST', '/trainings', input({ title: '草稿' }));
    const present = { employee: 'E1', present: true, reason: '现场核对' };
    expect((await api('POST', `/trainings/${draft.id}/attendance`, present)).body).toMatchObject({
      code: 'training.not-open',
    });
    await api('POST', `/trainings/${draft.id}/cancel`, { reason: '不办了' });
    expect((await api('POST', `/trainings/${draft.id}/attendance`, present)).body).toMatchObject({
      code: 'training.cancelled',
    });
    expect(await api('POST', `/trainings/${id}/cancel`, { reason: '不办了' })).toMatchObject({
      status: 409,
      body: { code: 'training.ended' },
    });
  });

  it('is refused with a sentence when the file lacks a column', async () => {
    const workbook = new ExcelJS.Workbook();
    workbook.addWorksheet('x').addRow(['姓名', '分']);
    const headers = { ...admin, 'content-type': XLSX, 'accept-language': 'zh-CN' };
    const answer = await asked(
      `/trainings/${id}/attendance:import`,
      headers,
      'POST',
      Buffer.from(await workbook.xlsx.writeBuffer()),
    );
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain('工号');
  });
});

describe('an event of somebody else', () => {
  it('has a code of its own for their slides, which brings our card', async () => {
    const event = {
      kind: 'external-event',
      title: '信息部宣讲会',
      startsAt: '2026-09-24T14:00:00+08:00',
      endsAt: '2026-09-24T15:00:00+08:00',
    };
    const { body: made } = await api('POST', '/trainings', input(event));
    const { body } = await api('POST', `/trainings/${made.id}/open`, {});
    const { messages } = await app.as('E4').says(`扫码 ${body.linkCode}`);
    expect(messages.map(wordsOf).join('\n')).toContain('信息部宣讲会');
    expect(
      messages.some(
        (message) => message.kind === 'card' && message.card.buttons.some(({ label }) => label === '报名'),
      ),
    ).toBe(true);
    expect((await api('GET', `/trainings/${made.id}/results`)).body.poster).toEqual({ scans: 0, arrived: 1 });
    expect((await asked(`/links/${body.linkCode}/qr`, admin)).headers.get('content-type')).toContain('svg');
  });
});

describe('after a class', () => {
  it('a quiz round that waits as a draft opens, and only whoever was there is called', async () => {
    const question = {
      id: 'after-class',
      kind: 'true-false',
      text: '冻结窗格能让表头一直在。',
      answer: true,
      explanation: '在「视图」里。',
      review: 'reviewed',
    };
    expect((await api('POST', '/questions:import', { questions: [question] })).status).toBe(200);
    const quiz = {
      id: 'class-quiz',
      kind: 'span',
      title: '课后小测',
      invites: 'nobody',
      blueprint: [{ count: 1 }],
      startsAt: '2026-09-20T00:00:00Z',
      endsAt: '2026-10-10T00:00:00Z',
    };
    expect((await api('PUT', '/quizzes/class-quiz', { quiz, campaign: 'small-campaign' })).status).toBe(200);
    const span = { startsAt: '2026-09-23T14:00:00+08:00', endsAt: '2026-09-23T15:00:00+08:00' };
    const { body: made } = await api(
      'POST',
      '/trainings',
      input({ ...span, title: '带小测的课', quizKey: 'class-quiz' }),
    );
    await api('POST', `/trainings/${made.id}/open`, {});
    for (const employee of ['E1', 'E2'])
      await api('POST', `/trainings/${made.id}/people`, { employee, do: 'sign-up' });
    await app.moveTo('2026-09-23T06:01:00Z');
    await app.as('E1').says(`签到 ${classes.code(made as never)}`);
    await app.moveTo('2026-09-23T07:06:00Z');
    await app.app.refreshSchedules();
    await app.moveTo('2026-09-23T07:10:00Z');
    const heard = async (number: string) => (await app.as(number).inbox()).map(wordsOf).join('\n');
    expect(await heard('E1')).toContain('课后小测：带小测的课');
    expect(await heard('E2')).not.toContain('课后小测');
    await app.as('E1').says('答题');
    await app.as('E1').says('对');
    expect((await api('GET', `/trainings/${made.id}/results`)).body.quiz).toMatchObject({
      people: 1,
      rightShare: 1,
      state: 'published',
    });
  });
});

it('the metrics count classes, lists and attendance', async () => {
  const { trainingNumbers } = await import('#src/features/trainings/index.ts');
  const numbers = await trainingNumbers(app.database.db, app.app.clock.now().toString());
  expect(numbers).toMatchObject({ coming: 1, present: 6 });
});
