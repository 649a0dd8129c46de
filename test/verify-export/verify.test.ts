import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addToTeam,
  type PackagePerson,
  packageLine,
  recordOf,
  resultOf,
  resultRow,
  type Team,
  teamKey,
} from '#src/features/performance/index.ts';
import { performanceRuleSchema } from '#src/features/performance/performance.schema.ts';
import { signerFrom } from '#src/features/periods/periods.keys.ts';
import { openPackage } from '#src/features/periods/periods.package.ts';
import { linesOf } from '#src/verify-export/lines.ts';
import { verifyFile } from '#src/verify-export/report.ts';
import { type Verified, verifyPackage } from '#src/verify-export/verify.ts';

const signer = signerFrom(Buffer.alloc(32, 1));
const rule = performanceRuleSchema.parse({
  day: [['tap'], ['question', 'usage']],
  target: { kind: 'days', days: 4, of: 5 },
  bands: [
    { name: '达成', from: 100, credit: 100 },
    { name: '未达成', from: 0, credit: 0 },
  ],
  weight: 10,
  parts: { individual: 50, team: 50 },
  freezes: 1,
});
const calendar = Array.from({ length: 14 }, (_, index) => {
  const day = `2026-11-${String(index + 2).padStart(2, '0')}`;
  return { day, workday: index % 7 < 5, name: index % 7 < 5 ? '' : '周末' };
});
const workdays = calendar.filter(({ workday }) => workday).map(({ day }) => day);

function personNumber(n: number): PackagePerson {
  const kinds = ['tap', 'question', 'usage', 'read'] as const;
  return {
    number: `00${n}`,
    name: `员工${n}`,
    department: n % 5 === 0 ? null : [`D${n % 3}`, `部门 ${n % 3}`],
    stretches:
      n % 4 === 0
        ? [
            ['2026-11-02', '2026-11-06'],
            ['2026-11-10', '2026-11-15'],
          ]
        : [['2026-11-02', '2026-11-15']],
    evidence: workdays.flatMap((day, index) =>
      (index * n) % 3 === 0
        ? []
        : [
            [
              day,
              kinds[(index + n) % 4] as (typeof kinds)[number],
              `${day}T01:00:00.000Z`,
              `${day}T07:00:00.000Z`,
              'feishu',
            ],
          ],
    ) as PackagePerson['evidence'],
    corrections: n % 3 === 0 ? [['2026-11-05', 'counts', 'appeal', '2026-11-20T00:00:00.000Z', 'c1']] : [],
    excusals: n % 2 === 0 ? [['2026-11-04', 'leave', 'x1']] : [],
  };
}

let folder: string;
let path: string;
let whole: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuhuo-package-'));
  path = join(folder, '绩效-2026-11.jsonl');
  await writePackage(path);
  whole = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writePackage(
  to: string,
  change: (person: PackagePerson) => void = () => undefined,
): Promise<void> {
  const writer = await openPackage(to, {
    head: {
      format: 'cuhuo-performance-1',
      campaign: { key: 'office', name: '办公软件上手' },
      from: '2026-11-02',
      to: '2026-11-15',
      ruleVersion: 2,
      calendar: 'calendar-1',
      kind: 'closing',
      revision: 0,
      corrects: null,
      reason: '',
      asOf: '2026-12-07T02:00:00Z',
      preparedBy: 'E4 王知行',
      confirmedBy: 'E9 陈立',
    },
    rule,
    calendar,
    signer,
  });
  const people = Array.from({ length: 12 }, (_, index) => personNumber(index + 1));
  const results = people.map((person) => resultOf(rule, { workdays }, recordOf(person)));
  const teams = new Map<string, Team>();
  for (const [index, person] of people.entries()) {
    addToTeam(teams, teamKey(person), results[index] as (typeof results)[number]);
    const written = structuredClone(person);
    change(written);
    await writer.person(written);
  }
  for (const [index, person] of people.entries())
    await writer.result(
      resultRow(rule, person, results[index] as (typeof results)[number], teams.get(teamKey(person)) as Team),
    );
  await writer.finish();
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 1_000) yield bytes.subarray(from, from + 1_000);
}

const check = (bytes: Uint8Array, expectedKey: string | undefined = signer.publicKey): Promise<Verified> =>
  verifyPackage(linesOf(inPieces(bytes)), { expectedKey });

const lineOf = (bytes: Uint8Array, at: number): number =>
  bytes.subarray(0, at).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1);

