import type { Feature } from '../feature.ts';
import { checkInCommand } from './checkins.chat.ts';
import { remind } from './checkins.jobs.ts';
import { type FreezesOf, type MonthRecord, recordCommand } from './checkins.record.ts';
import { taskCommands } from './checkins.tasks.ts';

export { remind } from './checkins.jobs.ts';
export { type Hit, refreshStreaks } from './checkins.refresh.ts';
export {
  actedOn,
  type Completion,
  complete,
} from './checkins.service.ts';
export { countedDays, currentFor, excusedOn } from './checkins.streaks.ts';
export { verifyStreaks } from './checkins.verify.ts';

/** Check-ins with their evidence, the streaks that follow from them, and the reminder to those who are missing. */
export function checkins(deps: { month?: MonthRecord; freezes?: FreezesOf } = {}): Feature {
  return {
    name: 'checkins',
    commands: [checkInCommand(), recordCommand(deps), ...taskCommands()],
    scheduledJobs: [remind],
  };
}
