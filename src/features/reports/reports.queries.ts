import { desc, eq, inArray, lt } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { monthDays, Temporal } from '../../kernel/time.ts';
import { employees } from '../directory/directory.tables.ts';
import type { ExportRequestShape, ExportShape } from './reports.api.ts';
import type { OtherShape, Period, Shape } from './reports.rules.ts';
import { type Export, type ExportKind, exports } from './reports.tables.ts';

/** Newest first, at most `limit`; `before` is the id of the last one on the page before. */
export async function listExports(
  tx: Db,
  query: { limit: number; before?: string | undefined },
): Promise<Export[]> {
  return tx
    .select()
    .from(exports)
    .where(query.before === undefined ? undefined : lt(exports.id, query.before))
    .orderBy(desc(exports.id))
    .limit(query.limit);
}

export async function exportById(tx: Db, id: string): Promise<Export | undefined> {
  const [found] = await tx.select().from(exports).where(eq(exports.id, id));
  return found;
}

/** Whether the file is there for a download. */
export function isAvailable({ state, removedAt, expiresAt }: Export, now: Temporal.Instant): boolean {
  return (
    state === 'done' &&
    removedAt === null &&
    expiresAt !== null &&
    Temporal.Instant.compare(now, expiresAt) < 0
  );
}

/** The names that a list of exports shows: of those who asked and of those who decided. */
export async function namesIn(tx: Db, rows: readonly Export[]): Promise<ReadonlyMap<string, string>> {
  const ids = rows.flatMap(({ requestedByKind, requestedBy, decidedBy }) => [
    ...(requestedByKind === 'employee' ? [requestedBy] : []),
    ...(decidedBy === null ? [] : [decidedBy]),
  ]);
  if (ids.length === 0) return new Map();
  const people = await tx
    .select({ id: employees.id, name: employees.name, number: employees.number })
    .from(employees)
    .where(inArray(employees.id, [...new Set(ids)]));
  return new Map(people.map(({ id, name, number }) => [id, `${name} ${number}`]));
}

export interface Seer {
  now: Temporal.Instant;
  names: ReadonlyMap<string, string>;
  /** The employee who looks, when they may be a second person; undefined for everybody else. */
  approver: string | undefined;
}

export function shown(row: Export, { now, names, approver }: Seer): ExportShape {
  const isOwn = row.requestedBy === approver || row.person === approver;
  return {
    id: row.id,
    kind: row.kind,
    format: row.format,
    part: row.part,
    supplement: row.supplement,
    from: row.fromDay.toString(),
    to: row.toDay.toString(),
    purpose: row.purpose,
    state: row.state,
    requestedBy: {
      kind: row.requestedByKind,
      id: row.requestedBy,
      name: names.get(row.requestedBy) ?? row.requestedBy,
    },
    decision:
      row.decidedBy === null || row.decidedAt === null
        ? null
        : {
            approved: row.refusal === null,
            by: names.get(row.decidedBy) ?? row.decidedBy,
            at: row.decidedAt.toString(),
            reason: row.refusal,
          },
    mayDecide: row.state === 'waiting' && approver !== undefined && !isOwn,
    fileName: row.fileName,
    people: row.people,
    rows: row.rows,
    bytes: row.bytes,
    sha256: row.sha256,
    createdAt: row.createdAt.toString(),
    finishedAt: row.finishedAt?.toString() ?? null,
    expiresAt: row.expiresAt?.toString() ?? null,
    available: isAvailable(row, now),
  };
}

/** What a request asks for, after its schema let it through. */
export function wantedBy(asked: ExportRequestShape): {
  period: Period;
  kind: ExportKind;
  shape: Shape | OtherShape;
  purpose: string;
} {
  const { kind, month, from, to, format, part, supplement, purpose } = asked;
  const shape = kind === 'performance' ? otherShape(format, supplement) : checkinShape(format, part);
  const wanted = { kind, shape, purpose };
  if (month !== undefined) return { ...wanted, period: monthDays(Temporal.PlainYearMonth.from(month)) };
  const [first, last] = [Temporal.PlainDate.from(from ?? ''), Temporal.PlainDate.from(to ?? '')];
  return { ...wanted, period: { from: first, to: last } };
}

function otherShape(format: OtherShape['format'], supplement: number | undefined): OtherShape {
  return { format, ...(supplement === undefined ? {} : { supplement }) };
}

function checkinShape(format: OtherShape['format'], part: 'detail' | 'summary'): Shape {
  return format === 'csv' ? { format, part } : { format: 'xlsx' };
}
