import { and, asc, eq, gte } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { Temporal } from '../../kernel/time.ts';
import { campaignDays } from '../campaigns/campaigns.tables.ts';
import { type Campaign, setTipOrder } from '../campaigns/index.ts';
import type { Level } from '../directory/directory.tables.ts';
import { chooseTip, type TipFacts, trackKey } from './tips.rules.ts';
import { libraryFor, type Tip, votesOf } from './tips.service.ts';
import { tipDays } from './tips.tables.ts';

export interface PlannedDay {
  day: Temporal.PlainDate;
  tip: Tip;
  /** Chosen already, so that no new order changes it. */
  chosen: boolean;
}

export interface TipPlan {
  /** The library in the order in which the campaign prefers it; what the campaign does not name comes after. */
  order: readonly Tip[];
  days: PlannedDay[];
}

/**
 * The tips of the coming workdays for people of one level who have no tips of their own department, as they stand: what
 * is chosen, and what would be chosen if nobody voted and nothing was changed until then.
 */
export async function planOf(
  tx: Db,
  campaign: Campaign,
  asked: { level: Level; from: Temporal.PlainDate; days: number },
): Promise<TipPlan> {
  const track = { level: asked.level };
  const key = trackKey(track);
  const library = await libraryFor(tx, campaign);
  const order = inOrder(library, campaign.tipOrder);
  const coming = await tx
    .select({ day: campaignDays.day })
    .from(campaignDays)
    .where(
      and(
        eq(campaignDays.campaignId, campaign.id),
        eq(campaignDays.workday, true),
        gte(campaignDays.day, asked.from),
      ),
    )
    .orderBy(asc(campaignDays.day))
    .limit(asked.days);
  const shown = await tx
    .select({ tipId: tipDays.tipId, day: tipDays.day })
    .from(tipDays)
    .where(and(eq(tipDays.campaignId, campaign.id), eq(tipDays.track, key)))
    .orderBy(asc(tipDays.day));
  const lastShown = new Map(shown.map(({ tipId, day }) => [tipId, day]));
  const fixed = new Map(shown.map(({ tipId, day }) => [day.toString(), tipId]));
  const choosing = {
    library,
    order: campaign.tipOrder,
    track,
    lastShown,
    noRepeatDays: campaign.noRepeatDays,
    votes: await votesOf(tx),
  };
  const byId = new Map(library.map((tip) => [tip.id, tip]));
  const days: PlannedDay[] = [];
  for (const { day } of coming) {
    const already = byId.get(fixed.get(day.toString()) ?? '');
    const tip = already ?? byId.get(chooseTip({ ...choosing, day })?.id ?? '');
    if (tip === undefined) continue;
    lastShown.set(tip.id, day);
    days.push({ day, tip, chosen: already !== undefined });
  }
  return { order, days };
}

/** As `chooseTip` ranks them before anybody votes. */
export function inOrder<One extends Pick<TipFacts, 'key' | 'position'>>(
  library: readonly One[],
  order: readonly string[],
): One[] {
  const place = new Map(order.map((key, index) => [key, index]));
  const rank = (tip: One) => place.get(tip.key) ?? order.length + tip.position;
  return [...library].sort((a, b) => rank(a) - rank(b) || a.position - b.position);
}

/**
 * Keeps a new order. `was` is the order that its author saw: rejects with AppError `tip.order-changed` when somebody
 * else was faster, and with `tip.not-found` for a key that is not in use.
 */
export async function reorderTips(
  tx: Db,
  campaign: Campaign,
  asked: { order: readonly string[]; was: readonly string[] | undefined },
): Promise<void> {
  const library = await libraryFor(tx, campaign);
  const known = new Set(library.map(({ key }) => key));
  const strange = asked.order.find((key) => !known.has(key));
  if (strange !== undefined) throw new AppError('tip.not-found', `there is no tip ${strange} in use`);
  await setTipOrder(tx, campaign.id, (before) => {
    const now = inOrder(library, before).map(({ key }) => key);
    if (asked.was !== undefined && asked.was.join('\n') !== now.join('\n'))
      throw new AppError('tip.order-changed', 'somebody else changed the order meanwhile; look at it anew');
    const named = new Set(asked.order);
    return [...asked.order, ...now.filter((key) => !named.has(key))];
  });
}
