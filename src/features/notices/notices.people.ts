import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { type Locale, localeOf } from '../../chat/locale.ts';
import type { Role } from '../../chat/role.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Recipient } from '../../outbox/outbox.ts';
import { departments, employeeRoles, employees } from '../directory/directory.tables.ts';
import {
  type DepartmentEntry,
  type DepartmentName,
  departmentsOf,
  employeesIn,
  liaisonScope,
  listDepartments,
  reachable,
  subtree,
} from '../directory/index.ts';
import type { NoticeDeps } from './notices.deps.ts';
import type { Notice } from './notices.tables.ts';
import { departmentGroups, noticeRecipients } from './notices.tables.ts';

export interface NoticePerson {
  employeeId: string;
  number: string;
  name: string;
  locale: Locale;
  department: DepartmentName | null;
}

/**
 * Who a notice is for on `day`, each once however many of their departments are named. A liaison's reaches only the
 * departments that are theirs that day; rejects with AppError `notice.scope-foreign`.
 */
export async function peopleFor(
  tx: Db,
  notice: Pick<Notice, 'audience' | 'byLiaison' | 'corrects'>,
  day: Temporal.PlainDate,
): Promise<NoticePerson[]> {
  const { audience, byLiaison } = notice;
  const ids = new Set<string>();
  if (byLiaison !== null) await refuseForeign(tx, notice, byLiaison, day);
  if (notice.corrects !== null) {
    const rows = await tx
      .select({ id: noticeRecipients.employeeId })
      .from(noticeRecipients)
      .where(eq(noticeRecipients.noticeId, notice.corrects));
    for (const { id } of rows) ids.add(id);
  } else {
    if (audience.everyone === true) for (const id of await employeesIn(tx, 'everyone', { day })) ids.add(id);
    const codes = audience.departments ?? [];
    if (codes.length > 0) {
      for (const id of await employeesIn(tx, { departments: codes }, { day })) ids.add(id);
    }
    for (const id of await idsOfNumbers(tx, audience.employees ?? [])) ids.add(id);
  }
  return withNames(tx, [...ids], day);
}

async function refuseForeign(
  tx: Db,
  { audience }: Pick<Notice, 'audience'>,
  liaisonId: string,
  day: Temporal.PlainDate,
): Promise<void> {
  const scope = new Set(await liaisonScope(tx, liaisonId, day));
  const entries = await listDepartments(tx);
  const foreign = (audience.departments ?? []).filter(
    (code) => !scope.has(entries.find((entry) => entry.code === code)?.id ?? ''),
  );
  const isWider = audience.everyone === true || (audience.employees ?? []).length > 0;
  if (!isWider && foreign.length === 0) return;
  throw new AppError('notice.scope-foreign', 'the audience goes beyond the delegated departments', {
    details: { departments: foreign },
  });
}

async function idsOfNumbers(tx: Db, numbers: readonly string[]): Promise<string[]> {
  if (numbers.length === 0) return [];
  const rows = await tx
    .select({ id: employees.id })
    .from(employees)
    .where(inArray(employees.number, [...numbers]));
  return rows.map(({ id }) => id);
}

async function withNames(tx: Db, ids: readonly string[], day: Temporal.PlainDate): Promise<NoticePerson[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.execute<{ id: string; number: string; name: string; locale: string }>(sql`
    select e.id, e.number, e.name, e.locale
    from json_array_elements_text(${JSON.stringify(ids)}::json) as w(id) join employees e on e.id = w.id::uuid
    order by e.number`);
  const belonging = await departmentsOf(tx, ids, day);
  return rows.map(({ id, number, name, locale }) => ({
    employeeId: id,
    number,
    name,
    locale: localeOf(locale),
    department: belonging.get(id)?.main ?? belonging.get(id)?.second[0] ?? null,
  }));
}

/** People with where each is reached, on the channels that are switched on. */
export async function addressed(
  tx: Db,
  { adapters }: Pick<NoticeDeps, 'adapters'>,
  employeeIds: readonly string[],
): Promise<Recipient[]> {
  const channels = [...new Set(adapters.map(({ channel }) => channel))];
  const inOrder = (['wecom', 'feishu', 'dingtalk', 'sandbox'] as const).filter((one) =>
    channels.includes(one),
  );
  const found = await reachable(tx, employeeIds, inOrder);
  return employeeIds.map((employeeId) => ({ employeeId, address: found.get(employeeId) }));
}

/** The groups that are bound to the departments of the audience, or to one below them. */
export async function groupsFor(tx: Db, notice: Pick<Notice, 'audience' | 'toGroups'>): Promise<Recipient[]> {
  if (!notice.toGroups) return [];
  const entries = await listDepartments(tx);
  const codes = new Set(notice.audience.departments ?? []);
  const chosen = notice.audience.everyone === true ? entries : entries.filter(({ code }) => codes.has(code));
  const ids = await subtree(
    tx,
    chosen.map(({ id }) => id),
  );
  if (ids.length === 0) return [];
  const rows = await tx.select().from(departmentGroups).where(inArray(departmentGroups.departmentId, ids));
  return rows.map(({ channel, account, chatId }) => ({
    employeeId: null,
    kind: 'group' as const,
    address: { channel, account, platformId: chatId },
  }));
}

/** The departments that somebody may choose in chat: a liaison's own with what is below, or all; by code. */
export async function choosable(
  tx: Db,
  liaisonId: string | null,
  day: Temporal.PlainDate,
): Promise<DepartmentEntry[]> {
  const entries = await listDepartments(tx);
  if (liaisonId === null) return entries;
  const scope = new Set(await liaisonScope(tx, liaisonId, day));
  return entries.filter(({ id }) => scope.has(id));
}

/** Employees who hold one of these roles on `day`. */
export async function holdersOf(
  tx: Db,
  roles: readonly Role[],
  day: Temporal.PlainDate,
): Promise<NoticePerson[]> {
  const rows = await tx
    .selectDistinct({ id: employeeRoles.employeeId })
    .from(employeeRoles)
    .innerJoin(employees, eq(employees.id, employeeRoles.employeeId))
    .where(
      and(
        inArray(employeeRoles.role, [...roles]),
        sql`${employeeRoles.fromDay} <= ${day.toString()} and (${employeeRoles.toDay} is null or ${employeeRoles.toDay} >= ${day.toString()})`,
        sql`(${employees.leftOn} is null or ${employees.leftOn} >= ${day.toString()})`,
      ),
    );
  return withNames(
    tx,
    rows.map(({ id }) => id),
    day,
  );
}

/** Which liaisons look after each department on `day`, those of the departments above included. */
export async function liaisonsByDepartment(tx: Db, day: Temporal.PlainDate): Promise<Map<string, string[]>> {
  const served = await tx
    .select({ employeeId: employeeRoles.employeeId, departmentId: employeeRoles.departmentId })
    .from(employeeRoles)
    .innerJoin(departments, eq(departments.id, employeeRoles.departmentId))
    .where(
      and(
        eq(employeeRoles.role, 'liaison'),
        isNotNull(employeeRoles.departmentId),
        sql`${employeeRoles.fromDay} <= ${day.toString()} and (${employeeRoles.toDay} is null or ${employeeRoles.toDay} >= ${day.toString()})`,
      ),
    );
  const found = new Map<string, string[]>();
  for (const { employeeId, departmentId } of served) {
    for (const id of await subtree(tx, departmentId === null ? [] : [departmentId]))
      found.set(id, [...(found.get(id) ?? []), employeeId]);
  }
  return found;
}

/** These people by id, as they are on `day`. */
export const peopleById = withNames;
