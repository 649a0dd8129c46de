import { asc, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { employeeRoles, employees } from '../directory/directory.tables.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { type Duty, nextDuty, officeHours, onDuty } from './tickets.rules.ts';
import { dutyRoster } from './tickets.tables.ts';

/** Ids of those who have one of these roles on `day` and work here. */
export async function peopleWith(
  tx: Db,
  roles: readonly string[],
  day: Temporal.PlainDate,
): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select distinct e.id, e.number from ${employees} e join ${employeeRoles} r on r.employee_id = e.id
    where r.role = any(array[${sql.join(
      roles.map((role) => sql`${role}`),
      sql`, `,
    )}]::text[])
      and r.from_day <= ${day.toString()} and (r.to_day is null or r.to_day >= ${day.toString()})
      and (e.joined_on is null or e.joined_on <= ${day.toString()})
      and (e.left_on is null or e.left_on >= ${day.toString()})
    order by e.number`);
  return rows.map(({ id }) => id);
}

/** The roster as it is written; everyone who does support in office hours while nobody has written one. */
export async function rosterOn(tx: Db, day: Temporal.PlainDate): Promise<Duty[]> {
  const support = await peopleWith(tx, ['support'], day);
  const written = await tx.select().from(dutyRoster).orderBy(asc(dutyRoster.fromTime), asc(dutyRoster.id));
  if (written.length === 0)
    return support.map((employeeId) => ({ employeeId, ...officeHours, fromDay: null, toDay: null }));
  // Who no longer does support, or has left, is on no duty.
  return written.filter(({ employeeId }) => support.includes(employeeId));
}

export interface Presence {
  /** Who is there now. */
  now: string[];
  /** Everyone who does support. */
  all: string[];
  /** When the next one comes, if nobody is there. */
  next: Temporal.Instant | undefined;
}

export async function presenceAt(tx: Db, deps: TicketDeps, at: Temporal.Instant): Promise<Presence> {
  const { zone, calendar } = deps;
  const day = localDay(at, zone);
  const roster = await rosterOn(tx, day);
  const now = onDuty(roster, at, zone, calendar);
  return {
    now,
    all: await peopleWith(tx, ['support'], day),
    next: now.length > 0 ? undefined : nextDuty(roster, at, zone, calendar),
  };
}

/** Replaces the roster as a whole. */
export async function putRoster(tx: Db, duties: readonly Duty[]): Promise<void> {
  await tx.delete(dutyRoster);
  if (duties.length > 0) await tx.insert(dutyRoster).values(duties.map((duty) => ({ id: newId(), ...duty })));
}
