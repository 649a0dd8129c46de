import type { Feature } from '../feature.ts';
import { rankingCommand } from './rewards.chat.ts';
import { expirePoints } from './rewards.expiry.ts';
import { hideCommand, showCommand } from './rewards.hiding.ts';
import { pointsCommand } from './rewards.points.ts';

export { type BadgeGiven, badgeName, badgesOf, giveBadges } from './rewards.badges.ts';
export { expirePoints } from './rewards.expiry.ts';
export { isHidden } from './rewards.hiding.ts';
export { type Award, award, earnedSince, verifyPoints } from './rewards.ledger.ts';
export { levelOf } from './rewards.levels.ts';
export { balanceOf } from './rewards.ranking.ts';
export { standingOf } from './rewards.standing.ts';

/** Points as a ledger, and the ranking that is read from it. */
export function rewards(): Feature {
  return {
    name: 'rewards',
    commands: [rankingCommand(), pointsCommand(), hideCommand(), showCommand()],
    scheduledJobs: [expirePoints],
  };
}
