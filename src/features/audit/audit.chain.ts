import { createHash } from 'node:crypto';
import { asc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type AuditActor, audit, auditHead } from './audit.tables.ts';

export interface AuditEntry {
  at: Temporal.Instant;
  actor: AuditActor;
  action: string;
  subject: string;
  detail?: Record<string, unknown>;
}

type Line = Omit<typeof audit.$inferInsert, 'id' | 'place' | 'hash'>;

const HEAD = 1;
/** What the first line follows. */
const BEGINNING = '0'.repeat(64);

/**
 * Appends lines in the caller's transaction. Another transaction that appends waits for the end of this one, so record
 * last. Rejects in a transaction whose reads stand still (`repeatable read`): it could not see the end of the chain.
 */
export async function append(tx: Db, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.insert(auditHead).values({ id: HEAD, place: 0, hash: BEGINNING }).onConflictDoNothing();
  const [head] = await tx.select().from(auditHead).where(eq(auditHead.id, HEAD)).for('update');
  if (head === undefined) throw new Error('the audit has no head');
  let { place, hash } = head;
  const rows = entries.map((entry) => {
    const line = lineOf(entry);
    place += 1;
    hash = hashOf(hash, place, line);
    return { ...line, place, hash };
  });
  await tx.insert(audit).values(rows);
  await tx.update(auditHead).set({ place, hash }).where(eq(auditHead.id, HEAD));
}

/** PostgreSQL keeps microseconds: what it will not keep must not be hashed. */
function lineOf({ at, actor, action, subject, detail = {} }: AuditEntry): Line {
  return {
    at: at.round({ smallestUnit: 'microsecond', roundingMode: 'trunc' }),
    actorKind: actor.kind,
    actorId: actor.id,
    action,
    subject,
    detail: JSON.parse(JSON.stringify(detail)) as Record<string, unknown>,
  };
}

function hashOf(
  before: string,
  place: number,
  { at, actorKind, actorId, action, subject, detail }: Line,
): string {
  const content = [before, place, at.toString(), actorKind, actorId, action, subject, sorted(detail)];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The same value in one order of keys: `jsonb` keeps its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

export interface AuditVerdict {
  checked: number;
  /** Lines that are older than the chain. */
  older: number;
  /** What does not fit, in order; the first is where to look. */
  wrong: string[];
  /** The hash of the last line: written down elsewhere, it proves that nobody began a new chain. */
  head: string | undefined;
}

const LINES_AT_ONCE = 5_000;
const MOST_NAMED = 20;

/** Follows the chain from its first line to its head. */
export async function verifyAudit(db: Db): Promise<AuditVerdict> {
  return db.transaction((tx) => follow(tx), { isolationLevel: 'repeatable read', accessMode: 'read only' });
}

async function follow(tx: Db): Promise<AuditVerdict> {
  const wrong: string[] = [];
  const note = (sentence: string) => {
    if (wrong.length < MOST_NAMED) wrong.push(sentence);
  };
  let place = 0;
  let hash = BEGINNING;
  let checked = 0;
  for (;;) {
    const rows = await tx
      .select()
      .from(audit)
      .where(gt(audit.place, place))
      .orderBy(asc(audit.place))
      .limit(LINES_AT_ONCE);
    for (const { place: found, hash: kept, id, ...line } of rows) {
      checked += 1;
      const next = found ?? 0;
      if (next !== place + 1) note(`between ${place} and ${next}: ${next - place - 1} lines are missing`);
      else if (hashOf(hash, next, line) !== kept) note(`line ${next} (id ${id}) was altered`);
      place = next;
      hash = kept ?? '';
    }
    if (rows.length < LINES_AT_ONCE) break;
  }
  const [head] = await tx.select().from(auditHead).where(eq(auditHead.id, HEAD));
  const [older] = await tx
    .select({
      n: sql<number>`count(*)::int`,
      after: sql<number>`count(*) filter (where ${audit.id} > first.id)::int`,
    })
    .from(audit)
    .innerJoin(
      sql`(select coalesce(min(id), 9223372036854775807) as id from audit where place is not null) first`,
      sql`true`,
    )
    .where(sql`not (${isNotNull(audit.place)})`);
  if ((older?.after ?? 0) > 0) note(`${older?.after} lines stand outside of the chain`);
  if ((head?.place ?? 0) !== place)
    note(`after ${place}: the last ${(head?.place ?? 0) - place} lines are missing`);
  else if (head !== undefined && head.hash !== hash)
    note('the last line is not the one that was written last');
  return { checked, older: (older?.n ?? 0) - (older?.after ?? 0), wrong, head: head?.hash };
}
