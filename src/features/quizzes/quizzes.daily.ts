import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { drawable, type QuestionRow } from '../questions/index.ts';
import type { Tip } from '../tips/index.ts';
import { fits, shuffled } from './quizzes.draw.ts';
import { byChance, type Quiz } from './quizzes.store.ts';
import { quizQuestions, quizzes } from './quizzes.tables.ts';

/**
 * The position of the question that goes with a tip on a day, chosen at the first asking and then fixed: everybody who
 * got the tip gets the question. Undefined when the bank has nothing that fits.
 */
export async function questionOfDay(
  tx: Db,
  quiz: Quiz,
  day: Temporal.PlainDate,
  tip: Pick<Tip, 'key' | 'feature' | 'area'> | undefined,
): Promise<number | undefined> {
  const known = await positionOf(tx, quiz.id, day, tip?.key ?? '');
  if (known !== undefined) return known;
  // Whoever asks at the same moment waits here and then finds what the first one chose.
  await tx.select({ id: quizzes.id }).from(quizzes).where(eq(quizzes.id, quiz.id)).for('update');
  const since = await positionOf(tx, quiz.id, day, tip?.key ?? '');
  if (since !== undefined) return since;
  const before = await tx.select().from(quizQuestions).where(eq(quizQuestions.quizId, quiz.id));
  const lastAsked = new Map(before.map(({ questionId, position }) => [questionId, position]));
  const chosen = chooseForTip(await drawable(tx), quiz, tip, lastAsked);
  if (chosen === undefined) return undefined;
  const position = Math.max(-1, ...before.map((one) => one.position)) + 1;
  await tx.insert(quizQuestions).values({
    quizId: quiz.id,
    position,
    questionId: chosen.question.id,
    version: chosen.question.version,
    slot: chosen.slot,
    day,
    tip: tip?.key ?? '',
  });
  return position;
}

async function positionOf(
  tx: Db,
  quizId: string,
  day: Temporal.PlainDate,
  tip: string,
): Promise<number | undefined> {
  const [found] = await tx
    .select({ position: quizQuestions.position })
    .from(quizQuestions)
    .where(
      and(eq(quizQuestions.quizId, quizId), eq(quizQuestions.day, day), sql`${quizQuestions.tip} = ${tip}`),
    );
  return found?.position;
}

/**
 * What was not asked yet goes first; of that, what teaches the same feature as the tip, then the same area, then
 * whatever the blueprint takes. When everything was asked, the one that was asked longest ago.
 */
function chooseForTip(
  bank: readonly QuestionRow[],
  quiz: Quiz,
  tip: Pick<Tip, 'key' | 'feature' | 'area'> | undefined,
  lastAsked: ReadonlyMap<string, number>,
): { question: QuestionRow; slot: number } | undefined {
  const { blueprint } = quiz.file;
  const fitting = shuffled(bank, byChance).flatMap((question) => {
    const slot = blueprint.findIndex((line) => fits(question, line));
    return slot === -1 ? [] : [{ question, slot }];
  });
  const closeness = ({ question }: (typeof fitting)[number]): number => {
    if (tip === undefined) return 0;
    if (question.tags.includes(tip.key) || question.feature === tip.feature) return 2;
    return question.area === tip.area ? 1 : 0;
  };
  const asked = ({ question }: (typeof fitting)[number]): number => lastAsked.get(question.id) ?? -1;
  return fitting.sort((a, b) => asked(a) - asked(b) || closeness(b) - closeness(a))[0];
}
