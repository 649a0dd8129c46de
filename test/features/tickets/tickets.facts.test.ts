import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsIn, onlyFacts } from '#src/features/tickets/tickets.facts.ts';

describe('device facts', () => {
  it.each([
    ['Win10 上 WPS 打不开，错误代码：1001', { system: 'Windows 10', program: 'WPS', error: '1001' }],
    ['统信 UOS 20 版本 12.1.0.1234', { system: '统信 UOS', version: '12.1.0.1234' }],
    ['银河麒麟系统里 WPS 2019 闪退', { system: '麒麟', program: 'WPS', version: '2019' }],
    ['ｗｉｎｄｏｗｓ　７ 报错 0x80070005', { system: 'Windows 7', error: '0x80070005' }],
    ['macOS，Excel 365', { system: 'macOS', program: 'Excel', version: '365' }],
    ['我的 iPhone 收不到', { system: 'iOS' }],
    ['安卓手机', { system: 'Android' }],
    ['怎么合并 2019 年的表格', {}],
    ['窗口化怎么弄', {}],
    ['第 1001 行', {}],
    ['', {}],
  ])('are heard in what people say: %s', (said, facts) => {
    expect(factsIn([said])).toEqual(facts);
  });

  it('of later words count over those of earlier ones', () => {
    expect(factsIn(['Windows 7 打不开', '不对，是 Windows 10'])).toEqual({ system: 'Windows 10' });
  });

  it.each([
    ['Windows 10', true],
    ['统信，12.1.0，错误 1001', true],
    ['Windows 10，报错 0x80070005', true],
    ['WPS', false],
    ['Windows 10 怎么截图', false],
    ['WPS 2019 能不能打开 PDF？', false],
    ['打印机又离线了', false],
    ['Windows 10 上每次打开很大的表格都要等好几分钟而且风扇一直转还特别热怎么办', false],
  ])('alone, without a question: %s', (said, expected) => {
    expect(onlyFacts(said)).toBe(expected);
  });

  it('are short, and found in any text', () => {
    const pieces = fc.constantFrom(
      'win',
      'dows',
      ' ',
      '1',
      '0',
      '.',
      '错误',
      '代码',
      '：',
      '0x',
      'f',
      'ppt',
      '版本',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 3_000 }), (said) => {
        for (const value of Object.values(factsIn([said.join('')]))) expect(value.length).toBeLessThan(40);
      }),
      { numRuns: 50 },
    );
  });
});
