import { gte, lte, sql } from 'drizzle-orm';
import { oneAtATime } from '../../chat/one-at-a-time.ts';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { withdraw } from '../../outbox/outbox.ts';
import { campaigns } from '../campaigns/campaigns.tables.ts';
import type { Campaign } from '../campaigns/index.ts';
import { type Award, award } from '../rewards/index.ts';
import { ordinalsOf, streaksOfCampaign, streaksOfPeople } from './checkins.recompute.ts';
import { bonusAt, lengthsReached } from './checkins.rules.ts';
import { stopKeyOf } from './checkins.service.ts';

/** Whose record changed, on which days. */
export interface Hit {
  employeeIds: readonly string[];
  from: Temporal.PlainDate;
  /** Included. */
  to: Temporal.PlainDate;
  at: Temporal.Instant;
}

/** Above this it is quicker to read the whole campaign in the order of its index than these people one by one. */
const MANY = 5_000;
/** So many locks of single people fit beside those of everybody else. */
const FEW = 500;

/**
 * Makes the stored streaks of these people what check-ins, corrections, excusals say now, in the caller's transaction
 * and as one set for each campaign; call it after the change is written. Lengths that somebody's best reaches by it
 * earn their bonus, and reminders for days that are excused are withdrawn. A check-in at the same moment is in the record
 * that is read here, or reads what is written here: for few people each is locked, for many the table of streaks is,
 * which every check-in writes to; whoever has no streak yet has no row that could be locked.
 */
export async function refreshStreaks(tx: Db, hit: Hit): Promise<void> {
  if (hit.employeeIds.length === 0) return;
  if (hit.employeeIds.length <= FEW) await oneAtATime(tx, hit.employeeIds);
  else await tx.execute(sql`lock table streaks in exclusive mode`);
  const touched = await tx
    .select()
    .from(campaigns)
    .where(sql`${lte(campaigns.startsOn, hit.to)} and ${gte(campaigns.endsOn, hit.from)}`)
    .orderBy(campaigns.id);
  for (const campaign of touched) {
    await refreshIn(tx, campaign, hit);
    await withdrawExcused(tx, campaign.id, hit);
  }
}

async function refreshIn(tx: Db, campaign: Campaign, { employeeIds, at }: Hit): Promise<void> {
  const theirs = sql`any(${sql.param([...employeeIds])}::uuid[])`;
  const ordinals = await ordinalsOf(tx, campaign.id);
  const many = employeeIds.length > MANY;
  const fresh = many
    ? await streaksOfCampaign(tx, campaign.id, ordinals)
    : streaksOfPeople(campaign.id, ordinals, employeeIds);
  if (many) await tx.execute(sql`set local enable_sort = off`);
  const { rows } = await tx.execute<{
    employee_id: string;
    before: number;
    current: number;
    best: number;
  }>(sql`
    with fresh as materialized (
      select * from (${fresh}) everybody where employee_id = ${theirs}
    ), stored as materialized (
      select employee_id, best from streaks where campaign_id = ${campaign.id} and employee_id = ${theirs}
    ), gone as (
      delete from streaks s where s.campaign_id = ${campaign.id} and s.employee_id = ${theirs}
        and not exists (select 1 from fresh f where f.employee_id = s.employee_id)
    ), written as (
      insert into streaks as s (campaign_id, employee_id, current, best, counted, last_day)
      select ${campaign.id}, employee_id, current, best, counted, last_day from fresh order by employee_id
      on conflict (campaign_id, employee_id) do update
        set current = excluded.current, best = excluded.best, counted = excluded.counted, last_day = excluded.last_day
        where (s.current, s.best, s.counted, s.last_day)
          is distinct from (excluded.current, excluded.best, excluded.counted, excluded.last_day)
      returning employee_id, current, best
    )
    select w.employee_id, coalesce(o.best, 0) as before, w.current, w.best
    from written w left join stored o using (employee_id) where w.best > coalesce(o.best, 0)`);
  if (many) await tx.execute(sql`set local enable_sort to default`);
  await awardLengths(tx, campaign, rows, at);
}

async function awardLengths(
  tx: Db,
  campaign: Campaign,
  grown: readonly { employee_id: string; before: number; current: number; best: number }[],
  at: Temporal.Instant,
): Promise<void> {
  const bonuses = campaign.points.streakBonus;
  await award(
    tx,
    grown.flatMap((row): Award[] =>
      lengthsReached({ best: row.before }, row, bonuses).map((length) => ({
        key: `streak-bonus:${campaign.id}:${row.employee_id}:${length}`,
        campaignId: campaign.id,
        employeeId: row.employee_id,
        amount: bonusAt(length, bonuses),
        reason: 'streak-bonus',
        at,
      })),
    ),
  );
}

/** Only near the moment of the change can a reminder still be on its way. */
async function withdrawExcused(tx: Db, campaignId: string, { employeeIds, at }: Hit): Promise<void> {
  const { rows } = await tx.execute<{ day: string; ids: string[] }>(sql`
    select day::text, array_agg(employee_id::text) as ids from excused_days
    where employee_id = any(${sql.param([...employeeIds])}::uuid[])
      and day between (${at.toString()}::timestamptz)::date - 1 and (${at.toString()}::timestamptz)::date + 1
    group by day order by day`);
  for (const { day, ids } of rows)
    await withdraw(tx, { stopKey: stopKeyOf(campaignId, day), employeeIds: ids, reason: 'excused', at });
}
