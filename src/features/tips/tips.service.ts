import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import type { Level } from '../directory/directory.tables.ts';
import { departmentsOf } from '../directory/index.ts';
import { chooseTip, type Track, trackKey, type Votes } from './tips.rules.ts';
import { type Reaction, tipDays, tipReactions, tips } from './tips.tables.ts';

export type Tip = typeof tips.$inferSelect;

export interface Learner {
  employeeId: string;
  level: Level;
}

/**
 * The tip of a day for each of these people. It is chosen at the first asking and then stays, so that whoever asks
 * early, late or twice gets the same. Nobody gets one from an empty library.
 */
export async function tipsOn(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
  learners: readonly Learner[],
  at: Temporal.Instant,
): Promise<Map<string, Tip>> {
  const tracks = await tracksOf(tx, day, learners);
  const wanted = new Map([...tracks.values()].map((track) => [trackKey(track), track]));
  const chosen = await chosenTips(tx, campaign, day, [...wanted.keys()]);
  const missing = [...wanted].filter(([key]) => !chosen.has(key)).map(([, track]) => track);
  if (missing.length > 0) {
    await choose(tx, campaign, day, missing, at);
    for (const [key, tip] of await chosenTips(tx, campaign, day, missing.map(trackKey))) chosen.set(key, tip);
  }
  const found = new Map<string, Tip>();
  for (const [employeeId, track] of tracks) {
    const tip = chosen.get(trackKey(track));
    if (tip !== undefined) found.set(employeeId, tip);
  }
  return found;
}

/** A person's track is their level, and their department where the library has tips for it alone. */
async function tracksOf(
  tx: Db,
  day: Temporal.PlainDate,
  learners: readonly Learner[],
): Promise<Map<string, Track>> {
  const special = await tx.execute<{ code: string }>(
    sql`select distinct unnest(departments) as code from tips where retired_at is null`,
  );
  const codes = new Set(special.rows.map((row) => row.code));
  const departments =
    codes.size === 0
      ? undefined
      : await departmentsOf(
          tx,
          learners.map(({ employeeId }) => employeeId),
          day,
        );
  return new Map(
    learners.map(({ employeeId, level }) => {
      const code = departments?.get(employeeId)?.main?.code;
      return [employeeId, code !== undefined && codes.has(code) ? { level, department: code } : { level }];
    }),
  );
}

async function chosenTips(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
  tracks: readonly string[],
): Promise<Map<string, Tip>> {
  if (tracks.length === 0) return new Map();
  const rows = await tx
    .select({ track: tipDays.track, tip: tips })
    .from(tipDays)
    .innerJoin(tips, eq(tips.id, tipDays.tipId))
    .where(
      and(eq(tipDays.campaignId, campaign.id), eq(tipDays.day, day), inArray(tipDays.track, [...tracks])),
    );
  return new Map(rows.map(({ track, tip }) => [track, tip]));
}

async function choose(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
  tracks: readonly Track[],
  at: Temporal.Instant,
): Promise<void> {
  const library = await libraryFor(tx, campaign);
  const votes = await votesOf(tx);
  const shown = await tx
    .select({ track: tipDays.track, tipId: tipDays.tipId, day: tipDays.day })
    .from(tipDays)
    .where(eq(tipDays.campaignId, campaign.id));
  for (const track of tracks) {
    const key = trackKey(track);
    const lastShown = new Map(
      shown
        .filter((row) => row.track === key)
        .sort((a, b) => Temporal.PlainDate.compare(a.day, b.day))
        .map((row) => [row.tipId, row.day]),
    );
    const tip = chooseTip({
      library,
      order: campaign.tipOrder,
      day,
      track,
      lastShown,
      noRepeatDays: campaign.noRepeatDays,
      votes,
    });
    if (tip === undefined) continue;
    // Whoever asks at the same moment may have chosen already: the first one stays.
    await tx
      .insert(tipDays)
      .values({ campaignId: campaign.id, day, track: key, tipId: tip.id, chosenAt: at })
      .onConflictDoNothing();
  }
}

/** The tips in use that a day of this campaign can have. */
export async function libraryFor(tx: Db, campaign: Campaign): Promise<readonly Tip[]> {
  return askable(campaign, await tx.select().from(tips).where(isNull(tips.retiredAt)));
}

/** Where a day asks for an answer, a tip without a question would leave it open for ever. */
function askable(campaign: Campaign, library: readonly Tip[]): readonly Tip[] {
  const withQuestion = library.filter(({ question }) => question !== null);
  return campaign.tasks.of.includes('answer') && withQuestion.length > 0 ? withQuestion : library;
}

export async function votesOf(tx: Db): Promise<Map<string, Votes>> {
  const rows = await tx.execute<{ tip_id: string; useful: number; unwanted: number }>(sql`
    select tip_id, (count(*) filter (where reaction = 'useful'))::int as useful,
           (count(*) filter (where reaction <> 'useful'))::int as unwanted
    from (select distinct on (tip_id, employee_id) tip_id, reaction from tip_reactions
          order by tip_id, employee_id, at desc) newest
    group by tip_id`);
  return new Map(rows.rows.map((row) => [row.tip_id, { useful: row.useful, unwanted: row.unwanted }]));
}

export async function tipsById(tx: Db, ids: readonly string[]): Promise<Map<string, Tip>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(tips)
    .where(inArray(tips.id, [...new Set(ids)]));
  return new Map(rows.map((tip) => [tip.id, tip]));
}

/** Keeps what somebody says of a tip; saying something else later counts instead. */
export async function react(
  tx: Db,
  said: { tipId: string; employeeId: string; reaction: Reaction; at: Temporal.Instant },
): Promise<void> {
  await tx.insert(tipReactions).values({ id: newId(), ...said });
}
