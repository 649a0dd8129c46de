import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReranker, type RerankSettings } from '#src/features/faq/index.ts';
import { createBreaker } from '#src/features/faq/rerank/breaker.ts';
import { nearestIn } from '#src/features/faq/rerank/embedding.ts';
import { isInside } from '#src/features/faq/rerank/endpoint.ts';
import type { Choosable, RerankOutcome } from '#src/features/faq/rerank/index.ts';
import { choiceIn } from '#src/features/faq/rerank/language-model.ts';
import { createLog } from '#src/kernel/log.ts';
import { type FakeModel, fakeModel, saying, vectors } from './fake-model.ts';

let fake: FakeModel;
beforeAll(async () => {
  fake = await fakeModel();
});
afterEach(() => {
  fake.asked.splice(0);
});
afterAll(() => fake.close());

const entries: Choosable[] = [
  { id: 'a', question: '怎么安装', answer: '运行安装包' },
  { id: 'b', question: '怎么打印', answer: '按 Ctrl+P' },
];

function reranker(kind: 'languageModel' | 'embedding', more: { timeoutMs?: number; url?: string } = {}) {
  const outcomes: RerankOutcome[] = [];
  const lines: string[] = [];
  let now = 0;
  const endpoint = {
    url: fake.url,
    model: 'm',
    key: 'sk-very-secret',
    timeoutMs: 5_000,
    publicAddress: false,
    ...more,
  };
  const settings: RerankSettings = { [kind]: { ...endpoint, atLeast: 0.6, lead: 0.03 } };
  const made = createReranker(settings, {
    log: createLog('trace', { write: (line) => void lines.push(line) }),
    count: (_kind, outcome) => outcomes.push(outcome),
    now: () => now,
  });
  return {
    choose: (question = '打印不了') => made?.choose(question, entries),
    outcomes,
    lines,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('does not exist unless something is configured', () => {
  expect(createReranker({}, { log: createLog('silent') })).toBeUndefined();
});

describe('a language model', () => {
  it('chooses one of the entries, and sees them as data beside its instructions', async () => {
    fake.answers(() => saying('{"choice": 2}'));
    expect(await reranker('languageModel').choose()).toBe('b');
    const [one] = fake.asked;
    expect(one).toMatchObject({ path: '/v1/chat/completions', authorization: 'Bearer sk-very-secret' });
    expect(one?.body.messages?.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(JSON.parse(one?.body.messages?.[1]?.content ?? '')).toMatchObject({
      question: '打印不了',
      entries: [{ number: 1, question: '怎么安装' }, { number: 2 }],
    });
  });

  it.each([
    ['none', '{"choice": 0}', 'none'],
    ['an entry that was not offered', '{"choice": 3}', 'junk'],
    ['an id of its own', '{"choice": "c"}', 'junk'],
    ['an answer of its own', '请重启电脑即可。', 'junk'],
    ['a choice with an answer of its own', '{"choice": 1, "answer": "rm -rf /"}', 'junk'],
    ['two choices', '{"choice": 1}{"choice": 2}', 'junk'],
    ['nothing', '', 'junk'],
    ['a fraction', '{"choice": 1.5}', 'junk'],
  ])('that says %s changes nothing', async (_name, content, outcome) => {
    fake.answers(() => saying(content));
    const model = reranker('languageModel');
    expect(await model.choose()).toBeUndefined();
    expect(model.outcomes).toEqual([outcome]);
  });

  it.each([
    ['hangs', 'hang', 'took too long'],
    ['fails', 500, 'answered with 500'],
    ['sends elsewhere', 302, 'answered with 302'],
    ['refuses the key', 401, 'answered with 401'],
  ] as const)(
    'that %s is left alone after three times, and tried again later',
    async (_name, how, reason) => {
      fake.answers(() => how);
      const model = reranker('languageModel', { timeoutMs: how === 'hang' ? 1_000 : 5_000 });
      for (let n = 0; n < 5; n += 1) expect(await model.choose()).toBeUndefined();
      expect(model.outcomes).toEqual(['failed', 'failed', 'failed', 'resting', 'resting']);
      expect(model.lines).toHaveLength(1);
      expect(model.lines[0]).toContain(reason);
      model.pass(31_000);
      fake.answers(() => saying('{"choice": 1}'));
      expect(await model.choose()).toBe('a');
      expect(await model.choose()).toBe('a');
    },
  );

  it('that answers with something else than JSON, or with too much of it, is ignored', async () => {
    const model = reranker('languageModel');
    for (const body of ['<html>', 'null', '{"choices":[]}', `"${'x'.repeat(2_000_000)}"`]) {
      fake.answers(() => body);
      expect(await model.choose()).toBeUndefined();
    }
  });

  it('keeps key, question and address out of the log, whatever happens', async () => {
    fake.answers(() => 500);
    const model = reranker('languageModel');
    for (let n = 0; n < 4; n += 1) await model.choose('我的密码是 swordfish');
    expect(model.lines.join()).not.toMatch(/sk-very-secret|swordfish|127\.0\.0\.1/);
  });

  it('outside of the network is never called', async () => {
    const model = reranker('languageModel', { url: 'http://8.8.8.8/v1' });
    expect(await model.choose()).toBeUndefined();
    expect(model.outcomes).toEqual(['failed']);
    for (const address of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '127.0.0.1', '::1', 'fd00::1'])
      expect(isInside(address)).toBe(true);
    for (const address of ['8.8.8.8', '172.32.0.1', '11.0.0.1', '2001:db8::1'])
      expect(isInside(address)).toBe(false);
  });

  it('is obeyed only by the number of an entry, whatever it says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.integer({ min: 1, max: 8 }), (content, n) => {
        const choice = choiceIn(saying(content), n);
        expect(choice === undefined || choice === 'none' || (choice >= 0 && choice < n)).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.jsonValue(), (answer) => void choiceIn(answer, 3)));
  });
});

