import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askedFor, fileNameOf, harmless, monthOf } from '#src/features/reports/reports.rules.ts';
import { monthDays, Temporal } from '#src/kernel/time.ts';

const today = Temporal.PlainDate.from('2026-01-31');

describe('the month that somebody means', () => {
  it.each([
    ['', '2026-01'],
    ['  ', '2026-01'],
    ['本月', '2026-01'],
    ['上个月', '2025-12'],
    ['last month', '2025-12'],
    ['2026-11', '2026-11'],
    ['2026-1', '2026-01'],
    ['2026/11', '2026-11'],
    ['2026.11', '2026-11'],
    ['2026–11', '2026-11'],
    ['202611', '2026-11'],
    ['2026年11月', '2026-11'],
    ['2026 年 11 月', '2026-11'],
    ['2026年1月份', '2026-01'],
    ['２０２６－１１', '2026-11'],
    ['２０２６１１', '2026-11'],
    ['２０２６年１１月', '2026-11'],
  ])('"%s" is %s', (said, month) => {
    expect(monthOf(said, today)?.toString()).toBe(month);
  });

  it.each(['2026-13', '2026-0', '2026', '26-11', '1999-11', '十一月', 'november', '2026-11-01', '20261'])(
    '"%s" is none',
    (said) => {
      expect(monthOf(said, today)).toBeUndefined();
    },
  );
});

describe('cells that could be formulas', () => {
  it.each([
    '=1+1',
    '+86',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\rA',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    '  =1',
    '\u200b=1',
    '\n1',
  ])('%j gets an apostrophe', (text) => {
    expect(harmless(text)).toBe(`'${text}`);
  });

  it.each(['张伟', 'a=b', '1-2', '', '研发部（一）', "'quoted", '000123'])('%j stays', (text) => {
    expect(harmless(text)).toBe(text);
  });
});

describe('file names', () => {
  const month = monthDays(Temporal.PlainYearMonth.from('2026-11'));
  const stretch = { from: Temporal.PlainDate.from('2026-11-01'), to: Temporal.PlainDate.from('2026-11-29') };

  it.each([
    ['打卡导出-2026-11.xlsx', month, { format: 'xlsx' }],
    ['打卡明细-2026-11.csv', month, { format: 'csv', part: 'detail' }],
    ['打卡汇总-2026-11.csv', month, { format: 'csv', part: 'summary' }],
    ['打卡导出-2026-11-01_2026-11-29.xlsx', stretch, { format: 'xlsx' }],
  ] as const)('%s', (name, period, shape) => {
    expect(fileNameOf(period, shape)).toBe(name);
  });
});

describe('what stands behind 导出打卡', () => {
  const today = Temporal.PlainDate.from('2026-11-23');
  it.each([
    ['', '2026-11', undefined],
    ['2026-10', '2026-10', undefined],
    ['2026-10 年终考核', '2026-10', '年终考核'],
    ['2026 年 10 月 用途：年终 考核', '2026-10', '年终 考核'],
    ['上月，用于评优', '2026-10', '评优'],
    ['用途 季度核对', '2026-11', '季度核对'],
    ['2026-10 for the yearly review', '2026-10', 'the yearly review'],
    ['2026-10 用途：', '2026-10', undefined],
  ])('“%s” is %s, for %s', (said, month, purpose) => {
    const asked = askedFor(said, today);
    expect([asked.month?.toString(), asked.purpose]).toEqual([month, purpose]);
  });

  it.each(['十三月', '年终考核'])('“%s” is no month, so it is not taken for a purpose either', (said) => {
    expect(askedFor(said, today).month).toBeUndefined();
  });

  it('never keeps more than 200 characters of a purpose, and no line break', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (said) => {
        const { purpose = '' } = askedFor(`2026-10 用途 ${said}`, today);
        expect(Array.from(purpose).length).toBeLessThanOrEqual(200);
        expect(purpose).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
