import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { Browser, Page } from 'playwright-core';
import { performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import { verifyFile } from '#src/verify-export/report.ts';
import { buildPage, hasChromium, openBrowser, picture } from '../support/browser.ts';
import { wordsOf } from '../support/conversation.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

const person = (number: string, name: string, role = '') =>
  `${number},${name},RD,,职员,Asia/Shanghai,zh-CN,${role},,2020-01-06,,beginner`;

const performance = performanceRuleSchema.parse({
  day: [['tap']],
  target: { kind: 'days', days: 4, of: 10 },
  bands: [
    { name: '达成', from: 100, credit: 100 },
    { name: '未达成', from: 0, credit: 0 },
  ],
  weight: 5,
  parts: { individual: 80, team: 20 },
  appealDays: 10,
});

inChromium(
  `a period that two people close in real Chromium${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    let first: Page;
    let second: Page;

    /** Asks the bot for a link and enters by it, as a person does. */
    async function enter(number: string): Promise<Page> {
      const { messages } = await app.as(number).says('控制台');
      const token = /#([\w-]{43})/.exec(wordsOf(messages.at(-1)))?.[1];
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      page.on('dialog', (dialog) => void dialog.accept());
      await page.goto(`${server.url}/console/enter#${token}`);
      await page.getByRole('button', { name: '进入控制台' }).click();
      await page.getByRole('navigation').waitFor();
      await page.goto(`${server.url}/console/performance`);
      return page;
    }

    beforeAll(async () => {
      buildPage('console');
      app = await smallApp({
        startAt: '2026-12-02T02:00:00Z',
        people: [
          person('E1', '张小满'),
          person('E2', '李想'),
          person('H1', '王知行', 'hr'),
          person('H2', '陈立', 'hr'),
        ],
        campaign: { startsOn: '2026-11-09', days: 14, performance },
      });
      await app.database.db.execute(sql`
        insert into task_completions (campaign_id, employee_id, day, task, grade, at, received_at, channel, event_key)
        select k.id, e.id, d, 'learn-tip', 'tap', d + interval '2 hours', d + interval '2 hours', 'sandbox', d::text
        from campaigns k, employees e, generate_series('2026-11-09'::timestamp, '2026-11-20', '1 day') as d
        where e.number in ('E1', 'H1') and extract(isodow from d) < 6 and (e.number = 'H1' or d < '2026-11-14')`);
      server = await testServer(app);
      browser = await openBrowser();
      first = await enter('H1');
      second = await enter('H2');
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    it('opens the month and previews it', async () => {
      await first.getByRole('button', { name: '打开周期' }).click();
      await first.getByRole('button', { name: /2026-11/ }).waitFor();
      await first.getByRole('button', { name: '重新预览' }).click();
      await first.getByRole('cell', { name: '张小满' }).waitFor();
      await picture(first, 'performance-preview');
    });

    it('shows what a changed rule would do to everybody before it is published', async () => {
      await first.getByRole('tab', { name: '规则' }).click();
      await first.getByLabel('天数', { exact: true }).fill('6');
      await first.getByLabel('起步期另加冻结次数').fill('2');
      await first.getByLabel('每周期补卡次数').fill('3');
      await first.getByLabel('补卡由谁同意').click();
      await first.getByTitle('部门接口人').click();
      await first.getByLabel('补学要答对几题').fill('4');
      await first.getByRole('button', { name: '对比新旧' }).click();
      await first.getByText('变好 0 人，变差 1 人，不变 3 人').waitFor();
      await first.getByText('5/4 · 达成 · 4').waitFor();
      await first.getByText('5/6 · 未达成 · 0').waitFor();
      await picture(first, 'performance-rule');
      await first.getByLabel('发布原因（大家会看到）').fill('按部门会议决定提高目标');
      await first.getByRole('button', { name: /发\s*布/ }).click();
      await first.getByText('第 2 版').first().waitFor();
      await first.getByText(/按部门会议决定提高目标/).waitFor();
      const { rows } = await app.database.db.execute(sql`
        select rule -> 'firstDays' as "firstDays", rule -> 'makeUps' as "makeUps", rule -> 'earnBack' as "earnBack"
        from performance_rules order by version desc limit 1`);
      expect(rows).toEqual([
        {
          firstDays: { days: 7, freezes: 2 },
          makeUps: { perPeriod: 3, withinWorkdays: 5, approver: 'liaison' },
          earnBack: { perPeriod: 1, withinWorkdays: 5, answers: 4 },
        },
      ]);
    });

    it('decides an appeal with an answer that the person reads', async () => {
      await app.as('E1').says('申诉 11-16 那天在客户现场，没有信号');
      await first.getByRole('tab', { name: '申诉' }).click();
      await first.getByText('那天在客户现场，没有信号').waitFor();
      await first.getByText('没有收到你这天的任何记录。').waitFor();
      await picture(first, 'performance-appeal');
      await first.getByLabel('给本人的答复').fill('客户签到表可以证明');
      await first.getByRole('button', { name: /^同\s*意$/ }).click();
      await first.getByText('没有申诉。').waitFor();
      await app.app.settled();
      expect((await app.as('E1').inbox()).map(wordsOf).join()).toContain('客户签到表可以证明');
    });

    it('asks for objections and tells everybody', async () => {
      await first.getByRole('tab', { name: '周期' }).click();
      await first.getByLabel('异议截止日').fill('2026-12-02');
      await first.getByRole('button', { name: '开始异议期' }).click();
      await first.getByText('异议截止 2026-12-02').waitFor();
      await app.app.settled();
      expect((await app.as('E2').inbox()).map(wordsOf).join()).toContain('发送「我的 2026-11」');
      await first.getByRole('button', { name: '提交关账' }).click();
      await first.getByText(/异议期还没有结束/).waitFor();
    });

    it('is closed by the second person and never by the first', async () => {
      await app.moveTo('2026-12-03T02:00:00Z');
      await first.getByRole('button', { name: '提交关账' }).click();
      await first.getByText('你已提交关账，请另一位同事来确认。').waitFor();
      expect(await first.getByRole('button', { name: '确认关账' }).count()).toBe(0);
      await second.reload();
      await second.getByText('H1 王知行 已提交关账，等另一个人确认').waitFor();
      await picture(second, 'performance-second');
      await second.getByRole('button', { name: '确认关账' }).click();
      await second.getByText('已关账', { exact: true }).waitFor();
      await second.getByText(/H1 王知行 提交，H2 陈立 确认/).waitFor();
      await picture(second, 'performance-closed');
    });

    it('gives the package, which verifies with the key on the page', async () => {
      const [download] = await Promise.all([
        second.waitForEvent('download'),
        second.getByRole('link', { name: '下载签名证据包' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('绩效-2026-11.jsonl');
      const key = (await second.locator('.performance-key').last().innerText()).trim();
      const said: string[] = [];
      const print = (line: string) => void said.push(line);
      expect(await verifyFile(await download.path(), { key, print })).toBe(true);
      expect(said.join('\n')).toContain('4 of 4 results computed anew from the events, all equal');
    });
  },
);
