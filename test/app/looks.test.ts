import { describe, expect, it } from '@jest/globals';
import { looksOf } from '#src/app/looks.ts';
import type { Card } from '#src/chat/message.ts';

const card = (more: Partial<Card> = {}): Card => ({
  title: '今日技巧｜冻结窗格',
  body: '表头不动，下面随便翻。\n\n**现在试试：** 点「视图」',
  buttons: [
    { label: '打卡', tone: 'primary', action: { name: 'checkins.check-in' }, word: '打卡' },
    { label: '有用', tone: 'quiet', action: { name: 'tips.react' } },
  ],
  ...more,
});
const byForm = (content: Card) =>
  new Map(looksOf(content).map((look) => [`${look.channel} ${look.form}`, look]));

describe('a card as each platform shows it', () => {
  it('has title, words and buttons where the platform has them', () => {
    const looks = byForm(card());
    for (const form of ['feishu interactive', 'wecom template_card', 'dingtalk card-template']) {
      const look = looks.get(form);
      expect([form, look?.title]).toEqual([form, '今日技巧｜冻结窗格']);
      expect(look?.body).toContain('表头不动');
      expect(look?.buttons).toEqual(['打卡', '有用']);
      expect(look?.shortcomings).toEqual([]);
    }
  });

  it('shows links in the words of DingTalk without a template', () => {
    const said = byForm(card()).get('dingtalk markdown');
    expect(said?.buttons).toEqual([]);
    expect(said?.body).toMatch(/\[打卡\]\(/);
  });

  it('says what WeCom cannot show of a long card, and who refuses one', () => {
    const long = looksOf(card({ body: '很长的说明。'.repeat(600) }));
    const wecom = long.find(({ channel }) => channel === 'wecom');
    expect(wecom?.shortcomings.length).toBeGreaterThan(0);
  });
});
