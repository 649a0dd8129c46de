import { and, eq } from 'drizzle-orm';
import type { Turn } from '../../chat/command.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { type Campaign, calendarOf, campaignOfTurn } from '../campaigns/index.ts';
import { employeesIn } from '../directory/index.ts';
import { optionsOf } from '../questions/index.ts';
import { tipsOn } from '../tips/index.ts';
import { questionOfDay } from './quizzes.daily.ts';
import { orderOf, type PoolQuestion, paperFrom } from './quizzes.draw.ts';
import {
  type Asked,
  answerKey,
  answersOf,
  byChance,
  deskKey,
  type Paper,
  papersOf,
  publishedIn,
  type Quiz,
  questionsOf,
} from './quizzes.store.ts';
import { type PaperItem, quizPapers } from './quizzes.tables.ts';

/** How long the platforms redeliver, in hours: nothing older is believed. */
const OLDEST_HOURS = 8;

/**
 * When somebody did something, for a deadline: by our own clock where a countdown runs; elsewhere by the platform's,
 * which delivers hours later after an outage, but never from the future and never older than it redelivers. The
 * clock of a phone or a browser is not asked anywhere.
 */
export function serverTime(turn: Turn, quiz: Quiz): Temporal.Instant {
  const { occurredAt, receivedAt } = turn.event;
  if (quiz.kind === 'live') return receivedAt;
  const oldest = receivedAt.subtract({ hours: OLDEST_HOURS });
  if (Temporal.Instant.compare(occurredAt, receivedAt) > 0) return receivedAt;
  return Temporal.Instant.compare(occurredAt, oldest) < 0 ? oldest : occurredAt;
}

export const isAfter = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) > 0;

/** Rounds that run for this person now: live ones first, then those over days, then the question of the day. */
export async function roundsFor(
  tx: Db,
  turn: Turn,
): Promise<{ campaign: Campaign | undefined; day: Temporal.PlainDate; rounds: Quiz[] }> {
  const { campaign, day } = await campaignOfTurn(tx, turn);
  if (campaign === undefined) return { campaign, day, rounds: [] };
  const order = { live: 0, span: 1, daily: 2 };
  const running = (await publishedIn(tx, [campaign.id])).filter((quiz) => {
    const at = serverTime(turn, quiz);
    const over = isAfter(at, quiz.endsAt.add({ seconds: quiz.file.graceSeconds }));
    return !isAfter(quiz.startsAt, at) && !over;
  });
  const rounds: Quiz[] = [];
  for (const quiz of running) if (await isInvited(tx, quiz, turn.actor.employeeId, day)) rounds.push(quiz);
  return { campaign, day, rounds: rounds.sort((a, b) => order[a.kind] - order[b.kind]) };
}

async function isInvited(tx: Db, quiz: Quiz, employeeId: string, day: Temporal.PlainDate): Promise<boolean> {
  const { audience } = quiz.file;
  return audience === 'everyone' || (await employeesIn(tx, audience, { day })).includes(employeeId);
}

/** What somebody is at in a round. */
export type Standing =
  | { kind: 'open'; paper: Paper; item: PaperItem; asked: Asked; number: number; of: number }
  | { kind: 'lobby' | 'wait' | 'nothing-today'; paper: Paper | undefined }
  /** Open for everybody, and this person has answered it. */
  | { kind: 'answered'; paper: Paper }
  | { kind: 'done'; paper: Paper; attemptsLeft: number };

/** Brings somebody into a round, or back to where they were; nothing is lost by asking twice. */
export async function enter(
  tx: Db,
  quiz: Quiz,
  turn: Turn,
  { campaign, day, again = false }: { campaign: Campaign; day: Temporal.PlainDate; again?: boolean },
): Promise<Standing> {
  if (quiz.kind === 'span') return enterSpan(tx, quiz, turn, again);
  const found =
    quiz.kind === 'live' ? await enterLive(tx, quiz, turn) : await enterDaily(tx, quiz, turn, campaign, day);
  if (found.kind !== 'open') return found;
  const { paper, item } = found;
  const answers = await answersOf(tx, [quiz.id], [paper.employeeId]);
  const answered = answers.has(answerKey(quiz.id, paper.employeeId, paper.attempt, item.p));
  return answered ? { kind: 'answered', paper } : found;
}

async function enterLive(tx: Db, quiz: Quiz, turn: Turn): Promise<Standing> {
  const all = (await questionsOf(tx, [quiz.id])).get(quiz.id) ?? [];
  const paper = await paperOf(tx, quiz, turn, 1, () =>
    paperFrom(poolOf(all), { inOrder: true, draw: byChance }),
  );
  const position = quiz.livePosition;
  const item = paper.items.find(({ p }) => p === position);
  const asked = all.find((one) => one.position === position);
  if (item === undefined || asked === undefined) return { kind: 'lobby', paper };
  const open =
    quiz.liveRevealedAt === null &&
    quiz.liveClosesAt !== null &&
    !isAfter(turn.event.receivedAt, quiz.liveClosesAt);
  return open
    ? { kind: 'open', paper, item, asked, number: all.indexOf(asked) + 1, of: all.length }
    : { kind: 'wait', paper };
}

