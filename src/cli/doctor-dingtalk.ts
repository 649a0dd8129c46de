import { type DingtalkFinding, examineDingtalk } from '../adapters/dingtalk/index.ts';
import { dingtalkMonth } from '../app/dingtalk-meter.ts';
import { systemClock } from '../kernel/time.ts';
import { workdayCalendar } from '../kernel/workdays.ts';
import type { CommandContext } from './context.ts';

/** Whether DingTalk knows the app and its permissions, and whether the month's meters will do. */
export async function doctorDingtalk({ config, database: { db } }: CommandContext): Promise<DingtalkFinding> {
  const settings = config.platforms.dingtalk;
  if (settings === undefined) return { state: 'ok', sentence: 'not set up' };
  const clock = systemClock;
  const calendar = workdayCalendar(config.behaviour.calendar);
  return examineDingtalk(settings, {
    clock,
    soFar: await dingtalkMonth(db, settings.corpId, { clock, calendar }),
  });
}