describe('a package', () => {
  it('replays to the same rows', async () => {
    expect(await check(whole)).toMatchObject({ people: 12, equal: 12, found: 0, findings: [] });
  });

  it('reports one altered byte with its line, wherever it is and whatever it becomes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const altered = Buffer.from(whole);
        altered[at] = (altered[at] as number) ^ by;
        const { found, findings } = await check(altered);
        expect(found).toBeGreaterThan(0);
        expect(findings[0]?.line).toBe(lineOf(whole, at));
      }),
      { numRuns: 400 },
    );
  });

  it('names section, line and person of what was altered', async () => {
    const text = whole.toString();
    const at = Buffer.byteLength(text.slice(0, text.indexOf('"员工7"') + 3));
    const altered = Buffer.from(whole);
    altered[at] = (altered[at] as number) ^ 1;
    const [first] = (await check(altered)).findings;
    expect(first).toMatchObject({ section: 'people', person: '007', what: 'the line was altered' });
  });

  it.each([
    ['lost', (lines: string[]) => lines.filter((line) => !line.startsWith('people 5 ')), 'people'],
    [
      'doubled',
      (lines: string[]) => lines.flatMap((line) => (line.startsWith('results 3 ') ? [line, line] : [line])),
      'results',
    ],
    ['swapped', (lines: string[]) => lines.toSorted(), 'calendar'],
    ['cut off', (lines: string[]) => lines.slice(0, -2), 'results'],
  ])('reports lines that were %s', async (_name, change, section) => {
    const lines = whole.toString().trimEnd().split('\n');
    const { found, findings } = await check(Buffer.from(`${change(lines).join('\n')}\n`));
    expect(found).toBeGreaterThan(0);
    expect(findings[0]?.section).toBe(section);
  });

  it('reports a row that does not follow from the events, although everything was signed', async () => {
    const forged = join(folder, 'forged.jsonl');
    await writePackage(forged, (person) => {
      if (person.number === '004') person.evidence = [];
    });
    const { findings } = await check(await readFile(forged));
    expect(findings[0]).toMatchObject({ section: 'results', person: '001' });
    expect(findings.find(({ person }) => person === '004')?.what).toMatch(/counted \d+, not 0/);
  });

  it('reports a signature by another key than the one that was given', async () => {
    const other = signerFrom(Buffer.alloc(32, 2)).publicKey;
    expect(await check(whole, other)).toMatchObject({
      findings: [{ section: 'signature', what: 'signed with another key than the one that was given' }],
    });
  });

  it('does not take rows for proven that no rule stands above, although everything was signed', async () => {
    const lines = whole.toString().trimEnd().split('\n');
    const kept = lines.filter((line) => !line.startsWith('rule '));
    const manifest = JSON.parse(lines.at(-2)?.split(' ').slice(3).join(' ') ?? '');
    manifest.sections.rule = { lines: 0, sha256: createHash('sha256').digest('hex') };
    const signed = packageLine('manifest', 1, manifest);
    const signature = `signature ed25519 ${signer.publicKey} ${signer.sign(Buffer.from(signed))}\n`;
    const forged = Buffer.from(`${kept.slice(0, -2).join('\n')}\n${signed}${signature}`);
    expect(await check(forged)).toMatchObject({ equal: 0, found: 12 });
  });

  it('survives files that are no packages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        expect((await check(bytes)).found).toBeGreaterThan(0);
      }),
    );
  });

  it('tells in words, and says when nobody gave a key', async () => {
    const said: string[] = [];
    expect(await verifyFile(path, { print: (line) => void said.push(line) })).toBe(true);
    expect(said.join('\n')).toContain('12 of 12 results computed anew from the events, all equal');
    expect(said.join('\n')).toContain('without that nobody knows who signed');
    expect(said.at(-1)).toBe('VALID.');
  });
});

describe('the program without a database', () => {
  it('needs nothing but Node: 0 for valid, 1 with the place, 2 for wrong usage', async () => {
    const run = promisify(execFile);
    const program = ['--import', 'tsx', 'src/verify-export/main.ts'];
    const valid = await run(process.execPath, [...program, path, '--key', signer.publicKey]);
    expect(valid.stdout).toContain('Signed with the key that was given.');
    const altered = join(folder, 'altered.jsonl');
    await writeFile(altered, whole.toString().replace('员工3', '员工8'));
    await expect(run(process.execPath, [...program, altered])).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('person 003: the line was altered'),
    });
    await expect(run(process.execPath, program)).rejects.toMatchObject({ code: 2 });
  });
});
