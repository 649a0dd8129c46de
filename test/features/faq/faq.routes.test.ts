import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import { createKnowledge } from '#src/features/faq/faq.knowledge.ts';
import { Temporal } from '#src/kernel/time.ts';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';
import { office } from './office.ts';

let app: SmallApp;
let server: TestServer;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T00:00:00Z', tips: 3 });
  server = await testServer(app);
});
afterAll(async () => {
  await server.close();
  await app.close();
});

async function api(method: string, path: string, body?: unknown): Promise<{ status: number; body: never }> {
  const response = await server.api(method, path, body);
  return { status: response.status, body: (await response.json()) as never };
}

async function importFile(type: string, body: string | Buffer): Promise<{ status: number; body: never }> {
  const response = await fetch(`${server.url}/api/v1/faq/entries:import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: response.status, body: (await response.json()) as never };
}

const ask = (text: string, employeeId?: string) =>
  api('POST', '/faq/ask', { text, ...(employeeId === undefined ? {} : { employeeId }) });

describe('importing and asking', () => {
  it('says that it knows nothing while the knowledge base is empty', async () => {
    expect(await ask('忘记密码怎么办')).toEqual({
      status: 200,
      body: { outcome: 'handover', confidence: 0, choices: [] },
    });
  });

  it('takes JSON and answers right after', async () => {
    const { status, body } = await api('POST', '/faq/entries:import', { entries: office });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { totals: { created: office.length, updated: 0, unchanged: 0, refused: 0 } },
    });
    const answer = await ask('请问忘了登录密码怎么找回？');
    expect(answer.body).toMatchObject({
      outcome: 'answer',
      entryId: 'password-reset',
      answer: expect.stringContaining('忘记密码'),
    });
    const { choices, confidence } = answer.body as { choices: { confidence: number }[]; confidence: number };
    expect(choices).toHaveLength(3);
    expect(choices[0]).toMatchObject({ entryId: 'password-reset', question: '忘记密码怎么办', confidence });
  });

  it('changes nothing when the same comes again, and reports row by row', async () => {
    const [first, second] = office;
    const { body } = await api('POST', '/faq/entries:import', {
      entries: [first, { ...second, answer: '换了答案' }, { id: 'no-question' }, first, 'nonsense'],
    });
    expect(body).toMatchObject({
      totals: { created: 0, updated: 1, unchanged: 1, refused: 3 },
      rows: [
        { line: 1, outcome: 'unchanged', problems: [] },
        { line: 2, outcome: 'updated' },
        { line: 3, id: 'no-question', outcome: 'refused', problems: [expect.stringContaining('question')] },
        { line: 4, outcome: 'refused', problems: [expect.stringContaining('stands in a row before')] },
        { line: 5, outcome: 'refused' },
      ],
    });
    expect((await api('GET', '/faq/entries/activate')).body).toMatchObject({
      answer: '换了答案',
      version: 2,
    });
  });

  it('takes CSV with Chinese headings, several questions in a cell', async () => {
    const csv =
      '\ufeff编号,标准问,相似问,答案,标签\nvpn,怎么连接 VPN,VPN 连不上|如何设置虚拟专网,打开客户端。,网络;远程\n,少了编号,,,\n';
    const { body } = await importFile('text/csv', csv);
    expect(body).toMatchObject({
      totals: { created: 1, refused: 1 },
      rows: [{ line: 2, id: 'vpn' }, { line: 3 }],
    });
    expect((await api('GET', '/faq/entries/vpn')).body).toMatchObject({
      similar: ['VPN 连不上', '如何设置虚拟专网'],
      tags: ['网络', '远程'],
    });
    expect((await ask('虚拟专网如何设置')).body).toMatchObject({ entryId: 'vpn' });
  });

  it('takes XLSX', async () => {
    const workbook = new ExcelJS.Workbook();
    const sheet = workbook.addWorksheet('FAQ');
    sheet.addRow(['id', 'question', 'similar', 'answer']);
    sheet.addRow(['fonts', '字体显示不全怎么办', '缺少字体', '安装字体包。']);
    const { body } = await importFile(XLSX, Buffer.from(await workbook.xlsx.writeBuffer()));
    expect(body).toMatchObject({ totals: { created: 1 } });
  });

  it.each([
    ['a table without ids', 'text/csv', '问题,答案\n甲,乙\n', 400],
    ['a workbook that is none', XLSX, 'PK-nonsense', 400],
    ['another type', 'text/plain', 'x', 415],
  ])('refuses %s', async (_name, type, body, status) => {
    expect((await importFile(type, body)).status).toBe(status);
  });

  it('refuses more than 10 MB', async () => {
    expect((await importFile('text/csv', Buffer.alloc(11 * 1024 * 1024, 'a'))).status).toBe(413);
  });

  it('keeps what it could not answer, once, with the best candidates', async () => {
    await ask('食堂今天几点开门呀', 'E1');
    const { body } = await api('GET', '/faq/misses?limit=1');
    expect(body).toMatchObject({
      items: [
        {
          text: '食堂今天几点开门呀',
          department: 'RD',
          context: 'api',
          outcome: expect.stringMatching(/rephrase|handover/),
        },
      ],
    });
  });

  it('does not know an employee who is none', async () => {
    expect(await ask('忘记密码怎么办', 'nobody')).toMatchObject({
      status: 404,
      body: { code: 'employee.not-found' },
    });
  });
});

describe('scope and dates', () => {
  it('answers only the people of a department, and those below it', async () => {
    const entry = { id: 'lab', question: '实验室门禁卡怎么办理', answer: '找前台。', departments: ['RD'] };
    await api('PUT', '/faq/entries/lab', entry);
    expect((await ask('实验室门禁卡怎么办理', 'E1')).body).toMatchObject({ entryId: 'lab' });
    expect((await ask('实验室门禁卡怎么办理', 'E4')).body).not.toHaveProperty('entryId');
    await api('PUT', '/faq/entries/lab', { ...entry, departments: ['ROOT'] });
    expect((await ask('实验室门禁卡怎么办理', 'E4')).body).toMatchObject({ entryId: 'lab' });
    await api('PUT', '/faq/entries/lab', { ...entry, departments: [], validUntil: '2026-09-13' });
    expect((await ask('实验室门禁卡怎么办理')).body).not.toHaveProperty('entryId');
    await api('PUT', '/faq/entries/lab', { ...entry, departments: [], validUntil: '2026-09-14' });
    expect((await ask('实验室门禁卡怎么办理')).body).toMatchObject({ entryId: 'lab' });
  });
});

describe('the knowledge base', () => {
  it('pages by id', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { body } = await api('GET', `/faq/entries?limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const { items, nextCursor } = body as { items: { id: string }[]; nextCursor: string | null };
      seen.push(...items.map(({ id }) => id));
      cursor = nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain('vpn');
  });

  it('retires an entry at once, and takes it back when it is given again', async () => {
    expect((await api('DELETE', '/faq/entries/vpn')).body).toMatchObject({ retiredAt: expect.any(String) });
    expect((await ask('VPN 连不上')).body).not.toMatchObject({ entryId: 'vpn' });
    expect((await api('GET', '/faq/entries?retired=true')).body).toMatchObject({ items: [{ id: 'vpn' }] });
    const { body } = await api('PUT', '/faq/entries/vpn', {
      id: 'vpn',
      question: 'VPN 连不上',
      answer: '重启。',
    });
    expect(body).toMatchObject({ outcome: 'updated', entry: { retiredAt: null, version: 2 } });
    expect((await ask('VPN 连不上')).body).toMatchObject({ entryId: 'vpn' });
  });

  it('has no entry that nobody gave', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect(await api(method, '/faq/entries/nothing')).toMatchObject({
        status: 404,
        body: { code: 'faq.not-found' },
      });
    }
  });

  it('reaches another process when that one looks', async () => {
    const other = createKnowledge({ db: app.database.db });
    const asker = { today: Temporal.PlainDate.from('2026-09-14'), departments: undefined };
    const best = async () => (await other.find('年会在哪里报名', asker, 1)).candidates[0]?.id;
    expect(await best()).not.toBe('party');
    await api('PUT', '/faq/entries/party', { id: 'party', question: '年会在哪里报名', answer: '首页。' });
    expect(await best()).not.toBe('party');
    await other.refresh();
    expect(await best()).toBe('party');
    await api('DELETE', '/faq/entries/party');
    await other.refresh();
    expect(await best()).not.toBe('party');
  });
});

describe('hostile questions', () => {
  it.each([
    ['10 KB', '怎么'.repeat(5_000)],
    ['control characters', '密码\u0000\u0007忘了'],
    ['half an emoji', '密码\ud83d'],
    ['nothing', ''],
  ])('%s are answered', async (_name, text) => {
    expect((await ask(text)).status).toBe(200);
  });
});
