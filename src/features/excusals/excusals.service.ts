import { eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isoOf, Temporal } from '../../kernel/time.ts';
import { refreshStreaks } from '../checkins/index.ts';
import type { ExcusalReason } from '../performance/performance.schema.ts';
import { excusals } from './excusals.tables.ts';

export type Excusal = typeof excusals.$inferSelect;
export type Source = Excusal['source'];

/** Days of one person, as a file, the API or the console gives them. */
export interface Given {
  employeeId: string;
  from: Temporal.PlainDate;
  /** Included. */
  to: Temporal.PlainDate;
  reason: ExcusalReason;
  /** What the giver calls it: the same again is the same excusal. */
  reference: string;
  note: string | null;
  /** The giver takes back what it once gave under this reference. */
  withdrawn?: boolean;
}

export interface Deed {
  by: string;
  at: Temporal.Instant;
}

export type Outcome = 'created' | 'changed' | 'unchanged' | 'revoked';

/** Longer than the longest leave that the law knows. */
export const MOST_DAYS = 800;

/**
 * Writes excusals as one set, by (source, reference, person): the same again changes nothing, other days or another
 * reason replace what stood there (a row that takes the old one back, and a new one), and what is withdrawn ends. The
 * excused days and everybody's streaks follow in the same transaction. Answers what became of each, in order; of two
 * with one reference the later one holds.
 */
export async function excuse(
  tx: Db,
  source: Source,
  given: readonly Given[],
  deed: Deed,
): Promise<Outcome[]> {
  if (given.length === 0) return [];
  await oneWriter(tx);
  const standing = await standingOf(
    tx,
    source,
    given.map(({ employeeId }) => employeeId),
  );
  const rows: NewRow[] = [];
  const touched: Span[] = [];
  const outcomes = given.map((one): Outcome => {
    const key = `${one.employeeId} ${one.reference}`;
    const old = standing.get(key);
    if (old?.live !== undefined && !one.withdrawn && isSame(old.live, one)) return 'unchanged';
    if (old?.live === undefined && one.withdrawn === true) return 'unchanged';
    const revision = (old?.revision ?? 0) + 1;
    if (old?.live !== undefined) {
      rows.push(revocationOf(old.live, source, deed, null));
      touched.push(old.live);
    }
    if (one.withdrawn === true) {
      standing.set(key, { live: undefined, revision: old?.revision ?? 0 });
      return 'revoked';
    }
    const row = rowOf(one, source, revision, deed);
    rows.push(row);
    touched.push(row);
    standing.set(key, { live: row, revision });
    return old?.live === undefined ? 'created' : 'changed';
  });
  await insertRows(tx, rows);
  await follow(tx, touched, deed.at);
  return outcomes;
}

/** Takes one excusal back. Rejects with AppError `excusal.not-found`, and `excusal.revoked` when that was done before. */
export async function revoke(tx: Db, id: string, deed: Deed & { note: string }): Promise<Excusal> {
  await oneWriter(tx);
  const [found] = await tx.select().from(excusals).where(eq(excusals.id, id));
  if (found === undefined || found.revokes !== null)
    throw new AppError('excusal.not-found', `there is no excusal ${id}`, { details: { id } });
  const [before] = await tx.select({ id: excusals.id }).from(excusals).where(eq(excusals.revokes, id));
  if (before !== undefined)
    throw new AppError('excusal.revoked', `excusal ${id} was taken back before`, { details: { id } });
  const old = spanOf(found);
  await insertRows(tx, [revocationOf({ ...old, reference: found.reference }, found.source, deed, deed.note)]);
  await follow(tx, [old], deed.at);
  return found;
}

/** Excuses everybody whom an outage hit, once for each person and incident: 100,000 people are one set. */
export async function excuseForIncident(
  tx: Db,
  incident: { id: string; number: string },
  people: readonly { employeeId: string; from: string; to: string }[],
  { by, at }: Deed,
): Promise<void> {
  await oneWriter(tx);
  const rows = people.map(
    (one): NewRow => ({
      ...one,
      id: newId(),
      reason: 'outage',
      reference: incident.number,
      source: 'incident',
      incidentId: incident.id,
      note: null,
      revokes: null,
      by,
      at,
    }),
  );
  await insertRows(tx, rows);
  await follow(tx, rows, at);
}

/** Whose days changed. */
interface Span {
  id: string;
  employeeId: string;
  from: string;
  to: string;
  reason: ExcusalReason;
}

type NewRow = Span & {
  reference: string;
  source: Source;
  incidentId?: string;
  note: string | null;
  revokes: string | null;
  by: string;
  at: Temporal.Instant;
};

/** Stands between a reference and its revision: no reference from outside contains it. */
const REVISION = '\u001f';

/** The reference as its giver knows it. */
export const givenReference = (reference: string): string => reference.split(REVISION)[0] ?? reference;

