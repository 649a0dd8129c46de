import { Temporal } from '#src/kernel/time.ts';
import type { RelayDeps } from '#src/outbox/relay-deps.ts';
import type { RulesOf } from '#src/outbox/sift.ts';

/** Nobody has rules: everything leaves at once. */
export const noRules: RulesOf = async () => new Map();

export const withoutSuppression: Pick<RelayDeps, 'rulesOf' | 'budget' | 'digestCards'> = {
  rulesOf: noRules,
  budget: { perDay: 100, perWeek: 500, digestAt: Temporal.PlainTime.from('17:30') },
  digestCards: async () => new Map(),
};
