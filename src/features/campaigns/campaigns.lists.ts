import { asc, desc, eq, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CalendarDay } from './campaigns.calendar.ts';
import type { Campaign } from './campaigns.service.ts';
import { campaignDays, campaigns } from './campaigns.tables.ts';

/** The youngest first, older than `after`: ids sort by birth. */
export async function campaignsBefore(
  tx: Db,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<Campaign[]> {
  return tx
    .select()
    .from(campaigns)
    .where(after === undefined ? undefined : lt(campaigns.id, after))
    .orderBy(desc(campaigns.id))
    .limit(limit);
}

/** A campaign by its id or its key. Rejects with AppError `campaign.not-found`. */
export async function campaignBy(tx: Db, idOrKey: string): Promise<Campaign> {
  const byId = z.uuid().safeParse(idOrKey).success;
  const [found] = await tx
    .select()
    .from(campaigns)
    .where(byId ? eq(campaigns.id, idOrKey) : eq(campaigns.key, idOrKey));
  if (found === undefined) {
    throw new AppError('campaign.not-found', `there is no campaign ${idOrKey}`, {
      details: { campaign: idOrKey },
    });
  }
  return found;
}

/** The frozen calendar as it is stored, in order. */
export async function daysOfCampaign(tx: Db, campaignId: string): Promise<CalendarDay[]> {
  return tx
    .select({
      day: campaignDays.day,
      workday: campaignDays.workday,
      ordinal: campaignDays.ordinal,
      name: campaignDays.name,
    })
    .from(campaignDays)
    .where(eq(campaignDays.campaignId, campaignId))
    .orderBy(asc(campaignDays.day));
}

/** Two writers of one key go one after the other, so that the second finds what the first wrote. */
export async function lockCampaign(tx: Db, key: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`campaign ${key}`}))`);
}
