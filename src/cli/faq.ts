import { readFile } from 'node:fs/promises';
import { calibrate, putCalibration, reportLines, useCalibration } from '../features/faq/index.ts';
import { systemClock } from '../kernel/time.ts';
import { print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

interface Options {
  wrong: string;
  outOfScope: string;
  questions?: string;
  use?: string;
  dryRun?: boolean;
}

/** `cuhuo faq calibrate`: fits the thresholds, prints the curve, puts them into use. */
export async function faqCommand(deed: string, options: Options): Promise<void> {
  if (deed !== 'calibrate') throw new UsageError(`cannot ${deed}; the deed is calibrate`);
  const fitting = {
    mostWrong: shareOf('--wrong', options.wrong),
    outOfScope: shareOf('--out-of-scope', options.outOfScope),
    outside: await linesOf(options.questions),
  };
  const by = {
    actor: { kind: 'cli' as const, id: process.env['USER'] ?? 'cli' },
    at: systemClock.now(),
  };
  await withDatabase(async ({ database: { db } }) => {
    const { use } = options;
    if (use !== undefined) {
      const version = await db.transaction((tx) => useCalibration(tx, wholeOf('--use', use), by));
      print(`Version ${use} is in use again, as version ${version}.`);
      return;
    }
    const fitted = await calibrate(db, fitting);
    for (const line of reportLines(fitted.report)) print(line);
    if (options.dryRun === true) {
      print('Dry run: nothing was changed.');
      return;
    }
    const version = await db.transaction((tx) => putCalibration(tx, fitted, by));
    print(`In use as version ${version}; a running server follows within seconds.`);
  });
}

function shareOf(name: string, given: string): number {
  const share = Number(given);
  if (given.trim() !== '' && share > 0 && share < 1) return share;
  throw new UsageError(`${name}: ${given} is not a share; give a number between 0 and 1, such as 0.05`);
}

function wholeOf(name: string, given: string): number {
  const version = Number(given);
  if (Number.isInteger(version) && version > 0) return version;
  throw new UsageError(`${name}: ${given} is not a version; give a whole number`);
}

/** One question a line; at most 10,000 count. */
async function linesOf(path: string | undefined): Promise<string[]> {
  if (path === undefined) return [];
  const lines = (
    await readFile(path, 'utf8').catch(() => {
      throw new UsageError(`--questions: ${path} cannot be read`);
    })
  ).split(/\r?\n/);
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 10_000);
}
