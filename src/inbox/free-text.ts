import type { Command, Reply, Turn } from '../chat/command.ts';
import { askedOf } from '../chat/open-question.ts';
import { storable } from '../chat/words.ts';
import { groupBy } from '../kernel/collections.ts';
import type { Db } from '../kernel/db.ts';
import type { CommandTable } from './command-table.ts';

/** A turn with the command that answers it. */
export interface Answering {
  command: Command;
  turn: Turn;
  /** What was typed is no word of ours, or only begins like one: an open question may take it. */
  free: boolean;
}

export interface AnsweredTurn extends Answering {
  reply: Reply;
}

/**
 * Answers turns of different people as sets, a command at a time. What is free text goes to the command whose
 * question the person has open; what that declines goes to whoever would have answered without it.
 */
export async function answerRound(
  tx: Db,
  commands: CommandTable,
  round: readonly Answering[],
): Promise<AnsweredTurn[]> {
  const free = round.filter((one) => one.free && !isUnmentioned(one.turn));
  const asked = await askedOf(
    tx,
    free.map(({ turn }) => ({ employeeId: turn.actor.employeeId, place: turn.place, at: turn.at })),
  );
  const taken = new Map<Answering, Answering>();
  for (const [index, one] of free.entries()) {
    const name = asked[index];
    const command = name === undefined ? undefined : commands.named(name);
    if (command !== undefined) taken.set(one, { ...one, command, turn: withWholeText(one.turn) });
  }
  const answered: AnsweredTurn[] = [];
  const declined: Answering[] = [];
  const first = round.map((one) => ({ original: one, answering: taken.get(one) ?? one }));
  for (const [command, set] of groupBy(first, ({ answering }) => answering.command)) {
    const replies = await command.answer(
      tx,
      set.map(({ answering }) => answering.turn),
    );
    for (const [index, { original, answering }] of set.entries()) {
      const reply = replies[index] ?? {};
      if (reply.declined === true && answering !== original) declined.push({ ...original, free: false });
      else answered.push({ ...answering, reply });
    }
  }
  return declined.length === 0 ? answered : [...answered, ...(await answerRound(tx, commands, declined))];
}

/** What is said in a group without calling us is not for us. */
const isUnmentioned = ({ place }: Turn): boolean => place.kind === 'group' && !place.mentioned;

/** As it was typed: lines and capitals matter in a text. In a group the mention in front is not part of it. */
function withWholeText(turn: Turn): Turn {
  const { payload } = turn.event;
  if (payload.kind !== 'text') return turn;
  const whole = storable(payload.text).trim();
  return { ...turn, argument: turn.place.kind === 'group' ? whole.replace(/^@\S+\s*/, '') : whole };
}
