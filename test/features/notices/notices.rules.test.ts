import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  fill,
  findingsIn,
  isIdNumber,
  standingOf,
  variablesIn,
} from '#src/features/notices/notices.rules.ts';
import { momentIn, numberIn, placesIn } from '#src/features/notices/notices.words.ts';
import { Temporal } from '#src/kernel/time.ts';

/** The check digit of GB 11643, worked out the long way round. */
function idWith(first: string): string {
  let sum = 0;
  for (let place = 0; place < 17; place += 1) sum += Number(first[place]) * (2 ** (17 - place) % 11);
  const check = (12 - (sum % 11)) % 11;
  return first + (check === 10 ? 'X' : String(check));
}

describe('personal data', () => {
  const birthdays = fc.tuple(
    fc.integer({ min: 1940, max: 2010 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  );
  const ids = fc
    .tuple(fc.integer({ min: 110101, max: 659004 }), birthdays, fc.integer({ min: 0, max: 999 }))
    .map(([area, [year, month, day], order]) =>
      idWith(
        `${area}${year}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}${String(order).padStart(3, '0')}`,
      ),
    );

  it('finds every ID number with a right check digit, also with spaces within', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(findingsIn(`号码${id}。`, [])).toEqual([{ kind: 'id-number', n: 1 }]);
        expect(
          findingsIn(`号码 ${id.slice(0, 6)} ${id.slice(6, 14)}-${id.slice(14)}`, []).map(({ kind }) => kind),
        ).toContain('id-number');
      }),
    );
  });

  it('leaves a number alone whose check digit is wrong', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 9 }), (id, by) => {
        const last = id.at(-1) === 'X' ? 10 : Number(id.at(-1));
        const other = (last + by) % 11;
        expect(isIdNumber(id.slice(0, 17) + (other === 10 ? 'X' : other))).toBe(false);
      }),
    );
  });

  it.each([
    ['a mobile', '打 13800138000', ['mobile']],
    ['in full-width figures', '１３８００１３８０００', ['mobile']],
    ['with spaces', '138 0013 8000', ['mobile']],
    ['an order number', '订单 9138001380001', []],
    ['a word of the list, with signs within', '内 部-机密', ['sensitive']],
  ])('%s', (_name, said, kinds) => {
    expect(findingsIn(said, ['内部机密']).map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('variables', () => {
  it('are filled for everybody or named as missing, and a value is never markdown', () => {
    expect(variablesIn('{姓名} {姓名} {截止 日}')).toEqual(['姓名', '截止 日']);
    expect(fill('{a} {b}', (name) => (name === 'a' ? '[x](http://y)' : undefined))).toEqual({
      text: '［x］(http://y) {b}',
      missing: ['b'],
    });
  });
});

describe('when', () => {
  const now = Temporal.Instant.from('2026-09-23T02:00:00Z');
  it.each([
    ['现在', null],
    ['15:00', '2026-09-23T07:00:00Z'],
    ['下午3点半', '2026-09-23T07:30:00Z'],
    ['明天 9:00', '2026-09-24T01:00:00Z'],
    ['周五 10点', '2026-09-25T02:00:00Z'],
    ['周一 10:00', '2026-09-28T02:00:00Z'],
    ['10月1日 9:00', '2026-10-01T01:00:00Z'],
    ['1-5 9:00', '2027-01-05T01:00:00Z'],
    ['2-30 9:00', undefined],
    ['25:00', undefined],
    ['12', undefined],
    ['下班前', undefined],
  ])('%s', (said, expected) => {
    const moment = momentIn(said, now, 'Asia/Shanghai');
    expect(moment === null || moment === undefined ? moment : moment.toString()).toBe(expected);
  });
});

describe('choices and numbers', () => {
  it('are read as people type them', () => {
    expect(placesIn('1、3', 3)).toEqual([0, 2]);
    expect(placesIn('全部', 2)).toEqual([0, 1]);
    expect(placesIn('4', 3)).toBeUndefined();
    expect(placesIn('研发部', 3)).toBeUndefined();
    expect(numberIn('12 时间写错了')).toEqual({ no: 12, rest: '时间写错了' });
    expect(numberIn('不行')).toBeUndefined();
  });
});

it('says honestly that a platform does not tell whether something was read', () => {
  expect(standingOf({ state: 'delivered', channel: 'wecom', responded: false })).toBe('untold');
  expect(standingOf({ state: 'delivered', channel: 'feishu', responded: false })).toBe('unread');
  expect(standingOf({ state: 'unconfirmed', channel: 'feishu', responded: false })).toBe('untold');
  expect(standingOf({ state: 'unreachable', channel: '', responded: false })).toBe('failed');
  expect(standingOf({ state: 'unknown', channel: 'wecom', responded: false })).toBe('unknown');
  expect(standingOf({ state: 'recalled', channel: 'feishu', responded: false })).toBe('recalled');
});
