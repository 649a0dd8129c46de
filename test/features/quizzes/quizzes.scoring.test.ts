import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leagueOf } from '#src/features/quizzes/quizzes.league.ts';
import { type Policy, policySchema } from '#src/features/quizzes/quizzes.schema.ts';
import {
  type Counting,
  type PaperFacts,
  ranked,
  scoreOf,
  standingsOf,
  winnersOf,
  withoutQuestion,
  worthOf,
} from '#src/features/quizzes/quizzes.scoring.ts';

const counting = (policy: Partial<Policy> = {}, withdrawn: number[] = []): Counting => ({
  policy: policySchema.parse(policy),
  limitMs: 20_000,
  withdrawn: new Set(withdrawn),
});
const paper = (employeeId: string, answers: [number, number, number?][], attempt = 1): PaperFacts => ({
  employeeId,
  attempt,
  asked: [0, 1, 2, 3],
  answers: answers.map(([position, share, takenMs = 1000]) => ({
    position,
    share,
    takenMs,
    answeredAt: position * 1000 + takenMs,
  })),
});
const placesOf = (papers: PaperFacts[], policy: Partial<Policy>) =>
  standingsOf(papers, counting(policy)).map(
    ({ rank, employeeId, score }) => `${rank} ${employeeId} ${score}`,
  );

describe('a score', () => {
  it.each([
    ['right, accuracy', {}, 1, 19_000, 100],
    ['in part, where parts do not count', {}, 0.5, 1000, 0],
    ['in part, where they do', { parts: true }, 0.5, 1000, 50],
    ['at once, by speed', { method: 'speed' }, 1, 0, 100],
    ['half-way, by speed', { method: 'speed' }, 1, 10_000, 75],
    ['in the last moment, by speed', { method: 'speed' }, 1, 20_000, 50],
    ['in the grace, by speed', { method: 'speed' }, 1, 22_000, 50],
    ['wrong and quick', { method: 'speed' }, 0, 10, 0],
  ] as const)('%s', (_name, policy, share, takenMs, expected) => {
    expect(worthOf({ share, takenMs }, counting(policy))).toBe(expected);
  });
});

describe('ranks', () => {
  const a = paper('a', [
    [0, 1, 5000],
    [1, 1, 5000],
  ]);
  const b = paper('b', [
    [0, 1, 3000],
    [1, 1, 3000],
  ]);
  const c = paper('c', [[0, 1, 1000]]);
  it('put the faster first where that is the rule, both on one rank where it is not', () => {
    expect(placesOf([a, b, c], { ties: 'faster' })).toEqual(['1 b 200', '2 a 200', '3 c 100']);
    expect(placesOf([a, b, c], { ties: 'shared' })).toEqual(['1 a 200', '1 b 200', '3 c 100']);
  });
  it('count the best attempt of each person', () => {
    const again = paper(
      'c',
      [
        [0, 1],
        [1, 1],
        [2, 1],
      ],
      2,
    );
    expect(placesOf([a, c, again], {})).toEqual(['1 c 300', '2 a 200']);
  });
  it('name as winners all who share the last rank, and nobody without a point', () => {
    const none = paper('z', [[0, 0]]);
    const policy = policySchema.parse({ ties: 'shared', winners: 1 });
    expect(
      winnersOf(standingsOf([a, b, none], counting(policy)), policy).map(({ employeeId }) => employeeId),
    ).toEqual(['a', 'b']);
    expect(winnersOf(standingsOf([none], counting(policy)), policy)).toEqual([]);
  });
});

const papers = fc
  .array(
    fc.record({
      person: fc.nat({ max: 8 }),
      attempt: fc.integer({ min: 1, max: 2 }),
      answers: fc.uniqueArray(
        fc.record({
          position: fc.nat({ max: 5 }),
          share: fc.constantFrom(0, 0.25, 0.5, 1),
          takenMs: fc.nat({ max: 30_000 }),
          answeredAt: fc.nat({ max: 1_000_000 }),
        }),
        { maxLength: 6, selector: ({ position }) => position },
      ),
    }),
    { maxLength: 14 },
  )
  .map((list) => {
    const seen = new Map<string, PaperFacts>();
    for (const { person, attempt, answers } of list)
      seen.set(`${person} ${attempt}`, {
        employeeId: `p${person}`,
        attempt,
        asked: [0, 1, 2, 3, 4, 5],
        answers,
      });
    return [...seen.values()];
  });
const policies = fc.record({
  method: fc.constantFrom('accuracy', 'speed', 'completion'),
  parts: fc.boolean(),
  ties: fc.constantFrom('faster', 'earlier', 'shared'),
});

describe('a withdrawn question', () => {
  it('leaves the same ranking as if it had never been asked, however many are withdrawn and in which order', () => {
    fc.assert(
      fc.property(
        papers,
        policies,
        fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 4 }),
        (given, policy, gone) => {
          const rules = policySchema.parse(policy);
          let scores = given.map((one) => scoreOf(one, counting(policy)));
          for (const [index, position] of gone.entries())
            scores = withoutQuestion(scores, given, position, counting(policy, gone.slice(0, index)));
          const never = given.map((one) => ({
            ...one,
            asked: one.asked.filter((position) => !gone.includes(position)),
            answers: one.answers.filter(({ position }) => !gone.includes(position)),
          }));
          expect(ranked(scores, rules)).toEqual(standingsOf(never, counting(policy)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never makes a score fall below nought', () => {
    fc.assert(
      fc.property(papers, policies, fc.nat({ max: 5 }), (given, policy, position) => {
        const all = counting(policy);
        const scores = given.map((one) => scoreOf(one, all));
        for (const { score } of withoutQuestion(scores, given, position, all))
          expect(score).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('the league', () => {
  const team = (code: string, people: number, took: number, score: number) => ({
    code,
    name: code,
    people,
    took,
    score,
  });
  it('goes by head, so that a small department can win and a department of two is not ranked', () => {
    const places = leagueOf(
      [team('BIG', 100, 60, 6000), team('SMALL', 10, 9, 900), team('TWO', 2, 2, 400)],
      3,
    );
    expect(places.map(({ rank, code, perHead }) => [rank, code, perHead])).toEqual([
      [1, 'SMALL', 90],
      [2, 'BIG', 60],
      [null, 'TWO', 200],
    ]);
  });
});
