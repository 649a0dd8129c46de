import { and, gte, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { textArray, uuidArray } from './bulk.ts';
import { departments, employeeRoles, employees, memberships } from './directory.tables.ts';
import type { KnownDepartment } from './import-departments.rules.ts';
import { type KnownEmployee, membershipKey, roleKey } from './import-employees.rules.ts';
import type { Period } from './periods.rules.ts';

export async function knownDepartments(tx: Db): Promise<KnownDepartment[]> {
  return tx
    .select({
      id: departments.id,
      code: departments.code,
      name: departments.name,
      parentId: departments.parentId,
    })
    .from(departments);
}

/** What is known of these people, by number, with the memberships and roles that reach `asOf`. */
export async function knownEmployees(
  tx: Db,
  numbers: readonly string[],
  asOf: Temporal.PlainDate,
): Promise<Map<string, KnownEmployee>> {
  return loadEmployees(tx, sql`${employees.number} = any(${textArray(numbers)})`, asOf);
}

/** Everybody employed on `asOf` or later whose number is none of these. */
export async function employedBeyond(
  tx: Db,
  numbers: readonly string[],
  asOf: Temporal.PlainDate,
): Promise<KnownEmployee[]> {
  const employed = or(isNull(employees.leftOn), gte(employees.leftOn, asOf));
  const others = sql`not exists (select from unnest(${textArray(numbers)}) n where n = ${employees.number})`;
  return [...(await loadEmployees(tx, and(employed, others), asOf)).values()];
}

export async function countEmployed(tx: Db, asOf: Temporal.PlainDate): Promise<number> {
  return tx.$count(employees, or(isNull(employees.leftOn), gte(employees.leftOn, asOf)));
}

async function loadEmployees(
  tx: Db,
  which: SQL | undefined,
  asOf: Temporal.PlainDate,
): Promise<Map<string, KnownEmployee>> {
  const people = await tx.select().from(employees).where(which);
  const ids = people.map(({ id }) => id);
  const heldMemberships = await tx
    .select()
    .from(memberships)
    .where(
      and(
        sql`${memberships.employeeId} = any(${uuidArray(ids)})`,
        or(isNull(memberships.toDay), gte(memberships.toDay, asOf)),
      ),
    );
  const heldRoles = await tx
    .select()
    .from(employeeRoles)
    .where(
      and(
        sql`${employeeRoles.employeeId} = any(${uuidArray(ids)})`,
        or(isNull(employeeRoles.toDay), gte(employeeRoles.toDay, asOf)),
      ),
    );
  const membershipsOf = grouped(heldMemberships, (row) => membershipKey(row.departmentId, row.main));
  const rolesOf = grouped(heldRoles, (row) => roleKey(row.role, row.departmentId));
  return new Map(
    people.map(({ createdAt: _createdAt, ...person }) => [
      person.number,
      { ...person, memberships: membershipsOf.get(person.id) ?? [], roles: rolesOf.get(person.id) ?? [] },
    ]),
  );
}

interface HeldRow {
  id: string;
  employeeId: string;
  fromDay: Temporal.PlainDate;
  toDay: Temporal.PlainDate | null;
}

function grouped<Row extends HeldRow>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Map<string, Period[]> {
  const byEmployee = new Map<string, Period[]>();
  for (const row of rows) {
    const period = { id: row.id, key: keyOf(row), from: row.fromDay, to: row.toDay };
    const before = byEmployee.get(row.employeeId);
    if (before === undefined) byEmployee.set(row.employeeId, [period]);
    else before.push(period);
  }
  return byEmployee;
}

/**
 * Which of these zones this PostgreSQL does not know: it brings a list of its own, and one zone missing there would
 * fail every query that asks for somebody's day. Zones that are in use have been looked up before.
 */
export async function zonesUnknown(tx: Db, zones: ReadonlySet<string>): Promise<Set<string>> {
  const used = new Set(
    (await tx.selectDistinct({ zone: employees.zone }).from(employees)).map(({ zone }) => zone),
  );
  const fresh = [...zones].filter((zone) => !used.has(zone));
  if (fresh.length === 0) return new Set();
  const { rows } = await tx.execute<{ zone: string }>(sql`
    select zone from unnest(${textArray(fresh)}) zone
    where lower(zone) not in (select lower(name) from pg_timezone_names)`);
  return new Set(rows.map(({ zone }) => zone));
}
