import { z } from 'zod';
import type { Turn } from '../../chat/command.ts';
import { Temporal } from '../../kernel/time.ts';
import type { Campaign, TurnCampaign } from '../campaigns/index.ts';
import { OLDEST_REDELIVERY_HOURS } from './checkins.rules.ts';

const boundData = z.looseObject({
  c: z.uuid(),
  d: z.string().regex(/^\d{4}-\d\d-\d\d$/),
  t: z.uuid().optional(),
});

/** Whether a turn may count for today, and why not. */
export type DayOfTurn =
  | { kind: 'today'; campaign: Campaign; day: Temporal.PlainDate; tipId: string | undefined }
  | { kind: 'not-in-campaign' }
  | { kind: 'other-campaign' }
  | { kind: 'other-day'; campaign: Campaign; day: Temporal.PlainDate; cardDay: Temporal.PlainDate }
  | { kind: 'too-late' }
  | { kind: 'unreadable' };

/**
 * The day of a turn is the person's day at the moment of the deed, however late we hear of it. A button counts only
 * on the day, and in the campaign, that its card was made for.
 */
export function dayOfTurn(turn: Turn, { day, campaign }: TurnCampaign): DayOfTurn {
  const { occurredAt, receivedAt } = turn.event;
  if (occurredAt.until(receivedAt).total('hours') > OLDEST_REDELIVERY_HOURS) return { kind: 'too-late' };
  if (campaign === undefined) return { kind: 'not-in-campaign' };
  if (turn.action?.data === undefined) return { kind: 'today', campaign, day, tipId: undefined };
  const bound = boundData.safeParse(turn.action.data);
  if (!bound.success) return { kind: 'unreadable' };
  if (bound.data.c !== campaign.id) return { kind: 'other-campaign' };
  const cardDay = Temporal.PlainDate.from(bound.data.d);
  if (!cardDay.equals(day)) return { kind: 'other-day', campaign, day, cardDay };
  return { kind: 'today', campaign, day, tipId: bound.data.t };
}
