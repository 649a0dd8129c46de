import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardIn, wordsOf } from '../../support/conversation.ts';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;
let server: TestServer;
beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T02:00:00Z', tips: 3 });
  server = await testServer(app);
});
afterAll(async () => {
  await server.close();
  await app.close();
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n');

async function send(path: string, type: string, bytes: Buffer): Promise<{ status: number; body: never }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, body: (await response.json()) as never };
}
const keep = async (type: string, bytes: Buffer) =>
  (await send('/faq/files', type, bytes)).body as { file: string };

const entry = {
  id: 'install-guide',
  question: '怎么安装办公软件',
  similar: ['安装包在哪里'],
  answer: '照着手册做。',
  steps: ['打开内网门户', '点 **下载**'],
  tags: ['安装'],
  departments: [],
  review: 'reviewed',
  active: true,
  validFrom: '2026-01-01',
};
let attachments: { name: string; file: string }[];

describe('an entry with steps, a picture and a file', () => {
  beforeAll(async () => {
    const [picture, manual] = [await keep('image/png', PNG), await keep('application/pdf', PDF)];
    attachments = [
      { name: '示意图.png', file: picture.file },
      { name: '安装手册.pdf', file: manual.file },
    ];
    await server.api('PUT', '/faq/entries/install-guide', { ...entry, attachments });
  });

  it('is answered with numbered steps, and both come behind the card', async () => {
    const { messages } = await app.as('E1').says('办公软件怎么安装');
    expect(cardIn(messages).body).toBe('照着手册做。\n\n1. 打开内网门户\n2. 点 **下载**');
    expect(messages.slice(1)).toMatchObject([
      { kind: 'image', path: `faq/${attachments[0]?.file}`, alt: '示意图.png' },
      { kind: 'file', name: '安装手册.pdf', mime: 'application/pdf', bytes: PDF.length },
    ]);
    const answer = await (await server.api('POST', '/faq/ask', { text: '办公软件怎么安装' })).json();
    expect(answer).toMatchObject({ answer: expect.stringContaining('2. 点 **下载**') });
  });

  it('gives the file back to who may read, and nothing else on this machine', async () => {
    const response = await server.api('GET', `/faq/files/${attachments[1]?.file}`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PDF);
    expect(response.headers.get('content-disposition')).toContain('attachment');
    expect((await server.api('GET', `/faq/files/${'0'.repeat(32)}.pdf`)).status).toBe(404);
    expect((await server.api('GET', '/faq/files/..%2Fsecrets.json')).status).toBe(400);
  });

  it.each([
    ['a page', 'text/html', Buffer.from('<script>'), 415],
    ['a script that calls itself a picture', 'image/png', Buffer.from('<svg onload=alert(1)>'), 400],
    ['what only begins like a picture', 'image/png', PNG.subarray(0, 10), 400],
    ['nothing', 'image/png', Buffer.alloc(0), 400],
  ])('does not take %s', async (_name, type, bytes, status) => {
    expect((await send('/faq/files', type, bytes)).status).toBe(status);
  });

  it.each([
    ['json', 'application/json'],
    ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['csv', 'text/csv'],
    ['markdown', 'text/markdown'],
  ])('goes out as %s and comes in again unchanged', async (format, type) => {
    const response = await server.api('GET', `/faq/export?format=${format}`);
    expect(response.headers.get('content-type')).toContain(type);
    const bytes = Buffer.from(await response.arrayBuffer());
    const { body } = await send('/faq/entries:import', type, bytes);
    expect(body).toMatchObject({ totals: { created: 0, updated: 0, unchanged: 1, refused: 0 } });
  });

  it('is taken without its file, and the report says which one is missing', async () => {
    const gone = { name: '旧图.png', file: `${'1'.repeat(32)}.png` };
    const response = await server.api('POST', '/faq/entries:import', {
      entries: [{ ...entry, id: 'other', question: '怎么卸载', similar: [], attachments: [gone] }],
    });
    expect(await response.json()).toMatchObject({
      totals: { created: 1 },
      rows: [
        { outcome: 'created', problems: ['attachments: 旧图.png is not on this machine; upload it again'] },
      ],
    });
    expect((await app.as('E1').says('怎么卸载')).messages.map(wordsOf)).toHaveLength(1);
  });

  it('is remembered as it was in each version', async () => {
    await server.api('PUT', '/faq/entries/install-guide', { ...entry, steps: ['打开门户'], attachments: [] });
    const response = await server.api('GET', '/faq/entries/install-guide/versions');
    const { items } = (await response.json()) as { items: { version: number; content: object }[] };
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
    expect(items[1]?.content).toMatchObject({ steps: entry.steps, attachments });
  });
});
