import { describe, expect, it } from '@jest/globals';
import { dayInWords } from '#src/chat/dates.ts';
import { localeOf } from '#src/chat/locale.ts';
import { day } from '../support/calendar.ts';

describe('a day in words', () => {
  it.each([
    ['2026-11-23', '11 月 23 日（周一）', 'Mon 23 Nov'],
    ['2026-03-01', '3 月 1 日（周日）', 'Sun 1 Mar'],
    ['2024-02-29', '2 月 29 日（周四）', 'Thu 29 Feb'],
    ['2026-10-10', '10 月 10 日（周六）', 'Sat 10 Oct'],
  ])('%s', (iso, zh, en) => {
    expect([dayInWords(day(iso), 'zh-CN'), dayInWords(day(iso), 'en')]).toEqual([zh, en]);
  });
});

describe('the language of a person', () => {
  it.each([
    ['en', 'en'],
    ['en-GB', 'en'],
    ['EN-us', 'en'],
    ['zh-CN', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['de', 'zh-CN'],
    ['', 'zh-CN'],
  ])('%s is %s', (tag, locale) => {
    expect(localeOf(tag)).toBe(locale);
  });
});
