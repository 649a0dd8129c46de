import { and, eq, inArray } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { Temporal } from '../kernel/time.ts';
import type { Place } from './event.ts';
import { openQuestions } from './open-question.tables.ts';

/**
 * A person has an open question that takes the next free text: the text of a notice, the letter of an answer. The
 * newest question of a chat counts. Words of ours keep their meaning; a command that gets a text which does not answer
 * its question says `declined` in its reply, and the text goes where it would have gone without the question.
 */
export interface OpenQuestion {
  employeeId: string;
  place: Place;
  /** The name of the command that asked and gets the text, as it was typed, as its argument. */
  command: string;
}

/** Private unless a group is named. */
export const chatOf = (place: Place): string => (place.kind === 'group' ? place.chatId : '');

/** From now on, and until `until`, the command gets what the person types in this chat. */
export async function askNext(
  tx: Db,
  { employeeId, place, command }: OpenQuestion,
  { at, until }: { at: Temporal.Instant; until: Temporal.Instant },
): Promise<void> {
  await tx
    .insert(openQuestions)
    .values({ employeeId, chat: chatOf(place), command, askedAt: at, until })
    .onConflictDoUpdate({
      target: [openQuestions.employeeId, openQuestions.chat],
      set: { command, askedAt: at, until },
    });
}

/** Nobody waits any more; a question of another command stays. */
export async function stopAsking(tx: Db, { employeeId, place, command }: OpenQuestion): Promise<void> {
  await tx
    .delete(openQuestions)
    .where(
      and(
        eq(openQuestions.employeeId, employeeId),
        eq(openQuestions.chat, chatOf(place)),
        eq(openQuestions.command, command),
      ),
    );
}

/** The name of the command that waits for each of these; undefined where none does. */
export async function askedOf(
  tx: Db,
  said: readonly { employeeId: string; place: Place; at: Temporal.Instant }[],
): Promise<(string | undefined)[]> {
  if (said.length === 0) return [];
  const ids = [...new Set(said.map(({ employeeId }) => employeeId))];
  const rows = await tx.select().from(openQuestions).where(inArray(openQuestions.employeeId, ids));
  return said.map(
    ({ employeeId, place, at }) =>
      rows.find(
        (row) =>
          row.employeeId === employeeId &&
          row.chat === chatOf(place) &&
          Temporal.Instant.compare(at, row.until) < 0,
      )?.command,
  );
}