function rowOf(one: Given, source: Source, revision: number, { by, at }: Deed): NewRow {
  return {
    id: newId(),
    employeeId: one.employeeId,
    from: one.from.toString(),
    to: one.to.toString(),
    reason: one.reason,
    reference: revision === 1 ? one.reference : `${one.reference}${REVISION}${revision}`,
    source,
    note: one.note,
    revokes: null,
    by,
    at,
  };
}

function revocationOf(
  old: Span & { reference: string },
  source: Source,
  { by, at }: Deed,
  note: string | null,
): NewRow {
  const reference = `${old.reference}${REVISION}-`;
  return { ...old, id: newId(), reference, source, note, revokes: old.id, by, at };
}

const isSame = (old: Span, { from, to, reason }: Given): boolean =>
  old.from === from.toString() && old.to === to.toString() && old.reason === reason;

function spanOf({ id, employeeId, fromDay, toDay, reason }: Excusal): Span {
  return { id, employeeId, from: fromDay.toString(), to: toDay.toString(), reason };
}

interface Standing {
  live: (Span & { reference: string }) | undefined;
  revision: number;
}

/** What stands for these people from this source, by person and reference. */
async function standingOf(
  tx: Db,
  source: Source,
  employeeIds: readonly string[],
): Promise<Map<string, Standing>> {
  const { rows } = await tx.execute<{
    id: string;
    employee_id: string;
    from_day: string;
    to_day: string;
    reason: ExcusalReason;
    reference: string;
    revoked: boolean;
  }>(sql`
    select e.id, e.employee_id, e.from_day, e.to_day, e.reason, e.reference,
           exists (select 1 from excusals v where v.revokes = e.id) as revoked
    from excusals e
    where e.employee_id = any(${sql.param([...new Set(employeeIds)])}::uuid[]) and e.source = ${source}
      and e.revokes is null
    order by e.id`);
  const standing = new Map<string, Standing>();
  for (const row of rows) {
    const [reference = '', revision = '1'] = row.reference.split(REVISION);
    standing.set(`${row.employee_id} ${reference}`, {
      live: row.revoked
        ? undefined
        : {
            id: row.id,
            employeeId: row.employee_id,
            from: row.from_day,
            to: row.to_day,
            reason: row.reason,
            reference: row.reference,
          },
      revision: Number(revision),
    });
  }
  return standing;
}

async function insertRows(tx: Db, rows: readonly NewRow[]): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(
    rows.map((row) => ({
      id: row.id,
      e: row.employeeId,
      f: row.from,
      t: row.to,
      r: row.reason,
      ref: row.reference,
      s: row.source,
      i: row.incidentId ?? null,
      n: row.note,
      v: row.revokes,
      by: row.by,
      at: isoOf(row.at),
    })),
  );
  await tx.execute(sql`
    insert into excusals (id, employee_id, from_day, to_day, reason, reference, source, incident_id, note, revokes, by, at)
    select id, e, f, t, r, ref, s, i, n, v, by, at from json_to_recordset(${json}::json)
      as x(id uuid, e uuid, f date, t date, r text, ref text, s text, i uuid, n text, v uuid, by text, at timestamptz)`);
}

/** Makes excused days and streaks follow what is written by now. */
async function follow(tx: Db, touched: readonly Span[], at: Temporal.Instant): Promise<void> {
  const [first] = touched;
  if (first === undefined) return;
  const spans = JSON.stringify(
    touched.map(({ employeeId, from, to }) => ({ e: employeeId, f: from, t: to })),
  );
  await deriveDays(tx, sql`json_to_recordset(${spans}::json) as hit(e uuid, f date, t date)`);
  const from = touched.reduce((least, one) => (one.from < least ? one.from : least), first.from);
  const to = touched.reduce((most, one) => (one.to > most ? one.to : most), first.to);
  await refreshStreaks(tx, {
    employeeIds: [...new Set(touched.map(({ employeeId }) => employeeId))],
    from: Temporal.PlainDate.from(from),
    to: Temporal.PlainDate.from(to),
    at,
  });
}

/** Writes the days of `hit (e, f, t)` anew from the excusals that stand; where several cover a day the first counts. */
export async function deriveDays(tx: Db, hit: SQL): Promise<void> {
  await tx.execute(sql`
    delete from excused_days x using ${hit} where x.employee_id = hit.e and x.day between hit.f and hit.t`);
  await tx.execute(sql`
    insert into excused_days (employee_id, day, reason, excusal_id)
    select distinct on (e.employee_id, d.day) e.employee_id, d.day::date, e.reason, e.id
    from ${hit}
    join excusals e on e.employee_id = hit.e and e.revokes is null and e.from_day <= hit.t and e.to_day >= hit.f
      and not exists (select 1 from excusals v where v.revokes = e.id)
    cross join lateral generate_series(greatest(e.from_day, hit.f), least(e.to_day, hit.t), interval '1 day') as d(day)
    order by e.employee_id, d.day, e.id
    on conflict do nothing`);
}

/** Two writers go one after the other, so that the second finds what the first wrote. */
export async function oneWriter(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('excusals'))`);
}
