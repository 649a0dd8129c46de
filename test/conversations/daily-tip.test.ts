import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestApp, testApp } from '../support/app.ts';
import { conversation, wordsOf } from '../support/conversation.ts';

describe('a first working day', () => {
  let it_: TestApp;
  beforeAll(async () => {
    it_ = await testApp({ startAt: '2026-09-18T00:00:00Z', content: 'config/content/office-suite' });
  });
  afterAll(() => it_.close());

  it('brings the tip at ten past nine, takes the check-in, and shows the record', async () => {
    const employee = conversation(it_, 'E0001');
    await it_.moveTo('2026-09-18T01:09:00Z');
    expect(await employee.inbox()).toHaveLength(0);
    await it_.moveTo('2026-09-18T01:10:00Z');
    const card = await employee.lastCard();
    expect(card.title).toMatch(/^今日技巧｜/);
    const heard = await employee.taps(card, '打卡');
    expect(heard.toast).toContain('第 1 天');
    const record = await employee.says('我的');
    expect(wordsOf(record.messages[0])).toContain('连续 1 天');
  });
});
