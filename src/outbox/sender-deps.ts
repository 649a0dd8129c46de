import type { ActionSealer } from '../chat/action-id.ts';
import type { ChannelAdapter } from '../chat/adapter.ts';
import type { Db } from '../kernel/db.ts';
import type { Clock } from '../kernel/time.ts';
import type { RulesOf } from './sift.ts';

export interface SenderDeps {
  db: Db;
  clock: Clock;
  sealer: ActionSealer;
  adapterOf: (channel: string, account: string) => ChannelAdapter | undefined;
  /**
   * Who of these people has done meanwhile what the message asks for. `withdraw` stops what it finds; this catches
   * the person who acted while the message was being promised.
   */
  acted: (tx: Db, stopKey: string, employeeIds: readonly string[]) => Promise<Set<string>>;
  /** For the departments of people, which a stop may name. */
  rulesOf: RulesOf;
  /** Counts what became of deliveries. */
  count?: (channel: string, state: string, n: number) => void;
  /** Called after each batch: there may be room for the next. */
  nudge?: () => void;
}
