import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Format, readQuestions, writeQuestions } from '#src/features/questions/questions.formats.ts';
import { pictures } from '#src/features/questions/questions.pictures.ts';
import { type QuestionFile, questionFileSchema } from '#src/features/questions/questions.schema.ts';
import { anyBank } from './arbitrary.ts';

const kept = pictures({ fileRoot: mkdtempSync(join(tmpdir(), 'cuhuo-pictures-')) });
const context = { locale: 'zh-CN', pictures: kept } as const;
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function thereAndBack(bank: readonly QuestionFile[], format: Format): Promise<unknown[]> {
  const { bytes } = await writeQuestions(bank, format, { pictures: kept });
  const given = await readQuestions(bytes, format, context);
  return given.map(({ question, problems }) => {
    const parsed = questionFileSchema.safeParse(question);
    return parsed.success ? parsed.data : (problems ?? parsed.error.issues);
  });
}

const read = (text: string, format: Format) => readQuestions(Buffer.from(text), format, context);

describe.each(['xlsx', 'csv', 'gift', 'moodle'] as const)('a bank written as %s', (format) => {
  it('gives the same questions when it is read back', async () => {
    await fc.assert(
      fc.asyncProperty(anyBank, async (bank) => {
        expect(await thereAndBack(bank, format)).toEqual(bank);
      }),
      { numRuns: format === 'xlsx' ? 15 : 100 },
    );
  });
});

it('brings a picture along in Moodle XML and keeps it under the same name', async () => {
  const picture = kept.keep(PIXEL);
  const question = questionFileSchema.parse({
    id: 'which-button',
    kind: 'true-false',
    text: '图里的按钮是格式刷。',
    answer: true,
    picture,
  });
  const { bytes } = await writeQuestions([question], 'moodle', { pictures: kept });
  expect(bytes.toString()).toContain(PIXEL.toString('base64'));
  expect(await thereAndBack([question], 'moodle')).toEqual([question]);
});

it('writes as Aiken what Aiken can hold, and says what it cannot', async () => {
  const bank = [
    questionFileSchema.parse({
      id: 'q-one',
      kind: 'single',
      text: '合计在哪里？',
      options: ['标题栏', '状态栏'],
      answer: 1,
    }),
    questionFileSchema.parse({ id: 'q-two', kind: 'true-false', text: '能撤销。', answer: true }),
  ];
  const { bytes, leftOut } = await writeQuestions(bank, 'aiken', { pictures: kept });
  expect(leftOut).toEqual(['q-two']);
  expect(bytes.toString()).toBe('合计在哪里？\nA. 标题栏\nB. 状态栏\nANSWER: B\n');
  const [back] = await readQuestions(bytes, 'aiken', context);
  expect(back?.question).toMatchObject({
    kind: 'single',
    text: '合计在哪里？',
    options: ['标题栏', '状态栏'],
    answer: 1,
  });
});

describe('the example of docs.moodle.org/en/Aiken_format', () => {
  const example = [
    'What is the correct answer to this question?',
    'A. Is it this one?',
    'B. Maybe this answer?',
    'C. Possibly this one?',
    'D. Must be this one!',
    'ANSWER: D',
    '',
    'Which LMS has the most quiz import formats?',
    'A) Moodle',
    'B) ATutor',
    'C) Claroline',
    'D) Blackboard',
    'E) WebCT',
    'F) Ilias',
    'ANSWER: A',
  ].join('\n');

  it('gives both questions', async () => {
    const given = await read(example, 'aiken');
    expect(given.map(({ question }) => question)).toMatchObject([
      {
        kind: 'single',
        answer: 3,
        options: ['Is it this one?', 'Maybe this answer?', 'Possibly this one?', 'Must be this one!'],
      },
      { kind: 'single', answer: 0, text: 'Which LMS has the most quiz import formats?' },
    ]);
  });

  it('names the line of a question without an answer, of a wrong letter and of a skipped one, and takes the rest', async () => {
    const broken = `Q1\nA. x\nB. y\nANSWER: C\n\nQ2\nA. x\nC. y\nANSWER: A\n\n${example}\n\nQ3\nA. x`;
    const given = await read(broken, 'aiken');
    expect(given.map(({ line, problems }) => [line, problems])).toEqual([
      [1, ['line 4: there is no option C']],
      [6, ['options must be lettered A, B, C … in order']],
      [11, undefined],
      [18, undefined],
      [27, ['the line "ANSWER:" is missing']],
    ]);
  });
});

