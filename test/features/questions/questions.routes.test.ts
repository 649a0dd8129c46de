import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;
let server: TestServer;

beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T01:30:00Z', tips: 3 });
  server = await testServer(app);
});
afterAll(async () => {
  await server?.close();
  await app?.close();
});

async function api(method: string, path: string, body?: unknown) {
  const response = await server.api(method, path, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Sends bytes as a file of this type. */
async function sends(path: string, type: string, bytes: Buffer | string) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type, 'accept-language': 'zh-CN' },
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const question = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  kind: 'single',
  text: '合计在哪里看？',
  options: ['标题栏', '状态栏'],
  answer: 1,
  explanation: '选中数字，状态栏就有合计。',
  ...more,
});

describe('the question bank by API', () => {
  it('takes a list, and reports each question by its place', async () => {
    const questions = [
      question('q-sum', { tags: ['=1+1'] }),
      question('q-bad', { answer: 7 }),
      question('q-draft', { explanation: undefined }),
      'no question',
    ];
    const { status, body } = await api('POST', '/questions:import', { questions });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      totals: { created: 2, updated: 0, unchanged: 0, refused: 2 },
      rows: [
        { line: 1, id: 'q-sum', outcome: 'created', problems: [] },
        { line: 2, id: 'q-bad', outcome: 'refused' },
        { line: 3, id: 'q-draft', outcome: 'created' },
        { line: 4, outcome: 'refused' },
      ],
    });
    const again = await api('POST', '/questions:import', { questions });
    expect(again.body).toMatchObject({ totals: { created: 0, unchanged: 2, refused: 2 } });
  });

  it('is read page by page, filtered and searched', async () => {
    const first = await api('GET', '/questions?limit=1');
    expect(first.body).toMatchObject({ items: [{ key: 'q-draft' }] });
    const second = await api('GET', `/questions?limit=1&cursor=${String(first.body['nextCursor'])}`);
    expect(second.body).toMatchObject({
      items: [{ key: 'q-sum', options: ['标题栏', '状态栏'] }],
      nextCursor: null,
    });
    expect((await api('GET', '/questions?search=sum')).body).toMatchObject({ items: [{ key: 'q-sum' }] });
    expect((await api('GET', '/questions?kind=numeric')).body).toEqual({ items: [], nextCursor: null });
  });

  it('lets a question pass the review only with its explanation', async () => {
    expect(await api('POST', '/questions/q-sum/review', { review: 'reviewed' })).toMatchObject({
      status: 200,
      body: { review: 'reviewed' },
    });
    expect(await api('POST', '/questions/q-draft/review', { review: 'reviewed' })).toMatchObject({
      status: 409,
      body: { code: 'question.incomplete' },
    });
  });

  it('gives a new version to a question that changed, and none to one that did not', async () => {
    const before = await api('GET', '/questions/q-draft');
    const same = await api('PUT', '/questions/q-draft', question('q-draft', { explanation: undefined }));
    expect(same.body).toMatchObject({ outcome: 'unchanged', question: { version: before.body['version'] } });
    const other = await api('PUT', '/questions/q-draft', question('q-draft', { text: '平均值在哪里看？' }));
    expect(other.body).toMatchObject({
      outcome: 'updated',
      question: { text: '平均值在哪里看？', version: Number(before.body['version']) + 1 },
    });
  });

  it.each(['xlsx', 'csv', 'gift', 'moodle'])('is exported as %s and comes back unchanged', async (format) => {
    const file = await server.api('GET', `/questions:export?format=${format}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="questions\./);
    const type = file.headers.get('content-type')?.split(';')[0] ?? '';
    const { status, body } = await sends('/questions:import', type, Buffer.from(await file.arrayBuffer()));
    expect(status).toBe(200);
    expect(body).toMatchObject({ totals: { created: 0, updated: 0, unchanged: 2, refused: 0 } });
  });

  it('names the line of what it cannot take, and takes the rest', async () => {
    const aiken = '能不能撤销？\nA. 能\nB. 不能\nANSWER: A\n\n没有答案的题？\nA. 一\nB. 二\n';
    expect((await sends('/questions:import', 'text/x-aiken', aiken)).body).toMatchObject({
      totals: { created: 1, refused: 1 },
      rows: [
        { line: 1, outcome: 'created' },
        { line: 6, outcome: 'refused' },
      ],
    });
  });

  it.each([
    ['XML that brings entities', 'application/xml', '<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', 400],
    ['XML that is not whole', 'application/xml', '<quiz><question>', 400],
    ['a type that nobody reads', 'application/pdf', '%PDF-1.7', 415],
    [
      'a workbook that is none',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'PK?',
      400,
    ],
  ])('refuses %s', async (_what, type, bytes, status) => {
    expect((await sends('/questions:import', type, bytes)).status).toBe(status);
  });

  it('keeps a picture under the name of its content, and nothing that is none', async () => {
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const { body } = await sends('/questions/pictures', 'image/png', pixel);
    expect(body['picture']).toMatch(/^[0-9a-f]{32}\.png$/);
    const shown = await fetch(`${server.url}/api/v1/questions/pictures/${String(body['picture'])}`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await shown.arrayBuffer()).equals(pixel)).toBe(true);
    const unknown = await api('GET', `/questions/pictures/${'0'.repeat(32)}.png`);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'question.picture-not-found' } });
    expect(await sends('/questions/pictures', 'image/png', 'no picture')).toMatchObject({
      status: 400,
      body: { code: 'question.picture' },
    });
    expect((await sends('/questions/pictures', 'image/svg+xml', '<svg/>')).status).toBe(415);

    // A question whose picture nobody has would be sent to nobody.
    const questions = [
      question('q-seen', { picture: body['picture'] }),
      question('q-unseen', { picture: `${'0'.repeat(32)}.png` }),
    ];
    const imported = await api('POST', '/questions:import', { questions });
    expect(imported.body).toMatchObject({
      rows: [
        { id: 'q-seen', outcome: 'created' },
        { outcome: 'refused', problems: [expect.stringContaining('upload it first')] },
      ],
    });
    expect((await api('DELETE', '/questions/q-seen')).status).toBe(200);
  });

  it('retires a question without losing it, and writing it brings it back', async () => {
    expect((await api('DELETE', '/questions/q-sum')).body['retiredAt']).toEqual(expect.any(String));
    expect((await api('GET', '/questions?search=q-sum')).body).toMatchObject({ items: [] });
    expect((await api('GET', '/questions?search=q-sum&retired=true')).body).toMatchObject({
      items: [{ key: 'q-sum' }],
    });
    await api('PUT', '/questions/q-sum', question('q-sum'));
    expect((await api('GET', '/questions/q-sum')).body['retiredAt']).toBeNull();
  });

  it.each([
    ['a name that differs from the address', 'PUT', '/questions/other', question('q-sum'), 400],
    ['an answer that no option has', 'PUT', '/questions/q-sum', question('q-sum', { answer: 9 }), 400],
    ['a question that is not there', 'GET', '/questions/nowhere', undefined, 404],
    ['the review of one that is not there', 'POST', '/questions/nowhere/review', { review: 'draft' }, 404],
    ['a format that nobody writes', 'GET', '/questions:export?format=pdf', undefined, 400],
  ])('refuses %s', async (_what, method, path, body, status) => {
    expect(await api(method, path, body)).toMatchObject({ status, body: { code: expect.any(String) } });
  });
});
