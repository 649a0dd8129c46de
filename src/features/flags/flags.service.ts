import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import type { Turn } from '../../chat/command.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { listCampaigns } from '../campaigns/index.ts';
import { chainsOf, type Follows } from './flags.rules.ts';
import { evidenceFlags, foreignTaps } from './flags.tables.ts';

export interface FlagRule {
  /** Two taps are one after the other when no more seconds lie between them. */
  seconds: number;
  /** On so many of the last `of` workdays. */
  days: number;
  of: number;
  /** Fewer people than these are a couple of colleagues. */
  people: number;
  /** Cards of others pressed so often within the same days. */
  foreignCards: number;
}

/** Notes that somebody pressed a button of another person's card. */
export async function noteForeignTap(tx: Db, { actor, action, at }: Turn): Promise<void> {
  if (action === undefined || !/^[0-9a-f-]{36}$/.test(action.employeeId)) return;
  await tx.insert(foreignTaps).values({
    id: newId(),
    employeeId: actor.employeeId,
    ownerId: action.employeeId,
    channel: actor.channel,
    at,
  });
}

/**
 * Looks for what seems to be one person's work for many: people of one department whose check-ins follow each other
 * within seconds, in the same order, day after day; and people who press cards of others. Answers how many are new.
 */
export async function findFlags(
  tx: Db,
  { rule, zone, now }: { rule: FlagRule; zone: string; now: Temporal.Instant },
): Promise<number> {
  const { rows: locks } = await tx.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('flags.find')) as mine`,
  );
  if (locks[0]?.mine !== true) return 0;
  const today = localDay(now, zone);
  let found = 0;
  for (const campaign of await listCampaigns(tx)) {
    if (Temporal.PlainDate.compare(campaign.endsOn, today.subtract({ days: 14 })) < 0) continue;
    const { pairs, from, to } = await followers(tx, campaign.id, today, rule);
    if (from === undefined || to === undefined) continue;
    for (const { people, days } of chainsOf(pairs, rule.people)) {
      const flag = { kind: 'same-order' as const, campaignId: campaign.id, employeeIds: people, times: days };
      found += await write(tx, { ...flag, fromDay: from, toDay: to, detail: { seconds: rule.seconds } }, now);
    }
  }
  return found + (await foreignCards(tx, today, rule, now));
}

async function followers(tx: Db, campaignId: string, today: Temporal.PlainDate, rule: FlagRule) {
  const { rows } = await tx.execute<{
    first: string;
    next: string;
    days: number;
    from: string;
    to: string;
  }>(sql`
    with recent as materialized (
      select day from campaign_days where campaign_id = ${campaignId} and workday and day < ${today.toString()}
      order by day desc limit ${rule.of}
    ), taps as (
      select c.day, c.employee_id, c.at, m.department_id
      from checkins c
      join recent r on r.day = c.day
      left join memberships m on m.employee_id = c.employee_id and m.main and m.from_day <= c.day
        and (m.to_day is null or m.to_day >= c.day)
      where c.campaign_id = ${campaignId} and c.channel <> 'usage'
    ), followed as (
      select day, employee_id, at, lead(employee_id) over own as next, lead(at) over own as next_at from taps
      window own as (partition by day, department_id order by at, employee_id)
    )
    select employee_id as first, next, count(*)::int as days, (select min(day) from recent)::text as from,
           (select max(day) from recent)::text as to
    from followed where next_at - at <= ${rule.seconds} * interval '1 second'
    group by employee_id, next having count(*) >= ${rule.days}`);
  const [first] = rows;
  return {
    pairs: rows.map(({ first, next, days }): Follows => ({ first, next, days })),
    from: first === undefined ? undefined : Temporal.PlainDate.from(first.from),
    to: first === undefined ? undefined : Temporal.PlainDate.from(first.to),
  };
}

async function foreignCards(
  tx: Db,
  today: Temporal.PlainDate,
  rule: FlagRule,
  now: Temporal.Instant,
): Promise<number> {
  const { rows } = await tx.execute<{ id: string; owners: string[]; n: number }>(sql`
    select employee_id as id, array_agg(distinct owner_id::text) as owners, count(*)::int as n
    from foreign_taps where at >= ${now.subtract({ hours: 14 * 24 }).toString()}
    group by employee_id having count(*) >= ${rule.foreignCards}`);
  let found = 0;
  for (const { id, owners, n } of rows) {
    const flag = {
      kind: 'foreign-cards' as const,
      campaignId: null,
      employeeIds: [id, ...owners.sort()],
      times: n,
    };
    found += await write(
      tx,
      { ...flag, fromDay: today.subtract({ days: 14 }), toDay: today, detail: null },
      now,
    );
  }
  return found;
}

type NewFlag = Pick<
  typeof evidenceFlags.$inferSelect,
  'kind' | 'campaignId' | 'employeeIds' | 'times' | 'fromDay' | 'toDay' | 'detail'
>;

async function write(tx: Db, flag: NewFlag, now: Temporal.Instant): Promise<number> {
  const people = createHash('sha256')
    .update([...flag.employeeIds].sort().join())
    .digest('hex')
    .slice(0, 16);
  // Once in a fortnight, counted from a fixed Monday, is often enough for the same people.
  const fortnight = Math.floor(Temporal.PlainDate.from('2024-01-01').until(flag.toDay).total('days') / 14);
  const written = await tx
    .insert(evidenceFlags)
    .values({ id: newId(), key: `${flag.kind}:${people}:${fortnight}`, ...flag, foundAt: now, state: 'open' })
    .onConflictDoNothing()
    .returning({ id: evidenceFlags.id });
  return written.length;
}

/** HR has looked: it was nothing, or it was so. What follows is a conversation, not a rule of ours. */
export async function decideFlag(
  tx: Db,
  id: string,
  decision: { outcome: 'cleared' | 'confirmed'; reason: string; by: string; at: Temporal.Instant },
): Promise<void> {
  const { outcome, reason, by, at } = decision;
  const done = await tx
    .update(evidenceFlags)
    .set({ state: outcome, decidedBy: by, decidedReason: reason, decidedAt: at })
    .where(and(eq(evidenceFlags.id, id), eq(evidenceFlags.state, 'open')))
    .returning({ id: evidenceFlags.id });
  if (done.length > 0) return;
  const [known] = await tx
    .select({ id: evidenceFlags.id })
    .from(evidenceFlags)
    .where(eq(evidenceFlags.id, id));
  throw known === undefined
    ? new AppError('flag.not-found', `there is no flag ${id}`, { details: { id } })
    : new AppError('flag.decided', `flag ${id} is decided`, { details: { id } });
}
