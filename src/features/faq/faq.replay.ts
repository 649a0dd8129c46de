import { and, desc, eq, gte, isNull, max } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { buildIndexInBackground, type Index } from './engine/index.ts';
import { calibrationIn, engineEntry } from './faq.knowledge.ts';
import { decide, type Outcome } from './faq.rules.ts';
import { faqAsked, faqEntries, faqMisses } from './faq.tables.ts';

interface Seen {
  outcome: Outcome;
  entry: string | null;
}

export interface Replayed {
  text: string;
  before: Seen;
  after: Seen;
}

export interface Replay {
  /** How many questions were asked of both. */
  asked: number;
  /** How many drafts there are to publish. */
  drafts: number;
  /** Missed or only offered now, answered or offered with the drafts. */
  gains: Replayed[];
  /** Answered now, and no more, or by another entry, with the drafts. */
  losses: Replayed[];
}

const MOST_QUESTIONS = 5_000;
const MOST_SHOWN = 200;
const ORDER: Outcome[] = ['handover', 'rephrase', 'choices', 'answer'];

/**
 * Asks what was asked since then, and every question of the entries in use, once of the bank as it is and once with
 * all drafts in it: what would be won and what lost by publishing them. Changes nothing.
 */
export async function replay(db: Db, since: Temporal.Instant): Promise<Replay> {
  const rows = await db
    .select()
    .from(faqEntries)
    .where(and(isNull(faqEntries.retiredAt), eq(faqEntries.active, true)))
    .orderBy(faqEntries.key);
  const inUse = rows.filter(({ review }) => review === 'reviewed');
  const { calibration, thresholds } = await calibrationIn(db);
  const now = await buildIndexInBackground(inUse.map(engineEntry));
  const then = await buildIndexInBackground(rows.map(engineEntry));
  const seen = (index: Index, text: string): Seen => {
    const found = index.search(text, { limit: 3, calibration });
    return { outcome: decide(found, thresholds), entry: found[0]?.id ?? null };
  };
  const own = inUse.flatMap(({ question, similar }) => [question, ...similar]).slice(0, MOST_QUESTIONS);
  const texts = [...new Set([...(await askedSince(db, since)), ...own])];
  const gains: Replayed[] = [];
  const losses: Replayed[] = [];
  for (const [place, text] of texts.entries()) {
    // Thousands of searches: whoever else has something to do gets their turn.
    if (place % 50 === 49) await new Promise((resume) => setImmediate(resume));
    const one = { text, before: seen(now, text), after: seen(then, text) };
    if (ORDER.indexOf(one.after.outcome) > ORDER.indexOf(one.before.outcome)) gains.push(one);
    const stays = one.after.outcome === 'answer' && one.after.entry === one.before.entry;
    if (one.before.outcome === 'answer' && !stays) losses.push(one);
  }
  return {
    asked: texts.length,
    drafts: rows.length - inUse.length,
    gains: gains.slice(0, MOST_SHOWN),
    losses: losses.slice(0, MOST_SHOWN),
  };
}

/** Each text once, the newest first; misses are kept longer than the rest. */
async function askedSince(db: Db, since: Temporal.Instant): Promise<string[]> {
  const asked = await db
    .select({ text: faqAsked.text })
    .from(faqAsked)
    .where(gte(faqAsked.at, since))
    .groupBy(faqAsked.text)
    .orderBy(desc(max(faqAsked.at)))
    .limit(MOST_QUESTIONS);
  const missed = await db
    .selectDistinct({ text: faqMisses.text })
    .from(faqMisses)
    .where(gte(faqMisses.at, since))
    .limit(MOST_QUESTIONS);
  return [...asked, ...missed].map(({ text }) => text);
}
