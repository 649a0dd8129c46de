import type { Reply, Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { readTyped, soundsLikeQuestion } from '../questions/index.ts';
import { type Intent, takeAnswers } from './quizzes.answers.ts';
import { replyTo } from './quizzes.chat.ts';
import { dayOf, isAfter, serverTime } from './quizzes.papers.ts';
import {
  type Answer,
  type Asked,
  answerKey,
  answersOf,
  openPapers,
  type Paper,
  type Quiz,
  questionsOf,
} from './quizzes.store.ts';
import type { PaperItem } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

/** Longer texts are no answers, they are something that somebody wants to tell us. */
const LONGEST_ANSWER = 100;

interface At {
  quiz: Quiz;
  paper: Paper;
  asked: Asked;
  item: PaperItem;
  answer: Answer | undefined;
  openedAt: Paper['openedAt'];
  /** Whether an answer could still count. */
  isOpen: boolean;
}

/**
 * Text that is no word of ours, for each turn: an answer to the question that this person has open, or undefined when it
 * is something else. `A` means nothing to somebody whom nobody asked.
 */
export async function typedAnswers(tx: Db, turns: readonly Turn[]): Promise<(Reply | undefined)[]> {
  const replies: (Reply | undefined)[] = turns.map(() => undefined);
  const possible = turns.filter(({ event, argument }) => {
    return event.payload.kind === 'text' && argument !== '' && Array.from(argument).length <= LONGEST_ANSWER;
  });
  if (possible.length === 0) return replies;
  const people = possible.map(({ actor }) => actor.employeeId);
  const open = await openPapers(tx, people);
  if (open.length === 0) return replies;
  const quizIds = open.map(({ quiz }) => quiz.id);
  const questions = await questionsOf(tx, quizIds);
  const answers = await answersOf(tx, quizIds, people);
  const intents = new Map<Turn, Intent>();
  for (const [place, turn] of turns.entries()) {
    if (!possible.includes(turn)) continue;
    const mine = open
      .filter(({ paper }) => paper.employeeId === turn.actor.employeeId)
      .flatMap(({ quiz, paper }) => placeOf(turn, quiz, paper, questions.get(quiz.id) ?? [], answers) ?? [])
      .sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || (isAfter(a.openedAt, b.openedAt) ? -1 : 1));
    const at = mine.find((one) => reads(one, turn));
    if (at === undefined) continue;
    const t = text[turn.actor.locale];
    if (turn.place.kind === 'group') {
      // Whoever did not call us was not talking to us; an answer in front of everybody counts for nobody.
      replies[place] = turn.place.mentioned ? { messages: [words(t.inPrivate)] } : {};
    } else if (at.isOpen && isAfter(at.openedAt, serverSide(turn))) {
      replies[place] = { messages: [words(t.lateTyped)] };
    } else {
      const { asked, item, paper, quiz } = at;
      const said = saidBy(turn);
      intents.set(turn, {
        turn,
        quizId: quiz.id,
        attempt: paper.attempt,
        position: asked.position,
        read: () => readTyped(asked.content, item.o, said),
      });
    }
  }
  const outcomes = await takeAnswers(tx, [...intents.values()]);
  for (const [index, turn] of [...intents.keys()].entries()) {
    const outcome = outcomes[index];
    if (outcome !== undefined) replies[turns.indexOf(turn)] = await replyTo(tx, turn, outcome);
  }
  return replies;
}

/** When it was said, by the platform's clock: what was typed before a question came up was meant for the one before. */
const serverSide = (turn: Turn) =>
  isAfter(turn.event.occurredAt, turn.event.receivedAt) ? turn.event.receivedAt : turn.event.occurredAt;

/** As it was typed, because case and blanks may matter, without the mention of us. */
function saidBy(turn: Turn): string {
  const { payload } = turn.event;
  return payload.kind === 'text' ? payload.text.replace(/^\s*(?:@\S+\s+)+/, '') : '';
}

/** Whether the text can be an answer here; words for a blank only when nothing about them asks us something. */
function reads({ asked, item, isOpen }: At, turn: Turn): boolean {
  const said = saidBy(turn);
  const { kind } = asked.content;
  if (kind === 'fill-in' && (!isOpen || soundsLikeQuestion(said))) return false;
  return readTyped(asked.content, item.o, said) !== undefined;
}

/** The question that a paper is at: open, or just answered or closed. */
function placeOf(
  turn: Turn,
  quiz: Quiz,
  paper: Paper,
  all: readonly Asked[],
  answers: ReadonlyMap<string, Answer>,
): At | undefined {
  const item =
    quiz.kind === 'live'
      ? paper.items.find(({ p }) => p === quiz.livePosition)
      : quiz.kind === 'span'
        ? paper.items[paper.at]
        : paper.items.at(-1);
  const asked = all.find(({ position }) => position === item?.p);
  if (item === undefined || asked === undefined) return undefined;
  const at = serverTime(turn, quiz);
  const grace = { seconds: quiz.file.graceSeconds };
  const answer = answers.get(answerKey(quiz.id, paper.employeeId, paper.attempt, item.p));
  const inTime =
    quiz.kind === 'live'
      ? quiz.liveClosesAt !== null &&
        quiz.liveRevealedAt === null &&
        !isAfter(at, quiz.liveClosesAt.add(grace))
      : quiz.kind === 'daily'
        ? asked.day?.equals(dayOf(turn, quiz)) === true
        : !isAfter(at, quiz.endsAt.add(grace));
  // A day's question that is answered or over asks for nothing any more, and neither does a letter.
  if (quiz.kind === 'daily' && (answer !== undefined || !inTime)) return undefined;
  const openedAt = quiz.kind === 'live' ? (quiz.liveOpenedAt ?? paper.openedAt) : paper.openedAt;
  return { quiz, paper, asked, item, answer, openedAt, isOpen: inTime && answer === undefined };
}
