import { describe, expect, it } from '@jest/globals';
import {
  codeIn,
  dayIn,
  hasLostDigits,
  listIn,
  localeIn,
  textIn,
  zoneIn,
} from '#src/features/directory/cell-values.ts';
import { Temporal } from '#src/kernel/time.ts';

describe('dayIn', () => {
  it.each([
    ['2026-11-22', '2026-11-22'],
    ['2026/11/22', '2026-11-22'],
    ['2026/1/2', '2026-01-02'],
    ['2026.11.22', '2026-11-22'],
    ['2026年11月22日', '2026-11-22'],
    ['20261122', '2026-11-22'],
    ['２０２６－１１－２２', '2026-11-22'],
    ['2026-11-22 00:00:00', '2026-11-22'],
    ['2028-02-29', '2028-02-29'],
    ['46348', '2026-11-22'],
    [46348, '2026-11-22'],
    [46348.5, '2026-11-22'],
    [Temporal.PlainDate.from('2026-11-22'), '2026-11-22'],
  ])('reads %s', (cell, expected) => {
    expect(dayIn(cell)?.toString()).toBe(expected);
  });

  it.each(['2026-02-29', '2026-13-01', '22.11.2026', '11/22/26', '昨天', '20261301', 12, 123456])(
    'refuses %s',
    (cell) => {
      expect(dayIn(cell)).toBeUndefined();
    },
  );
});

describe('codes and lists', () => {
  it('keep leading zeros and lose blanks, width and invisible characters', () => {
    expect(codeIn('　００１２ \u200b')).toBe('0012');
    expect(codeIn('E 001')).toBe('E001');
    expect(codeIn(42)).toBe('42');
  });

  it('may be joined by any of the separators that people type, and name each once', () => {
    expect(listIn('A；B，C、D;A , E')).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(listIn('  ')).toEqual([]);
  });

  it('know what Excel made of a long number', () => {
    expect([1.23457e17, '1.23457E+17', 1.5].map(hasLostDigits)).toEqual([true, true, true]);
    expect([123456789012345, '123456789012345678', '1E5', 'E001', '001'].map(hasLostDigits)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

it('keeps a name as it is written, without stray blanks and controls', () => {
  expect(textIn(' 张\u0000三（实习）\t A ')).toBe('张三（实习） A');
});

it('takes zones by name in any case, and no offsets', () => {
  expect(zoneIn('asia/shanghai')).toBe('Asia/Shanghai');
  expect([zoneIn('+08:00'), zoneIn('Asia/Beijing'), zoneIn('8')]).toEqual([undefined, undefined, undefined]);
});

it('reads languages by tag and by name', () => {
  expect(['zh', 'zh_CN', '中文', 'en-GB', 'English', 'fr'].map(localeIn)).toEqual([
    'zh-CN',
    'zh-CN',
    'zh-CN',
    'en',
    'en',
    undefined,
  ]);
});
