import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Actor } from '../../chat/command.ts';
import type { Channel, ChatEvent } from '../../chat/event.ts';
import { localeOf } from '../../chat/locale.ts';
import type { Role } from '../../chat/role.ts';
import type { Db } from '../../kernel/db.ts';
import { isoOf } from '../../kernel/time.ts';
import { identities, type Level } from './directory.tables.ts';

/**
 * Who did each of these things: the employee behind the platform's id, with the zone and the roles that were theirs
 * at that moment. `undefined` for strangers and for people who were not employed then. One query for the whole set.
 */
export async function actorsOf(tx: Db, events: readonly ChatEvent[]): Promise<(Actor | undefined)[]> {
  if (events.length === 0) return [];
  const asked = JSON.stringify(
    events.map(({ channel, account, actor, occurredAt }, i) => ({
      i,
      c: channel,
      a: account,
      p: actor,
      at: isoOf(occurredAt),
    })),
  );
  const found = await tx.execute<{
    i: number;
    id: string;
    number: string;
    name: string;
    locale: string;
    level: Level;
    zone: string;
    roles: Role[];
  }>(sql`
    select asked.i, e.id, e.number, e.name, e.locale, e.level, own.zone,
           array(select distinct r.role from employee_roles r
                 where r.employee_id = e.id and r.from_day <= own.today
                   and (r.to_day is null or r.to_day >= own.today)) as roles
    from json_to_recordset(${asked}::json) as asked(i int, c text, a text, p text, at timestamptz)
    -- Looked up one by one: joined, a small set would cost a walk through everybody.
    cross join lateral (
      select i.employee_id from identities i
      where i.channel = asked.c and i.account = asked.a and i.platform_id = asked.p limit 1
    ) known
    join employees e on e.id = known.employee_id
    cross join lateral (
      select coalesce(
        (select z.zone from employee_zones z where z.employee_id = e.id and z.since <= asked.at
         order by z.since desc limit 1),
        -- before the first recorded zone the first one counts
        (select z.zone from employee_zones z where z.employee_id = e.id order by z.since limit 1),
        e.zone) as zone
      -- worked out once a row, not wherever it is used
      offset 0
    ) held
    cross join lateral (select held.zone, (asked.at at time zone held.zone)::date as today) own
    where (e.joined_on is null or e.joined_on <= own.today) and (e.left_on is null or e.left_on >= own.today)`);
  const actors: (Actor | undefined)[] = events.map(() => undefined);
  for (const row of found.rows) {
    const event = events[row.i];
    if (event === undefined) continue;
    actors[row.i] = {
      employeeId: row.id,
      number: row.number,
      name: row.name,
      zone: row.zone,
      locale: localeOf(row.locale),
      level: row.level,
      roles: row.roles,
      channel: event.channel,
    };
  }
  return actors;
}

/** Which of these platform ids belong to somebody. */
export async function knownIds(
  tx: Db,
  channel: Channel,
  account: string,
  platformIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ platformId: identities.platformId })
    .from(identities)
    .where(
      and(
        eq(identities.channel, channel),
        eq(identities.account, account),
        inArray(identities.platformId, [...platformIds]),
      ),
    );
  return new Set(rows.map(({ platformId }) => platformId));
}
