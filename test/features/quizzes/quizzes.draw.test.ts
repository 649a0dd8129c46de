import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawn, orderOf, paperFrom } from '#src/features/quizzes/quizzes.draw.ts';

/** Whole numbers below the one asked for, as fast-check chose them. */
const draws = fc.infiniteStream(fc.nat({ max: 1_000_000 })).map((stream) => (below: number) => {
  const next = stream.next().value ?? 0;
  return next % below;
});
const question = (id: number, area: string, level: 'beginner' | 'advanced' = 'beginner') => ({
  id: `q${id}`,
  kind: 'single' as const,
  feature: 'x',
  area,
  level,
  tags: [],
});

describe('drawing by a blueprint', () => {
  it('gives each line what fits it and no question twice; a broad line does not take what only a narrow one can use', () => {
    fc.assert(
      fc.property(draws, (draw) => {
        const bank = [
          question(1, 'pdf'),
          question(2, 'pdf', 'advanced'),
          question(3, 'sheet'),
          question(4, 'sheet'),
        ];
        const { questions, short } = drawn(
          bank,
          [{ count: 3 }, { count: 1, area: 'pdf', level: 'advanced' }],
          draw,
        );
        expect(short).toEqual([]);
        expect(new Set(questions.map(({ question }) => question.id)).size).toBe(4);
        expect(questions.find(({ slot }) => slot === 1)?.question.id).toBe('q2');
      }),
    );
  });

  it('says which line finds too little', () => {
    const { short } = drawn([question(1, 'pdf')], [{ count: 2, area: 'pdf' }], () => 0);
    expect(short).toEqual([{ slot: 0, wanted: 2, found: 1 }]);
  });
});

describe('a paper', () => {
  it('has every question once, and every option once', () => {
    const pool = [0, 1, 2].map((position) => ({ position, slot: 0, options: 4, ordering: false }));
    fc.assert(
      fc.property(draws, (draw) => {
        const items = paperFrom(pool, { inOrder: false, draw });
        expect(items.map(({ p }) => p).sort((a, b) => a - b)).toEqual([0, 1, 2]);
        for (const { o } of items) expect([...o].sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      }),
    );
  });

  it('never shows what has to be put in order in the right order', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 2, max: 6 }), (draw, options) => {
        const order = orderOf(options, true, draw);
        expect(order.some((index, place) => index !== place)).toBe(true);
      }),
    );
  });
});
