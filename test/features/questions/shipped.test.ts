import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadContent } from '#src/app/content.ts';
import { lookAt, readPicture } from '#src/chat/pictures.ts';
import { readYaml } from '#src/content/yaml.ts';
import { judge, readTyped } from '#src/features/questions/questions.rules.ts';
import { questionsFileSchema } from '#src/features/questions/questions.schema.ts';
import { Temporal } from '#src/kernel/time.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { testDatabase } from '../../support/database.ts';

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

const withPicture = shipped.flatMap(({ id, picture }) =>
  picture === undefined ? [] : [[id, picture] as const],
);

it('holds at least eight questions with a picture', () => {
  expect(withPicture.length).toBeGreaterThanOrEqual(8);
});

it.each(withPicture)(
  '%s has a picture that every platform takes, under the name of its bytes',
  async (_id, name) => {
    const bytes = await readFile(join(folder, 'pictures', name));
    expect(lookAt(bytes)).toMatchObject({ mime: 'image/png', width: 640, height: 360 });
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 32)).toBe(name.split('.')[0]);
  },
);

it('keeps the pictures where senders read from', async () => {
  const database = await testDatabase();
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-pictures-'));
  try {
    const loading = {
      at: Temporal.Instant.from('2026-11-24T01:00:00Z'),
      zone: 'Asia/Shanghai',
      calendar: workdayCalendar(),
      actor: { kind: 'system' as const, id: 'test' },
      fileRoot,
    };
    await loadContent(database.db, 'config/content/office-suite', loading);
    for (const [, name] of withPicture)
      expect(await readPicture(fileRoot, `pictures/${name}`)).toHaveProperty('bytes');
    const folder = await mkdtemp(join(tmpdir(), 'cuhuo-content-'));
    await cp('config/content/office-suite/quizzes', join(folder, 'quizzes'), { recursive: true });
    await rm(join(folder, 'quizzes/pictures'), { recursive: true });
    await rm(fileRoot, { recursive: true });
    await expect(loadContent(database.db, folder, loading)).rejects.toThrow(
      'pic-freeze-panes: picture: there is no',
    );
  } finally {
    await database.close();
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
