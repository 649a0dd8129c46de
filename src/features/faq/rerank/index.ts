import { messageOf } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { askEmbedding, type Nearness } from './embedding.ts';
import type { Endpoint } from './endpoint.ts';
import { askModel, type Choosable } from './language-model.ts';

export type { Choosable } from './language-model.ts';

export interface RerankSettings {
  embedding?: (Endpoint & Nearness) | undefined;
  languageModel?: Endpoint | undefined;
}

export type Kind = 'embedding' | 'languageModel';
/** `chosen` and `none` are answers; `junk` was ignored; the rest are calls that brought nothing or were not made. */
export type RerankOutcome = 'chosen' | 'none' | 'junk' | 'failed' | 'resting' | 'busy';

export interface RerankDeps {
  log: Log;
  count?: ((kind: Kind, outcome: RerankOutcome) => void) | undefined;
  /** Milliseconds that only grow. */
  now?: () => number;
}

/** Says which of the entries answers a question; it can choose among them and say nothing else. */
export interface Reranker {
  /** The id of one of the entries, or undefined. Never rejects, and never takes longer than the time limits. */
  choose(question: string, entries: readonly Choosable[]): Promise<string | undefined>;
}

const FAILURES_BORNE = 3;
const REST_MS = 30_000;
const AT_ONCE = 8;

export function createReranker(settings: RerankSettings, deps: RerankDeps): Reranker | undefined {
  const { embedding, languageModel } = settings;
  if (embedding === undefined && languageModel === undefined) return undefined;
  const now = deps.now ?? (() => performance.now());
  const breaker = () => createBreaker({ failures: FAILURES_BORNE, restMs: REST_MS, now });
  const model =
    languageModel && guarded('languageModel', (q, e) => askModel(languageModel, q, e), breaker(), deps);
  const near =
    embedding && guarded('embedding', (q, e) => askEmbedding(embedding, embedding, q, e), breaker(), deps);
  return {
    async choose(question, entries) {
      if (entries.length === 0) return undefined;
      const [chosen, nearest] = await Promise.all([model?.(question, entries), near?.(question, entries)]);
      // The model reads the question; what it says, also that there is none, counts before nearness.
      return (chosen === undefined ? nearest : chosen) ?? undefined;
    },
  };
}

type Ask = (question: string, entries: readonly Choosable[]) => Promise<string | null | undefined>;

/** Bears whatever the endpoint does: undefined stands for no answer. */
function guarded(kind: Kind, ask: Ask, breaker: Breaker, { log, count }: RerankDeps): Ask {
  let underWay = 0;
  return async (question, entries) => {
    const idle = underWay >= AT_ONCE ? 'busy' : breaker.isClosed() ? undefined : 'resting';
    if (idle !== undefined) {
      count?.(kind, idle);
      return undefined;
    }
    underWay += 1;
    try {
      const chosen = await ask(question, entries);
      breaker.succeeded();
      count?.(kind, chosen === undefined ? 'junk' : chosen === null ? 'none' : 'chosen');
      return chosen;
    } catch (error) {
      count?.(kind, 'failed');
      if (breaker.failed()) log.warn({ kind, reason: messageOf(error), restMs: REST_MS }, 'faq model rests');
      return undefined;
    } finally {
      underWay -= 1;
    }
  };
}