describe('the examples of docs.moodle.org/en/GIFT_format', () => {
  it('are read as the kinds that they are', async () => {
    const given = await read(
      [
        '// true/false',
        '::Q1:: 1+1=2 {T}',
        '',
        '// multiple choice with specified feedback for right and wrong answers',
        "::Q2:: What's between orange and green in the spectrum? ",
        "{ =yellow # right; good! ~red # wrong, it's yellow ~blue # wrong, it's yellow }",
        '',
        '// fill-in-the-blank',
        '::Q3:: Two plus {=two =2} equals four.',
        '',
        '// matching',
        '::Q4:: Which animal eats which food? { =cat -> cat food =dog -> dog food }',
        '',
        '// math range question',
        '::Q5:: What is a number from 1 to 5? {#3:2}',
        '',
        '// math range specified with interval end points',
        '::Q6:: What is a number from 1 to 5? {#1..5}',
        '',
        '// multiple numeric answers with partial credit and feedback',
        '::Q7:: When was Ulysses S. Grant born? {#',
        '         =1822:0      # Correct! Full credit.',
        '         =%50%1822:2  # He was born in 1822. Half credit for being close.',
        '}',
        '',
        '// essay',
        '::Q8:: How are you? {}',
      ].join('\n'),
      'gift',
    );
    expect(given.map(({ line, question, problems }) => [line, question ?? problems])).toMatchObject([
      [1, { kind: 'true-false', answer: true, text: '1+1=2' }],
      [4, { kind: 'single', options: ['yellow', 'red', 'blue'], answer: 0 }],
      [8, { kind: 'fill-in', answer: ['two', '2'], text: 'Two plus _____ equals four.' }],
      [11, ['matching can only be taken where it gives an order: each right side a number from 1 on']],
      [14, { kind: 'numeric', answer: 3, tolerance: 2 }],
      [17, { kind: 'numeric', answer: 3, tolerance: 2 }],
      [20, { kind: 'numeric', answer: 1822, tolerance: 0 }],
      [26, ['an essay cannot be asked in a chat']],
    ]);
  });

  it('names the line of a broken one and takes the others', async () => {
    const given = await read('A {T}\n\nB {=one ~two\n\nC {F}\n', 'gift');
    expect(given.map(({ line }) => line)).toEqual([1, 3, 5]);
    expect(given[1]?.problems?.[0]).toMatch(/^line [3-5]: /);
    expect(given[2]?.question).toMatchObject({ kind: 'true-false', answer: false });
  });
});

describe('Moodle XML as docs.moodle.org/en/Moodle_XML_format shows it', () => {
  const file = (questions: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${questions}\n</quiz>\n`;

  it('is read with its HTML as words', async () => {
    const given = await read(
      file(`<question type="category"><category><text>$course$/Default</text></category></question>
<question type="multichoice">
  <name><text>Name of question</text></name>
  <questiontext format="html"><text><![CDATA[<p>What is the <b>answer</b> to this&nbsp;question?</p>]]></text></questiontext>
  <generalfeedback format="html"><text>&lt;p&gt;Because.&lt;/p&gt;</text></generalfeedback>
  <answer fraction="100"><text>The correct answer</text><feedback><text>Correct!</text></feedback></answer>
  <answer fraction="0"><text>A distractor</text><feedback><text>Ooops!</text></feedback></answer>
  <answer fraction="0"><text>Another distractor</text></answer>
  <shuffleanswers>1</shuffleanswers><single>true</single><answernumbering>abc</answernumbering>
</question>
<question type="truefalse"><name><text>TF</text></name><questiontext format="html"><text>The sky is blue</text></questiontext>
  <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="shortanswer"><name><text>SA</text></name><questiontext format="html"><text>Capital of France?</text></questiontext>
  <answer fraction="100"><text>Paris</text></answer><answer fraction="100"><text>paris</text></answer><answer fraction="50"><text>Pari</text></answer></question>
<question type="numerical"><name><text>N</text></name><questiontext format="html"><text>How many?</text></questiontext>
  <answer fraction="100"><text>23</text><tolerance>0.5</tolerance></answer></question>
<question type="essay"><name><text>E</text></name><questiontext format="html"><text>Write.</text></questiontext><answer fraction="0"><text></text></answer></question>`),
      'moodle',
    );
    expect(given.map(({ line, question, problems }) => [line, question ?? problems])).toMatchObject([
      [
        4,
        { kind: 'single', text: 'What is the answer to this question?', explanation: 'Because.', answer: 0 },
      ],
      [13, { kind: 'true-false', answer: true }],
      [15, { kind: 'fill-in', answer: ['Paris', 'paris'], caseSensitive: false }],
      [17, { kind: 'numeric', answer: 23, tolerance: 0.5 }],
      [19, ['questions of the type essay cannot be asked in a chat']],
    ]);
  });

  it('says on which line a file is broken, and takes no declarations', async () => {
    await expect(read('<quiz>\n<question type="truefalse">\n</quiz>', 'moodle')).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(/^questions\.xml:[23]: /),
    });
    await expect(read('<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>', 'moodle')).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });
});

describe('a table', () => {
  it('names the row and the field that is wrong', async () => {
    const csv =
      '题型,题干,选项,答案\n单选,哪个键？,"Ctrl\nAlt",B\n单选,哪个键？,"Ctrl\nAlt",C\n问答,为什么？,,\n判断,能撤销。,,对\n';
    const given = await read(csv, 'csv');
    const seen = given.map(({ line, question }) => {
      const parsed = questionFileSchema.safeParse(question);
      return [line, parsed.success ? 'right' : parsed.error.issues[0]?.path.join('.')];
    });
    expect(seen).toEqual([
      [2, 'right'],
      [4, 'answer'],
      [6, 'kind'],
      [7, 'right'],
    ]);
  });

  it('shows a formula as words to a spreadsheet, and gives it back as it was', async () => {
    const question = questionFileSchema.parse({
      id: 'sum-of-three',
      kind: 'fill-in',
      text: '=? 求 A1 到 A3 的和',
      answer: ['=SUM(A1:A3)'],
    });
    const { bytes } = await writeQuestions([question], 'csv', { pictures: kept });
    expect(bytes.toString()).toContain("'=SUM(A1:A3)");
    expect(await thereAndBack([question], 'csv')).toEqual([question]);
  });
});
