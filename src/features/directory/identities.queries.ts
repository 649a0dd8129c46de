import { and, type SQL, sql } from 'drizzle-orm';
import type { Channel } from '../../chat/event.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { textArray, uuidArray } from './bulk.ts';
import { employees, employeeZones, identities } from './directory.tables.ts';

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
