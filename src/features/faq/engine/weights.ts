/**
 * How a candidate is judged: the logistic function of this sum, every feature between 0 and 1. Few and rounded on
 * purpose; where they come from stands in `docs/faq-retrieval.md`.
 */
export const weights = {
  /** Weight of the units that query and question share, by letter, by sound, or by a word that means the same. */
  overlap: 15,
  /** Share of the units that stand in the same order. */
  order: 3,
  /** Share of the query that stands in the entry's answer and tags. */
  body: 4,
  /** Share of the query, and of its neighbouring units, that stands anywhere in the entry's questions. */
  whole: 2,
  /** They ask for different things: how instead of why. */
  kind: -0.7,
  /** One denies what the other affirms. */
  negation: -0.8,
  /** One names a number, a version or an error code that the other does not name. */
  number: -0.8,
} as const;
export type Feature = keyof typeof weights;
export type Features = Record<Feature, number>;

/** What tells how sure we can be of a candidate, beyond its rank. */
export interface Signals {
  /** Its score without what the whole entry shares. */
  sum: number;
  /** Distance to the score of the next entry, at most `MOST_GAP`: an answer that stands alone is safer. */
  gap: number;
  /** Share of the entry's question that was asked: who asks less than it says may mean something else. */
  told: number;
}
export const MOST_GAP = 10;

/**
 * How the signals make a probability: the logistic function of `even` plus each signal times its weight.
 * `cuhuo faq calibrate` fits these four to the customer's own entries.
 */
export type Calibration = Signals & { even: number };

/** What holds until somebody calibrates; where it comes from stands in `docs/faq-retrieval.md`. */
export const usualCalibration: Calibration = { sum: 0.25, gap: 0.3, told: 1, even: -5 };

export function confidenceFrom(signals: Signals, { sum, gap, told, even }: Calibration): number {
  return 1 / (1 + Math.exp(-(even + sum * signals.sum + gap * signals.gap + told * signals.told)));
}
