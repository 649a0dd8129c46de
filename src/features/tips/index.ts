import type { Feature } from '../feature.ts';
import { reactCommand, todayCommand } from './tips.chat.ts';
import { pushTips } from './tips.jobs.ts';

export { ASK, CHECK_IN, dayAction, tipCard } from './tips.card.ts';
export { importTips, type TipsImported } from './tips.import.ts';
export { pushTips } from './tips.jobs.ts';
export { readTips } from './tips.read.ts';
export { type Learner, type Tip, tipsById, tipsOn } from './tips.service.ts';

/** The tip library and the tip of the day. */
export function tips(): Feature {
  return { name: 'tips', commands: [todayCommand(), reactCommand()], scheduledJobs: [pushTips] };
}
