import type { Feature } from '../feature.ts';
import { rankingCommand } from './rewards.chat.ts';
import { hideCommand, showCommand } from './rewards.hiding.ts';

export { type BadgeGiven, badgeName, badgesOf, giveBadges } from './rewards.badges.ts';
export { isHidden } from './rewards.hiding.ts';
export { type Award, award, earnedSince, verifyPoints } from './rewards.ledger.ts';
export { levelOf } from './rewards.levels.ts';
export { balanceOf } from './rewards.ranking.ts';

/** Points as a ledger, and the ranking that is read from it. */
export function rewards(): Feature {
  return { name: 'rewards', commands: [rankingCommand(), hideCommand(), showCommand()] };
}
