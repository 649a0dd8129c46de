import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import { drawable } from '../questions/index.ts';
import { type Learner, type Tip, tipsById, tipsOn } from '../tips/index.ts';
import { tips } from '../tips/tips.tables.ts';
import { earnBackAnswers } from './makeups.tables.ts';
import { text } from './makeups.text.ts';

export interface Learning {
  campaign: Campaign;
  learner: Learner;
  locale: Locale;
  today: Temporal.PlainDate;
  at: Temporal.Instant;
}

/** A question of 补学: the one of a tip, or a reviewed one of the question bank. */
export interface Asked {
  id: string;
  text: string;
  options: readonly string[];
  /** Index of the right option. */
  answer: number;
  explanation: string;
}

/**
 * What is asked next: the tips of the missed days first, then what went wrong before, then the library in its order,
 * then the reviewed questions of the bank, and when all of that was answered rightly what was answered longest ago. Never
 * today's own tip, which belongs to the day's demand, and none twice on one day. So nobody who missed a day is left
 * without a question while there is one.
 */
export async function nextQuestion(
  tx: Db,
  { campaign, learner, locale, today, at }: Learning,
  missed: readonly Temporal.PlainDate[],
): Promise<Asked | undefined> {
  const tried = await triedBy(tx, campaign.id, learner.employeeId);
  const on = async (day: Temporal.PlainDate): Promise<Tip | undefined> =>
    (await tipsOn(tx, campaign, day, [learner], at)).get(learner.employeeId);
  const closed = new Set(tried.filter(({ day }) => day.equals(today)).map(({ id }) => id));
  const own = await on(today);
  if (own !== undefined) closed.add(own.id);
  const known = new Set(tried.filter(({ right }) => right).map(({ id }) => id));
  const isNew = (id: string): boolean => !closed.has(id) && !known.has(id);
  for (const day of missed) {
    const tip = await on(day);
    if (tip !== undefined && tip.question !== null && isNew(tip.id)) return askedOf(tip);
  }
  const all = [...(await ofLibrary(tx, today)), ...(await ofBank(tx, locale))];
  const fresh = all.filter(({ id }) => isNew(id));
  const wrong = new Set(tried.filter(({ right }) => !right).map(({ id }) => id));
  const open = new Map(all.filter(({ id }) => !closed.has(id)).map((one) => [one.id, one]));
  const again = tried.find(({ id }) => open.has(id));
  return fresh.find(({ id }) => wrong.has(id)) ?? fresh[0] ?? (again && open.get(again.id));
}

/** The question that a button was made for, as it is now; undefined once it is gone. */
export async function askedById(tx: Db, id: string, locale: Locale): Promise<Asked | undefined> {
  const tip = (await tipsById(tx, [id])).get(id);
  if (tip !== undefined) return askedOf(tip);
  return (await ofBank(tx, locale)).find((one) => one.id === id);
}

/** In the order of the days. */
async function triedBy(tx: Db, campaignId: string, employeeId: string) {
  return tx
    .select({ id: earnBackAnswers.tipId, day: earnBackAnswers.day, right: earnBackAnswers.right })
    .from(earnBackAnswers)
    .where(and(eq(earnBackAnswers.campaignId, campaignId), eq(earnBackAnswers.employeeId, employeeId)))
    .orderBy(asc(earnBackAnswers.day), asc(earnBackAnswers.tipId));
}

async function ofLibrary(tx: Db, today: Temporal.PlainDate): Promise<Asked[]> {
  const library = await tx.select().from(tips).where(isNull(tips.retiredAt)).orderBy(asc(tips.position));
  return library
    .filter(({ validUntil }) => validUntil === null || Temporal.PlainDate.compare(today, validUntil) <= 0)
    .flatMap((tip) => askedOf(tip) ?? []);
}

function askedOf({ id, question }: Tip): Asked | undefined {
  if (question === null) return undefined;
  const { text: words, options, answer, explanation } = question;
  return { id, text: words, options, answer, explanation: explanation ?? '' };
}

/** What can be answered by one button and needs no picture. */
async function ofBank(tx: Db, locale: Locale): Promise<Asked[]> {
  const { yes, no } = text[locale].learn;
  return (await drawable(tx)).flatMap(({ id, content }): Asked[] => {
    if (content.picture !== undefined) return [];
    const shared = { id, text: content.text, explanation: content.explanation ?? '' };
    if (content.kind === 'single') return [{ ...shared, options: content.options, answer: content.answer }];
    if (content.kind === 'true-false')
      return [{ ...shared, options: [yes, no], answer: content.answer ? 0 : 1 }];
    return [];
  });
}
