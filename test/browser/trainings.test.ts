import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { buildPage, findings, hasChromium, openBrowser, picture, signIn, watch } from '../support/browser.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

inChromium(
  `a class from the calendar to the wall${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    let desk: Page;
    let wall: Page;
    let phones: Page[];
    const complaints: string[] = [];

    beforeAll(async () => {
      buildPage('console');
      buildPage('sandbox');
      app = await smallApp({
        startAt: '2026-09-14T05:00:00Z',
        people: [
          'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
          'E2,李想,SALES,,销售,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
          'E3,王知行,SALES,,销售,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
        ],
      });
      server = await testServer(app);
      browser = await openBrowser();
      desk = await signedIn();
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    async function pageFor(options = {}): Promise<Page> {
      const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      watch(page, server.url, (words) => complaints.push(words));
      return page;
    }

    /** The operator's browser, at the calendar. */
    async function signedIn(options = {}): Promise<Page> {
      const page = await pageFor({ viewport: { width: 1280, height: 900 }, ...options });
      await signIn(page, {
        db: app.database.db,
        url: server.url,
        name: '运营小王',
        role: 'admin',
        place: 'trainings',
      });
      await page.getByRole('button', { name: '新建培训' }).waitFor();
      return page;
    }

    async function phone(number: string): Promise<Page> {
      const page = await pageFor({ viewport: { width: 390, height: 844 } });
      await page.goto(`${server.url}/sandbox?as=${number}`);
      await page.getByRole('button', { name: /促活/ }).first().click();
      return page;
    }

    async function types(page: Page, text: string): Promise<void> {
      const input = page.getByRole('textbox').last();
      await input.fill(text);
      await input.press('Enter');
    }
    const chat = (page: Page) => page.getByRole('region', { name: '消息' });
    const board = () => wall.getByRole('dialog', { name: '投影' });

    it('is planned in the editor and opened for sign-up', async () => {
      await desk.getByRole('button', { name: '新建培训' }).click();
      await desk.getByLabel('名称', { exact: true }).fill('表格入门');
      await desk.getByLabel('开始', { exact: true }).fill('2026-09-14T14:00');
      await desk.getByLabel('结束', { exact: true }).fill('2026-09-14T15:30');
      await desk.getByLabel('地点', { exact: true }).fill('3 楼培训室');
      await desk.getByLabel('讲师', { exact: true }).fill('王老师');
      await desk.getByLabel('名额（空为不限）', { exact: true }).fill('2');
      await picture(desk, 'editor');
      expect(await findings(desk)).toEqual([]);
      await desk.getByRole('button', { name: /^保\s?存$/ }).click();
      await desk.getByRole('button', { name: '开放报名' }).click();
      await desk.getByText('报名中').waitFor();
      await picture(desk, 'opened');
    }, 90_000);

    it('shows in the calendar on its day', async () => {
      await desk.getByRole('button', { name: '返回日历' }).click();
      await desk.getByRole('button', { name: '14:00 表格入门' }).waitFor();
      await picture(desk, 'calendar');
      expect(await findings(desk)).toEqual([]);
    }, 60_000);

    it('people sign up in chat, and the third one waits', async () => {
      phones = [];
      for (const number of ['E1', 'E2', 'E3']) phones.push(await phone(number));
      for (const [place, page] of phones.entries()) {
        await types(page, '报名 1');
        await chat(page)
          .getByText(place < 2 ? '报名成功：表格入门' : '候补中：表格入门')
          .first()
          .waitFor();
      }
      await picture(phones[0] as Page, 'phone-signed-up');
    }, 90_000);

    it('the wall shows a code, and people arrive on it live', async () => {
      await app.moveTo('2026-09-14T05:50:00Z');
      wall = await signedIn({ viewport: { width: 1600, height: 900 } });
      await wall.getByRole('button', { name: '14:00 表格入门' }).click();
      await wall.getByRole('tab', { name: '签到' }).click();
      await wall.getByRole('button', { name: '投影' }).click();
      await board().getByText('0 / 2 人已到').waitFor();
      const shown = await board().locator('.training-code').innerText();
      await board().getByRole('img', { name: '或扫描二维码' }).waitFor();
      await picture(wall, 'wall-empty');
      await types(phones[0] as Page, shown);
      await chat(phones[0] as Page)
        .getByText('签到成功：表格入门')
        .waitFor();
      await board().getByText('1 / 2 人已到').waitFor();
      await board().getByText('张小满').waitFor();
      await types(phones[1] as Page, shown);
      await board().getByText('2 / 2 人已到').waitFor();
      await board().getByText('李想').waitFor();
      await types(phones[2] as Page, shown);
      await chat(phones[2] as Page)
        .getByText('还没轮到座位')
        .waitFor();
      await picture(wall, 'wall-arrivals');
      expect(await findings(wall)).toEqual([]);
    }, 90_000);

    it('the code changes by itself, and the one on the photo is told to be old', async () => {
      const before = await board().locator('.training-code').innerText();
      await app.moveTo('2026-09-14T05:52:00Z');
      await board().locator('.training-code').filter({ hasNotText: before }).waitFor();
      await types(phones[2] as Page, before);
      await chat(phones[2] as Page)
        .getByText('这个码已经换了')
        .waitFor();
    }, 60_000);

    it('scanning leads to a page with a word for one person', async () => {
      const code = (await (await server.api('GET', `/trainings?limit=1`)).json()) as {
        items: { id: string }[];
      };
      const { url } = (await (await server.api('GET', `/trainings/${code.items[0]?.id}/code`)).json()) as {
        url: string;
      };
      const scanning = await pageFor({ viewport: { width: 390, height: 844 } });
      await scanning.goto(server.url + new URL(url).pathname + new URL(url).search);
      await scanning.getByText('回到聊天').waitFor();
      await picture(scanning, 'scan');
      expect(await scanning.locator('b').innerText()).toMatch(/^签到 \d{4} \d{4}$/);
    }, 60_000);

    it('the list, the checklist and the results say how it was', async () => {
      await wall.getByRole('button', { name: '退出投影' }).click();
      await app.moveTo('2026-09-14T07:40:00Z');
      for (const [place, page] of phones.slice(0, 2).entries()) {
        await chat(page).getByText('这堂课怎么样').waitFor();
        await chat(page)
          .getByRole('button', { name: place === 0 ? '5' : '4', exact: true })
          .click();
      }
      await wall.getByRole('tab', { name: '名单' }).click();
      await wall.getByRole('cell', { name: '张小满' }).waitFor();
      await picture(wall, 'people');
      expect(await findings(wall)).toEqual([]);
      await wall.getByRole('tab', { name: '物料清单' }).click();
      await wall.getByRole('button', { name: '填入常用清单' }).click();
      await wall.getByText('易拉宝').waitFor();
      await picture(wall, 'materials');
      expect(await findings(wall)).toEqual([]);
      await wall.getByRole('tab', { name: '结果' }).click();
      await wall.getByText('满 3 人打分后显示').waitFor();
      await picture(wall, 'results');
      expect(await findings(wall)).toEqual([]);
    }, 90_000);

    it('reads on a phone in the dark as well', async () => {
      const page = await signedIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
      await page.getByRole('button', { name: '14:00 表格入门' }).click();
      await page.getByRole('tab', { name: '名单' }).click();
      await page.getByRole('cell', { name: '李想' }).waitFor();
      await picture(page, 'phone-dark');
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }, 60_000);

    it('left no error in the browser and asked no other host', () => {
      expect(complaints).toEqual([]);
    });
  },
);
