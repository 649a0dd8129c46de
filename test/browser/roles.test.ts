import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildPage, findings, hasChromium, openBrowser, watch } from '../support/browser.ts';
import { wordsOf } from '../support/conversation.ts';
import { type TestServer, testServer } from '../support/server.ts';
import type { SmallApp } from '../support/small-app.ts';
import { smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

const person = (number: string, name: string, department: string, role: string, scope = '') =>
  `${number},${name},${department},,职员,Asia/Shanghai,zh-CN,${role},${scope},2020-01-06,,beginner`;

const PEOPLE = [
  person('E1', '张小满', 'RD', ''),
  person('E2', '李想', 'SALES', ''),
  person('L1', '周舟', 'RD', 'liaison', 'RD'),
  person('H1', '王知行', 'SALES', 'hr'),
  person('O1', '赵思远', 'RD', 'operator'),
  person('R1', '吴审', 'RD', 'reviewer'),
  person('S1', '何静怡', 'RD', 'support'),
  person('X1', '陆总', 'RD', 'executive'),
  person('A1', '冯审计', 'RD', 'auditor'),
  person('M1', '沈启明', 'RD', 'admin'),
];

const EVERYBODY = ['今日', '活动', '技巧', '培训', '登录与令牌'];
const menus: Record<string, string[]> = {
  L1: [...EVERYBODY, '知识库', '打卡看板', '通知', '受众', '员工', '连续打卡', '免打卡与补卡'],
  H1: [
    ...EVERYBODY,
    '知识库',
    '打卡看板',
    '员工',
    '连续打卡',
    '免打卡与补卡',
    '系统故障',
    '绩效',
    '打卡导出',
  ],
  O1: [
    ...EVERYBODY,
    '知识库',
    '工单',
    '通知',
    '答题',
    '消息投递',
    '受众',
    '系统故障',
    '绩效',
    '日程',
    '渠道',
  ],
  R1: [...EVERYBODY, '知识库', '通知', '答题', '消息投递', '日程'],
  S1: [...EVERYBODY, '知识库', '工单', '消息投递'],
  X1: [...EVERYBODY, '答题'],
  A1: [...EVERYBODY, '知识库', '消息投递', '系统故障', '绩效', '日程', '渠道', '审计'],
  M1: [
    ...EVERYBODY,
    '知识库',
    '工单',
    '打卡看板',
    '通知',
    '答题',
    '消息投递',
    '受众',
    '员工',
    '连续打卡',
    '免打卡与补卡',
    '系统故障',
    '绩效',
    '打卡导出',
    '日程',
    '渠道',
    '审计',
    '系统',
  ],
};

inChromium(
  `the console for each role${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    const complaints: string[] = [];

    beforeAll(async () => {
      buildPage('console');
      app = await smallApp({ startAt: '2026-09-18T00:00:00Z', people: PEOPLE });
      server = await testServer(app);
      browser = await openBrowser();
      await app.moveTo('2026-09-18T01:10:00Z');
      await app.as('E2').says('打卡');
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    /** Asks the bot for a link and enters by it, as a person does. */
    async function enter(number: string, options = {}): Promise<{ context: BrowserContext; page: Page }> {
      const { messages } = await app.as(number).says('控制台');
      const token = /#([\w-]{43})/.exec(wordsOf(messages.at(-1)))?.[1];
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        locale: 'zh-CN',
        ...options,
      });
      const page = await context.newPage();
      watch(page, server.url, (words) => complaints.push(`${number}: ${words}`));
      await page.goto(`${server.url}/console/enter#${token}`);
      await page.getByRole('button', { name: '进入控制台' }).click();
      await page.getByRole('navigation').waitFor();
      return { context, page };
    }

    const menuOf = async (page: Page) =>
      (await page.getByRole('navigation').getByRole('link').allInnerTexts()).map((text) => text.trim());

    it.each(Object.keys(menus))(
      'shows %s its pages and no others, each readable for everybody',
      async (number) => {
        const { context, page } = await enter(number);
        const menu = await menuOf(page);
        expect(menu.toSorted()).toEqual(menus[number]?.toSorted());
        const found: string[] = [];
        for (const name of menu) {
          await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
          await page.waitForLoadState('networkidle');
          // What only comes after the page's own files is looked at too.
          await page.waitForSelector('main .waiting', { state: 'detached' });
          found.push(...(await findings(page)).map((finding) => `${name}: ${finding}`));
          if ((await page.getByRole('alert').count()) > 0) found.push(`${name} shows a problem`);
        }
        expect(found).toEqual([]);
        await context.close();
      },
      120_000,
    );

    it('shows a liaison only who is missing among their own', async () => {
      const { context, page } = await enter('L1');
      await page.goto(`${server.url}/console/board`);
      await page.getByText('张小满').waitFor();
      expect(await page.getByText('李想').count()).toBe(0);
      expect(await page.getByText('王知行').count()).toBe(0);
      await context.close();
    });

    it.each([
      ['X1', 'people'],
      ['X1', 'board'],
      ['X1', 'audit'],
      ['H1', 'audit'],
      ['H1', 'messages'],
      ['L1', 'exports'],
      ['O1', 'exports'],
      ['A1', 'people'],
    ])('tells %s that %s is not theirs, and its API refuses them', async (number, place) => {
      const { context, page } = await enter(number);
      await page.goto(`${server.url}/console/${place}`);
      await page.getByText('这个页面不在你的权限里').waitFor();
      const path = { people: 'employees', board: 'checkins', messages: 'messages' }[place] ?? place;
      const status = await page.evaluate(async (address) => (await fetch(address)).status, `/api/v1/${path}`);
      expect(status).toBe(403);
      await context.close();
    });

    it('lets neither a liaison nor an anonymous visitor have the file of an export by its address', async () => {
      const hr = await enter('H1');
      const id = await hr.page.evaluate(async () => {
        const headers = { 'content-type': 'application/json', 'x-cuhuo-csrf': '1' };
        const body = JSON.stringify({
          month: '2026-09',
          purpose: '季度核对',
          format: 'csv',
          part: 'detail',
        });
        const answer = await fetch('/api/v1/exports', { method: 'POST', headers, body });
        return ((await answer.json()) as { id?: string }).id;
      });
      expect(id).toEqual(expect.any(String));
      await app.app.settled();
      const file = `/api/v1/exports/${id}/file`;
      const statusFor = (page: Page) => page.evaluate(async (address) => (await fetch(address)).status, file);
      expect(await statusFor(hr.page)).toBe(200);
      const liaison = await enter('L1');
      expect(await statusFor(liaison.page)).toBe(403);
      expect((await fetch(server.url + file)).status).toBe(401);
      await hr.context.close();
      await liaison.context.close();
    });

    it('shows an operator how many an audience has, and keeps it', async () => {
      const { context, page } = await enter('O1');
      await page.goto(`${server.url}/console/audiences`);
      await page.getByText('10 人', { exact: true }).waitFor();
      await page.getByRole('textbox', { name: '值' }).fill('SALES');
      await page.getByText('2 人', { exact: true }).waitFor();
      await page.getByRole('textbox', { name: '名称' }).fill('销售部');
      await page.getByRole('button', { name: '保存' }).click();
      await page.getByRole('button', { name: '停用 销售部' }).waitFor();
      await context.close();
    });

    it('lets an operator put the order of tips by dragging, by buttons and by keys, and keeps it', async () => {
      const { context, page } = await enter('O1');
      const open = async () => {
        await page.goto(`${server.url}/console/tips`);
        await page.getByRole('tab', { name: '内容日历' }).click();
        await page.getByRole('heading', { name: '推送顺序' }).waitFor();
      };
      const titles = async () => (await page.locator('.tip-order .tip-title').allInnerTexts()).slice(0, 4);
      const saved = () => page.waitForResponse((answer) => answer.url().includes('/tip-order'));
      await open();
      const [a = '', b = '', c = '', d = ''] = await titles();
      const settle = async (order: string[]) => {
        const rows = page.locator('.tip-order li');
        for (const [at, name] of order.entries())
          await rows.nth(at).getByRole('button', { name, exact: true }).waitFor();
        expect(await titles()).toEqual(order);
      };
      let kept = saved();
      await page.locator('.tip-order li').nth(0).dragTo(page.locator('.tip-order li').nth(2));
      expect((await kept).status()).toBe(200);
      await settle([b, c, a, d]);
      kept = saved();
      await page.getByRole('button', { name: `上移 ${a}`, exact: true }).click();
      expect((await kept).status()).toBe(200);
      await settle([b, a, c, d]);
      await page.getByRole('button', { name: d, exact: true }).press('Alt+ArrowUp');
      await settle([b, a, d, c]);
      expect(await page.getByRole('status').allInnerTexts()).toContain(`${d}，现在第 3 位`);
      expect(await findings(page)).toEqual([]);
      await open();
      expect(await titles()).toEqual([b, a, d, c]);
      await context.close();
      const reader = await enter('L1');
      await reader.page.goto(`${server.url}/console/tips`);
      await reader.page.getByRole('tab', { name: '内容日历' }).click();
      await reader.page.getByText(a, { exact: true }).first().waitFor();
      expect(await reader.page.getByRole('button', { name: /^上移/ }).count()).toBe(0);
      await reader.context.close();
    }, 60_000);

    it('shows a tip as each platform would, readable for everybody', async () => {
      const { context, page } = await enter('R1');
      await page.goto(`${server.url}/console/tips`);
      await page.locator('.tip-row').first().click();
      for (const platform of ['飞书', '企业微信', '钉钉', '钉钉（没有卡片模板）']) {
        await page.getByText(platform, { exact: true }).click();
        await page.locator('.tip-looks .tip-card').getByText('打卡').first().waitFor();
      }
      expect(await findings(page)).toEqual([]);
      await context.close();
    });

    it('asks HR what an export is for, and shows the answer beside the file', async () => {
      const { context, page } = await enter('H1');
      await page.goto(`${server.url}/console/exports`);
      const begin = page.getByRole('button', { name: '开始导出' });
      await begin.click();
      expect(await page.getByText('九月绩效核对').count()).toBe(0);
      await page.getByRole('textbox', { name: '用途' }).fill('九月绩效核对');
      await begin.click();
      await page.getByText('用途：九月绩效核对').waitFor();
      await app.app.settled();
      await page.getByRole('link', { name: /下载/ }).first().waitFor();
      expect(await findings(page)).toEqual([]);
      await context.close();
    });

    it('shows administrators alone the jobs one by one, without a way to change them', async () => {
      const { context, page } = await enter('M1');
      await page.goto(`${server.url}/console/system`);
      const answer = page.waitForResponse((response) => response.url().includes('/api/queues'));
      await page.getByRole('link', { name: /逐个查看任务/ }).click();
      expect((await answer).status()).toBe(200);
      await page.getByText('jobs', { exact: true }).first().waitFor();
      expect(await page.getByRole('button', { name: /pause|retry|clean|empty|add job/i }).count()).toBe(0);
      const policy = (await page.request.get(page.url())).headers()['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*(unsafe-inline|unsafe-eval|\*)/);
      await context.close();
      for (const number of ['O1', 'A1', 'H1']) {
        const other = await enter(number);
        const refused = await other.page.request.get(`${server.url}/console/system/queues`);
        expect([number, refused.status()]).toEqual([number, 403]);
        await other.context.close();
      }
    }, 60_000);

    it('fits a phone in the dark: nothing is wider than the window', async () => {
      const { context, page } = await enter('M1', {
        viewport: { width: 390, height: 844 },
        colorScheme: 'dark',
      });
      const wide: string[] = [];
      for (const place of [
        '',
        'board',
        'people',
        'messages',
        'audiences',
        'campaigns',
        'access',
        'channels',
      ]) {
        await page.goto(`${server.url}/console/${place}`);
        await page.waitForLoadState('networkidle');
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (over > 0) wide.push(`${place}: ${over}`);
        wide.push(...(await findings(page)).map((finding) => `${place}: ${finding}`));
      }
      expect(wide).toEqual([]);
      await context.close();
    }, 60_000);

    it('loads at most 250 KB of compressed JavaScript for the first page', async () => {
      const { context, page } = await enter('M1');
      // What the page after signing in still loads is not part of the first page.
      await page.waitForLoadState('networkidle');
      let bytes = 0;
      page.on('response', async (response) => {
        if (!response.url().endsWith('.js')) return;
        bytes += Number(response.headers()['content-length'] ?? 0);
      });
      await page.goto(`${server.url}/console`);
      await page.waitForLoadState('networkidle');
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThanOrEqual(250 * 1024);
      await context.close();
    });

    it('sends everybody who is not signed in to the door', async () => {
      const page = await browser.newPage({ locale: 'zh-CN' });
      await page.goto(`${server.url}/console/people`);
      await page.getByText('欢迎').waitFor();
      expect(await page.getByRole('navigation').count()).toBe(0);
      await page.close();
    });

    it('left no error in the browser and asked no other host', () => {
      // What the API refused on purpose above is no error of the page.
      expect(complaints.filter((one) => !/status of 40[134]/.test(one))).toEqual([]);
    });
  },
);
