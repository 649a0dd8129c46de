/**
 * The states of a delivery and where each may go next. The API, the console and the docs read this table; planner,
 * sender, receipts and stops follow it. A state without a next one is final.
 *
 * Whether the platform is being called right now says the batch of a `queued` delivery.
 */
export const deliveryStates = {
  planned: {
    next: ['queued', 'held', 'excluded', 'digested', 'expired', 'unreachable'],
    meaning: 'written, waits for its turn',
  },
  held: {
    next: ['planned', 'excluded', 'digested', 'expired'],
    meaning: 'kept back until a moment or until somebody resumes; the reason says by which rule',
  },
  queued: {
    next: [
      'planned',
      'delivered',
      'accepted',
      'refused',
      'unreachable',
      'unknown',
      'unconfirmed',
      'excluded',
      'expired',
    ],
    meaning: 'part of a batch that a worker sends',
  },
  accepted: {
    next: ['delivered', 'read', 'clicked', 'refused', 'unreachable', 'recalled', 'unconfirmed', 'planned'],
    meaning: 'taken by the platform, which can still be asked whether it arrived',
  },
  delivered: { next: ['read', 'clicked', 'recalled'], meaning: 'arrived' },
  read: { next: ['clicked', 'recalled'], meaning: 'opened by the person' },
  clicked: { next: ['recalled'], meaning: 'the person pressed a button on it' },
  refused: { next: [], meaning: 'the platform said no; the reason is its own' },
  unreachable: {
    next: [],
    meaning: 'the person has no account on a channel that we serve, or cannot be reached',
  },
  excluded: { next: [], meaning: 'a rule or a person kept it back: acted already, muted, cancelled' },
  digested: { next: [], meaning: 'went to the person as a line of a digest' },
  expired: { next: [], meaning: 'no longer made sense when it could have been sent' },
  recalled: { next: [], meaning: 'taken back' },
  unconfirmed: {
    next: ['delivered', 'read', 'clicked', 'recalled'],
    meaning: 'taken by the platform, which does not tell whether it arrived',
  },
  unknown: {
    next: ['delivered', 'read', 'clicked', 'refused', 'unreachable', 'planned', 'unknown'],
    meaning: 'sent, but the answer was lost; repeated only if the platform says that it is not there',
  },
} as const satisfies Record<string, { next: readonly string[]; meaning: string }>;

export type DeliveryState = keyof typeof deliveryStates;

/** The states from which `to` may be reached: the `where` of every change of state. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  const states = Object.keys(deliveryStates) as DeliveryState[];
  return states.filter((state) => (deliveryStates[state].next as readonly string[]).includes(to));
}
