import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import { inBatches, recordset, uuidArray } from './bulk.ts';
import {
  departments,
  employeeRoles,
  employees,
  employeeZones,
  identities,
  memberships,
} from './directory.tables.ts';
import type { DepartmentPlan, KnownDepartment } from './import-departments.rules.ts';
import type { EmployeePlan } from './import-employees.rules.ts';

/** Everything here writes sets: the number of statements does not grow with the number of people. */

export async function writeDepartments(tx: Db, plan: DepartmentPlan, at: Temporal.Instant): Promise<void> {
  const columns = 'id uuid, code text, name text, "parentId" uuid';
  await inBatches<KnownDepartment>(plan.create, (rows) =>
    tx.execute(sql`
      insert into ${departments} (id, code, name, parent_id, created_at)
      select id, code, name, "parentId", ${at.toString()}::timestamptz from ${recordset(rows, columns)}`),
  );
  await inBatches<KnownDepartment>(plan.update, (rows) =>
    tx.execute(sql`
      update ${departments} d set name = r.name, parent_id = r."parentId"
      from ${recordset(rows, columns)} where d.id = r.id`),
  );
}

export async function writeEmployees(
  tx: Db,
  plans: readonly EmployeePlan[],
  at: Temporal.Instant,
): Promise<void> {
  await writePeople(tx, plans, at);
  await writeMemberships(tx, plans);
  await writeRoles(tx, plans);
}

const personColumns =
  'id uuid, number text, name text, position text, locale text, zone text, level text, "joinedOn" date, "leftOn" date';

async function writePeople(tx: Db, plans: readonly EmployeePlan[], at: Temporal.Instant): Promise<void> {
  const people = (which: (plan: EmployeePlan) => boolean) => plans.filter(which).map(({ person }) => person);
  const since = sql`${at.toString()}::timestamptz`;
  await inBatches(
    people(({ isNew }) => isNew),
    (rows) =>
      tx.execute(sql`
      insert into ${employees}
        (id, number, name, position, locale, zone, level, joined_on, left_on, created_at)
      select id, number, name, position, locale, zone, level, "joinedOn", "leftOn", ${since}
      from ${recordset(rows, personColumns)}`),
  );
  await inBatches(
    people(({ rewritten }) => rewritten),
    (rows) =>
      tx.execute(sql`
      update ${employees} e set name = r.name, position = r.position, locale = r.locale, zone = r.zone,
        level = r.level, joined_on = r."joinedOn", left_on = r."leftOn"
      from ${recordset(rows, personColumns)} where e.id = r.id`),
  );
  await inBatches(
    people(({ zoneChanged }) => zoneChanged),
    (rows) =>
      tx.execute(sql`
      insert into ${employeeZones} (employee_id, since, zone)
      select id, ${since}, zone from ${recordset(rows, 'id uuid, zone text')}
      on conflict (employee_id, since) do update set zone = excluded.zone`),
  );
  await inBatches(
    people(({ employed }) => employed),
    (rows) =>
      tx.execute(sql`
      insert into ${identities} (channel, account, platform_id, employee_id)
      select 'sandbox', 'sandbox', number, id from ${recordset(rows, 'id uuid, number text')}
      on conflict do nothing`),
  );
}

/** Ends come before beginnings, because a person has one open main department at a time. */
async function writeMemberships(tx: Db, plans: readonly EmployeePlan[]): Promise<void> {
  await endPeriods(
    tx,
    memberships,
    plans.map((plan) => plan.memberships),
  );
  const opened = plans.flatMap(({ person, memberships: { open } }) =>
    open.map(({ key, from, to }) => {
      const [post, departmentId] = key.split(' ');
      return { id: newId(), employeeId: person.id, departmentId, main: post === 'main', from, to };
    }),
  );
  await inBatches(opened, (rows) =>
    tx.execute(sql`
      insert into ${memberships} (id, employee_id, department_id, main, from_day, to_day)
      select id, "employeeId", "departmentId", main, "from", "to" from ${recordset(
        rows,
        'id uuid, "employeeId" uuid, "departmentId" uuid, main boolean, "from" date, "to" date',
      )}`),
  );
}

async function writeRoles(tx: Db, plans: readonly EmployeePlan[]): Promise<void> {
  await endPeriods(
    tx,
    employeeRoles,
    plans.map((plan) => plan.roles),
  );
  const opened = plans.flatMap(({ person, roles: { open } }) =>
    open.map(({ key, from, to }) => {
      const [role, departmentId] = key.split(' ');
      return { id: newId(), employeeId: person.id, role, departmentId: departmentId || null, from, to };
    }),
  );
  await inBatches(opened, (rows) =>
    tx.execute(sql`
      insert into ${employeeRoles} (id, employee_id, role, department_id, from_day, to_day)
      select id, "employeeId", role, "departmentId", "from", "to" from ${recordset(
        rows,
        'id uuid, "employeeId" uuid, role text, "departmentId" uuid, "from" date, "to" date',
      )}`),
  );
}

async function endPeriods(
  tx: Db,
  table: typeof memberships | typeof employeeRoles,
  changes: readonly EmployeePlan['memberships'][],
): Promise<void> {
  await inBatches(
    changes.flatMap(({ drop }) => drop),
    (ids) => tx.execute(sql`delete from ${table} where id = any(${uuidArray(ids)})`),
  );
  await inBatches(
    changes.flatMap(({ end }) => end),
    (rows) =>
      tx.execute(sql`
      update ${table} p set to_day = r."to" from ${recordset(rows, 'id uuid, "to" date')} where p.id = r.id`),
  );
}
