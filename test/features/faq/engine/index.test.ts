import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildIndex, buildIndexInBackground } from '#src/features/faq/engine/index.ts';
import { office } from '../office.ts';

const index = buildIndex(office);
const best = (text: string): string | undefined => index.search(text)[0]?.id;

describe('finding the entry', () => {
  it.each([
    ['the same words', '忘记密码怎么办', 'password-reset'],
    ['politeness around it', '您好，请问一下怎么重置密码呀？谢谢！', 'password-reset'],
    ['another question word', '咋激活软件', 'activate'],
    ['why is not how', '软件激活为啥会失败', 'activate-fails'],
    ['same-sound typos', '网记密马怎么办', 'password-reset'],
    ['same-sound typos at the end', '打印出来是空白业怎么办', 'print-blank'],
    ['full width', 'ＰＤＦ　怎么转成　Ｗｏｒｄ', 'pdf-to-word'],
    ['traditional characters', '雲文檔不同步怎麼辦', 'cloud-sync'],
    ['a number decides', '报错2002', 'error-2002'],
    ['the other number', '出现 1001 错误', 'error-1001'],
    ['a denial decides', '自动保存没有开，文件还能恢复吗', 'autosave-lost'],
    ['and its absence', '自动保存在哪里开启', 'autosave-on'],
    ['mixed text', 'word 文档 from pdf', 'pdf-to-word'],
    ['English inflected', 'changing the display languages', 'reset-password-en'],
    ['English with a slip', 'how can i change the languge', 'reset-password-en'],
    ['words of the answer', '信任中心', 'macro-security'],
    ['inside a group of marks', '【宏】!!被禁用???', 'macro-security'],
  ])('%s', (_name, text, id) => {
    expect(best(text)).toBe(id);
  });

  it('is surer of an entry than of a question from elsewhere', () => {
    const known = index.search('登录密码忘了怎么找回')[0]?.confidence ?? 0;
    for (const elsewhere of ['今天中午吃什么', '股票今天涨了吗', 'who won the match', '年假还剩几天']) {
      expect(index.search(elsewhere)[0]?.confidence ?? 0).toBeLessThan(known / 2);
    }
  });

  it('says what each feature brought', () => {
    const [first] = index.search('怎么重置密码');
    const { contributions, score } = first ?? { contributions: {}, score: Number.NaN };
    const sum = Object.values(contributions).reduce((total, part) => total + part, 0);
    expect(sum).toBeCloseTo(score);
  });

  it('answers with allowed entries only', () => {
    const found = index.search('忘记密码怎么办', { allows: (id) => id !== 'password-reset' });
    expect(found.map(({ id }) => id)).not.toContain('password-reset');
    expect(found).not.toHaveLength(0);
  });
});

describe('learned likeness', () => {
  it('takes words for one another that entries use so', () => {
    const taught = ['报销', '付款', '借款', '盖章'].map((what, n) => ({
      id: `e${n}`,
      question: `${what}需要哪些材料`,
      similar: [`${what}需要哪些凭据`],
      answer: '',
      tags: [],
    }));
    const entry = { id: 'seal', question: '刻章要交材料', similar: [], answer: '', tags: [] };
    const other = { id: 'other', question: '刻章要交押金', similar: [], answer: '', tags: [] };
    const [first] = buildIndex([...taught, other, entry]).search('刻章要交凭据');
    expect(first?.id).toBe('seal');
  });
});

describe('learned keeping', () => {
  it('takes what people keep in other words for more telling than what comes and goes', () => {
    const taught = ['遗失', '红冲', '验真', '抬头'].map((what, n) => ({
      id: `e${n}`,
      question: `发票${what}申请`,
      similar: [`发票${what}`],
      answer: '',
      tags: [],
    }));
    const other = { id: 'other', question: '申请盖戳', similar: [], answer: '', tags: [] };
    const entry = { id: 'stamp', question: '发票盖戳', similar: [], answer: '', tags: [] };
    // Both words are as frequent, and each of the two entries lacks one of them.
    const [first] = buildIndex([...taught, other, entry]).search('发票盖戳申请');
    expect(first?.id).toBe('stamp');
  });

  it('puts an entry first whose very question is asked, however much another one says of it', () => {
    const pivot = {
      id: 'pivot',
      question: '透视表怎么做',
      similar: ['按月汇总', '分类统计'],
      answer: '',
      tags: [],
    };
    const refresh = {
      id: 'refresh',
      question: '透视表怎么刷新',
      similar: ['透视表怎么更新', '透视表怎么做更新', '透视表怎么更改'],
      answer: '',
      tags: [],
    };
    expect(buildIndex([refresh, pivot]).search('请问透视表怎么做？')[0]?.id).toBe('pivot');
  });
});

describe('hostile and odd input', () => {
  it.each([
    ['nothing', ''],
    ['blanks', ' \n\t\u3000'],
    ['control characters', '\u0000\u0007\u001b[31m'],
    ['half an emoji', '\ud83d'],
    ['emoji', '😀😀😀'],
    ['only politeness', '请问一下，谢谢'],
  ])('%s finds nothing and does no harm', (_name, text) => {
    expect(index.search(text)).toEqual([]);
  });

  it.each([
    ['one letter', 'a'.repeat(10_000)],
    ['one character', '怎'.repeat(10_000)],
    ['question words', '怎么能不能是不是'.repeat(2_000)],
    ['digits and dots', '1.'.repeat(5_000)],
    ['hyphens', `${'a-'.repeat(5_000)}!`],
    ['blanks between', '吗 '.repeat(5_000)],
    ['what grows when normalised', '\ufdfa'.repeat(5_000)],
    ['the letter x', '0x'.repeat(5_000)],
    // A search that grows with the square of the text takes minutes here, and the runner's own limit ends the test.
  ])('10 KB of %s cost next to nothing', (_name, text) => {
    for (let n = 0; n < 100; n += 1) expect(index.search(text).length).toBeLessThanOrEqual(3);
  });

  it('bears anything, and its confidences are ordered shares', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const found = index.search(text, { limit: 5 });
        const scores = found.map(({ score }) => score);
        expect([...scores].sort((a, b) => b - a)).toEqual(scores);
        for (const { confidence } of found) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('bears an empty index, and entries that say nothing', () => {
    expect(buildIndex([]).search('忘记密码')).toEqual([]);
    const empty = { id: 'x', question: '？', similar: [], answer: '', tags: [] };
    expect(buildIndex([empty]).search('忘记密码')).toEqual([]);
  });
});

describe('building beside other work', () => {
  it('gives the same index and lets others have their turn', async () => {
    const many = Array.from({ length: 300 }, (_, n) => ({
      ...(office[n % office.length] as (typeof office)[number]),
      id: `e${n}`,
    }));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const built = await buildIndexInBackground(many);
    clearInterval(timer);
    expect(built.search('忘记密码')).toEqual(buildIndex(many).search('忘记密码'));
    expect(built.size).toBe(300);
    expect(turns).toBeGreaterThan(0);
  });
});
