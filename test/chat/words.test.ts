import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalise, wordForm } from '#src/chat/words.ts';

describe('what people type', () => {
  it.each([
    ['plain', '打卡'],
    ['with blanks around it', '  打卡  '],
    ['with a blank inside', '打 卡'],
    ['with the wide blank of Chinese keyboards', '　打　卡　'],
    ['with a full stop', '打卡。'],
    ['with exclamation marks', '打卡！！'],
    ['in quotation marks', '「打卡」'],
    ['with an emoji', '打卡✅'],
    ['with an emoji of several code points', '打卡👩‍💻'],
    ['with an emoji in front', '🎉打卡'],
    ['with a new line', '打卡\n'],
    ['with a zero-width space', '打\u200b卡'],
    ['with a byte order mark', '\ufeff打卡'],
    ['after a mention', '@促活 打卡'],
    ['after a mention with the full-width sign', '＠促活 打卡'],
    ['after a mention and the space that WeCom puts there', '@促活\u2005打卡'],
    ['after a mention and a wide blank', '@促活　打卡'],
    ['after two mentions', '@促活 @小助手 打卡'],
    ['before a mention', '打卡 @促活'],
    ['before a mention with the full-width sign', '打卡　＠促活'],
  ])('means 打卡: %s', (_name, typed) => {
    expect(wordForm(typed)).toBe('打卡');
  });

  it.each([
    ['Checkin', 'checkin'],
    ['CHECK IN', 'checkin'],
    ['check-in!', 'check-in'],
    ['ｃｈｅｃｋｉｎ', 'checkin'],
    ['ＭＥ', 'me'],
    ['１２３', '123'],
    ['', ''],
    ['   ', ''],
    ['🎉🎉', ''],
    ['？？', ''],
  ])('%s has the form %s', (typed, form) => {
    expect(wordForm(typed)).toBe(form);
  });

  it.each([
    ['导出打卡　２０２６－１１', '导出打卡 2026-11'],
    ['  A\t\tB\n C ', 'a b c'],
    ['@促活', ''],
    ['@促活 @小助手 ', ''],
    ['@促活 写给 @小王 看 @促活', '写给 @小王 看'],
    ['someone@example.com wrote', 'someone@example.com wrote'],
  ])('%j reads %j', (typed, read) => {
    expect(normalise(typed)).toBe(read);
  });

  it('reads without what no database keeps', () => {
    expect(normalise('a\u0000b \ud83d c \udcc4')).toBe('ab c');
    expect(normalise('📄')).toBe('📄');
  });

  it('reads the same once more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const once = wordForm(typed);
        expect(wordForm(once)).toBe(once);
      }),
    );
  });

  it('reads ten thousand characters of anything without getting stuck', () => {
    for (const piece of ['@', '@a ', ' ', '\u200b', '！', '打卡 ', '@促活']) {
      expect(typeof wordForm(piece.repeat(10_000))).toBe('string');
    }
  });
});
