import { and, eq, sql } from 'drizzle-orm';
import type { PlatformDepartment, PlatformPerson } from '../../chat/directory-source.ts';
import type { Channel } from '../../chat/event.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { recordset, textArray } from './bulk.ts';
import type { EmployeeRow } from './directory.columns.ts';
import { departments, employees, identities } from './directory.tables.ts';
import { importDirectory } from './import.service.ts';
import {
  departmentCodes,
  departmentRow,
  idForm,
  type Linked,
  matchPeople,
  mostRemoved,
  personRow,
} from './sync.rules.ts';
import { departmentIdentities, type RunFailure } from './sync.tables.ts';

export interface Applying {
  channel: Channel;
  account: string;
  departments: readonly PlatformDepartment[];
  people: readonly PlatformPerson[];
  at: Temporal.Instant;
  /** The company's zone: its today is the day from which the news holds. */
  zone: string;
  /**
   * `nobody`: what was read is not everything. `few`: at most 5 % of the linked people. `all`: somebody has looked.
   */
  remove: 'nobody' | 'few' | 'all';
}

export interface Applied {
  created: number;
  changed: number;
  removed: number;
  held: number;
  failures: RunFailure[];
}

/**
 * Makes our directory say what the platform's says, in the caller's transaction and through the import: moves are dated,
 * and nothing before today changes. People who are linked to the account and were not read as active have left, when
 * `remove` allows it and no other platform has them.
 */
export async function applyDirectory(tx: Db, applying: Applying): Promise<Applied> {
  const { channel, account, at } = applying;
  const codes = await codesFor(tx, applying);
  const asOf = localDay(at, applying.zone);
  const active = applying.people.filter((person) => person.active && person.platformId !== '');
  const linked = await linkedTo(tx, channel, account);
  const { matched: found, doubtful } = matchPeople(channel, active, linked, await allNumbers(tx));
  // Whose departments could not be read stays where they are, rather than lose their place.
  const isPlaced = ({ departmentIds }: PlatformPerson): boolean =>
    departmentIds.length === 0 || departmentIds.some((id) => codes.has(id));
  const matched = found.filter(({ person }) => isPlaced(person));
  const rows = uniqueBy(matched, ({ number }) => number).map(({ person, number }, index) =>
    personRow(person, index + 1, { number, codes }),
  );
  const here = new Set(found.map(({ number }) => number));
  const employed = await employedOf(tx, channel, account, asOf);
  const absent =
    applying.remove === 'nobody'
      ? []
      : employed.filter(({ number, elsewhere }) => !elsewhere && !here.has(number));
  const linkedCount = employed.length;
  const isHeld = applying.remove === 'few' && absent.length > mostRemoved(linkedCount);
  const leavers = isHeld ? [] : absent.map((one, index) => leaverRow(one, rows.length + index + 1, asOf));
  const report = await importDirectory(
    tx,
    {
      departments: applying.departments.map((department, index) =>
        departmentRow(department, index + 1, codes),
      ),
      employees: [...rows, ...leavers],
    },
    { at, asOf, actor: { kind: 'system', id: `directory:${channel}` }, locale: 'en' },
  );
  await linkDepartments(tx, applying, codes);
  await linkPeople(tx, applying, matched);
  const { totals } = report;
  const refused = report.employees.filter(({ outcome }) => outcome === 'refused');
  return {
    created: totals.employees.created,
    changed: totals.employees.updated + totals.employees.moved + totals.employees.rejoined,
    removed: totals.employees.left,
    held: isHeld ? absent.length : 0,
    failures: [
      ...doubtful.map(({ platformId }) => ({
        what: `person ${platformId}`,
        reason: 'employee-number-taken',
      })),
      ...found
        .filter(({ person }) => !isPlaced(person))
        .slice(0, MOST_NAMED)
        .map(({ number }) => ({ what: `person ${number}`, reason: 'department-unknown' })),
      ...refused
        .slice(0, MOST_NAMED)
        .map(({ number }) => ({ what: `person ${number}`, reason: 'row-refused' })),
    ],
  };
}

