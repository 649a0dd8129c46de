import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { createSignInLink } from '#src/http/credentials.ts';
import { systemClock } from '#src/kernel/time.ts';
import { buildPage, hasChromium, openBrowser } from '../support/browser.ts';
import { wordsOf } from '../support/conversation.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

inChromium(
  `notices in real Chromium${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      buildPage('console');
      const people = [
        'R1,任审核,ROOT,,审核,Asia/Shanghai,zh-CN,reviewer,,2020-01-06,,beginner',
        'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      ];
      app = await smallApp({ startAt: '2026-09-23T02:00:00Z', people });
      server = await testServer(app);
      browser = await openBrowser();
      page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
      });
      const link = await createSignInLink(app.database.db, {
        publicUrl: server.url,
        name: '运营小王',
        roles: ['admin'],
        now: systemClock.now(),
      });
      await page.goto(link);
      await page.goto(`${server.url}/console/notices`);
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    it('composes a notice with a mobile number, looks ahead, and has to ask for approval', async () => {
      await page.getByLabel('标题').fill('值班安排');
      await page.getByLabel(/正文/).fill('{姓名}，国庆值班电话 13800138000。');
      await page.getByLabel('发给部门').click();
      await page.getByTitle('研发部').click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: '保存草稿' }).click();
      await page.getByRole('button', { name: '打开' }).click();
      await page.getByRole('button', { name: '预检' }).click();
      await page.getByText('共 1 人，其中 1 人马上能收到。').waitFor();
      await page.getByText('发出前需要另一位同事批准。').waitFor();
      await page.getByRole('button', { name: '提交审批' }).click();
      await page.getByText('待审批').waitFor();
      await page.getByRole('button', { name: '审核 / 批准' }).click();
      await page
        .getByRole('alert')
        .getByText(/编制、审核、批准要由不同的人完成/)
        .waitFor();
    });

    it('schedules it once somebody else has approved it, and shows who got it', async () => {
      const { messages } = await app.as('R1').says('批准 1');
      expect(messages.map(wordsOf).join()).toContain('已批准');
      await page.getByRole('button', { name: '按时间发送' }).waitFor();
      await page.getByLabel('发送时间').fill('2026-09-23T15:00');
      await page.getByRole('button', { name: '按时间发送' }).click();
      await page.getByText('已排期').first().waitFor();
      await app.moveTo('2026-09-23T07:03:00Z');
      await page.getByText('已发出').first().waitFor();
      await page.getByRole('button', { name: '看名单' }).click();
      await page
        .getByText(/张小满/)
        .first()
        .waitFor();
      expect(wordsOf((await app.as('E1').inbox()).at(-1))).toContain('张小满，国庆值班电话');
    });

    it('takes it back', async () => {
      await page.getByRole('button', { name: '撤回' }).click();
      await page.getByText('已撤回').first().waitFor();
      await app.moveTo('2026-09-23T07:05:00Z');
      const { rows } = await app.database.pool.query(
        `select d.state from deliveries d join notice_messages m on m.message_id = d.message_id where m.part = 'text'`,
      );
      expect(rows).toEqual([{ state: 'recalled' }]);
    });
  },
);
