import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { buildPage, findings, hasChromium, openBrowser, picture, signIn, watch } from '../support/browser.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

const RIGHT = '视图里的冻结窗格';

const question = (id: string, text: string) => ({
  id,
  kind: 'single',
  text,
  options: ['开始菜单里的选项', RIGHT, '右键里的排序'],
  answer: 1,
  explanation: '「视图」→「冻结窗格」，表头就一直在。',
  review: 'reviewed',
});

/** A training room: a screen on the wall, and somebody with a phone. */
interface Room {
  wall: Page;
  phone: Page;
}

inChromium(
  `a live round in two rooms${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    let desk: Page;
    let north: Room;
    let south: Room;
    const complaints: string[] = [];

    beforeAll(async () => {
      buildPage('console');
      buildPage('sandbox');
      app = await smallApp({
        startAt: '2026-09-14T01:00:00Z',
        people: [
          'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
          'E2,李想,SALES,,销售,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
        ],
      });
      server = await testServer(app);
      browser = await openBrowser();
      const questions = [
        question('room-one', '怎么让表头不跟着滚动？'),
        question('room-two', '表头要一直在，点哪里？'),
      ];
      expect((await server.api('POST', '/questions:import', { questions })).status).toBe(200);
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
      page.setDefaultTimeout(15_000);
      watch(page, server.url, (words) => complaints.push(words));
      return page;
    }

    /** The operator's browser, at the rounds. */
    async function signedIn(options = {}): Promise<Page> {
      const page = await pageFor({ viewport: { width: 1280, height: 860 }, ...options });
      await signIn(page, {
        db: app.database.db,
        url: server.url,
        name: '运营小王',
        role: 'admin',
        place: 'quizzes',
      });
      await page.getByRole('button', { name: '新建比赛' }).waitFor();
      return page;
    }

    async function room(number: string): Promise<Room> {
      const wall = await signedIn({ viewport: { width: 1600, height: 900 } });
      await wall.getByRole('button', { name: '现场控制' }).click();
      await wall.getByRole('button', { name: '投影' }).click();
      const phone = await pageFor({ viewport: { width: 390, height: 844 } });
      await phone.goto(`${server.url}/sandbox?as=${number}`);
      await phone.getByRole('button', { name: /促活/ }).first().click();
      return { wall, phone };
    }

    async function types(phone: Page, text: string): Promise<void> {
      const input = phone.getByRole('textbox').last();
      await input.fill(text);
      await input.press('Enter');
    }

    /** Presses the letter under which this person's own card shows the option. */
    async function answers({ phone }: Room, option: string): Promise<void> {
      const shown = phone.getByRole('article').last();
      const line = await shown.getByRole('listitem').filter({ hasText: option }).innerText();
      await shown.getByRole('button', { name: line.trim().charAt(0), exact: true }).click();
      await shown.getByText('时间一到就揭晓').waitFor();
    }

    const chat = ({ phone }: Room) => phone.getByRole('region', { name: '消息' });
    const board = ({ wall }: Room) => wall.getByRole('dialog', { name: '投影' });

    it('is planned in the wizard, looked at before, and published', async () => {
      await desk.getByRole('button', { name: '新建比赛' }).click();
      await desk.getByLabel('名称').fill('培训室现场赛');
      await desk.getByLabel('编号（小写字母和连字符）').fill('two-rooms');
      await desk.getByLabel('形式').click();
      await desk.getByTitle('现场赛').click();
      await desk.getByLabel('活动').click();
      await desk.locator('.ant-select-item-option').last().click();
      await desk.getByLabel('开始').fill('2026-09-14T09:00');
      await desk.getByLabel('结束').fill('2026-09-14T18:00');
      await desk.getByLabel('题数').fill('2');
      await desk.getByRole('button', { name: '预览' }).click();
      await desk.getByText('需要 2 题，题库有 2 题').waitFor();
      await picture(desk, 'wizard');
      expect(await findings(desk)).toEqual([]);
      await desk.getByRole('button', { name: '保存草稿' }).click();
      desk.once('dialog', (dialog) => void dialog.accept());
      await desk.getByRole('button', { name: /^发\s?布$/ }).click();
      await desk.getByRole('button', { name: '现场控制' }).click();
      await desk.getByText('等待开题').waitFor();
      await picture(desk, 'control-lobby');
      expect(await findings(desk)).toEqual([]);
    }, 60_000);

    it('lets one person of each room in, and both walls say so', async () => {
      north = await room('E1');
      south = await room('E2');
      for (const one of [north, south]) {
        await types(one.phone, '答题');
        await chat(one).getByText('等主持人开题').waitFor();
      }
      for (const one of [north, south]) await board(one).getByText('2 人在场').waitFor();
    }, 60_000);

    it('asks both at once, each in an order of their own, and takes both answers', async () => {
      await desk.getByRole('button', { name: '放出下一题' }).click();
      for (const one of [north, south]) {
        await chat(one).getByText('第 1 / 2 题').last().waitFor();
        await board(one).getByText('正在作答').waitFor();
      }
      await picture(north.phone, 'phone-question');
      await picture(north.wall, 'wall-open');
      expect(await findings(north.wall)).toEqual([]);
      await answers(north, RIGHT);
      await answers(south, '右键里的排序');
      for (const one of [north, south]) await board(one).getByText('2 人已答').waitFor();
      expect(await board(north).getByText('表头就一直在').count()).toBe(0);
    }, 60_000);

    const leaders = async (one: Room): Promise<string[]> => {
      const lines = await board(one)
        .getByRole('region', { name: '目前领先' })
        .getByRole('listitem')
        .allInnerTexts();
      return lines.map((line) => line.replace(/\s+/g, ' ').trim());
    };

    it('reveals the answer in both rooms, and names nobody for having no points', async () => {
      await desk.getByRole('button', { name: '揭晓答案' }).click();
      for (const one of [north, south]) {
        await board(one).getByText('1 人答对').waitFor();
        await board(one).getByText('表头就一直在').waitFor();
        expect(await leaders(one)).toEqual(['张小满 100']);
      }
    }, 60_000);

    it('goes on with the next question, and both people are on the board', async () => {
      await desk.getByRole('button', { name: '放出下一题' }).click();
      for (const one of [north, south]) {
        await chat(one).getByText('第 2 / 2 题').last().waitFor();
        await answers(one, RIGHT);
      }
      await desk.getByRole('button', { name: '揭晓答案' }).click();
      for (const one of [north, south]) {
        await board(one).getByText('2 人答对').waitFor();
        expect(await leaders(one)).toEqual(['张小满 200', '李想 100']);
      }
      await picture(south.wall, 'wall-revealed');
      await picture(desk, 'control-revealed');
      expect(await findings(south.wall)).toEqual([]);
      expect(await findings(desk)).toEqual([]);
    }, 60_000);

    it('ends with a result for each, the ranking, the league and what each question did', async () => {
      await desk.getByRole('button', { name: '结束比赛' }).click();
      for (const one of [north, south]) await board(one).getByText('已结束').waitFor();
      await chat(north).getByText('第 1 名（共 2 人）').waitFor();
      await chat(south).getByText('第 2 名（共 2 人）').waitFor();
      await picture(north.phone, 'phone-result');
      await desk.getByRole('button', { name: '返回列表' }).click();
      await picture(desk, 'rounds');
      expect(await findings(desk)).toEqual([]);
      await desk.getByRole('button', { name: '成绩' }).click();
      await desk.getByRole('cell', { name: /张小满/ }).waitFor();
      await desk.getByRole('cell', { name: '销售部' }).waitFor();
      await picture(desk, 'results');
      expect(await findings(desk)).toEqual([]);
    }, 60_000);

    it('shows the bank, with a question opened, on a phone in the dark as well', async () => {
      const page = await signedIn({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
      await page.getByRole('tab', { name: '题库' }).click();
      await page.getByText('怎么让表头不跟着滚动？').click();
      await page.getByText('正确', { exact: true }).first().waitFor();
      await picture(page, 'bank-phone-dark');
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }, 60_000);

    it('left no error in the browser and asked no other host', () => {
      expect(complaints).toEqual([]);
    });
  },
);
