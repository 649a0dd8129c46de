import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Temporal } from '#src/kernel/time.ts';
import { load, problemsOf } from './load.ts';

describe('config/cuhuo.yaml', () => {
  it('shows the defaults and nothing else', () => {
    const shipped = readFileSync('config/cuhuo.yaml', 'utf8');
    expect(load({}, shipped).behaviour).toEqual(load({}).behaviour);
    expect(Object.keys(parse(shipped))).toEqual(Object.keys(load({}).behaviour));
  });

  it('may be empty, and so may each section', () => {
    expect(load({}, '').behaviour).toEqual(load({}).behaviour);
    expect(load({}, 'calendar:\nredis:\n').behaviour).toEqual(load({}).behaviour);
  });

  it('gives days, an instant and the servers of Redis', () => {
    const yaml = `
calendar: { workdays: [2026-02-28], daysOff: [2026-12-31], years: [2028] }
clock: { startAt: 2026-03-02T08:00:00+08:00 }
redis: { name: cuhuo, sentinels: [{ host: a }, { host: b, port: 1 }] }
`;
    const { behaviour } = load({ REDIS_URL: 'redis://a' }, yaml);
    expect(behaviour.calendar).toEqual({ workdays: ['2026-02-28'], daysOff: ['2026-12-31'], years: [2028] });
    expect(behaviour.clock.startAt?.equals(Temporal.Instant.from('2026-03-02T00:00:00Z'))).toBe(true);
    expect(behaviour.redis.sentinels).toEqual([
      { host: 'a', port: 26_379 },
      { host: 'b', port: 1 },
    ]);
  });
});

describe('models for the FAQ', () => {
  const yaml = 'faq:\n  languageModel: { url: "http://10.0.0.5/v1/", model: m }\n';

  it('are absent unless they are given, and take their keys from the environment', () => {
    expect(load({}).behaviour.faq).toEqual({});
    const { behaviour, faqKeys } = load({ CUHUO_FAQ_MODEL_KEY: 'sk-1' }, yaml);
    expect(behaviour.faq.languageModel).toEqual({
      url: 'http://10.0.0.5/v1',
      model: 'm',
      timeoutMs: 1_500,
      publicAddress: false,
    });
    expect(faqKeys).toEqual({ languageModel: 'sk-1', embedding: undefined });
    expect(JSON.stringify(behaviour)).not.toContain('sk-1');
  });
});

describe('a problem', () => {
  it.each([
    [
      'a typo in a key',
      'inbox:\n  keepDays: 5\n  keepDay: 6\n',
      ':3: inbox.keepDay: is not known here; did you mean "keepDays"?',
    ],
    ['a typo in a section', '\nexport: {}\n', ':2: export: is not known here; did you mean "exports"?'],
    [
      'a day that does not exist',
      'calendar:\n  daysOff:\n    - 2026-02-30\n',
      ':3: calendar.daysOff[0]: is not a day;',
    ],
    [
      'a number out of range',
      'exports: { keepDays: 0 }',
      ':1: exports.keepDays: is not such a number; give a whole number from 1',
    ],
    ['a section that is a word', '\n\nredis: off\n', ':3: redis: expected object, received string'],
    [
      'a model without an address',
      'faq:\n  languageModel: { url: model.local, model: m }',
      ':2: faq.languageModel.url: is not such an address;',
    ],
    [
      'a model that may keep a chat waiting for too long',
      'faq:\n  embedding:\n    url: http://m/v1\n    model: m\n    timeoutMs: 9000\n',
      ':5: faq.embedding.timeoutMs: is not such a number; give a whole number from 50 to 2500',
    ],
    ['broken YAML', 'a: 1\nb: [', ':2: '],
    ['a key given twice', 'inbox: {}\ninbox: {}\n', ':2: '],
  ])('names file, line and key: %s', (_name, yaml, line) => {
    expect(problemsOf({}, yaml)).toEqual([expect.stringContaining(`config/cuhuo.yaml${line}`)]);
  });

  it.each([
    ['Sentinel without a name', 'redis: { sentinels: [{ host: a }] }', 'redis.name: is missing'],
    [
      'Sentinel and Cluster at once',
      'redis: { name: a, sentinels: [{ host: a }], cluster: [{ host: a }] }',
      'redis.cluster: ',
    ],
  ])('is %s', (_name, yaml, line) => {
    expect(problemsOf({ REDIS_URL: 'redis://a' }, yaml)).toEqual([expect.stringContaining(line)]);
  });

  it('is a Cluster without REDIS_URL', () => {
    expect(problemsOf({}, 'redis: { cluster: [{ host: a }] }')).toEqual([
      'redis.cluster: needs REDIS_URL, which gives user, password, database and TLS',
    ]);
  });
});
