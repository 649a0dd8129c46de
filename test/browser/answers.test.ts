import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { calibrate, putCalibration } from '#src/features/faq/index.ts';
import { office } from '../features/faq/office.ts';
import { buildPage, hasChromium, openBrowser, picture, signIn } from '../support/browser.ts';
import { wordsOf } from '../support/conversation.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const inChromium = hasChromium ? describe : describe.skip;

inChromium(
  `answers and tickets in real Chromium${hasChromium ? '' : ' (skipped: chromium is not on this machine)'}`,
  () => {
    let app: SmallApp;
    let server: TestServer;
    let browser: Browser;
    let page: Page;

    const shoot = (name: string) => picture(page, name);

    beforeAll(async () => {
      buildPage('console');
      const people = [
        'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
        'S1,赵客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
      ];
      app = await smallApp({ startAt: '2026-09-14T02:00:00Z', people });
      server = await testServer(app);
      await server.api('POST', '/faq/entries:import', { entries: office });
      await app.as('E1').says('食堂几点开门啊');
      await app.as('E1').says('食堂几点开门');
      browser = await openBrowser();
      page = await browser.newPage({
        viewport: { width: 1280, height: 900 },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
      });
      page.setDefaultTimeout(15_000);
      await signIn(page, {
        db: app.database.db,
        url: server.url,
        name: '客服小王',
        role: 'support',
        place: 'faq',
      });
    }, 180_000);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      await app?.close();
    });

    it('shows an entry as colleagues get it while it is written, and saves it', async () => {
      await page.getByRole('button', { name: /忘记密码怎么办/ }).click();
      await page.getByLabel('答案（Markdown）').fill('点登录页的**忘记密码**。');
      await page.locator('.faq-card strong').getByText('忘记密码').waitFor();
      await shoot('faq-entry');
      await page.getByRole('button', { name: '保存', exact: true }).click();
      await page.getByText('保存好了，这是第 2 版。').waitFor();
    });

    it('says what would be answered, and why', async () => {
      await page.getByRole('tab', { name: '命中测试' }).click();
      await page.getByLabel('同事会怎么问').fill('请问忘了登录密码怎么找回？');
      await page.getByRole('button', { name: /试\s*问/ }).click();
      await page.getByText('会直接回答', { exact: true }).waitFor();
      await page.getByText('相同的字词').first().waitFor();
      await shoot('faq-hit-test');
    });

    it('makes a draft of what was missed with one tap', async () => {
      await page.getByRole('tab', { name: '未命中' }).click();
      await page.getByText('问了 2 次').waitFor();
      await shoot('faq-misses');
      await page.getByRole('button', { name: '写成草稿' }).click();
      await page.getByRole('tab', { name: '条目', selected: true }).waitFor();
      await page.getByLabel('标准问').waitFor();
      expect(await page.getByLabel('标准问').inputValue()).toContain('食堂几点开门');
      expect(await page.getByLabel('已审核，可以拿来回答').isChecked()).toBe(false);
      await page.getByRole('tab', { name: '统计' }).click();
      await page.getByText('最近 24 小时的提问').waitFor();
      await shoot('faq-figures');
    });

    it('asks past questions again of the knowledge base with its drafts, and shows what that wins', async () => {
      await page.getByRole('tab', { name: '发布前演练' }).click();
      await page.getByRole('button', { name: '开始演练' }).click();
      await page.getByRole('status').getByText('草稿 1 条').waitFor();
      const gains = page.getByRole('region', { name: /变好/ });
      await gains.getByText('食堂几点开门', { exact: true }).waitFor();
      expect(await gains.textContent()).toContain('直接回答');
      expect(await page.getByRole('region', { name: /变差/ }).textContent()).toContain('没有。');
      await shoot('faq-replay');
      await gains
        .getByRole('button', { name: /编\s*辑/ })
        .first()
        .click();
      await page.getByRole('tab', { name: '条目', selected: true }).waitFor();
      expect(await page.getByLabel('标准问').inputValue()).toContain('食堂几点开门');
    });

    it('shows from which confidence on the bot answers, and the curve behind it', async () => {
      await page.getByRole('tab', { name: '校准' }).click();
      await page.getByText('还没有校准过').waitFor();
      const { db } = app.database;
      const fitted = await calibrate(db, { mostWrong: 0.05, outOfScope: 0.3, outside: ['今天天气怎么样'] });
      const by = { actor: { kind: 'system' as const, id: 'test' }, at: app.app.clock.now() };
      await putCalibration(db, fitted, by);
      await page.reload();
      await page.getByRole('tab', { name: '校准' }).click();
      await page.getByText('第 1 版').waitFor();
      const curve = page.getByRole('region', { name: /门槛高一点/ });
      await curve.getByText('0.95', { exact: true }).waitFor();
      expect(await curve.getByRole('row').count()).toBeGreaterThan(10);
      await shoot('faq-calibration');
    });

    it('answers a ticket from the page, and the asker hears it', async () => {
      await page.goto(`${server.url}/console/tickets`);
      await page.getByRole('button', { name: /食堂几点开门/ }).click();
      await page.getByText('转人工之前的对话').waitFor();
      await page.getByLabel('我的工号（接单和转单用）').last().fill('S1');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /接\s*单/ }).click();
      await page.getByLabel('答复内容，同事会在聊天里收到').last().fill('十一点半开门。');
      await shoot('tickets');
      await page
        .getByRole('button', { name: /答\s*复/ })
        .last()
        .click();
      await page.locator('.ticket-lines').getByText('十一点半开门。').waitFor();
      await app.app.settled();
      expect((await app.as('E1').inbox()).map(wordsOf).join()).toContain('十一点半开门。');
      await page.getByRole('button', { name: /结\s*单/ }).click();
      await page.getByRole('button', { name: '存成知识库草稿' }).waitFor();
    });

    it('keeps a roster', async () => {
      await page.getByRole('tab', { name: '值班表' }).click();
      await page.getByRole('button', { name: '加一行' }).click();
      await page.getByLabel('工号', { exact: true }).fill('S1');
      await page.getByRole('button', { name: '保存值班表' }).click();
      await page.getByText('值班表保存好了。').waitFor();
      await shoot('tickets-roster');
    });
  },
);
