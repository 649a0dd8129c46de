import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { localeOf } from '../../chat/locale.ts';
import { card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { localDay, startOfDay, type Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { calendarOf, campaignById, membersOf } from '../campaigns/index.ts';
import { reachable } from '../directory/index.ts';
import { excusedDays } from '../excusals/excusals.tables.ts';
import { tipCard } from './tips.card.ts';
import { tipsOn } from './tips.service.ts';

/**
 * Sends the tip of the day to a campaign's people in one zone, but to nobody on leave: who is excused today may still
 * ask for it. What is not sent by their midnight expires.
 */
export const pushTips = defineScheduledJob({
  name: 'tips.push',
  payload: z.object({ campaignId: z.uuid(), zone: z.string() }),
  async run(tx, { campaignId, zone }, { slot, now }) {
    const campaign = await campaignById(tx, campaignId);
    const day = localDay(slot, zone);
    if (campaign === undefined) return { kind: 'skipped', reason: 'campaign-gone' };
    const calendar = await calendarOf(tx, campaign);
    if (!calendar.isWorkday(day)) return { kind: 'skipped', reason: 'day-off' };
    const everybody = await membersOf(tx, campaign, { day, zone });
    const excused = await excusedOn(
      tx,
      day,
      everybody.map(({ employeeId }) => employeeId),
    );
    const members = everybody.filter(({ employeeId }) => !excused.has(employeeId));
    if (members.length === 0) return { kind: 'skipped', reason: 'nobody' };
    const chosen = await tipsOn(tx, campaign, day, members, now);
    const addresses = await reachable(
      tx,
      members.map(({ employeeId }) => employeeId),
    );
    const sameCard = groupBy(
      members.filter(({ employeeId }) => chosen.has(employeeId)),
      ({ employeeId, locale }) => `${chosen.get(employeeId)?.id} ${localeOf(locale)}`,
    );
    for (const readers of sameCard.values()) {
      const [first] = readers;
      const tip = first === undefined ? undefined : chosen.get(first.employeeId);
      if (first === undefined || tip === undefined) continue;
      await promise(tx, {
        purpose: 'tips.daily',
        priority: 'campaign',
        importance: 7,
        campaignId,
        content: card(tipCard({ tip, campaignId, day, locale: localeOf(first.locale) })),
        recipients: readers.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
        at: now,
        expiresAt: startOfDay(day.add({ days: 1 }), zone),
      });
    }
    return { kind: 'fired' };
  },
});

async function excusedOn(
  tx: Db,
  day: Temporal.PlainDate,
  employeeIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ employeeId: excusedDays.employeeId })
    .from(excusedDays)
    .where(
      and(
        eq(excusedDays.day, day),
        sql`${excusedDays.employeeId} = any(${sql.param([...employeeIds])}::uuid[])`,
      ),
    );
  return new Set(rows.map(({ employeeId }) => employeeId));
}
