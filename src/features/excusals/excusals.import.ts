import { basename } from 'node:path';
import type { Locale } from '../../chat/locale.ts';
import { type Columns, type Row, readTable } from '../../content/tables.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import { codeIn, dayIn, hasLostDigits, idsByNumbers, textIn } from '../directory/index.ts';
import type { ExcusalReason } from '../performance/performance.schema.ts';
import { excuse, type Given, MOST_DAYS, type Outcome } from './excusals.service.ts';
import { tellChanges } from './excusals.tell.ts';
import { text } from './excusals.text.ts';

const columns = {
  number: {
    names: ['工号', 'Employee no.', '员工编号', '员工号', 'employee number', 'number'],
    required: true,
  },
  from: {
    names: ['开始日期', 'From', '开始时间', '起始日期', '日期', 'start', 'from day', 'day'],
    required: true,
  },
  to: { names: ['结束日期', 'To', '结束时间', '截止日期', 'end', 'to day'] },
  reason: { names: ['类型', 'Type', '假别', '请假类型', '原因', 'reason', 'kind'], required: true },
  reference: { names: ['单号', 'Reference', '审批单号', '审批编号', '编号', 'id', 'ref'] },
  state: { names: ['状态', 'State', '审批状态', 'status'] },
  note: { names: ['备注', 'Note', '说明', 'remark'] },
} as const satisfies Columns<string>;
type Column = keyof typeof columns;

export interface RowReport {
  /** As Excel counts; for JSON the position from 1. */
  line: number;
  number: string;
  outcome: Outcome | 'refused';
  problems: string[];
}

export interface ExcusalReport {
  file: string;
  summary: string;
  totals: Record<Outcome | 'refused', number>;
  rows: RowReport[];
  unknownColumns: string[];
}

/** Reads a CSV or XLSX file of excusals. Rejects with UserError, naming the file, when it is no such table. */
export async function readExcusals(
  source: string | Uint8Array,
  options: { format?: 'csv' | 'xlsx'; name?: string; locale: Locale },
): Promise<{ file: string; rows: Row<Column>[]; unknownColumns: string[] }> {
  const { rows, unknownColumns } = await readTable(source, { columns, ...options });
  return {
    file: options.name ?? (typeof source === 'string' ? basename(source) : 'file'),
    rows,
    unknownColumns,
  };
}

export interface ImportOptions {
  at: Temporal.Instant;
  actor: AuditActor;
  /** Whom people are told to have entered it; an administrator unless given. */
  byName?: string;
  locale: Locale;
}

/**
 * Writes the excusals of a file by (单号, person). What is right is written, and each other row is refused with the
 * reason; the same file again changes nothing. A row without a 单号 goes by its days and its type.
 */
export async function importExcusals(
  tx: Db,
  { file, rows, unknownColumns }: Awaited<ReturnType<typeof readExcusals>>,
  { at, actor, byName, locale }: ImportOptions,
): Promise<ExcusalReport> {
  const read = rows.map((row) => ({ line: row.line, ...rowIn(row, locale) }));
  const ids = await idsByNumbers(
    tx,
    read.map(({ number }) => number),
  );
  const good: { index: number; given: Given }[] = [];
  for (const [index, one] of read.entries()) {
    const employeeId = ids.get(one.number);
    if (employeeId === undefined && one.number !== '')
      one.problems.push(text[locale].unknownNumber(one.number));
    if (one.problems.length === 0 && one.given !== undefined && employeeId !== undefined)
      good.push({ index, given: { ...one.given, employeeId } });
  }
  const outcomes = await excuse(
    tx,
    'import',
    good.map(({ given }) => given),
    { by: `${actor.kind}:${actor.id}`, at },
  );
  await tellChanges(
    tx,
    good.map(({ given }, place) => ({
      employeeId: given.employeeId,
      from: given.from.toString(),
      to: given.to.toString(),
      reason: given.reason,
      outcome: outcomes[place] as Outcome,
    })),
    { byName: byName ?? text[locale].administrator, at },
  );
  const became = new Map(good.map(({ index }, place) => [index, outcomes[place]]));
  const reports = read.map(({ line, number, problems }, index): RowReport => {
    return { line, number, outcome: became.get(index) ?? 'refused', problems };
  });
  const totals = { created: 0, changed: 0, unchanged: 0, revoked: 0, refused: 0 };
  for (const { outcome } of reports) totals[outcome] += 1;
  if (totals.created + totals.changed + totals.revoked > 0)
    await recordAudit(tx, { at, actor, action: 'excusals.import', subject: 'excusals', detail: totals });
  return { file, summary: text[locale].summary(totals), totals, rows: reports, unknownColumns };
}

