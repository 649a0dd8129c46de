import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { Browser, Page } from 'playwright-core';
import { buildPage, findings, hasChromium, openBrowser, picture, signIn, watch } from '../support/browser.ts';
import { wordsOf } from '../support/conversation.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

/** A workbook as an attendance system writes it. */
async function workbook(rows: readonly string[][]) {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('请假');
  sheet.addRow(['工号', '开始日期', '结束日期', '类型', '单号']);
  for (const row of rows) sheet.addRow(row);
  const buffer = Buffer.from(await book.xlsx.writeBuffer());
  const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  return { name: '请假.xlsx', mimeType, buffer };
}

inChromium(
  `excusals in real Chromium${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      buildPage('console');
      app = await smallApp({ startAt: '2026-09-14T01:00:00Z' });
      server = await testServer(app);
      browser = await openBrowser();
      const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
      page = await context.newPage();
      page.setDefaultTimeout(20_000);
      watch(page, server.url, (words) => complaints.push(words));
      const { db } = app.database;
      await signIn(page, { db, url: server.url, name: '王知行', role: 'hr', place: 'excusals' });
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    const send = async (rows: readonly string[][]): Promise<void> => {
      await page.getByLabel(/CSV 或 XLSX/).setInputFiles(await workbook(rows));
      await page.getByRole('button', { name: '导入', exact: true }).click();
    };

    it('names the row of a workbook that is wrong, and writes the others', async () => {
      await page.getByText('导入请假表').click();
      await send([
        ['E1', '2026-09-21', '2026-09-22', '年假', 'L-1'],
        ['E9', '2026-09-23', '', '病假', 'L-2'],
        ['E2', '2026-09-25', '2026-09-24', '出差', 'L-3'],
      ]);
      await page.getByText('新增 1 条，更改 0 条，撤销 0 条，未变 0 条，未导入 2 条。').waitFor();
      const wrong = page.getByRole('listitem');
      await wrong.filter({ hasText: '行 3 E9: 没有工号为 E9 的员工。' }).waitFor();
      await wrong.filter({ hasText: '行 4 E2: 结束日期 2026-09-24 早于开始日期 2026-09-25。' }).waitFor();
      await page.getByRole('cell', { name: '2026-09-22' }).waitFor();
      await picture(page, 'excusals-refused');
    });

    it('takes the corrected file: what stood there stays, what was wrong is added, and the people are told', async () => {
      await send([
        ['E1', '2026-09-21', '2026-09-22', '年假', 'L-1'],
        ['E2', '2026-09-24', '2026-09-25', '出差', 'L-3'],
      ]);
      await page.getByText('新增 1 条，更改 0 条，撤销 0 条，未变 1 条，未导入 0 条。').waitFor();
      await page.getByRole('cell', { name: '2026-09-25' }).waitFor();
      await app.moveTo('2026-09-14T02:00:00Z');
      const told = (await app.as('E2').inbox()).map(wordsOf).filter((said) => said.includes('登记人'));
      expect(told).toEqual([
        expect.stringMatching(/9 月 24 日（周四） 到 9 月 25 日（周五）（出差）[^]*登记人：王知行/),
      ]);
      expect((await findings(page)).filter((one) => one !== '')).toEqual([]);
      expect(complaints).toEqual([]);
    });
  },
);
