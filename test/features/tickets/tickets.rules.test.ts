import { describe, expect, it } from '@jest/globals';
import { type Duty, dueAt, nextDuty, onDuty } from '#src/features/tickets/tickets.rules.ts';
import { behindNumber, personAsked, replyIn } from '#src/features/tickets/tickets.words.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';

const calendar = workdayCalendar();
const zone = 'Asia/Shanghai';
const at = (local: string) => Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant();
const duty = (employeeId: string, days: Duty['days'], fromTime: string, toTime: string, more = {}): Duty => ({
  employeeId,
  days,
  fromTime,
  toTime,
  fromDay: null,
  toDay: null,
  ...more,
});
const roster = [
  duty('morning', 'workdays', '09:00', '12:00'),
  duty('afternoon', 'workdays', '13:30', '18:00'),
  duty('night', '5', '22:00', '06:00'),
  duty('holiday', 'days-off', '10:00', '16:00'),
  duty('once', 'every-day', '07:00', '08:00', {
    fromDay: Temporal.PlainDate.from('2026-09-15'),
    toDay: Temporal.PlainDate.from('2026-09-15'),
  }),
];

describe('who is on duty', () => {
  it.each([
    ['the first minute counts', '2026-09-14T09:00', ['morning']],
    ['the last does not', '2026-09-14T12:00', []],
    ['a second period the same day', '2026-09-14T13:30', ['afternoon']],
    ['a night shift after midnight', '2026-09-19T05:59', ['night']],
    ['which ends', '2026-09-19T06:00', []],
    ['a holiday', '2026-10-01T11:00', ['holiday']],
    ['a Saturday that is worked in lieu', '2026-10-10T11:00', ['morning']],
    ['a single day', '2026-09-15T07:30', ['once']],
    ['not the day after', '2026-09-16T07:30', []],
  ])('%s: %s', (_name, moment, expected) => {
    expect(onDuty(roster, at(moment), zone, calendar)).toEqual(expected);
  });

  it('and who comes next, over nights and holidays', () => {
    const workdays = roster.slice(0, 2);
    const next = (moment: string) =>
      nextDuty(workdays, at(moment), zone, calendar)?.toZonedDateTimeISO(zone).toPlainDateTime().toString();
    expect(next('2026-09-14T12:10')).toBe('2026-09-14T13:30:00');
    expect(next('2026-09-14T18:00')).toBe('2026-09-15T09:00:00');
    expect(next('2026-09-30T19:00')).toBe('2026-10-08T09:00:00');
    expect(nextDuty([], at('2026-09-14T12:10'), zone, calendar)).toBeUndefined();
  });

  it('P0 within half an hour, technical within 48', () => {
    expect(dueAt(at('2026-09-14T09:00'), 'p0')).toEqual(at('2026-09-14T09:30'));
    expect(dueAt(at('2026-09-14T09:00'), 'technical')).toEqual(at('2026-09-16T09:00'));
  });
});

describe('a call for a person', () => {
  it.each([
    ['人工', ''],
    ['转人工，打印机连不上', '打印机连不上'],
    ['＠促活 人工', ''],
    ['@促活 我要找人工客服！', ''],
    ['人工 Word 打不开 0x80070005', 'Word 打不开 0x80070005'],
    ['agent, my templates are gone', 'my templates are gone'],
  ])('%s', (said, question) => {
    expect(personAsked(said.replace('＠', '@'))).toEqual({ question });
  });

  it.each(['人工智能怎么用', '人工费', '客服电话是多少', 'agents of change', '怎么转人工智能', '   ', ''])(
    'is not "%s"',
    (said) => {
      expect(personAsked(said)).toBeUndefined();
    },
  );

  // An expression that explodes takes minutes here, and the runner's own limit ends the test.
  it('makes no expression explode in a long text', () => {
    for (const piece of ['请', '我想', '转人工', 'please ', '人工 ', '，']) {
      expect(() => {
        personAsked(piece.repeat(5_000));
        replyIn(`回复 ${piece.repeat(2_000)}`);
        behindNumber(piece.repeat(5_000));
      }).not.toThrow();
    }
  });
});

describe('a reply', () => {
  it.each([
    ['回复 12 您好，请问？', { number: 12, words: '您好，请问？' }],
    ['回复１２：好的', { number: 12, words: '好的' }],
    ['reply #3 Try again', { number: 3, words: 'Try again' }],
    ['回车键在哪里', undefined],
    ['回复邮件怎么设置 2 个签名', undefined],
  ])('%s', (said, expected) => {
    expect(replyIn(said)).toEqual(expected);
  });
});
