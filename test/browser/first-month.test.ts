import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { Browser, Page } from 'playwright-core';
import { type TestApp, testApp } from '../support/app.ts';
import { buildPage, hasChromium, openBrowser } from '../support/browser.ts';
import { type TestServer, testServer } from '../support/server.ts';

const inChromium = hasChromium ? describe : describe.skip;

/** 2026-09-20 is a Sunday that is worked for the National Day holiday; the 19th is an ordinary Saturday. */
inChromium(
  `the first days in real Chromium${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: TestApp;
    let server: TestServer;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      buildPage('sandbox');
      app = await testApp({ startAt: '2026-09-17T16:30:00Z', content: 'config/content/office-suite' });
      server = await testServer(app);
      browser = await openBrowser();
      page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN' });
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(server.url)) complaints.push(`asked another host: ${request.url()}`);
      });
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    const moveClock = async (now: string): Promise<void> => {
      const moved = await server.api('POST', '/clock', { now });
      expect(moved.status).toBe(200);
    };

    /** The button on the card, not the quick word below the chat. */
    const cardButton = () => page.getByRole('article').getByRole('button', { name: '打卡', exact: true });

    const tapCheckIn = async (): Promise<void> => {
      await cardButton().last().click();
    };

    it('shows an employee the tip when the clock reaches ten past nine', async () => {
      await page.goto(`${server.url}/sandbox?as=E0001`);
      await page.getByText('促活').first().waitFor();
      await moveClock('2026-09-18T01:10:00Z');
      await page.getByText('今日技巧｜').last().waitFor();
    });

    it('answers the tap with streak 1 and updates the card in place', async () => {
      await openBotChat(page);
      await tapCheckIn();
      await page.getByText('打卡成功！第 1 天').first().waitFor();
      await page.getByText('连续 1 天').last().waitFor();
    });

    it('goes on over a Saturday off and counts the Sunday that is worked', async () => {
      await moveClock('2026-09-19T04:00:00Z');
      await moveClock('2026-09-20T01:10:00Z');
      await cardButton().last().waitFor();
      await tapCheckIn();
      await page.getByText('已连续 2 天').first().waitFor();
      await moveClock('2026-09-21T01:10:00Z');
      await tapCheckIn();
      await page.getByText('已连续 3 天').first().waitFor();
    });

    it('gives HR the month as a workbook with the right rows', async () => {
      await page.goto(`${server.url}/sandbox?as=E0002`);
      await openBotChat(page);
      const input = page.getByRole('textbox').last();
      await input.fill('导出打卡 2026-09');
      await input.press('Enter');
      await app.app.settled();
      const link = page.getByRole('link', { name: /打卡导出-2026-09\.xlsx/ }).last();
      await link.waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      const workbook = new ExcelJS.Workbook();
      await workbook.xlsx.readFile(await download.path());
      const days: string[] = [];
      workbook.getWorksheet('明细')?.eachRow((row) => {
        const cells = (row.values as unknown[]).slice(1);
        const date = cells.find((cell) => cell instanceof Date) as Date | undefined;
        if (cells[0] === 'E0001' && date !== undefined) days.push(date.toISOString().slice(0, 10));
      });
      expect(days.sort()).toEqual(['2026-09-18', '2026-09-20', '2026-09-21']);
    });

    it('left no error in the browser and asked no other host', () => {
      expect(complaints).toEqual([]);
    });
  },
);

/** On a wide window the private chat with the bot may be open already. */
async function openBotChat(page: Page): Promise<void> {
  const input = page.getByRole('textbox', { name: /消息|message/i });
  if ((await input.count()) === 0) await page.getByRole('button', { name: /促活/ }).first().click();
}
