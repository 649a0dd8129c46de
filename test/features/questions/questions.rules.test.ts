import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judge, readTyped, soundsLikeQuestion } from '#src/features/questions/questions.rules.ts';
import { type QuestionContent, questionFileSchema } from '#src/features/questions/questions.schema.ts';
import { anyQuestion } from './arbitrary.ts';

const question = (fields: Record<string, unknown>): QuestionContent =>
  questionFileSchema.parse({ id: 'some-question', text: '哪个？', ...fields });
const single = question({ kind: 'single', options: ['甲', '乙', '丙'], answer: 2 });
const multiple = question({ kind: 'multiple', options: ['甲', '乙', '丙', '丁'], answer: [0, 2] });
const ordering = question({ kind: 'ordering', options: ['一', '二', '三'] });
const fillIn = question({ kind: 'fill-in', answer: ['COUNTIF', '=COUNTIF(A:A,">60")'] });
const numeric = question({ kind: 'numeric', answer: 0.3, tolerance: 0, unit: '元' });
const truth = question({ kind: 'true-false', answer: true });

describe('typed answers', () => {
  it.each([
    [
      'a letter names what stands there, not what stands first in the bank',
      single,
      [2, 0, 1],
      'A',
      { kind: 'options', options: [2] },
    ],
    ['full-width, with a full stop', single, [0, 1, 2], 'ｂ。', { kind: 'options', options: [1] }],
    ['我选 c', single, [0, 1, 2], '我选 c', { kind: 'options', options: [2] }],
    ['the words of an option', single, [2, 1, 0], '丙', { kind: 'options', options: [2] }],
    ['two letters are no answer to a question with one', single, [0, 1, 2], 'ab', undefined],
    ['a letter that is not there', single, [0, 1, 2], 'D', undefined],
    ['letters with commas', multiple, [3, 2, 1, 0], 'B、D', { kind: 'options', options: [0, 2] }],
    ['ac', multiple, [0, 1, 2, 3], 'ac', { kind: 'options', options: [0, 2] }],
    ['a letter twice', multiple, [0, 1, 2, 3], 'aa', undefined],
    [
      'an order with arrows',
      ordering,
      [2, 0, 1],
      'B → C → A'.replaceAll('→', '>'),
      { kind: 'order', order: [0, 1, 2] },
    ],
    ['half an order', ordering, [2, 0, 1], 'BC', undefined],
    ['对', truth, [], '对', { kind: 'truth', truth: true }],
    ['错！', truth, [], '错！', { kind: 'truth', truth: false }],
    ['anything else', truth, [], '今天下雨', undefined],
    ['a number with its unit', numeric, [], '1,000 元', { kind: 'number', number: 1000 }],
    ['words instead of a number', numeric, [], '很多', undefined],
    ['words', fillIn, [], ' countif ', { kind: 'words', words: 'countif' }],
  ])('%s', (_name, content, order, said, expected) => {
    expect(readTyped(content, order, said)).toEqual(expected);
  });

  it.each([
    ['怎么冻结窗格', true],
    ['这个填什么？', true],
    ['COUNTIF', false],
    ['=IF(A1>60,"过","不过")', false],
  ])('%s sounds like a question to us: %s', (said, expected) => {
    expect(soundsLikeQuestion(said)).toBe(expected);
  });
});

describe('judging', () => {
  it.each([
    [
      'blanks, width and case of a formula do not matter',
      fillIn,
      { kind: 'words', words: '＝countif(a:a, ”>60”)' },
      0,
    ],
    ['any wording of the list counts', fillIn, { kind: 'words', words: '=countif( A:A , ">60" )' }, 1],
    ['0.1 + 0.2', numeric, { kind: 'number', number: 0.1 + 0.2 }, 1],
    ['nearly', numeric, { kind: 'number', number: 0.31 }, 0],
    ['both and none wrong', multiple, { kind: 'options', options: [0, 2] }, 1],
    ['one of two', multiple, { kind: 'options', options: [0] }, 0.5],
    ['one right, one wrong', multiple, { kind: 'options', options: [0, 1] }, 0],
    ['everything ticked', multiple, { kind: 'options', options: [0, 1, 2, 3] }, 0],
    ['one place of three', ordering, { kind: 'order', order: [0, 2, 1] }, 1 / 3],
  ] as const)('%s', (_name, content, given, expected) => {
    expect(judge(content, given as Parameters<typeof judge>[1])).toBe(expected);
  });

  it('is never below nought nor above one, whatever is given', () => {
    const given = fc.oneof(
      fc.record({
        kind: fc.constant('options' as const),
        options: fc.array(fc.nat({ max: 9 }), { maxLength: 9 }),
      }),
      fc.record({
        kind: fc.constant('order' as const),
        order: fc.array(fc.nat({ max: 9 }), { maxLength: 9 }),
      }),
      fc.record({ kind: fc.constant('words' as const), words: fc.string() }),
      fc.record({ kind: fc.constant('number' as const), number: fc.double() }),
    );
    fc.assert(
      fc.property(anyQuestion, given, (content, answer) => {
        const share = judge(content, answer);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});
