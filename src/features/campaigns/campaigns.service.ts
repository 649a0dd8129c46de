import { and, asc, desc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
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
 * The campaign in which each of these people takes part on a day; people without one are absent from the map. Where
 * several fit, the one that started last counts.
 */
export async function activeCampaignFor(
  tx: Db,
  employeeIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<Map<string, Campaign>> {
  if (employeeIds.length === 0) return new Map();
  const running = await tx
    .select()
    .from(campaigns)
    .where(and(lte(campaigns.startsOn, day), gte(campaigns.endsOn, day)))
    .orderBy(asc(campaigns.startsOn), asc(campaigns.id));
  const found = new Map<string, Campaign>();
  for (const campaign of running) {
    const members =
      campaign.audience === 'everyone'
        ? employeeIds
        : await within(tx, campaign.audience.departments, employeeIds, day);
    for (const id of members) found.set(id, campaign);
  }
  return found;
}

/** Which of these people belong on that day to one of the departments or to something below it. */
async function within(
  tx: Db,
  codes: readonly string[],
  employeeIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<string[]> {
  const found = await tx.execute<{ employee_id: string }>(sql`
    select distinct m.employee_id from memberships m
    where m.employee_id in ${[...employeeIds]} and m.department_id in (${subtreeOf(codes)})
      and m.from_day <= ${day.toString()} and (m.to_day is null or m.to_day >= ${day.toString()})`);
  return found.rows.map((row) => row.employee_id);
}

/** The people of a campaign who are employed on that day; with `zone` only those who live in it now. */
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
                and m.from_day <= ${on} and (m.to_day is null or m.to_day >= ${on}))`;
  const found = await tx.execute<{ id: string; level: Level; locale: string }>(sql`
    select e.id, e.level, e.locale from employees e
    where (e.joined_on is null or e.joined_on <= ${on}) and (e.left_on is null or e.left_on >= ${on})
      and ${zone === undefined ? sql`true` : sql`e.zone = ${zone}`} and ${audience}
    order by e.id`);
  return found.rows.map(({ id, level, locale }) => ({ employeeId: id, level, locale }));
}

/** Ids of the departments with these codes and of everything below them. */
function subtreeOf(codes: readonly string[]) {
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
