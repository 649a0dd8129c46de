import { z } from 'zod';
import { localeOf } from '../../chat/locale.ts';
import { card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import { defineScheduledJob } from '../../kernel/jobs.ts';
import { localDay, startOfDay } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { calendarOf, campaignById, membersOf } from '../campaigns/index.ts';
import { reachable } from '../directory/index.ts';
import { CHECK_IN, dayAction, tipsOn } from '../tips/index.ts';
import { currentOn } from './checkins.rules.ts';
import { checkedIn, stopKeyOf } from './checkins.service.ts';
import { excusedOn, excusedSince, streaksOfMany } from './checkins.streaks.ts';
import { text } from './checkins.text.ts';

/**
 * Reminds those of a campaign's people in one zone who have not checked in today and are not excused; checking in stops
 * it at once.
 */
export const remind = defineScheduledJob({
  name: 'checkins.remind',
  payload: z.object({ campaignId: z.uuid(), zone: z.string() }),
  async run(tx, { campaignId, zone }, { slot, now }) {
    const campaign = await campaignById(tx, campaignId);
    const day = localDay(slot, zone);
    if (campaign === undefined) return { kind: 'skipped', reason: 'campaign-gone' };
    const calendar = await calendarOf(tx, campaign);
    if (!calendar.isWorkday(day)) return { kind: 'skipped', reason: 'day-off' };
    const members = await membersOf(tx, campaign, { day, zone });
    const everybody = members.map(({ employeeId }) => employeeId);
    const done = await checkedIn(tx, campaignId, day, everybody);
    const excused = await excusedOn(tx, day, everybody);
    const open = members.filter(({ employeeId }) => !done.has(employeeId) && !excused.has(employeeId));
    if (open.length === 0) return { kind: 'skipped', reason: 'nobody' };
    const ids = open.map(({ employeeId }) => employeeId);
    const tips = await tipsOn(tx, campaign, day, open, now);
    const streaks = await streaksOfMany(tx, campaignId, ids);
    const since = await excusedSince(
      tx,
      campaignId,
      ids.map((employeeId) => ({ employeeId, today: day })),
    );
    const addresses = await reachable(tx, ids);
    // People who read the same words share one message: the same tip, language and length of streak.
    const alike = groupBy(
      open.map((member) => ({
        ...member,
        locale: localeOf(member.locale),
        tip: tips.get(member.employeeId),
        days: currentOn(streaks.get(member.employeeId), day, calendar, since.get(member.employeeId)),
      })),
      ({ locale, tip, days }) => `${locale} ${tip?.id} ${days}`,
    );
    for (const readers of alike.values()) {
      const [first] = readers;
      if (first?.tip === undefined) continue;
      const t = text[first.locale];
      await promise(tx, {
        purpose: 'checkins.reminder',
        priority: 'campaign',
        importance: 8,
        campaignId,
        content: card({
          title: t.reminderTitle,
          tone: 'notice',
          body: t.reminder(first.tip.title, first.days),
          buttons: [
            {
              label: t.checkIn,
              tone: 'primary',
              action: dayAction(CHECK_IN, { campaignId, day, tipId: first.tip.id }),
              word: t.checkInWord,
            },
            { label: t.seeTip, action: { name: 'tips.today' }, word: t.tipWord },
          ],
        }),
        recipients: readers.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
        at: now,
        stopKey: stopKeyOf(campaignId, day),
        expiresAt: startOfDay(day.add({ days: 1 }), zone),
      });
    }
    return { kind: 'fired' };
  },
});
