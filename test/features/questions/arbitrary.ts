import fc from 'fast-check';
import { type QuestionFile, questionFileSchema } from '#src/features/questions/questions.schema.ts';

/** Words as people write them about office software: Chinese, formulas, and what formats use as marks of their own. */
const piece = fc.constantFrom(
  '求和',
  '选中 A1',
  '=SUM(A1:A3)',
  '{数组}',
  '~约等于',
  '#N/A',
  '50%',
  'a:b',
  'C:\\路径',
  '“引号”',
  '"x"',
  "'单引号",
  '<b>粗</b>',
  '&amp;',
  '// 不是注释',
  '-> 箭头',
  '+1',
  '-1',
  '@提到',
  'ANSWER: A',
  'A. 不是选项',
  '[tag]',
  '$CATEGORY: x',
  '::题::',
  '，。；|',
  '\\n',
  '空 格',
);
const line = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('，'));
const text = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
const word = fc.constantFrom('冻结窗格', '求和', 'PDF', '打印');
const key = fc.stringMatching(/^[a-z][a-z0-9]{2,8}(-[a-z0-9]{1,8}){1,2}$/);
const opt = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

const common = {
  id: key,
  text,
  feature: word,
  area: fc.constantFrom('spreadsheets', 'pdf'),
  level: fc.constantFrom('beginner', 'intermediate', 'advanced'),
  tags: fc.uniqueArray(word, { maxLength: 3 }),
  explanation: opt(text),
  version: opt(line),
  owner: opt(word),
};
const options = (least: number) => fc.uniqueArray(line, { minLength: least, maxLength: 6 });

const raw: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  options(2).chain((list) =>
    fc.record({
      ...common,
      kind: fc.constant('single'),
      options: fc.constant(list),
      answer: fc.nat({ max: list.length - 1 }),
    }),
  ),
  options(2).chain((list) =>
    fc.record({
      ...common,
      kind: fc.constant('multiple'),
      options: fc.constant(list),
      answer: fc
        .uniqueArray(fc.nat({ max: list.length - 1 }), { minLength: 1, maxLength: list.length })
        .map((right) => right.sort((a, b) => a - b)),
    }),
  ),
  fc.record({ ...common, kind: fc.constant('true-false'), answer: fc.boolean() }),
  fc.record({
    ...common,
    kind: fc.constant('fill-in'),
    answer: fc.uniqueArray(line, { minLength: 1, maxLength: 4 }),
    caseSensitive: fc.boolean(),
  }),
  fc.record({ ...common, kind: fc.constant('ordering'), options: options(3) }),
  fc.record({
    ...common,
    kind: fc.constant('numeric'),
    answer: fc.integer({ min: -9999, max: 99999 }).map((n) => n / 100),
    tolerance: fc.nat({ max: 500 }).map((n) => n / 100),
    unit: opt(fc.constantFrom('个', '元')),
  }),
);

/** Any question, as the schema gives it. */
export const anyQuestion: fc.Arbitrary<QuestionFile> = raw.chain((question) =>
  fc.boolean().map((reviewed) => {
    const given = Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined));
    const review = reviewed && given['explanation'] !== undefined ? 'reviewed' : 'draft';
    return questionFileSchema.parse({ ...given, review });
  }),
);

export const anyBank = fc.uniqueArray(anyQuestion, { minLength: 1, maxLength: 6, selector: ({ id }) => id });
