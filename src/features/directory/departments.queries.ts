import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { textArray, uuidArray } from './bulk.ts';
import { employedOn, holdsOn } from './days.sql.ts';
import { departments, employeeRoles, employees, memberships } from './directory.tables.ts';

export interface DepartmentName {
  id: string;
  code: string;
  name: string;
}

export interface Belonging {
  /** The department that counts for figures. */
  main: DepartmentName | null;
  second: DepartmentName[];
}

/** Where each of these people belonged on `day`; everybody asked for is in the answer. */
export async function departmentsOf(
  tx: Db,
  employeeIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<Map<string, Belonging>> {
  const rows = await tx
    .select({
      employeeId: memberships.employeeId,
      main: memberships.main,
      department: { id: departments.id, code: departments.code, name: departments.name },
    })
    .from(memberships)
    .innerJoin(departments, eq(departments.id, memberships.departmentId))
    .where(and(sql`${memberships.employeeId} = any(${uuidArray(employeeIds)})`, holdsOn(memberships, day)))
    .orderBy(departments.code);
  const found = new Map<string, Belonging>(employeeIds.map((id) => [id, { main: null, second: [] }]));
  for (const { employeeId, main, department } of rows) {
    const belonging = found.get(employeeId);
    if (belonging === undefined) continue;
    if (main) belonging.main = department;
    else belonging.second.push(department);
  }
  return found;
}

/** The department that counts for this person's figures of `day`. */
export async function departmentOn(
  tx: Db,
  employeeId: string,
  day: Temporal.PlainDate,
): Promise<DepartmentName | null> {
  return (await departmentsOf(tx, [employeeId], day)).get(employeeId)?.main ?? null;
}

/** These departments and everything below them, each once. */
export async function subtree(tx: Db, departmentIds: readonly string[]): Promise<string[]> {
  if (departmentIds.length === 0) return [];
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive ${below(sql`select id from ${departments} where id = any(${uuidArray(departmentIds)})`)}
    select id from below`);
  return rows.map(({ id }) => id);
}

/** `below (id)`: the departments that `roots` selects and everything under them. */
function below(roots: SQL): SQL {
  return sql`below (id) as (
    ${roots} union select d.id from ${departments} d join below on d.parent_id = below.id)`;
}

/** Whom something is meant for, departments by code with everything below them. */
export type Audience = 'everyone' | { departments: readonly string[] };

/**
 * The ids of those in the audience who are employed on `day`; with `zone` only those who live there. A second post in
 * a department of the audience counts as well: it is where people work.
 */
export async function employeesIn(
  tx: Db,
  audience: Audience,
  { day, zone }: { day: Temporal.PlainDate; zone?: string | undefined },
): Promise<string[]> {
  const member =
    audience === 'everyone'
      ? undefined
      : sql`${employees.id} in (
          with recursive ${below(sql`select id from ${departments} where code = any(${textArray(audience.departments)})`)}
          select ${memberships.employeeId} from ${memberships}
          where ${memberships.departmentId} in (select id from below) and ${holdsOn(memberships, day)})`;
  const rows = await tx
    .select({ id: employees.id })
    .from(employees)
    .where(and(employedOn(day), zone === undefined ? undefined : eq(employees.zone, zone), member));
  return rows.map(({ id }) => id);
}

/** The zones in which somebody on the books lives, leavers included: a schedule for nobody does no harm. */
export async function zonesInUse(tx: Db): Promise<string[]> {
  const rows = await tx.selectDistinct({ zone: employees.zone }).from(employees).orderBy(employees.zone);
  return rows.map(({ zone }) => zone);
}

/** The departments that this liaison serves on `day`, with everything below them; empty for whoever serves none. */
export async function liaisonScope(tx: Db, employeeId: string, day: Temporal.PlainDate): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    with recursive ${below(sql`
      select ${employeeRoles.departmentId} from ${employeeRoles}
      where ${employeeRoles.employeeId} = ${employeeId} and ${employeeRoles.role} = 'liaison'
        and ${employeeRoles.departmentId} is not null and ${holdsOn(employeeRoles, day)}`)}
    select id from below`);
  return rows.map(({ id }) => id);
}

export interface DepartmentEntry extends DepartmentName {
  parentCode: string | null;
}

/** All departments by code. */
export async function listDepartments(tx: Db): Promise<DepartmentEntry[]> {
  const parent = alias(departments, 'parent');
  return tx
    .select({ id: departments.id, code: departments.code, name: departments.name, parentCode: parent.code })
    .from(departments)
    .leftJoin(parent, eq(parent.id, departments.parentId))
    .orderBy(asc(departments.code));
}
