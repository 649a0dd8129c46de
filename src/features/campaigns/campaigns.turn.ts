import type { Turn } from '../../chat/command.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { activeCampaignFor, type Campaign } from './campaigns.service.ts';

export interface TurnCampaign {
  /** The person's day at the time of the turn. */
  day: Temporal.PlainDate;
  campaign: Campaign | undefined;
}

/** For each turn the person's day and the campaign that they take part in on it; one query for each day. */
export async function campaignsOfTurns(tx: Db, turns: readonly Turn[]): Promise<TurnCampaign[]> {
  const days = turns.map((turn) => localDay(turn.at, turn.actor.zone));
  const found = new Map<string, Map<string, Campaign>>();
  for (const [iso, same] of groupBy(
    turns.map((turn, index) => ({ turn, day: days[index] as Temporal.PlainDate })),
    ({ day }) => day.toString(),
  )) {
    const day = same[0]?.day as Temporal.PlainDate;
    found.set(
      iso,
      await activeCampaignFor(
        tx,
        same.map(({ turn }) => turn.actor.employeeId),
        day,
      ),
    );
  }
  return turns.map((turn, index) => {
    const day = days[index] as Temporal.PlainDate;
    return { day, campaign: found.get(day.toString())?.get(turn.actor.employeeId) };
  });
}

export async function campaignOfTurn(tx: Db, turn: Turn): Promise<TurnCampaign> {
  const [found] = await campaignsOfTurns(tx, [turn]);
  return found as TurnCampaign;
}
