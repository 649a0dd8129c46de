import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestApp, testApp } from '../../support/app.ts';
import { cardIn, conversation, wordsOf } from '../../support/conversation.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ startAt: '2026-09-23T02:00:00Z', content: 'config/content/office-suite' });
}, 120_000);
afterAll(() => app.close());

it('asks for the blanks of a template one by one, and fills in each name', async () => {
  const liaison = conversation(app, 'E0003');
  const shown = async (said: string) =>
    wordsOf({ kind: 'card', card: cardIn((await liaison.says(said)).messages) });
  expect(await shown('发通知')).toContain('1. 开会通知');
  expect(await shown('1')).toContain('「主题」填什么？（后面还有 2 处）');
  expect(await shown('预算启动会')).toContain('「时间」');
  expect(await shown('周五 10:00')).toContain('「地点」');
  expect(await shown('301 会议室')).toContain('1. 财务部');
  await liaison.says('全部');
  const preview = await shown('现在');
  expect(preview).toContain('**预算启动会**');
  expect(preview).toContain('地点：301 会议室');
  expect(preview).not.toContain('{');
  // What answers no question goes to the knowledge base, and the draft stays.
  expect((await liaison.says('怎么冻结首行')).messages.map(wordsOf).join()).not.toContain(
    '大家看到的就是这样',
  );
  expect(await shown('发通知')).toContain('预算启动会');
});
