import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseYaml, readYaml } from '#src/content/yaml.ts';
import { campaignFileSchema } from '#src/features/campaigns/campaigns.schema.ts';
import { tipsFileSchema } from '#src/features/tips/tips.schema.ts';

const schema = z.strictObject({
  name: z.string().max(10),
  steps: z.array(z.strictObject({ kind: z.enum(['warm-up', 'burst']), days: z.number().int() })).default([]),
  audience: z.union([z.literal('everyone'), z.strictObject({ departments: z.array(z.string()) })]).optional(),
  places: z.record(z.string(), z.strictObject({ zone: z.string() })).optional(),
});

const problemsOf = (text: string): string[] => {
  try {
    parseYaml(text, 'c.yaml', schema);
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
};

describe('readYaml', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cuhuo-yaml-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads what the schema describes, defaults filled in', async () => {
    const path = join(folder, 'good.yaml');
    await writeFile(path, 'name: 试点 # a remark\n');
    expect(await readYaml(path, schema)).toEqual({ name: '试点', steps: [] });
  });

  it('names a file that is not there and one that is too large', async () => {
    await expect(readYaml(join(folder, 'none.yaml'), schema)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('none.yaml'),
    });
    const path = join(folder, 'large.yaml');
    await writeFile(path, `name: "${'x'.repeat(2 * 1024 * 1024)}"`);
    await expect(readYaml(path, schema)).rejects.toThrow('large.yaml: the file is larger than 2 MB');
  });

  it('reads the campaign and the tips that are shipped', async () => {
    const content = 'config/content/office-suite';
    expect((await readYaml(`${content}/campaign.yaml`, campaignFileSchema)).days).toBe(30);
    expect((await readYaml(`${content}/tips/pdf.yaml`, tipsFileSchema)).tips.length).toBeGreaterThan(1);
  });
});

describe('parseYaml', () => {
  it.each([
    [
      'the line of the field',
      'name: a\nsteps:\n  - kind: burst\n    days: many\n',
      ['c.yaml:4: steps[0].days: expected number, received string'],
    ],
    [
      'the line of the parent when something is missing',
      'name: a\nsteps:\n  - days: 1\n  - kind: burst\n',
      [
        'c.yaml:3: steps[0].kind: is missing (expected one of "warm-up"|"burst")',
        'c.yaml:4: steps[1].days: is missing (expected number)',
      ],
    ],
    [
      'the nearest known name',
      'name: a\nstpes: []\n',
      ['c.yaml:2: stpes: is not known here; did you mean "steps"?'],
    ],
    [
      'the known names when none is near',
      'name: a\nsteps:\n  - { kind: burst, days: 1,\n      colour: red }\n',
      ['c.yaml:4: steps[0].colour: is not known here; known are kind, days'],
    ],
    [
      'the known names within a record',
      'name: a\nplaces:\n  berlin:\n    zome: x\n    zone: x\n',
      ['c.yaml:4: places.berlin.zome: is not known here; did you mean "zone"?'],
    ],
    [
      'the branch of a union that was meant',
      'name: a\naudience:\n  departmens: [HR]\n',
      [
        'c.yaml:2: audience.departments: is missing (expected array)',
        'c.yaml:3: audience.departmens: is not known here; did you mean "departments"?',
      ],
    ],
    [
      'every branch when none fits',
      'name: a\naudience: 7\n',
      ['c.yaml:2: audience: expected "everyone", or expected object, received number'],
    ],
    [
      'the line of broken syntax',
      'name: a\nsteps: [1,\n',
      [expect.stringMatching(/^c\.yaml:\d: Flow sequence/)],
    ],
    ['a key that stands twice', 'name: a\nname: b\n', ['c.yaml:2: Map keys must be unique']],
    ['an empty file', '', ['c.yaml:1: expected object, received null']],
    [
      'all problems at once',
      'name: much too long a name\nsteps: 1\n',
      [
        'c.yaml:1: name: Too big: expected string to have <=10 characters',
        'c.yaml:2: steps: expected array, received number',
      ],
    ],
  ])('tells %s', (_name, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('refuses aliases, so a small file cannot grow into a large one', () => {
    const bomb = [
      'a: &a [x, x]',
      ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [*${'abcdefgh'[i]}, *${'abcdefgh'[i]}]`),
    ];
    expect(problemsOf(bomb.join('\n'))[0]).toBe('c.yaml:2: write the value out instead of the alias *a');
  });

  it('survives a file of brackets and lists no more than fifty problems', () => {
    const open = problemsOf('['.repeat(200_000));
    expect(open.length).toBeLessThanOrEqual(51);
    expect(open[0]).toMatch(/^c\.yaml/);
    expect(problemsOf(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)).toEqual([
      expect.stringMatching(/^c\.yaml/),
    ]);
    const wrong = problemsOf(`name: a\nsteps:\n${'  - { kind: burst, days: x }\n'.repeat(60)}`);
    expect(wrong).toHaveLength(51);
    expect(wrong.at(-1)).toBe('and 10 more');
  });
});