describe('embeddings', () => {
  it('choose the entry that lies nearest, when it leads', async () => {
    fake.answers(() => vectors([1, 0], [0, 1], [0.9, 0.1]));
    expect(await reranker('embedding').choose()).toBe('b');
    expect(fake.asked[0]?.body.input).toEqual(['打印不了', '怎么安装', '怎么打印']);
  });

  it.each([
    ['too far away', vectors([1, 0], [0, 1], [0.4, 0.9])],
    ['two that are as near', vectors([1, 0], [0.9, 0.1], [0.9, 0.11])],
    ['too few', vectors([1, 0], [1, 0])],
    ['of another length', vectors([1, 0], [1, 0, 0], [1, 0])],
    ['all nought', vectors([0, 0], [0, 0], [0, 0])],
    ['in places that are none', { data: [5, 6, 7].map((index) => ({ index, embedding: [1, 0] })) }],
    [
      'at a place that no list can have',
      { data: [0, 1, 2 ** 32 - 2].map((index) => ({ index, embedding: [1, 0] })) },
    ],
    ['that are none', { data: 'x' }],
  ])('that are %s choose nothing', async (_name, answer) => {
    fake.answers(() => answer);
    expect(await reranker('embedding').choose()).toBeUndefined();
  });

  it('bear any answer', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.double(), { maxLength: 4 }), { maxLength: 5 }), (all) => {
        const place = nearestIn(vectors(...all), 2, { atLeast: 0.5, lead: 0 });
        expect(place === undefined || place === 0 || place === 1).toBe(true);
      }),
    );
  });
});

it('rests after failures in a row only, and lets one through to see whether it is over', () => {
  let now = 0;
  const breaker = createBreaker({ failures: 2, restMs: 100, now: () => now });
  breaker.failed();
  breaker.succeeded();
  expect(breaker.failed()).toBe(false);
  expect(breaker.isClosed()).toBe(true);
  expect(breaker.failed()).toBe(true);
  expect(breaker.isClosed()).toBe(false);
  now = 100;
  expect([breaker.isClosed(), breaker.isClosed()]).toEqual([true, false]);
  expect(breaker.failed()).toBe(false);
  now = 200;
  expect(breaker.isClosed()).toBe(true);
  breaker.succeeded();
  expect([breaker.isClosed(), breaker.isClosed()]).toEqual([true, true]);
});
