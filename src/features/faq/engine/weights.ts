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

/**
 * How sure we are of a candidate: the logistic function of `scale` times (its sum + these − `even`). Ranking does not
 * need them; knowing when to keep silent does.
 */
export const confidenceWeights = {
  /** Distance to the sum of the next entry, at most `mostGap`: an answer that stands alone is safer. */
  gap: 1,
  mostGap: 10,
  /** Share of the entry's question that was asked: who asks less than it says may mean something else. */
  told: 4,
  even: 14.5,
  scale: 0.5,
} as const;
