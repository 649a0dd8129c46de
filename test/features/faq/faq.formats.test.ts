import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attachmentTypes } from '#src/features/faq/faq.files.api.ts';
import { type FaqFormat, faqFormats, readEntries, writeEntries } from '#src/features/faq/faq.formats.ts';
import { type FaqFile, faqFileSchema } from '#src/features/faq/faq.schema.ts';

const formats = Object.keys(faqFormats) as FaqFormat[];

async function thereAndBack(entries: readonly FaqFile[], format: FaqFormat): Promise<FaqFile[]> {
  const bytes = await writeEntries(entries, format);
  const given =
    format === 'json'
      ? (JSON.parse(bytes.toString()) as { entries: unknown[] }).entries
      : (await readEntries(bytes, format, 'zh-CN')).map(({ entry }) => entry);
  return given.map((entry) => faqFileSchema.parse(entry));
}

/** What files of each kind stumble over. */
const SNAGS =
  "=1+1 @SUM(A1) -2 +86 ' ''=x | ; ； 、 , # ```yaml ``` --- 007 1E5 3-1 123456789012345678 \" _x000D_ <b> &amp; ＝１ null true ~ 怎么 打印"
    .split(' ')
    .concat('## 标题', '\\## 标题', 'id: x', '\t', '\r\n', '\n', ' ', '\u0007', '\u200b');

const said = (maxLength: number) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength }) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.constantFrom(...SNAGS), { minLength: 1, maxLength: 12 })
        .map((parts) => parts.join('').slice(0, maxLength)),
    },
  );
const hex = fc.string({
  unit: fc.constantFrom(...'0 1 2 3 4 5 6 7 8 9 a b c d e f'.split(' ')),
  minLength: 32,
  maxLength: 32,
});
const file = fc
  .tuple(hex, fc.constantFrom(...Object.keys(attachmentTypes)))
  .map(([name, ending]) => `${name}.${ending}`);
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((one) => one.toISOString().slice(0, 10));

/** Entries as the import takes them, with whatever people write into the fields. */
const entries = fc
  .array(
    fc.record(
      {
        id: said(60),
        question: said(80),
        similar: fc.array(said(60), { maxLength: 4 }),
        answer: said(300),
        steps: fc.array(said(60), { maxLength: 4 }),
        attachments: fc.array(fc.record({ name: said(40), file }), { maxLength: 3 }),
        tags: fc.array(said(20), { maxLength: 3 }),
        version: said(30),
        departments: fc.array(said(20), { maxLength: 3 }),
        validFrom: date,
        validUntil: date,
        review: fc.constantFrom('draft' as const, 'reviewed' as const),
        active: fc.boolean(),
      },
      { requiredKeys: ['id', 'question'] },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((given) => given.flatMap((one) => faqFileSchema.safeParse(one).data ?? []))
  .filter((given) => given.length > 0 && !JSON.stringify(given).includes('\\u0000'));

describe('a knowledge base that goes out and comes in again', () => {
  it.each(formats)(
    'is the same, whatever stands in it: %s',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(entries, async (given) => {
          expect(await thereAndBack(given, format)).toEqual(given);
        }),
        { numRuns: format === 'xlsx' ? 60 : 300 },
      );
    },
    120_000,
  );

  const entry = faqFileSchema.parse({
    id: '123456789012345678',
    question: '=HYPERLINK("http://evil","点我")',
    similar: ['-1 怎么输', '@SUM 是什么'],
    answer: '+1\n\n## 小标题\n\n```\n## 代码\n```',
    steps: ['打开 **文件**', '点保存'],
    attachments: [{ name: '安装 手册.pdf', file: `${'a'.repeat(32)}.pdf` }],
    tags: ['a、b'],
    version: '2019; 2023',
    departments: ['D01', 'D02'],
    validFrom: '2026-01-01',
    validUntil: '2026-12-31',
    review: 'draft',
    active: false,
  });

  it('holds no cell that a spreadsheet takes for a formula, and no id that it shortens', async () => {
    const csv = (await writeEntries([entry], 'csv')).toString();
    for (const cell of csv.split(/(?<=^|,)"?|"?(?:,|\r\n)/)) expect(cell).not.toMatch(/^[=+@-]/);
    expect(csv).toContain("'123456789012345678");
    const [given] = await readEntries(Buffer.from(csv), 'csv', 'zh-CN');
    expect(given?.entry).toMatchObject({ id: '123456789012345678', question: entry.question });
  });

  it('reads in Markdown as somebody would write it', async () => {
    const written = (await writeEntries([entry], 'markdown')).toString();
    expect(written).toContain('\n\\## 小标题\n');
    const byHand =
      '# 知识库\n\n## 怎么打印？\n\n```yaml\nid: print\nsimilar:\n  - 打印\ntags: [打印]\n```\n\n按 **Ctrl+P**。\n';
    const [one] = await readEntries(Buffer.from(byHand), 'markdown', 'zh-CN');
    expect(one).toEqual({
      line: 3,
      entry: {
        id: 'print',
        question: '怎么打印？',
        similar: ['打印'],
        tags: ['打印'],
        answer: '按 **Ctrl+P**。',
      },
    });
  });

  it.each([
    ['no head', '## 怎么打印？\n\n按 Ctrl+P。\n'],
    ['a head that is no YAML', '## 怎么打印？\n\n```yaml\nid: [\n```\n'],
    ['anchors that would make it huge', '## x\n\n```yaml\nid: x\na: &a [1]\nsimilar: *a\n```\n'],
    ['a key that nobody knows', '## x\n\n```yaml\nid: x\nowner: y\n```\n'],
  ])('is refused in Markdown with %s', async (_name, text) => {
    const [one] = await readEntries(Buffer.from(text), 'markdown', 'zh-CN');
    expect(faqFileSchema.safeParse(one?.entry).success).toBe(false);
  });

  it('takes the days that a spreadsheet rewrote', async () => {
    const csv = '编号,标准问,生效日期\r\na,怎么打印,2026/3/2\r\n';
    const [one] = await readEntries(Buffer.from(csv), 'csv', 'zh-CN');
    expect(one?.entry).toMatchObject({ validFrom: '2026-03-02' });
  });
});
