import { sql } from 'drizzle-orm';
import { type DingtalkFinding, examineDingtalk, METERED_CALLS } from '../adapters/dingtalk/index.ts';
import { monthOf } from '../app/dingtalk-meter.ts';
import { localDay, systemClock, Temporal } from '../kernel/time.ts';
import { workdayCalendar } from '../kernel/workdays.ts';
import type { CommandContext } from './context.ts';

const ZONE = 'Asia/Shanghai';

/** Whether DingTalk knows the app and its permissions, and whether the month's meters will do. */
export async function doctorDingtalk({ config, database: { db } }: CommandContext): Promise<DingtalkFinding> {
  const settings = config.platforms.dingtalk;
  if (settings === undefined) return { state: 'ok', sentence: 'not set up' };
  const clock = systemClock;
  const today = localDay(clock.now(), ZONE);
  const firstOfMonth = today.with({ day: 1 }).toZonedDateTime(ZONE).toInstant();
  const { rows } = await db.execute<{ people: number; calls: number; messages: number }>(sql`
    select (select count(distinct employee_id)::int from identities
            where channel = 'dingtalk' and account = ${settings.corpId}) as people,
           (select coalesce(sum(used), 0)::int from quota_use
            where account = ${`dingtalk:${settings.corpId}`} and quota = ${METERED_CALLS}
              and span = ${monthOf(clock)}) as calls,
           (select count(*)::int from inbox where channel = 'dingtalk' and account = ${settings.corpId}
              and received_at >= ${firstOfMonth.toString()}) as messages`);
  const { people = 0, calls = 0, messages = 0 } = rows[0] ?? {};
  const calendar = workdayCalendar(config.behaviour.calendar);
  const workdays = daysLeft(today).filter((day) => calendar.isWorkday(day));
  return examineDingtalk(settings, {
    clock,
    soFar: { people, workdays, callsUsed: calls, messagesUsed: messages },
  });
}

/** From tomorrow to the end of the month. */
function daysLeft(today: Temporal.PlainDate): Temporal.PlainDate[] {
  const days: Temporal.PlainDate[] = [];
  for (let day = today.add({ days: 1 }); day.month === today.month; day = day.add({ days: 1 }))
    days.push(day);
  return days;
}
