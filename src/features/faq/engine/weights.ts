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
  body: 1,
  /** They ask for different things: how instead of why. */
  kind: -0.7,
  /** One denies what the other affirms. */
  negation: -0.8,
  /** One names a number, a version or an error code that the other does not name. */
  number: -0.8,
} as const;
export type Feature = keyof typeof weights;
export type Features = Record<Feature, number>;

/** A sum at which an entry is as likely right as wrong. */
export const EVEN = 10;

/** What makes the confidence of an answer beside its sum. */
export const confidenceWeights = {
  /** Distance to the sum of the second entry: an answer that stands alone is safer. Counts up to 4. */
  gap: 0.4,
  /** Share of the entry's question that was asked: who asks less than the question says may mean another one. */
  told: 2,
} as const;
export const MOST_GAP = 4;
export const CONFIDENCE_EVEN = 2;
