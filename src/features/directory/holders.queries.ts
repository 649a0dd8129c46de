import { and, eq } from 'drizzle-orm';
import type { Channel } from '../../chat/event.ts';
import type { Role } from '../../chat/role.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { employedOn, holdsOn } from './days.sql.ts';
import { employeeRoles, employees, identities } from './directory.tables.ts';

interface Holder {
  name: string;
  number: string;
  roles: Role[];
}

/** Name and roles of somebody employed on `day`; undefined for everybody else, whoever they were. */
export async function holderOfSession(
  tx: Db,
  employeeId: string,
  day: Temporal.PlainDate,
): Promise<Holder | undefined> {
  const rows = await tx
    .select({ name: employees.name, number: employees.number, role: employeeRoles.role })
    .from(employees)
    .leftJoin(employeeRoles, and(eq(employeeRoles.employeeId, employees.id), holdsOn(employeeRoles, day)))
    .where(and(eq(employees.id, employeeId), employedOn(day)));
  const [first] = rows;
  if (first === undefined) return undefined;
  const held = new Set(rows.flatMap(({ role }) => role ?? []));
  return { name: first.name, number: first.number, roles: [...held].sort() };
}

/** The employee with this id on this channel, in whichever account; undefined when it could be more than one person. */
export async function employeeBehindId(
  tx: Db,
  channel: Channel,
  platformId: string,
): Promise<string | undefined> {
  const rows = await tx
    .selectDistinct({ employeeId: identities.employeeId })
    .from(identities)
    .where(and(eq(identities.channel, channel), eq(identities.platformId, platformId)));
  return rows.length === 1 ? rows[0]?.employeeId : undefined;
}