const MOST_REFERENCE = 100;
const MOST_NOTE = 300;

function rowIn({ cells, shifted }: Row<Column>, locale: Locale) {
  const t = text[locale];
  const problems: string[] = shifted === true ? [t.shifted] : [];
  const number = codeIn(cells.number);
  if (number === '') problems.push(t.noNumber);
  else if (hasLostDigits(cells.number)) problems.push(t.lostDigits(number));
  const day = (key: 'from' | 'to', heading: string): Temporal.PlainDate | undefined => {
    const found = dayIn(cells[key] ?? '');
    if (found === undefined) problems.push(t.noDay(heading, textIn(cells[key])));
    return found;
  };
  const from = day('from', t.from);
  const to = textIn(cells.to) === '' ? from : day('to', t.to);
  if (from !== undefined && to !== undefined) {
    const days = from.until(to).total('days') + 1;
    if (days < 1) problems.push(t.backwards(from.toString(), to.toString()));
    if (days > MOST_DAYS) problems.push(t.tooLong(MOST_DAYS));
  }
  const reason = reasonIn(textIn(cells.reason));
  if (reason === undefined) problems.push(t.unknownReason(textIn(cells.reason)));
  const withdrawn = withdrawnIn(textIn(cells.state));
  if (withdrawn === undefined) problems.push(t.unknownState(textIn(cells.state)));
  const reference = textIn(cells.reference) || `${from?.toString()}~${to?.toString()} ${reason}`;
  if (reference.length > MOST_REFERENCE) problems.push(t.longText(t.reference, MOST_REFERENCE));
  const note = textIn(cells.note);
  if (note.length > MOST_NOTE) problems.push(t.longText(t.note, MOST_NOTE));
  const given =
    problems.length > 0 || from === undefined || to === undefined || reason === undefined
      ? undefined
      : { from, to, reason, reference, note: note === '' ? null : note, withdrawn: withdrawn === true };
  return { number, problems, given };
}

const REASONS: readonly (readonly [RegExp, ExcusalReason])[] = [
  [/^(出差|外出|外勤|trip|business ?trip)$/i, 'trip'],
  [/^(轮班|倒班|调班|排班|轮休|shift)$/i, 'shift'],
  [/^(新入职|新员工|入职|new[- ]?joiner)$/i, 'new-joiner'],
  [/^(请假|休假|.{1,6}假|leave|.{1,20} leave)$/i, 'leave'],
  [/^(其他|其它|other)$/i, 'other'],
];

/** The words of attendance systems: 年假, 病假, 产假 are leave. An outage is declared, never imported. */
export function reasonIn(word: string): ExcusalReason | undefined {
  return REASONS.find(([pattern]) => pattern.test(word))?.[1];
}

function withdrawnIn(word: string): boolean | undefined {
  if (word === '' || /^(有效|生效|已通过|通过|同意|已同意|valid|active|approved)$/i.test(word)) return false;
  return /^(撤销|已撤销|撤回|取消|已取消|作废|销假|withdrawn|cancelled|canceled|revoked)$/i.test(word)
    ? true
    : undefined;
}
