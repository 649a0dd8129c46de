import { inArray } from 'drizzle-orm';
import type { Locale } from '../../chat/locale.ts';
import { type Columns, readTable } from '../../content/tables.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import { employees } from '../directory/directory.tables.ts';
import { zonesAt } from '../directory/index.ts';
import { askHowItWas, sendRecording } from './trainings.after.ts';
import type { ImportView } from './trainings.api.ts';
import { newestOf, record } from './trainings.attend.ts';
import { minutesIn } from './trainings.rules.ts';
import { sheetText } from './trainings.sheet.text.ts';
import { seatFor } from './trainings.signup.ts';
import {
  bySystem,
  type Deed,
  refuseUnopened,
  signupsOf,
  type Training,
  trainingById,
} from './trainings.store.ts';

/** What the lists of online meetings call these columns. */
const columns = {
  number: {
    names: ['工号', 'Employee No.', '员工工号', 'number', '用户ID', 'userid', 'user id'],
    required: true,
  },
  minutes: {
    names: [
      '时长（分钟）',
      'Duration (minutes)',
      '时长',
      '参会时长',
      '累计时长',
      '在线时长',
      '观看时长',
      '入会时长',
      'duration',
      'minutes',
    ],
    required: true,
  },
} as const satisfies Columns<'number' | 'minutes'>;

export const MOST_IMPORT_BYTES = 10 * 1024 * 1024;
const MOST_REPORTED = 20_000;

interface Line {
  line: number;
  number: string;
  minutes: number | null;
  outcome: ImportView['rows'][number]['outcome'];
  problem: string | null;
}

/**
 * Reads who was online for how long, row by row; several rows of a person (who left and came again) add up. Whoever
 * reaches the least counts as present. The same file again changes nothing; a longer time replaces a shorter one by a
 * row that names it. Somebody who said the code in the room keeps that: it is the better evidence.
 */
export async function importDurations(
  tx: Db,
  trainingId: string,
  file: { bytes: Buffer; name: string; locale: Locale },
  { dryRun }: { dryRun: boolean },
  { at, by }: Deed,
): Promise<ImportView> {
  const t = sheetText[file.locale];
  const { rows } = await readTable(file.bytes, { columns, name: file.name, locale: file.locale });
  const training = await trainingById(tx, trainingId, { lock: true });
  refuseUnopened(training);
  const lines = rows.map(({ line, cells, shifted }): Line => {
    const number = String(cells.number ?? '').trim();
    const minutes = minutesIn(cells.minutes ?? '');
    const problem =
      shifted === true ? t.shifted : number === '' ? t.noNumber : minutes === undefined ? t.noMinutes : null;
    return {
      line,
      number,
      minutes: minutes ?? null,
      outcome: problem === null ? 'counted' : 'refused',
      problem,
    };
  });
  const ids = await idsOf(tx, [...new Set(lines.map(({ number }) => number))]);
  for (const line of lines) {
    if (line.problem !== null || ids.has(line.number)) continue;
    Object.assign(line, { outcome: 'refused', problem: t.unknown(line.number) });
  }
  const totals = new Map<string, { lines: Line[]; minutes: number }>();
  for (const line of lines) {
    const id = ids.get(line.number);
    if (line.problem !== null || id === undefined) continue;
    const sum = totals.get(id) ?? { lines: [], minutes: 0 };
    sum.lines.push(line);
    sum.minutes += line.minutes ?? 0;
    totals.set(id, sum);
  }
  const fresh = await take(tx, training, totals, t, { dryRun }, { at, by });
  if (!dryRun && training.wrappedUpAt !== null) {
    await askHowItWas(tx, training, fresh, at, false);
    await sendRecording(tx, training, at);
  }
  const count = (outcome: Line['outcome']) => lines.filter((line) => line.outcome === outcome).length;
  return {
    dryRun,
    totals: {
      counted: count('counted'),
      unchanged: count('unchanged'),
      short: count('short'),
      refused: count('refused'),
    },
    rows: lines.slice(0, MOST_REPORTED),
  };
}

/** Writes what counts; answers who is present now and was not before. */
async function take(
  tx: Db,
  training: Training,
  totals: ReadonlyMap<string, { lines: Line[]; minutes: number }>,
  t: (typeof sheetText)['zh-CN'],
  { dryRun }: { dryRun: boolean },
  deed: Deed,
): Promise<string[]> {
  const { id, startsAt, endsAt, leastMinutes } = training;
  const known = await newestOf(tx, id, [...totals.keys()]);
  const seated = new Set((await signupsOf(tx, id, ['in'])).map(({ employeeId }) => employeeId));
  const zones = await zonesAt(tx, [...totals.keys()], startsAt);
  const longest = Math.ceil(startsAt.until(endsAt).total('minutes'));
  const fresh: string[] = [];
  for (const [employeeId, { lines, minutes: sum }] of totals) {
    const minutes = Math.min(sum, longest);
    const before = known.get(employeeId);
    const mark = (outcome: Line['outcome'], problem: string | null) => {
      for (const line of lines) Object.assign(line, { outcome, problem });
    };
    if (minutes < leastMinutes) {
      mark('short', t.short(minutes, leastMinutes));
      continue;
    }
    const isKept =
      before?.present === true && (before.source !== 'import' || (before.minutes ?? 0) >= minutes);
    if (isKept) {
      mark('unchanged', before.source === 'import' ? null : t.better);
      continue;
    }
    if (before?.present === false) {
      mark('refused', t.corrected);
      continue;
    }
    if (dryRun) continue;
    if (!seated.has(employeeId)) await seatFor(tx, training, employeeId, { at: deed.at, by: bySystem });
    await record(tx, training, {
      employeeId,
      present: true,
      at: before?.at ?? startsAt,
      day: localDay(startsAt, zones.get(employeeId) ?? training.zone),
      late: before?.late ?? false,
      minutes,
      source: 'import',
      grade: 'metered',
      by: deed.by,
      corrects: before?.id ?? null,
    });
    if (before === undefined) fresh.push(employeeId);
  }
  return fresh;
}

const A_QUERY = 1_000;

async function idsOf(tx: Db, numbers: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < numbers.length; start += A_QUERY) {
    const rows = await tx
      .select({ id: employees.id, number: employees.number })
      .from(employees)
      .where(inArray(employees.number, numbers.slice(start, start + A_QUERY)));
    for (const { id, number } of rows) found.set(number, id);
  }
  return found;
}
