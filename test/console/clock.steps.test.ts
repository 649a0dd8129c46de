import { describe, expect, it } from '@jest/globals';
import { fieldOf, instantOf, type Step, stepped } from '#src/console/clock/clock.steps.ts';

describe('a step of the rehearsal clock', () => {
  it.each<[string, Step, string, string, string]>([
    ['an hour', 'hour', 'Asia/Shanghai', '2026-11-22T15:30:00Z', '2026-11-22T16:30:00Z'],
    [
      'this morning when it is still ahead',
      'morning',
      'Asia/Shanghai',
      '2026-11-23T00:00:00Z',
      '2026-11-23T01:15:00Z',
    ],
    [
      'tomorrow morning at 09:15 itself',
      'morning',
      'Asia/Shanghai',
      '2026-11-23T01:15:00Z',
      '2026-11-24T01:15:00Z',
    ],
    [
      'tomorrow morning late at night',
      'morning',
      'Asia/Shanghai',
      '2026-11-23T15:59:00Z',
      '2026-11-24T01:15:00Z',
    ],
    [
      '09:15 stays 09:15 when the clocks go forward',
      'morning',
      'America/New_York',
      '2026-03-07T20:00:00Z',
      '2026-03-08T13:15:00Z',
    ],
    [
      'a day is 25 hours when they go back',
      'day',
      'America/New_York',
      '2026-10-31T16:00:00Z',
      '2026-11-01T17:00:00Z',
    ],
  ])('%s', (_name, step, zone, now, then) => {
    expect(stepped(now, zone, step)).toBe(then);
  });
});

describe('the field for a moment', () => {
  it('shows and reads the wall clock of the zone', () => {
    expect(fieldOf('2026-03-02T01:15:30Z', 'Asia/Shanghai')).toBe('2026-03-02T09:15');
    expect(instantOf('2026-03-02T09:15', 'Asia/Shanghai')).toBe('2026-03-02T01:15:00Z');
  });

  it('means nothing while it is empty', () => {
    expect(instantOf('', 'Asia/Shanghai')).toBeUndefined();
  });
});
