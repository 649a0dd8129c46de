import { normalise } from '../../chat/words.ts';
import type { Candidate } from './engine/index.ts';
import type { Asker, Knowledge } from './faq.knowledge.ts';
import { answerIn, decide, type Outcome, type Thresholds } from './faq.rules.ts';
import type { Reranker } from './rerank/index.ts';

/**
 * A model looks at what the index found. It is asked before the transaction of the event, which must not wait for it;
 * in the transaction its choice is looked up, and counts only among the candidates that this person may see.
 */
export interface SecondLook {
  /** Asks the model where the index alone would not answer. Bounded in time; never rejects. */
  prepare(text: string, today: Asker['today']): Promise<void>;
  /** The id of the entry that was chosen for this text a moment ago. */
  chosenFor(text: string): string | undefined;
}

/** How many candidates it sees. */
export const LOOKED_AT = 8;
/** Longer texts are no questions; what the index reads of them is enough. */
const LONGEST = 300;
const KEPT = 500;
const KEPT_MS = 60_000;

export function createSecondLook({
  knowledge,
  reranker,
  now = () => performance.now(),
}: {
  knowledge: Knowledge;
  reranker: Reranker;
  now?: () => number;
}): SecondLook {
  const choices = new Map<string, { id: string | undefined; until: number }>();
  const form = (text: string): string => normalise(text);

  function remember(key: string, id: string | undefined): void {
    choices.delete(key);
    choices.set(key, { id, until: now() + KEPT_MS });
    for (const oldest of choices.keys()) {
      if (choices.size <= KEPT) break;
      choices.delete(oldest);
    }
  }

  return {
    async prepare(text, today) {
      const key = form(text);
      const known = choices.get(key);
      if (text.length > LONGEST || key === '' || (known !== undefined && known.until > now())) return;
      try {
        // Only what everybody may see: entries for some departments are none of the model's business.
        const found = await knowledge.find(text, { today, departments: undefined }, LOOKED_AT);
        if (decide(found.candidates, found.thresholds) === 'answer') return;
        const entries = found.candidates.flatMap(({ id }) => {
          const entry = found.entries.get(id);
          return entry === undefined ? [] : [{ id, question: entry.question, answer: answerIn(entry) }];
        });
        remember(key, await reranker.choose(text, entries));
      } catch {
        // The index alone answers then.
      }
    },
    chosenFor(text) {
      const known = choices.get(form(text));
      return known !== undefined && known.until > now() ? known.id : undefined;
    },
  };
}

/**
 * What to do with the candidates when a model chose one of them. A choice outside of them, and one that the index has
 * next to no reason for, changes nothing; one that would not even be worth offering alone is offered first, not given.
 */
export function withChoice(
  candidates: readonly Candidate[],
  thresholds: Thresholds,
  chosen: string | undefined,
): { candidates: readonly Candidate[]; outcome: Outcome } {
  const outcome = decide(candidates, thresholds);
  const choice = candidates.find(({ id }) => id === chosen);
  if (choice === undefined || outcome === 'answer' || choice.confidence < thresholds.rephrase)
    return { candidates, outcome };
  return {
    candidates: [choice, ...candidates.filter((one) => one !== choice)],
    outcome: choice.confidence >= thresholds.choices ? 'answer' : 'choices',
  };
}
