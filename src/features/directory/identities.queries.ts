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
  /** The app's directory does not show this account, so a message will hardly arrive. */
  outOfRange?: true;
}

/** Real channels before the sandbox. */
const PREFERENCE: readonly Channel[] = ['wecom', 'feishu', 'dingtalk', 'sandbox'];

/**
 * Where each of these people gets messages: their account on the first of `channels` where they have one that the app
 * sees, else on the first where they have one. Whoever has none is not in the answer. Hand in the channels that are switched on.
 */
export async function reachable(
  tx: Db,
  employeeIds: readonly string[],
  channels: readonly Channel[] = PREFERENCE,
): Promise<Map<string, Address>> {
  const order = sql`array_position(${textArray(channels)}, ${identities.channel})`;
  const isSandbox = sql`${identities.channel} = 'sandbox'`;
  const isHidden = sql`${identities.hiddenSince} is not null`;
  const rows = await tx
    .selectDistinctOn([identities.employeeId])
    .from(identities)
    .where(
      and(
        sql`${identities.employeeId} = any(${uuidArray(employeeIds)})`,
        sql`${identities.channel} = any(${textArray(channels)})`,
      ),
    )
    // The sandbox is no second account of anybody's: it does not take the place of a real one.
    .orderBy(identities.employeeId, isSandbox, isHidden, order, identities.account, identities.platformId);
  return new Map(
    rows.map(({ employeeId, hiddenSince, ...address }) => [
      employeeId,
      hiddenSince === null ? address : { ...address, outOfRange: true as const },
    ]),
  );
}
