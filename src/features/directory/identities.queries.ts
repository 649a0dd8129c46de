import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Channel } from '../../chat/event.ts';
import type { Role } from '../../chat/role.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { textArray, uuidArray } from './bulk.ts';
import { employeeRoles, employees, employeeZones, identities, type Level } from './directory.tables.ts';
import { isBefore } from './periods.rules.ts';

export interface Identified {
  employeeId: string;
  number: string;
  name: string;
  /** The one that was in force at the moment asked for. */
  zone: string;
  locale: string;
  level: Level;
  /** In force on that moment's day in `zone`, in no order. */
  roles: Role[];
}

/**
 * Who stands behind these accounts at `at`, by platform id, in one query for the whole set. Whoever is unknown, or
 * was not employed on that day of theirs, is not in the answer.
 */
export async function employeesByIdentity(
  tx: Db,
  channel: Channel,
  account: string,
  platformIds: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, Identified>> {
  if (platformIds.length === 0) return new Map();
  const rows = await tx
    .select({
      platformId: identities.platformId,
      employeeId: employees.id,
      number: employees.number,
      name: employees.name,
      zone: zoneAt(at),
      locale: employees.locale,
      level: employees.level,
      joinedOn: employees.joinedOn,
      leftOn: employees.leftOn,
      roles: sql<HeldRole[] | null>`(
        select json_agg(json_build_object('role', held.role, 'from', held.from_day, 'to', held.to_day))
        from ${employeeRoles} held where held.employee_id = ${employees.id})`,
    })
    .from(identities)
    .innerJoin(employees, eq(employees.id, identities.employeeId))
    .where(
      and(
        eq(identities.channel, channel),
        eq(identities.account, account),
        sql`${identities.platformId} = any(${textArray(platformIds)})`,
      ),
    );
  const dayIn = daysByZone(at);
  const found = new Map<string, Identified>();
  for (const { platformId, joinedOn, leftOn, roles, ...person } of rows) {
    const today = dayIn(person.zone);
    if (joinedOn !== null && isBefore(today, joinedOn)) continue;
    if (leftOn !== null && isBefore(leftOn, today)) continue;
    found.set(platformId, { ...person, roles: rolesOn(today, roles ?? []) });
  }
  return found;
}

/** The zone that each of these people lived in at `at`. */
export async function zonesAt(
  tx: Db,
  employeeIds: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, string>> {
  const rows = await tx
    .select({ id: employees.id, zone: zoneAt(at) })
    .from(employees)
    .where(sql`${employees.id} = any(${uuidArray(employeeIds)})`);
  return new Map(rows.map(({ id, zone }) => [id, zone]));
}

/** Before the first recorded zone the first one counts. */
function zoneAt(at: Temporal.Instant): SQL<string> {
  const theirs = sql`from ${employeeZones} z where z.employee_id = ${employees.id}`;
  return sql<string>`coalesce(
    (select z.zone ${theirs} and z.since <= ${at.toString()}::timestamptz order by z.since desc limit 1),
    (select z.zone ${theirs} order by z.since limit 1),
    ${employees.zone})`;
}

interface HeldRole {
  role: Role;
  from: string;
  to: string | null;
}

function rolesOn(today: Temporal.PlainDate, held: readonly HeldRole[]): Role[] {
  // ISO days compare as text.
  const iso = today.toString();
  const inForce = held.filter(({ from, to }) => from <= iso && (to === null || to >= iso));
  return [...new Set(inForce.map(({ role }) => role))];
}

/** The day is worked out here and not in SQL: PostgreSQL may not know a zone that we accepted. */
function daysByZone(at: Temporal.Instant): (zone: string) => Temporal.PlainDate {
  const days = new Map<string, Temporal.PlainDate>();
  return (zone) => {
    const known = days.get(zone) ?? localDay(at, zone);
    days.set(zone, known);
    return known;
  };
}

export interface Address {
  channel: Channel;
  account: string;
  platformId: string;
}

/** Real channels before the sandbox. */
const PREFERENCE: readonly Channel[] = ['wecom', 'feishu', 'dingtalk', 'sandbox'];

/**
 * Where each of these people gets messages: their account on the first of `channels` where they have one. Whoever has
 * none is not in the answer. Hand in the channels that are switched on.
 */
export async function reachable(
  tx: Db,
  employeeIds: readonly string[],
  channels: readonly Channel[] = PREFERENCE,
): Promise<Map<string, Address>> {
  const order = sql`array_position(${textArray(channels)}, ${identities.channel})`;
  const rows = await tx
    .selectDistinctOn([identities.employeeId])
    .from(identities)
    .where(
      and(
        sql`${identities.employeeId} = any(${uuidArray(employeeIds)})`,
        sql`${identities.channel} = any(${textArray(channels)})`,
      ),
    )
    .orderBy(identities.employeeId, order, identities.account, identities.platformId);
  return new Map(rows.map(({ employeeId, ...address }) => [employeeId, address]));
}
