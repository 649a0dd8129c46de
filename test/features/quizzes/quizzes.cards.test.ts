import { describe, expect, it } from '@jest/globals';
import { cardSchema } from '#src/chat/message.ts';
import { questionCard } from '#src/features/quizzes/quizzes.cards.ts';

const content = {
  kind: 'single' as const,
  text: '图里哪一个按钮是格式刷？',
  options: ['左边', '右边'],
  answer: 0,
  feature: 'sheet',
  area: 'format',
  level: 'beginner' as const,
  tags: [],
  review: 'reviewed' as const,
};

const shown = (more: object) =>
  questionCard({
    quizId: 'q',
    attempt: 1,
    item: { p: 0, o: [0, 1] },
    content: { ...content, ...more },
    title: '第 1 题',
    locale: 'zh-CN',
  });

describe('the card of a question', () => {
  it('carries the picture that the bank keeps, with the question as its words', () => {
    const card = shown({ picture: `${'a'.repeat(32)}.png` });
    expect(card.image).toEqual({ path: `pictures/${'a'.repeat(32)}.png`, alt: '图里哪一个按钮是格式刷？' });
    expect(cardSchema.safeParse(card).success).toBe(true);
  });

  it('has none where the question has none', () => {
    expect(shown({})).not.toHaveProperty('image');
  });
});
