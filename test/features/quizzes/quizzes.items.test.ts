import { expect, it } from '@jest/globals';
import { itemStatistics } from '#src/features/quizzes/quizzes.items.ts';

const answer = (person: number, position: number, share: number, option: number) => ({
  employeeId: `p${person}`,
  position,
  share,
  takenMs: 1000 * (person + 1),
  given: { kind: 'options' as const, options: [option] },
});

it('finds the question that those who know get wrong, and the option that nobody takes', () => {
  const answers = Array.from({ length: 40 }, (_, person) => {
    const knows = person < 20;
    return [
      answer(person, 0, knows ? 1 : 0, knows ? 0 : 1),
      answer(person, 1, knows ? 1 : 0, knows ? 2 : 1),
      answer(person, 2, knows ? 0 : 1, knows ? 1 : 0),
    ];
  }).flat();
  const [first, , bad] = itemStatistics(answers, () => 3);
  expect(first).toMatchObject({
    answers: 40,
    easiness: 0.5,
    chosen: [20, 20, 0],
    signals: ['unused-option'],
  });
  expect(bad?.discrimination).toBeCloseTo(-1);
  expect(bad?.signals).toContain('misleading');
});

it('says nothing about a question that everybody answered alike', () => {
  const [one] = itemStatistics([answer(1, 0, 1, 0), answer(2, 0, 1, 0)], () => 2);
  expect(one).toMatchObject({ easiness: 1, discrimination: null, signals: [] });
});
