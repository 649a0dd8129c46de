import { and, asc, desc, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Role } from '../../chat/role.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Scope } from '../../kernel/permissions.ts';
import type { Temporal } from '../../kernel/time.ts';
import { uuidArray } from './bulk.ts';
import { employedOn, holdsOn } from './days.sql.ts';
import { type DepartmentEntry, subtree } from './departments.queries.ts';
import { departments, employeeRoles, employees, identities, memberships } from './directory.tables.ts';
import type { EmployeeEntry } from './people.queries.ts';

/** Departments by code, after one of them. */
export async function departmentsAfter(
  tx: Db,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<DepartmentEntry[]> {
  const parent = alias(departments, 'parent');
  return tx
    .select({ id: departments.id, code: departments.code, name: departments.name, parentCode: parent.code })
    .from(departments)
    .leftJoin(parent, eq(parent.id, departments.parentId))
    .where(after === undefined ? undefined : gt(departments.code, after))
    .orderBy(asc(departments.code))
    .limit(limit);
}

/** The id behind a department's code. Rejects with AppError `department.not-found`. */
export async function departmentIdOf(tx: Db, code: string): Promise<string> {
  const [found] = await tx.select({ id: departments.id }).from(departments).where(eq(departments.code, code));
  if (found !== undefined) return found.id;
  throw new AppError('department.not-found', `there is no department with the code ${code}`, {
    details: { code },
  });
}

/** The department with this code and all below it. Rejects with AppError `department.not-found`. */
export async function departmentIdsBelow(tx: Db, code: string): Promise<string[]> {
  return subtree(tx, [await departmentIdOf(tx, code)]);
}

/**
 * The id behind a 工号. Rejects with AppError `employee.not-found`, also for people who were never in a department of
 * the scope: whoever guesses numbers does not learn which exist.
 */
export async function employeeIdOf(tx: Db, number: string, scope: Scope = 'everyone'): Promise<string> {
  const [found] = await tx
    .select({ id: employees.id })
    .from(employees)
    .where(and(eq(employees.number, number), everWithin(scope)));
  if (found === undefined) throw employeeNotFound(number);
  return found.id;
}

function everWithin(scope: Scope): SQL | undefined {
  return scope === 'everyone'
    ? undefined
    : sql`exists (select 1 from ${memberships} where ${memberships.employeeId} = ${employees.id}
        and ${memberships.main} and ${memberships.departmentId} = any(${uuidArray(scope)}))`;
}

/** What lists of other slices show of people, by id. */
export async function namesOf(
  tx: Db,
  ids: readonly string[],
): Promise<Map<string, { number: string; name: string }>> {
  const rows = await tx
    .select({ id: employees.id, number: employees.number, name: employees.name })
    .from(employees)
    .where(sql`${employees.id} = any(${uuidArray(ids)})`);
  return new Map(rows.map(({ id, ...person }) => [id, person]));
}

export interface PeopleQuery {
  /** Departments and roles are those of this day. */
  day: Temporal.PlainDate;
  /** Leaves out who is not in the company on `day`. */
  onlyEmployed?: boolean;
  after?: string | undefined;
  number?: string;
  /** Ids: only people whose main department is one of these. */
  departments?: readonly string[] | undefined;
  search?: string | undefined;
  limit: number;
}

/** People by number. */
export async function people(tx: Db, query: PeopleQuery): Promise<EmployeeEntry[]> {
  return tx
    .select({
      id: employees.id,
      number: employees.number,
      name: employees.name,
      position: employees.position,
      zone: employees.zone,
      locale: employees.locale,
      level: employees.level,
      joinedOn: employees.joinedOn,
      leftOn: employees.leftOn,
      department: { id: departments.id, code: departments.code, name: departments.name },
      roles: rolesOn(query.day),
    })
    .from(employees)
    .leftJoin(
      memberships,
      and(
        eq(memberships.employeeId, employees.id),
        eq(memberships.main, true),
        holdsOn(memberships, query.day),
      ),
    )
    .leftJoin(departments, eq(departments.id, memberships.departmentId))
    .where(
      and(
        query.after === undefined ? undefined : gt(employees.number, query.after),
        query.number === undefined ? undefined : eq(employees.number, query.number),
        query.onlyEmployed ? employedOn(query.day) : undefined,
        query.departments === undefined ? undefined : inArray(departments.id, [...query.departments]),
        query.search === undefined ? undefined : matches(query.search),
      ),
    )
    .orderBy(asc(employees.number))
    .limit(query.limit);
}

function rolesOn(day: Temporal.PlainDate): SQL<Role[]> {
  return sql<Role[]>`array(
    select distinct ${employeeRoles.role} from ${employeeRoles}
    where ${employeeRoles.employeeId} = ${employees.id} and ${holdsOn(employeeRoles, day)} order by 1)`;
}

function matches(search: string): SQL | undefined {
  const literal = search.normalize('NFKC').replace(/[\\%_]/g, '\\$&');
  return or(sql`${employees.number} ilike ${`${literal}%`}`, sql`${employees.name} ilike ${`%${literal}%`}`);
}

export interface Post {
  department: { code: string; name: string };
  main: boolean;
  from: Temporal.PlainDate;
  to: Temporal.PlainDate | null;
}

/** Everything the directory knows of one person. Rejects with AppError `employee.not-found`. */
export async function personByNumber(
  tx: Db,
  number: string,
  day: Temporal.PlainDate,
  departmentIds?: readonly string[],
): Promise<{
  person: EmployeeEntry;
  posts: Post[];
  accounts: { channel: string; account: string; platformId: string }[];
}> {
  const [person] = await people(tx, { number, day, departments: departmentIds, limit: 1 });
  if (person === undefined) throw employeeNotFound(number);
  const posts = await tx
    .select({
      department: { code: departments.code, name: departments.name },
      main: memberships.main,
      from: memberships.fromDay,
      to: memberships.toDay,
    })
    .from(memberships)
    .innerJoin(departments, eq(departments.id, memberships.departmentId))
    .where(eq(memberships.employeeId, person.id))
    .orderBy(desc(memberships.fromDay), desc(memberships.main), asc(departments.code));
  const accounts = await tx
    .select({
      channel: identities.channel,
      account: identities.account,
      platformId: identities.platformId,
    })
    .from(identities)
    .where(eq(identities.employeeId, person.id))
    .orderBy(asc(identities.channel), asc(identities.account), asc(identities.platformId));
  return { person, posts, accounts };
}

function employeeNotFound(number: string): AppError {
  return new AppError('employee.not-found', `there is no employee with the number ${number}`, {
    details: { number },
  });
}

/** The departments with these codes and all below them; a code that nobody has adds nothing. */
export async function departmentIdsOfCodes(tx: Db, codes: readonly string[]): Promise<string[]> {
  const rows = await tx
    .select({ id: departments.id })
    .from(departments)
    .where(inArray(departments.code, [...codes]));
  return subtree(
    tx,
    rows.map(({ id }) => id),
  );
}
