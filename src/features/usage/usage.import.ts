import { basename } from 'node:path';
import type { Locale } from '../../chat/locale.ts';
import { type Cell, type Columns, readTable } from '../../content/tables.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import { codeIn, dayIn, hasLostDigits, idsByNumbers, textIn } from '../directory/index.ts';
import { lateness, OLDEST_DAYS, recordUsage, type UsedDay } from './usage.service.ts';
import { text } from './usage.text.ts';

const columns = {
  number: {
    names: ['工号', 'Employee no.', '员工编号', 'employee number', 'number', 'employee'],
    required: true,
  },
  day: { names: ['日期', 'Day', 'date', '使用日期'], required: true },
  amount: { names: ['用量', 'Amount', '使用次数', '使用时长', 'minutes', 'count'] },
  source: { names: ['来源', 'Source', '系统'] },
} as const satisfies Columns<string>;

/** One row, however it came. */
export interface UsageRow {
  line: number;
  cells: { number?: Cell; day?: Cell; amount?: Cell; source?: Cell };
  shifted?: true;
}

export interface UsageReport {
  summary: string;
  totals: { recorded: number; unchanged: number; refused: number };
  rows: { line: number; number: string; outcome: 'recorded' | 'unchanged' | 'refused'; problems: string[] }[];
}

export async function readUsage(
  source: string | Uint8Array,
  options: { format?: 'csv' | 'xlsx'; name?: string; locale: Locale },
): Promise<{ file: string; rows: UsageRow[] }> {
  const { rows } = await readTable(source, { columns, ...options });
  return { file: options.name ?? (typeof source === 'string' ? basename(source) : 'file'), rows };
}

export interface UsageOptions {
  at: Temporal.Instant;
  /** The company's zone: its today says which days have come. */
  zone: string;
  actor: AuditActor;
  locale: Locale;
  /** Stands for rows that name none. */
  source: string;
}

/** Everybody in a set is locked, and locks are few. */
const ROWS_AT_ONCE = 500;

/**
 * Records what is right and refuses each other row with the reason; the same rows again change nothing. Sets are
 * committed one after the other: what a broken import leaves out, the same import brings.
 */
export async function importUsage(
  db: Db,
  rows: readonly UsageRow[],
  options: UsageOptions,
): Promise<UsageReport> {
  const { at, zone, actor, locale, source } = options;
  const t = text[locale];
  const ids = await idsByNumbers(
    db,
    rows.map(({ cells }) => codeIn(cells.number)),
  );
  const used: { index: number; one: UsedDay }[] = [];
  const read = rows.map(({ line, cells, shifted }, index) => {
    const problems: string[] = shifted === true ? [t.shifted] : [];
    const number = codeIn(cells.number);
    const employeeId = ids.get(number);
    if (number === '') problems.push(t.noNumber);
    else if (hasLostDigits(cells.number)) problems.push(t.lostDigits(number));
    else if (employeeId === undefined) problems.push(t.unknownNumber(number));
    const day = dayIn(cells.day ?? '');
    const late = day === undefined ? undefined : lateness(day, { now: at, zone });
    if (day === undefined) problems.push(t.noDay(textIn(cells.day)));
    else if (late === 'future') problems.push(t.future(day.toString()));
    else if (late === 'too-old') problems.push(t.tooOld(day.toString(), OLDEST_DAYS));
    const given = textIn(cells.amount);
    const amount = given === '' ? null : Number(given);
    if (amount !== null && !(Number.isInteger(amount) && amount >= 1 && amount <= 1_000_000))
      problems.push(t.amount(given));
    const from = textIn(cells.source) || source;
    if (from.length > 60) problems.push(t.longSource);
    if (problems.length === 0 && employeeId !== undefined && day !== undefined)
      used.push({ index, one: { employeeId, day, source: from, amount } });
    return { line, number, problems };
  });
  const isNew: boolean[] = [];
  for (let first = 0; first < used.length; first += ROWS_AT_ONCE) {
    const set = used.slice(first, first + ROWS_AT_ONCE).map(({ one }) => one);
    isNew.push(...(await db.transaction((tx) => recordUsage(tx, set, at))));
  }
  const became = new Map(
    used.map(({ index }, place) => [index, isNew[place] === true ? 'recorded' : 'unchanged'] as const),
  );
  const totals = { recorded: 0, unchanged: 0, refused: 0 };
  const reports = read.map((row, index) => {
    const outcome = became.get(index) ?? ('refused' as const);
    totals[outcome] += 1;
    return { ...row, outcome };
  });
  if (totals.recorded > 0)
    await recordAudit(db, {
      at,
      actor,
      action: 'usage.record',
      subject: 'usage',
      detail: { source, ...totals },
    });
  return { summary: t.summary(totals), totals, rows: reports };
}
