import { and, asc, desc, eq, gte, inArray, lte, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Level } from '../directory/directory.tables.ts';
import { campaignPhases, campaigns } from './campaigns.tables.ts';

export type Campaign = typeof campaigns.$inferSelect;
export type CampaignPhase = typeof campaignPhases.$inferSelect;

export interface Member {
  employeeId: string;
  level: Level;
  locale: string;
}

/** Newest first. */
export async function listCampaigns(tx: Db): Promise<Campaign[]> {
  return tx.select().from(campaigns).orderBy(desc(campaigns.startsOn), desc(campaigns.id));
}

export async function campaignById(tx: Db, id: string): Promise<Campaign | undefined> {
  const [found] = await tx.select().from(campaigns).where(eq(campaigns.id, id));
  return found;
}

export async function phasesOf(tx: Db, campaignId: string): Promise<CampaignPhase[]> {
  return tx
    .select()
    .from(campaignPhases)
    .where(eq(campaignPhases.campaignId, campaignId))
    .orderBy(asc(campaignPhases.position));
}

export async function phaseOn(
  tx: Db,
  campaignId: string,
  day: Temporal.PlainDate,
): Promise<CampaignPhase | undefined> {
  const [found] = await tx
    .select()
    .from(campaignPhases)
    .where(
      and(
        eq(campaignPhases.campaignId, campaignId),
        lte(campaignPhases.fromDay, day),
        gte(campaignPhases.toDay, day),
      ),
    )
    .limit(1);
  return found;
}

/**
 * The campaign in which each of these people takes part on a day, in one query for the whole set. Whoever has none or
 * is not employed on that day is absent from the map. Where several fit, the one that started last counts.
 */
export async function activeCampaignFor(
  tx: Db,
  employeeIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<Map<string, Campaign>> {
  if (employeeIds.length === 0) return new Map();
  const on = day.toString();
  const chosen = sql`(
    with recursive running as (
      select id, starts_on, audience from campaigns where starts_on <= ${on} and ends_on >= ${on}
    ), covered (campaign_id, department_id) as (
      select running.id, d.id from running
        join departments d on jsonb_exists(running.audience -> 'departments', d.code)
      union select covered.campaign_id, d.id from covered join departments d on d.parent_id = covered.department_id
    ), best as (
      select distinct on (e.id) e.id as employee_id, running.id as campaign_id
      from employees e join running on running.audience = '"everyone"' or exists (
        select from memberships m
          join covered on covered.department_id = m.department_id and covered.campaign_id = running.id
        where m.employee_id = e.id and ${holds(sql`m.from_day`, sql`m.to_day`, on)})
      where e.id = any(${sql.param([...employeeIds])}::uuid[]) and ${employed(on)}
      order by e.id, running.starts_on desc, running.id desc
    )
    select campaign_id, array_agg(employee_id::text) as employee_ids from best group by campaign_id
  ) chosen`;
  const rows = await tx
    .select({ campaign: campaigns, employeeIds: sql<string[]>`chosen.employee_ids` })
    .from(campaigns)
    .innerJoin(chosen, sql`chosen.campaign_id = ${campaigns.id}`);
  return new Map(
    rows.flatMap(({ campaign, employeeIds }) => employeeIds.map((id) => [id, campaign] as const)),
  );
}

/**
 * The people who take part in a campaign on that day; with `zone` only those who live in it now. Whoever takes part in
 * another one, because it started later, is not among them: nobody gets two tips and a reminder that never stops.
 */
export async function membersOf(
  tx: Db,
  campaign: Campaign,
  { day, zone }: { day: Temporal.PlainDate; zone?: string },
): Promise<Member[]> {
  const on = day.toString();
  const audience =
    campaign.audience === 'everyone'
      ? sql`true`
      : sql`exists (select 1 from memberships m
              where m.employee_id = e.id and m.department_id in (${subtreeOf(campaign.audience.departments)})
                and ${holds(sql`m.from_day`, sql`m.to_day`, on)})`;
  const found = await tx.execute<{ id: string; level: Level; locale: string }>(sql`
    select e.id, e.level, e.locale from employees e
    where ${employed(on)} and ${zone === undefined ? sql`true` : sql`e.zone = ${zone}`} and ${audience}
    order by e.id`);
  const taking = await activeCampaignFor(
    tx,
    found.rows.map(({ id }) => id),
    day,
  );
  return found.rows
    .filter(({ id }) => taking.get(id)?.id === campaign.id)
    .map(({ id, level, locale }) => ({ employeeId: id, level, locale }));
}

/** The employee `e` is in the company on that ISO day. */
function employed(on: string): SQL {
  return sql`((e.joined_on is null or e.joined_on <= ${on}) and (e.left_on is null or e.left_on >= ${on}))`;
}

function holds(from: SQL, to: SQL, on: string): SQL {
  return sql`(${from} <= ${on} and (${to} is null or ${to} >= ${on}))`;
}

/** Ids of the departments with these codes and of everything below them. */
function subtreeOf(codes: readonly string[]): SQL {
  return sql`
    with recursive below as (
      select id from departments where code in ${[...codes]}
      union select d.id from departments d join below b on d.parent_id = b.id
    ) select id from below`;
}

export async function campaignsByKey(tx: Db, keys: readonly string[]): Promise<Map<string, Campaign>> {
  if (keys.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(campaigns)
    .where(inArray(campaigns.key, [...keys]));
  return new Map(rows.map((campaign) => [campaign.key, campaign]));
}
