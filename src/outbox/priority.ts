/**
 * `answer`: to a person's own action. `urgent`, `official`: pass quiet hours, budget and mute, with a reason that is
 * kept. `digest`: what was held back by the budget, in one. `campaign`: everything else that we start.
 */
export const priorities = ['answer', 'urgent', 'official', 'digest', 'campaign'] as const;
export type Priority = (typeof priorities)[number];
