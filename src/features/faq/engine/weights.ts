/**
 * How a candidate is judged: the sum of its features, each between 0 and 1 except `lost`. Few and rounded on purpose; where they come from stands in `docs/faq-retrieval.md`.
 */
export const weights = {
  /** Weight of the units that query and question share, by letter, by sound, or by a word that means the same. */
  overlap: 2.5,
  /** Share of the query in the question, by the units that people keep when they put it in other words. */
  asked: 5.5,
  /** Units in one of the two only that people would have kept. */
  lost: -10,
  /** Nearness to all questions of the entry together. */
  centre: 5.5,
  /** Share of the query that stands in the entry's answer and tags. */
  body: 4,
  /** It is this question, in one form, and nothing else: an editor who writes it there means it. */
  same: 3,
  /** One denies what the other affirms. */
  negation: -1,
} as const;
export type Feature = keyof typeof weights;
export type Features = Record<Feature, number>;

/** What tells how sure we can be of a candidate, beyond its rank. */
export interface Signals {
  /** Its score. */
  sum: number;
  /** Distance to the score of the next entry, at most `MOST_GAP`: an answer that stands alone is safer. */
  gap: number;
}
export const MOST_GAP = 10;

/**
 * How the signals make a probability: the logistic function of `even` plus each signal times its weight.
 * `cuhuo faq calibrate` fits these three to the customer's own entries.
 */
export type Calibration = Signals & { even: number; engine: number };

/** Rises with every change of the features and their weights: a calibration for another number says nothing here. */
export const ENGINE = 2;

/** What holds until somebody calibrates; where it comes from stands in `docs/faq-retrieval.md`. */
export const usualCalibration: Calibration = { sum: 0.26, gap: 0.45, even: -3.6, engine: ENGINE };

export function confidenceFrom(signals: Signals, { sum, gap, even }: Calibration): number {
  return 1 / (1 + Math.exp(-(even + sum * signals.sum + gap * signals.gap)));
}
