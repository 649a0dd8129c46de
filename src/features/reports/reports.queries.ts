import { desc, eq, lt } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { monthDays, Temporal } from '../../kernel/time.ts';
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

export function shown(row: Export, now: Temporal.Instant): ExportShape {
  return {
    id: row.id,
    kind: row.kind,
    format: row.format,
    part: row.part,
    supplement: row.supplement,
    from: row.fromDay.toString(),
    to: row.toDay.toString(),
    state: row.state,
    requestedBy: { kind: row.requestedByKind, id: row.requestedBy },
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
export function wantedBy({ kind, month, from, to, format, part, supplement }: ExportRequestShape): {
  period: Period;
  kind: ExportKind;
  shape: Shape | OtherShape;
} {
  const shape = kind === 'performance' ? otherShape(format, supplement) : checkinShape(format, part);
  if (month !== undefined) return { kind, period: monthDays(Temporal.PlainYearMonth.from(month)), shape };
  const [first, last] = [Temporal.PlainDate.from(from ?? ''), Temporal.PlainDate.from(to ?? '')];
  return { kind, period: { from: first, to: last }, shape };
}

function otherShape(format: OtherShape['format'], supplement: number | undefined): OtherShape {
  return { format, ...(supplement === undefined ? {} : { supplement }) };
}

function checkinShape(format: OtherShape['format'], part: 'detail' | 'summary'): Shape {
  return format === 'csv' ? { format, part } : { format: 'xlsx' };
}
