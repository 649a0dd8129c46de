import { z } from 'zod';
import { localeOf } from '../../chat/locale.ts';
import { card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { localDay, startOfDay } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { calendarOf, campaignById, membersOf } from '../campaigns/index.ts';
import { reachable } from '../directory/index.ts';
import { tipCard } from './tips.card.ts';
import { tipsOn } from './tips.service.ts';

/** Sends the tip of the day to a campaign's people in one zone. What is not sent by their midnight expires. */
export const pushTips = defineScheduledJob({
  name: 'tips.push',
  payload: z.object({ campaignId: z.uuid(), zone: z.string() }),
  async run(tx, { campaignId, zone }, { slot, now }) {
    const campaign = await campaignById(tx, campaignId);
    const day = localDay(slot, zone);
    if (campaign === undefined) return { kind: 'skipped', reason: 'campaign-gone' };
    const calendar = await calendarOf(tx, campaign);
    if (!calendar.isWorkday(day)) return { kind: 'skipped', reason: 'day-off' };
    const members = await membersOf(tx, campaign, { day, zone });
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
