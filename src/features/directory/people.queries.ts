import { and, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Locale } from '../../chat/locale.ts';
import type { Role } from '../../chat/role.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { textArray } from './bulk.ts';
import { employedOn, holdsOn } from './days.sql.ts';
import {
  departments,
  employeeRoles,
  employees,
  identities,
  type Level,
  memberships,
} from './directory.tables.ts';
import { directoryTexts } from './directory.text.ts';

const MOST_PER_PAGE = 500;

export interface EmployeeEntry {
  id: string;
  number: string;
  name: string;
  position: string | null;
  zone: string;
  locale: string;
  level: Level;
  joinedOn: Temporal.PlainDate | null;
  leftOn: Temporal.PlainDate | null;
  /** The main one on the day asked for. */
  department: { id: string; code: string; name: string } | null;
  roles: Role[];
}

export interface EmployeeQuery {
  /** Departments and roles are those of this day. */
  day: Temporal.PlainDate;
  cursor?: string | undefined;
  /** At most 500. */
  limit: number;
  /** A code; only people whose main department is exactly this one. */
  department?: string | undefined;
  /** Ids of the departments that the asker may see; everyone's when absent. See `liaisonScope`. */
  within?: readonly string[] | undefined;
  /** The beginning of a number or any part of a name. */
  search?: string | undefined;
  locale?: Locale | undefined;
}

/** One page of people by number, leavers included. `next` is null on the last page. */
export async function listEmployees(
  tx: Db,
  query: EmployeeQuery,
): Promise<{ items: EmployeeEntry[]; next: string | null }> {
  const limit = Math.min(Math.max(1, query.limit), MOST_PER_PAGE);
  const rows = await tx
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
        query.cursor === undefined ? undefined : gt(employees.number, fromCursor(query.cursor, query.locale)),
        query.department === undefined ? undefined : eq(departments.code, query.department),
        query.within === undefined ? undefined : inArray(departments.id, [...query.within]),
        query.search === undefined ? undefined : matches(query.search),
      ),
    )
    .orderBy(employees.number)
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? toCursor(last.number) : null };
}

function rolesOn(day: Temporal.PlainDate): SQL<Role[]> {
  return sql<Role[]>`array(
    select distinct ${employeeRoles.role} from ${employeeRoles}
    where ${employeeRoles.employeeId} = ${employees.id} and ${holdsOn(employeeRoles, day)})`;
}

function matches(search: string): SQL | undefined {
  const literal = search
    .normalize('NFKC')
    .trim()
    .replace(/[\\%_]/g, '\\$&');
  return or(sql`${employees.number} ilike ${`${literal}%`}`, sql`${employees.name} ilike ${`%${literal}%`}`);
}

const cursorSchema = z.tuple([z.literal('number'), z.string()]);

function toCursor(number: string): string {
  return Buffer.from(JSON.stringify(['number', number])).toString('base64url');
}

function fromCursor(cursor: string, locale: Locale = 'zh-CN'): string {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))[1];
  } catch {
    throw new UserError(directoryTexts[locale].badCursor);
  }
}

export interface SandboxPerson {
  platformId: string;
  name: string;
  position: string | null;
  department: string | null;
  roles: Role[];
}

/** Whom somebody can be on the sandbox page: everybody employed on `day`, by number. */
export async function sandboxPeople(tx: Db, day: Temporal.PlainDate): Promise<SandboxPerson[]> {
  return tx
    .select({
      platformId: identities.platformId,
      name: employees.name,
      position: employees.position,
      department: departments.name,
      roles: rolesOn(day),
    })
    .from(identities)
    .innerJoin(employees, eq(employees.id, identities.employeeId))
    .leftJoin(
      memberships,
      and(eq(memberships.employeeId, employees.id), eq(memberships.main, true), holdsOn(memberships, day)),
    )
    .leftJoin(departments, eq(departments.id, memberships.departmentId))
    .where(and(eq(identities.channel, 'sandbox'), eq(identities.account, 'sandbox'), employedOn(day)))
    .orderBy(employees.number);
}

/** The ids behind these 工号; nobody has the ones that are absent. */
export async function idsByNumbers(tx: Db, numbers: readonly string[]): Promise<Map<string, string>> {
  if (numbers.length === 0) return new Map();
  const rows = await tx
    .select({ number: employees.number, id: employees.id })
    .from(employees)
    .where(sql`${employees.number} = any(${textArray([...new Set(numbers)])})`);
  return new Map(rows.map(({ number, id }) => [number, id]));
}
