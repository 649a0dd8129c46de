import { and, desc, eq, gt, lt } from 'drizzle-orm';
import type { Place } from '../../chat/event.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import { faqAsked, faqTurns, type TriedEntry, type TurnOutcome } from './faq.tables.ts';

export type QuestionTurn = typeof faqTurns.$inferSelect;

/** What was said longer ago belongs to another conversation. */
const TALK_MINUTES = 30;
const MOST_TURNS = 20;
const KEPT_LENGTH = 500;

/** Where a conversation takes place: each group is its own. */
export function placeKey(place: Place): string {
  return place.kind === 'group' ? `group ${place.chatId}` : 'private';
}

/** Keeps a question with what became of it, so that the next one can follow on from it. */
export async function keepTurn(
  tx: Db,
  turn: {
    employeeId: string;
    place: Place;
    text: string;
    outcome: TurnOutcome;
    entries: TriedEntry[];
    at: Temporal.Instant;
  },
): Promise<void> {
  const { place, text, ...rest } = turn;
  await tx
    .insert(faqTurns)
    .values({ id: newId(), place: placeKey(place), text: text.slice(0, KEPT_LENGTH), ...rest });
}

/** The conversation so far in this place, the newest first; what a break of half an hour separates is left out. */
export async function turnsSoFar(
  tx: Db,
  asked: { employeeId: string; place: Place; at: Temporal.Instant },
): Promise<QuestionTurn[]> {
  const { employeeId, place, at } = asked;
  const rows = await tx
    .select()
    .from(faqTurns)
    .where(
      and(
        eq(faqTurns.employeeId, employeeId),
        eq(faqTurns.place, placeKey(place)),
        gt(faqTurns.at, at.subtract({ hours: 12 })),
      ),
    )
    .orderBy(desc(faqTurns.at), desc(faqTurns.id))
    .limit(MOST_TURNS);
  let before = at;
  const breakAt = rows.findIndex((row) => {
    const silence = row.at.until(before).total('minutes');
    before = row.at;
    return silence > TALK_MINUTES;
  });
  return breakAt < 0 ? rows : rows.slice(0, breakAt);
}

const FAILED: readonly TurnOutcome[] = ['rephrase', 'handover', 'failed'];

/** How many questions in a row, up to the newest, were not helped. `turns` newest first. */
export function failuresIn(turns: readonly Pick<QuestionTurn, 'outcome'>[]): number {
  const helped = turns.findIndex(({ outcome }) => !FAILED.includes(outcome));
  return helped < 0 ? turns.length : helped;
}

/** A draft is tried on the questions of the last month. */
const ASKED_KEPT_DAYS = 35;

/** Conversations are over after a day; what was handed over stands in its ticket. */
export async function forgetTurns(db: Db, now: Temporal.Instant): Promise<void> {
  await db.delete(faqTurns).where(lt(faqTurns.at, now.subtract({ hours: 24 })));
  await db.delete(faqAsked).where(lt(faqAsked.at, now.subtract({ hours: ASKED_KEPT_DAYS * 24 })));
}