const MOST_NAMED = 100;

function leaverRow(
  { number, name }: { number: string; name: string },
  line: number,
  asOf: Temporal.PlainDate,
): EmployeeRow {
  return { line, cells: { number, name, department: '', leftOn: asOf.subtract({ days: 1 }).toString() } };
}

async function codesFor(
  tx: Db,
  { channel, account, departments: seen }: Applying,
): Promise<Map<string, string>> {
  const linked = await tx
    .select({ platformId: departmentIdentities.platformId, code: departments.code })
    .from(departmentIdentities)
    .innerJoin(departments, eq(departments.id, departmentIdentities.departmentId))
    .where(and(eq(departmentIdentities.channel, channel), eq(departmentIdentities.account, account)));
  const all = await tx
    .select({
      id: departments.id,
      code: departments.code,
      name: departments.name,
      parentId: departments.parentId,
    })
    .from(departments);
  const byId = new Map(all.map(({ id, code }) => [id, code]));
  const known = all.map(({ code, name, parentId }) => ({
    code,
    name,
    parentCode: byId.get(parentId ?? '') ?? null,
  }));
  const links = new Map(linked.map(({ platformId, code }) => [platformId, code]));
  // Of a single person only the departments that are linked already can be named.
  return new Map([...links, ...departmentCodes(channel, seen, links, known)]);
}

async function linkedTo(tx: Db, channel: Channel, account: string): Promise<Linked[]> {
  return tx
    .select({ employeeId: employees.id, number: employees.number, platformId: identities.platformId })
    .from(identities)
    .innerJoin(employees, eq(employees.id, identities.employeeId))
    .where(and(eq(identities.channel, channel), eq(identities.account, account)));
}

async function allNumbers(tx: Db): Promise<Set<string>> {
  return new Set((await tx.select({ number: employees.number }).from(employees)).map(({ number }) => number));
}

/** Who works here and is linked to this account; `elsewhere` when another platform has them too. */
async function employedOf(tx: Db, channel: Channel, account: string, asOf: Temporal.PlainDate) {
  const { rows } = await tx.execute<{ number: string; name: string; elsewhere: boolean }>(sql`
    select e.number, e.name, exists (
        select from identities o where o.employee_id = e.id and o.channel <> 'sandbox'
          and (o.channel, o.account) <> (${channel}, ${account})) as elsewhere
    from employees e
    where (e.left_on is null or e.left_on >= ${asOf.toString()})
      and exists (select from identities i where i.employee_id = e.id and i.channel = ${channel} and i.account = ${account})
    order by e.number`);
  return rows;
}

async function linkDepartments(
  tx: Db,
  { channel, account, departments: seen }: Applying,
  codes: ReadonlyMap<string, string>,
) {
  const links = seen.map(({ id }) => ({ p: id, code: codes.get(id) ?? '' }));
  await tx.execute(sql`
    insert into ${departmentIdentities} (channel, account, platform_id, department_id)
    select ${channel}, ${account}, r.p, d.id from ${recordset(links, 'p text, code text')}
      join ${departments} d on d.code = r.code
    on conflict (channel, account, platform_id) do update set department_id = excluded.department_id`);
}

async function linkPeople(
  tx: Db,
  { channel, account }: Applying,
  matched: readonly { person: PlatformPerson; number: string }[],
): Promise<void> {
  const known = new Set(
    (await linkedTo(tx, channel, account)).map(({ platformId }) => idForm(channel, platformId)),
  );
  const fresh = matched.filter(({ person }) => !known.has(idForm(channel, person.platformId)));
  const links = fresh.map(({ person, number }) => ({ p: person.platformId, number }));
  await tx.execute(sql`
    insert into ${identities} (channel, account, platform_id, employee_id)
    select ${channel}, ${account}, r.p, e.id from ${recordset(links, 'p text, number text')}
      join ${employees} e on e.number = r.number
    where e.number = any(${textArray(links.map(({ number }) => number))})
    on conflict do nothing`);
}

function uniqueBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
