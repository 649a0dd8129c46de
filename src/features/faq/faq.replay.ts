import { and, eq, gte, isNull } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { buildIndexInBackground, type Index } from './engine/index.ts';
import { calibrationIn, engineEntry } from './faq.knowledge.ts';
import { decide, type Outcome } from './faq.rules.ts';
import { faqEntries, faqMisses } from './faq.tables.ts';

export interface Replayed {
  text: string;
  before: { outcome: Outcome; entry: string | null };
  after: { outcome: Outcome; entry: string | null };
}

export interface Replay {
  /** How many questions were asked of both. */
  asked: number;
  /** Missed then, answered or offered with the drafts. */
  gains: Replayed[];
  /** An entry's own question that the drafts take away from it. */
  losses: Replayed[];
}

const MOST_QUESTIONS = 5_000;
const MOST_SHOWN = 200;
const ORDER: Outcome[] = ['handover', 'rephrase', 'choices', 'answer'];

/**
 * Asks the misses since then, and every question of the entries in use, once of the bank as it is and once with all
 * drafts in it: what would be won and what lost by publishing them. Changes nothing.
 */
export async function replay(db: Db, since: Temporal.Instant): Promise<Replay> {
  const rows = await db
    .select()
    .from(faqEntries)
    .where(and(isNull(faqEntries.retiredAt), eq(faqEntries.active, true)))
    .orderBy(faqEntries.key);
  const inUse = rows.filter(({ review }) => review === 'reviewed');
  const { calibration, thresholds } = await calibrationIn(db);
  const [now, then] = [
    await buildIndexInBackground(inUse.map(engineEntry)),
    await buildIndexInBackground(rows.map(engineEntry)),
  ];
  const asked = (index: Index, text: string) => {
    const found = index.search(text, { limit: 3, calibration });
    return { outcome: decide(found, thresholds), entry: found[0]?.id ?? null };
  };
  const compare = (text: string): Replayed => ({ text, before: asked(now, text), after: asked(then, text) });
  const misses = await db
    .selectDistinct({ text: faqMisses.text })
    .from(faqMisses)
    .where(gte(faqMisses.at, since))
    .limit(MOST_QUESTIONS);
  const gains = misses
    .map(({ text }) => compare(text))
    .filter(({ before, after }) => ORDER.indexOf(after.outcome) > ORDER.indexOf(before.outcome));
  const own = inUse
    .flatMap(({ key, question, similar }) => [question, ...similar].map((text) => ({ key, text })))
    .slice(0, MOST_QUESTIONS);
  const losses = own.flatMap(({ key, text }) => {
    const one = compare(text);
    const was = one.before.entry === key && one.before.outcome === 'answer';
    const stays = one.after.entry === key && one.after.outcome === 'answer';
    return was && !stays ? [one] : [];
  });
  return {
    asked: misses.length + own.length,
    gains: gains.slice(0, MOST_SHOWN),
    losses: losses.slice(0, MOST_SHOWN),
  };
}
