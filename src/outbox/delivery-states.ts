/**
 * The states of a delivery and where each may go next. The API and the docs read this table; the sender and the
 * receipts follow it. A state without a next one is final.
 */
export const deliveryStates = {
  planned: { next: ['queued', 'excluded', 'expired'], meaning: 'written, not yet handed to a worker' },
  queued: {
    next: ['sending', 'excluded', 'expired', 'unreachable'],
    meaning: 'part of a batch that a worker will send',
  },
  sending: {
    next: ['delivered', 'accepted', 'refused', 'unreachable', 'unknown', 'queued'],
    meaning: 'the platform is being called',
  },
  accepted: {
    next: ['delivered', 'read', 'recalled'],
    meaning: 'taken by the platform, arrival not yet confirmed',
  },
  delivered: { next: ['read', 'recalled'], meaning: 'arrived' },
  read: { next: ['recalled'], meaning: 'opened by the person' },
  refused: { next: [], meaning: 'the platform said no; the reason is its own' },
  unreachable: { next: [], meaning: 'the person has no account on a channel that we serve' },
  excluded: { next: [], meaning: 'a rule kept it back, such as having acted already' },
  expired: { next: [], meaning: 'no longer made sense when it could have been sent' },
  recalled: { next: [], meaning: 'taken back' },
  unknown: { next: ['delivered', 'read'], meaning: 'sent, but the answer was lost; not repeated' },
} as const satisfies Record<string, { next: readonly string[]; meaning: string }>;

export type DeliveryState = keyof typeof deliveryStates;

/** The states from which `to` may be reached: the `where` of every change of state. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  const states = Object.keys(deliveryStates) as DeliveryState[];
  return states.filter((state) => (deliveryStates[state].next as readonly string[]).includes(to));
}
