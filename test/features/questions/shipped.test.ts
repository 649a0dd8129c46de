import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readYaml } from '#src/content/yaml.ts';
import { judge, readTyped } from '#src/features/questions/questions.rules.ts';
import { questionsFileSchema } from '#src/features/questions/questions.schema.ts';

const folder = 'config/content/office-suite/quizzes';
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const shipped = (
  await Promise.all(files.map((name) => readYaml(join(folder, name), questionsFileSchema)))
).flatMap(({ questions }) => questions);

it('holds at least 150 questions of every kind, each with an explanation and under an id of its own', () => {
  expect(shipped.length).toBeGreaterThanOrEqual(150);
  expect(new Set(shipped.map(({ id }) => id)).size).toBe(shipped.length);
  expect(new Set(shipped.map(({ text }) => text)).size).toBe(shipped.length);
  expect([...new Set(shipped.map(({ kind }) => kind))].sort()).toEqual([
    'fill-in',
    'multiple',
    'numeric',
    'ordering',
    'single',
    'true-false',
  ]);
  for (const { explanation, review, tags } of shipped) {
    expect(explanation?.length).toBeGreaterThan(8);
    expect(review).toBe('reviewed');
    expect(tags.length).toBeGreaterThan(0);
  }
});

it.each(
  shipped
    .filter(({ kind }) => kind === 'fill-in' || kind === 'numeric')
    .map((question) => [question.id, question] as const),
)('%s is right when somebody types what the bank calls right', (_id, question) => {
  const said =
    question.kind === 'fill-in'
      ? question.answer
      : question.kind === 'numeric'
        ? [String(question.answer)]
        : [];
  for (const words of said) {
    const given = readTyped(question, [], words);
    expect(given && judge(question, given)).toBe(1);
  }
});

it('does not put the right option into one place', () => {
  const places = shipped.flatMap((question) => (question.kind === 'single' ? [question.answer] : []));
  for (const place of [0, 1, 2]) {
    const share = places.filter((one) => one === place).length / places.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.55);
  }
});
