import type { Candidate } from './engine/index.ts';

/** What an entry answers: its words, then its steps, numbered. */
export function answerIn({ answer, steps }: { answer: string; steps: readonly string[] }): string {
  const numbered = steps.map((step, place) => `${place + 1}. ${step}`).join('\n');
  return [answer.trim(), numbered].filter((part) => part !== '').join('\n\n');
}

/** What to do with a question, by how sure we are of the best entry and how far the second lies behind. */
export type Outcome = 'answer' | 'choices' | 'rephrase' | 'handover';

export interface Thresholds {
  /** From this confidence on the best entry is the answer … */
  answer: number;
  /** … unless the second comes closer than this; then the asker chooses. */
  gap: number;
  /** From here on, confidence of the three together, they are worth offering. */
  choices: number;
  /** From this confidence on, other words may help; below it, only a person can. */
  rephrase: number;
}

/** What holds until `cuhuo faq calibrate` has fitted them to the customer's own entries. */
export const defaultThresholds: Thresholds = { answer: 0.7, gap: 0.1, choices: 0.12, rephrase: 0.03 };

/** `candidates` best first. A question that says next to nothing is always to be rephrased. */
export function decide(
  candidates: readonly Candidate[],
  thresholds: Thresholds = defaultThresholds,
  units = Number.POSITIVE_INFINITY,
): Outcome {
  const [best, second] = candidates;
  if (best === undefined) return units < 2 ? 'rephrase' : 'handover';
  if (best.confidence >= thresholds.answer) {
    const close = second !== undefined && best.confidence - second.confidence < thresholds.gap;
    return close ? 'choices' : 'answer';
  }
  // Where two are equally likely each is unlikely by itself; what counts is whether the right one is on offer.
  const offered = candidates.slice(0, 3).reduce((sum, { confidence }) => sum + confidence, 0);
  if (offered >= thresholds.choices) return 'choices';
  return best.confidence >= thresholds.rephrase ? 'rephrase' : 'handover';
}
