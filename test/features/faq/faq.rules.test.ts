import { describe, expect, it } from '@jest/globals';
import type { Candidate } from '#src/features/faq/engine/index.ts';
import { decide, defaultThresholds } from '#src/features/faq/faq.rules.ts';
import { smallTalkIn } from '#src/features/faq/faq.smalltalk.ts';

const sure = (confidence: number): Candidate => ({
  id: `c${confidence}`,
  score: 0,
  confidence,
  signals: { sum: 0, gap: 0 },
  matched: '',
  contributions: { overlap: 0, asked: 0, lost: 0, centre: 0, body: 0, same: 0, negation: 0 },
});

describe('what to do with a question', () => {
  it.each([
    ['sure and alone', [0.9], 'answer'],
    ['sure and far ahead', [0.9, 0.1], 'answer'],
    ['just sure enough', [0.7, 0.1], 'answer'],
    ['sure of two', [0.9, 0.85], 'choices'],
    ['half sure', [0.4, 0.1], 'choices'],
    ['hardly sure', [0.05], 'rephrase'],
    ['not at all sure', [0.001], 'handover'],
    ['nothing found', [], 'handover'],
  ] as const)('%s', (_name, confidences, expected) => {
    expect(decide(confidences.map(sure))).toBe(expected);
  });

  it('takes its thresholds as data', () => {
    expect(decide([sure(0.4)], { ...defaultThresholds, answer: 0.3 })).toBe('answer');
  });
});

describe('small talk', () => {
  it.each([
    ['你好', 'greeting'],
    ['你好呀！', 'greeting'],
    ['Hi there!', 'greeting'],
    ['在吗？', 'greeting'],
    ['谢谢！', 'thanked'],
    ['Thank you', 'thanked'],
    ['拜拜~', 'goodbye'],
    ['你好，密码忘了', undefined],
    ['谢谢，不过还是打不开', undefined],
    ['', undefined],
  ])('%s', (said, kind) => {
    expect(smallTalkIn(said)).toBe(kind);
  });
});
