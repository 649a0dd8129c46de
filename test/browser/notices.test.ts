import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { buildPage, hasChromium, openBrowser, picture, signIn } from '../support/browser.ts';
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

    const shoot = (name: string) => picture(page, name);

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
      await signIn(page, {
        db: app.database.db,
        url: server.url,
        name: '运营小王',
        role: 'admin',
        place: 'notices',
      });
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
      await shoot('preview');
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

    it('takes it back, and says what each platform allows and what was reached', async () => {
      await page.getByText('随时可以撤回').waitFor();
      await page.getByRole('button', { name: '撤回' }).click();
      await page.getByText('已撤回').first().waitFor();
      await app.moveTo('2026-09-23T07:05:00Z');
      await page.getByRole('button', { name: '收起' }).click();
      await page.getByRole('button', { name: '打开' }).click();
      await page.getByText(/撤回完成/).waitFor();
      await page.getByText(/1 人的已收回/).waitFor();
      await shoot('recalled');
      const { rows } = await app.database.pool.query(
        `select d.state from deliveries d join notice_messages m on m.message_id = d.message_id where m.part = 'text'`,
      );
      expect(rows).toEqual([{ state: 'recalled' }]);
    });

    it('corrects it: whoever got the first gets what is right, which refers to it', async () => {
      await page.getByLabel('更正内容').fill('值班改到周六。');
      await page.getByRole('button', { name: '发更正' }).click();
      await page.getByRole('button', { name: '收起' }).click();
      await page.getByText('2. 值班安排').waitFor();
      await page.getByRole('button', { name: '打开' }).first().click();
      await page.getByRole('button', { name: '现在发送' }).click();
      await page.getByText('已发出').first().waitFor();
      await app.app.settled();
      const heard = (await app.as('E1').inbox()).map(wordsOf).join();
      expect(heard).toContain('更正 1 号通知《值班安排》，以这一条为准。');
      await page.getByRole('button', { name: '收起' }).click();
    });

    const compose = async (title: string, body: string): Promise<void> => {
      const form = page.locator('section', { hasText: '写通知' }).locator('form').first();
      await form.getByLabel('标题').fill(title);
      await form.getByLabel(/正文/).fill(body);
      await form.getByLabel('发给所有人').check();
      await form.getByRole('button', { name: '保存草稿' }).click();
      await page.getByText(`. ${title}`).waitFor();
      await page.getByRole('button', { name: '打开' }).first().click();
    };
    const details = () => page.locator('.notice-details');
    const preview = async (): Promise<void> => {
      await details().getByRole('button', { name: '预检' }).click();
    };
    const rewrite = async (body: string): Promise<void> => {
      await details().getByRole('button', { name: '修改' }).click();
      await details().getByLabel(/正文/).fill(body);
    };
    const keep = async (): Promise<void> => {
      await details().getByRole('button', { name: '保存修改' }).click();
      await details().getByRole('button', { name: '预检' }).waitFor();
    };

    it('says in one sentence which variable has no value, and asks for it', async () => {
      await compose('交材料', '请在{截止}前交。');
      await preview();
      await page.getByText('「截止」没有值：张小满 等 2 人。补上以后再发。').waitFor();
      await shoot('problem');
      await rewrite('请在{截止}前交！');
      await details()
        .getByLabel(/「截止」填什么/)
        .fill('周五');
      await keep();
      await preview();
      await page.getByText('请在周五前交！').waitFor();
    });

    it('says in one sentence that the text is too long', async () => {
      await rewrite('长'.repeat(3_700));
      await keep();
      await preview();
      await page.getByText('内容有 3700 个字，正文最多 3600，请精简一些。').waitFor();
    });

    it('says in one sentence that a file cannot be read', async () => {
      await rewrite('请看附件。');
      await details().getByText('更多：附件、链接、报名、自动提醒').click();
      await details()
        .getByLabel(/^附件/)
        .setInputFiles({ name: '计划.pdf', mimeType: 'application/pdf', buffer: Buffer.from('a plan') });
      await details().getByText('计划.pdf').waitFor();
      await details().getByLabel('提醒本人').first().check();
      await shoot('editing');
      await keep();
      await details().getByText('24 小时后提醒本人').waitFor();
      const { rows } = await app.database.pool.query<{ path: string }>('select path from notice_files');
      await rm(join(app.dataDir, 'files', rows[0]?.path ?? ''));
      await details().getByRole('button', { name: '现在发送' }).click();
      await page
        .getByRole('alert')
        .getByText(/附件「计划.pdf」打不开，请重新上传。/)
        .waitFor();
    });

    it('says in one sentence that the approval has expired', async () => {
      await rewrite('值班电话 13900139000。');
      await details().getByText('更多：附件、链接、报名、自动提醒').click();
      await details().getByRole('button', { name: '去掉' }).click();
      await keep();
      await details().getByRole('button', { name: '提交审批' }).click();
      await page.getByText('待审批').first().waitFor();
      expect((await app.as('R1').says('批准 3')).messages.map(wordsOf).join()).toContain('已批准');
      await app.moveTo('2026-09-27T07:05:00Z');
      await details().getByRole('button', { name: '现在发送' }).click();
      await page
        .getByRole('alert')
        .getByText(/批准已过期，请重新提交/)
        .waitFor();
    });

    it('goes back to whoever wrote it, with the reason', async () => {
      await rewrite('值班电话 13900139001。');
      await keep();
      await details().getByRole('button', { name: '提交审批' }).click();
      await details().getByLabel('退回原因').fill('请写清楚日期');
      await details().getByRole('button', { name: '退回' }).click();
      await details().getByRole('button', { name: '提交审批' }).waitFor();
      await details()
        .getByText(/请写清楚日期/)
        .waitFor();
      await shoot('history');
    });
  },
);