async function enterSpan(tx: Db, quiz: Quiz, turn: Turn, again: boolean): Promise<Standing> {
  const { employeeId } = turn.actor;
  const all = (await questionsOf(tx, [quiz.id])).get(quiz.id) ?? [];
  const papers = [...(await papersOf(tx, [quiz.id], [employeeId])).values()];
  const last = papers.at(-1);
  const attemptsLeft = quiz.file.attempts - papers.length;
  if (last !== undefined && last.finishedAt !== null && !(again && attemptsLeft > 0))
    return { kind: 'done', paper: last, attemptsLeft };
  const attempt = last === undefined ? 1 : last.finishedAt === null ? last.attempt : last.attempt + 1;
  const own = quiz.file.draw === 'own' ? quiz.file.blueprint : undefined;
  const paper = await paperOf(tx, quiz, turn, attempt, () =>
    paperFrom(poolOf(all), { own, inOrder: false, draw: byChance }),
  );
  const item = paper.items[paper.at];
  const asked = all.find(({ position }) => position === item?.p);
  if (item === undefined || asked === undefined) return { kind: 'done', paper, attemptsLeft };
  return { kind: 'open', paper, item, asked, number: paper.at + 1, of: paper.items.length };
}

async function enterDaily(
  tx: Db,
  quiz: Quiz,
  turn: Turn,
  campaign: Campaign,
  day: Temporal.PlainDate,
): Promise<Standing> {
  if (!(await calendarOf(tx, campaign)).isWorkday(day)) return { kind: 'nothing-today', paper: undefined };
  const tip = (await tipsOn(tx, campaign, day, [turn.actor], turn.at)).get(turn.actor.employeeId);
  const position = await questionOfDay(tx, quiz, day, tip);
  const asked = (await questionsOf(tx, [quiz.id])).get(quiz.id)?.find((one) => one.position === position);
  if (asked === undefined) return { kind: 'nothing-today', paper: undefined };
  const paper = await withItem(tx, await paperOf(tx, quiz, turn, 1, () => []), asked, turn.event.receivedAt);
  const item = paper.items.find(({ p }) => p === asked.position);
  if (item === undefined) return { kind: 'nothing-today', paper };
  return { kind: 'open', paper, item, asked, number: paper.items.length, of: paper.items.length };
}

/** Adds the day's question to somebody's paper, once. */
async function withItem(tx: Db, paper: Paper, asked: Asked, at: Temporal.Instant): Promise<Paper> {
  if (paper.items.some(({ p }) => p === asked.position)) return paper;
  const [added] = poolOf([asked]);
  const order = orderOf(added?.options ?? 0, added?.ordering ?? false, byChance);
  const items = [...paper.items, { p: asked.position, o: order }];
  await tx.update(quizPapers).set({ items, openedAt: at }).where(whose(paper));
  return { ...paper, items, openedAt: at };
}

export const whose = ({ quizId, employeeId, attempt }: Pick<Paper, 'quizId' | 'employeeId' | 'attempt'>) =>
  and(eq(quizPapers.quizId, quizId), eq(quizPapers.employeeId, employeeId), eq(quizPapers.attempt, attempt));

/** The paper of an attempt, made now if there is none: what stands on it never changes afterwards. */
async function paperOf(
  tx: Db,
  quiz: Quiz,
  turn: Turn,
  attempt: number,
  make: () => PaperItem[],
): Promise<Paper> {
  const { employeeId } = turn.actor;
  const at = turn.event.receivedAt;
  const key = deskKey(quiz.id, employeeId, attempt);
  const known = (await papersOf(tx, [quiz.id], [employeeId])).get(key);
  if (known !== undefined) return known;
  await tx
    .insert(quizPapers)
    .values({
      quizId: quiz.id,
      employeeId,
      attempt,
      items: make(),
      at: 0,
      openedAt: at,
      startedAt: at,
      finishedAt: null,
    })
    .onConflictDoNothing();
  return (await papersOf(tx, [quiz.id], [employeeId])).get(key) as Paper;
}

export function poolOf(all: readonly Asked[]): PoolQuestion[] {
  return all.map(({ position, slot, content }) => ({
    position,
    slot,
    options: optionsOf(content).length,
    ordering: content.kind === 'ordering',
  }));
}

/** The day on which a daily question counts, in the person's own zone. */
export const dayOf = (turn: Turn, quiz: Quiz): Temporal.PlainDate =>
  localDay(serverTime(turn, quiz), turn.actor.zone);
