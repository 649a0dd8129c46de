import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { cleanUp, publishNotice } from '#src/features/privacy/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { cardIn, wordsOf } from '../../support/conversation.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let the: SmallApp;
let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
  await the.close();
});

const notice = (body: string) => ({
  basis: 'institution' as const,
  texts: { 'zh-CN': body, en: `${body} (en)` },
  contact: '人事部 8001',
});
const publish = (body: string, at = '2026-09-14T00:00:00Z') =>
  the.database.db.transaction((tx) => publishNotice(tx, notice(body), Temporal.Instant.from(at)));
const told = async (number: string): Promise<string[]> =>
  (await the.as(number).inbox()).map(wordsOf).filter((words) => words.includes('个人信息告知'));

describe('the notice', () => {
  it('comes with the first tip, before anybody could tap, once for each version', async () => {
    the = await smallApp({ startAt: '2026-09-14T00:00:00Z' });
    expect((await publish('我们记录打卡时间。')).version).toBe(1);
    expect((await publish('我们记录打卡时间。')).version).toBe(1);
    await the.moveTo('2026-09-14T01:10:00Z');
    expect(await told('E1')).toHaveLength(1);
    await the
      .as('E1')
      .taps(await the.as('E1').lastCard(), '打卡')
      .catch(async () => the.as('E1').says('打卡'));
    expect(await told('E1')).toHaveLength(1);
    await the.moveTo('2026-09-15T01:10:00Z');
    expect(await told('E1')).toHaveLength(1);
    expect((await publish('我们也记录答题。', '2026-09-15T02:00:00Z')).version).toBe(2);
    await the.moveTo('2026-09-16T01:10:00Z');
    const all = await told('E1');
    expect(all).toHaveLength(2);
    expect(all[1]).toContain('第 2 版');
    expect(all[1]).toContain('人事部 8001');
  });

  it('comes with the deed of whoever checks in before any tip, and the check-in is recorded', async () => {
    the = await smallApp({ startAt: '2026-09-14T00:00:00Z' });
    await publish('我们记录打卡时间。');
    const { messages } = await the.as('E1').says('打卡');
    const heard = messages.map(wordsOf).join('\n');
    expect(heard).toContain('打卡成功');
    expect(heard).toContain('个人信息告知');
    expect(await told('E1')).toHaveLength(1);
    expect(wordsOf(cardInMessages((await the.as('E1').says('隐私')).messages))).toContain('第 1 版');
  });
});

const cardInMessages = (messages: Parameters<typeof cardIn>[0]) => ({
  kind: 'card' as const,
  card: cardIn(messages),
});

describe('我的数据', () => {
  it('shows what there is, sends a copy of it to the person alone, and takes a request that HR answers', async () => {
    the = await smallApp({ startAt: '2026-09-14T01:30:00Z' });
    server = await testServer(the);
    await the.as('E1').says('打卡');
    const mine = cardIn((await the.as('E1').says('我的数据')).messages);
    expect(mine.facts?.find(({ label }) => label === '打卡')?.value).toBe('1 条');
    const sent = (await the.as('E1').taps(mine, '发我一份')).messages;
    const file = sent.find(({ kind }) => kind === 'file');
    if (file?.kind !== 'file') throw new Error('no file came');
    expect(file.name).toBe('我的数据-2026-09-14.xlsx');
    const book = new ExcelJS.Workbook();
    const bytes = await readFile(join(the.dataDir, 'files', file.path));
    await book.xlsx.load(bytes as unknown as Parameters<typeof book.xlsx.load>[0]);
    expect(book.getWorksheet('基本信息')?.getRow(2).values).toContain('E1');
    expect(book.getWorksheet('打卡')?.rowCount).toBe(2);

    await the.as('E1').taps(mine, '要求更正');
    expect(wordsOf((await the.as('E1').says('我的职务写错了')).messages[0])).toContain('已经转给人事');
    const list = (await (await server.api('GET', '/data-requests?state=open')).json()) as {
      items: { id: string; text: string }[];
    };
    expect(list.items).toMatchObject([{ text: '我的职务写错了' }]);
    const id = list.items[0]?.id;
    expect((await server.api('POST', `/data-requests/${id}/answer`, { answer: '已改为工程师' })).status).toBe(
      200,
    );
    await the.app.settled();
    expect(wordsOf((await the.as('E1').inbox()).at(-1))).toContain('已改为工程师');
    expect((await server.api('POST', `/data-requests/${id}/answer`, { answer: 'x' })).status).toBe(409);
  });
});

describe('the nightly clean-up', () => {
  it('deletes what is too old, never evidence, and proves it once a day', async () => {
    the = await smallApp({ startAt: '2026-09-14T01:30:00Z' });
    const { db } = the.database;
    await the.as('E1').says('打卡');
    await db.execute(sql`
      insert into health_minutes (minute, subject, process, ok)
      values ('2020-01-01T00:00:00Z', 'web', 'p', true), ('2026-09-14T00:00:00Z', 'web', 'p', true)`);
    const retention = { deliveries: 1, foreignTaps: 1, health: 30, dataRequests: 1, dataCopies: 1 };
    const run = (now: string) =>
      cleanUp(db, {
        retention,
        fileRoot: the.dataDir,
        zone: 'Asia/Shanghai',
        now: Temporal.Instant.from(now),
      });
    expect(await run('2026-09-20T19:40:00Z')).toBeGreaterThanOrEqual(2);
    expect(await run('2026-09-20T19:41:00Z')).toBe(0);
    const { rows } = await db.execute(sql`select class, deleted > 0 as some from retention_runs order by 1`);
    expect(rows).toEqual([
      { class: 'dataCopies', some: false },
      { class: 'dataRequests', some: false },
      { class: 'deliveries', some: true },
      { class: 'foreignTaps', some: false },
      { class: 'health', some: true },
    ]);
    const left = await db.execute(sql`
      select (select count(*)::int from checkins) as checkins, (select count(*)::int from health_minutes) as minutes`);
    expect(left.rows).toEqual([{ checkins: 1, minutes: 1 }]);
  });
});
