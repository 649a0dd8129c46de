import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { defaultThresholds } from '#src/features/faq/faq.rules.ts';
import { calibrate, putCalibration, useCalibration } from '#src/features/faq/index.ts';
import { wordsOf } from '../../support/conversation.ts';
import { teach } from '../../support/knowledge.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';
import { office } from './office.ts';

let app: SmallApp;
let server: TestServer;

beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-11T01:00:00Z',
    tips: 3,
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'O1,孙运营,RD,,运营,Asia/Shanghai,zh-CN,operator,,2020-01-06,,advanced',
    ],
  });
  server = await testServer(app);
  await teach(app, office);
  for (const said of [
    '会议室投影仪怎么连',
    '会议室的投影仪怎么连接',
    '投影仪怎么连会议室',
    '公积金提取要什么材料',
  ])
    await api('POST', '/faq/ask', { text: said });
});
afterAll(async () => {
  await server.close();
  await app.close();
});

async function api(method: string, path: string, body?: unknown) {
  const response = await server.api(method, path, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const clusters = async () =>
  (await api('GET', '/faq/misses/clusters?days=30')).body['items'] as {
    question: string;
    count: number;
    ids: string[];
  }[];

describe('misses', () => {
  it('that ask the same come together, the most frequent first', async () => {
    const found = await clusters();
    expect(found[0]).toMatchObject({ count: 3, question: expect.stringContaining('投影仪') });
    expect(found.map(({ count }) => count)).toEqual([3, 1]);
  });

  it('go to the editor on Monday, and one tap makes a draft that answers nobody yet', async () => {
    await app.moveTo('2026-09-14T01:31:00Z');
    const card = (await app.as('O1').inbox()).flatMap((one) =>
      one.kind === 'card' && one.card.title.includes('没答上') ? [one.card] : [],
    )[0];
    expect(card?.body).toContain('3 次');
    const tapped = await app.as('O1').taps(card, '第 1 条存草稿');
    expect(tapped.toast).toContain('miss-');
    expect((await app.as('O1').taps(card, '第 1 条存草稿')).toast).toContain('已经处理');
    const { rows } = await app.database.db.execute(
      sql`select review, cardinality("similar") as n from faq_entries where key like 'miss-%'`,
    );
    expect(rows).toEqual([{ review: 'draft', n: 2 }]);
    expect(wordsOf((await app.as('E1').says('会议室投影仪怎么连')).messages[0])).not.toContain('miss-');
  });

  it('that come near an entry become its wordings by one tap, and what is left moves up', async () => {
    await api('POST', '/faq/ask', { text: '登陆口令弄丢咯咋整' });
    const [open] = (await app.as('O1').says('未命中')).messages.flatMap((one) =>
      one.kind === 'card' ? [one.card] : [],
    );
    const label = open?.buttons.map((one) => one.label).find((one) => one.includes('并入 password-reset'));
    const tapped = await app.as('O1').taps(open, label ?? 'none');
    expect(tapped.toast).toBe('1 种问法已并入 password-reset。');
    expect(tapped.card?.body).not.toContain('口令');
    expect((await api('GET', '/faq/entries/password-reset')).body).toMatchObject({
      similar: expect.arrayContaining(['登陆口令弄丢咯咋整']),
    });
    expect((await app.as('E1').says('未命中')).messages.map(wordsOf).join()).not.toContain('没答上的');
  });

  it('find out kindly that the entry takes no more wordings, and stay open', async () => {
    const { body: entry } = await api('GET', '/faq/entries/password-reset');
    const { question, answer } = entry;
    const put = (similar: unknown) =>
      api('PUT', '/faq/entries/password-reset', { id: 'password-reset', question, answer, similar });
    const [open] = (await app.as('O1').says('未命中')).messages.flatMap((one) =>
      one.kind === 'card' ? [one.card] : [],
    );
    const label = open?.buttons.map((one) => one.label).find((one) => one.includes('并入 password-reset'));
    await put(Array.from({ length: 50 }, (_, place) => `问法 ${place}`));
    const before = await clusters();
    const tapped = await app.as('O1').taps(open, label ?? 'none');
    expect(tapped.toast).toContain('满了 50 条');
    expect(before).not.toEqual([]);
    expect(await clusters()).toEqual(before);
    await put(entry['similar']);
  });

  it('show in the replay what publishing the draft would win', async () => {
    const { body } = await api('GET', '/faq/replay?days=30');
    const gains = body['gains'] as { text: string; after: { entry: string } }[];
    expect(gains.map(({ text }) => text)).toContain('会议室投影仪怎么连');
    expect(gains[0]?.after.entry).toContain('miss-');
    expect(body['losses']).toEqual([]);
  });

  it('become similar questions, or none of our business', async () => {
    await api('POST', '/faq/ask', { text: '口令找不着啦' });
    const all = await clusters();
    const idsOf = (part: string) => all.find(({ question }) => question.includes(part))?.ids;
    const similar = await api('POST', '/faq/misses/resolve', {
      ids: idsOf('口令'),
      as: 'similar',
      entryId: 'password-reset',
    });
    expect(similar.body).toEqual({ entryId: 'password-reset' });
    expect((await api('POST', '/faq/ask', { text: '口令找不着啦' })).body).toMatchObject({
      outcome: 'answer',
      entryId: 'password-reset',
    });
    expect((await api('POST', '/faq/misses/resolve', { ids: idsOf('公积金'), as: 'outside' })).body).toEqual({
      entryId: null,
    });
    expect(
      (await api('POST', '/faq/misses/resolve', { ids: idsOf('公积金'), as: 'outside' })).body,
    ).toMatchObject({ code: 'faq.no-misses' });
    expect((await api('POST', '/faq/misses/resolve', { ids: idsOf('公积金'), as: 'similar' })).status).toBe(
      400,
    );
  });
});

describe('the whole knowledge base', () => {
  it('goes out and comes in again unchanged', async () => {
    const { body } = await api('GET', '/faq/export');
    const again = await api('POST', '/faq/entries:import', body);
    expect(again.body).toMatchObject({
      totals: { created: 0, updated: 0, refused: 0, unchanged: (body['entries'] as unknown[]).length },
    });
  });
});

describe('calibration', () => {
  it('is fitted to the entries, versioned, used at once, and taken back', async () => {
    const { db } = app.database;
    const fitted = await calibrate(db, { mostWrong: 0.05, outOfScope: 0.3, outside: ['今天天气怎么样'] });
    expect(fitted.report.samples).toMatchObject({ 'as-written': office.length, outside: 2 });
    expect(fitted.report.curve.length).toBeGreaterThan(5);
    const by = { actor: { kind: 'system' as const, id: 'test' }, at: app.app.clock.now() };
    const never = { ...fitted, thresholds: { answer: 1.1, gap: 0, choices: 4, rephrase: 4 } };
    expect(await db.transaction((tx) => putCalibration(tx, fitted, by))).toBe(1);
    expect(await db.transaction((tx) => putCalibration(tx, never, by))).toBe(2);
    await app.moveTo('2026-09-14T01:32:00Z');
    await api('DELETE', '/faq/entries/macro-security');
    expect((await api('POST', '/faq/ask', { text: '忘记密码怎么办' })).body).toMatchObject({
      outcome: 'handover',
    });
    expect(await db.transaction((tx) => useCalibration(tx, 1, by))).toBe(3);
    await api('DELETE', '/faq/entries/cloud-sync');
    expect((await api('POST', '/faq/ask', { text: '忘记密码怎么办' })).body).toMatchObject({
      outcome: 'answer',
    });
    await expect(db.transaction((tx) => useCalibration(tx, 9, by))).rejects.toMatchObject({
      code: 'input.invalid',
    });
    expect((await api('GET', '/faq/calibration')).body).toMatchObject({ version: 3, inUse: true });
  });

  it('that was fitted to an earlier search is set aside, and not taken back', async () => {
    const { db } = app.database;
    await db.execute(sql`update faq_calibrations set calibration = calibration || '{"engine": 1}'`);
    expect((await api('GET', '/faq/calibration')).body).toMatchObject({
      version: 3,
      inUse: false,
      thresholds: defaultThresholds,
    });
    const by = { actor: { kind: 'system' as const, id: 'test' }, at: app.app.clock.now() };
    await expect(db.transaction((tx) => useCalibration(tx, 1, by))).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });
});
