import { sql } from 'drizzle-orm';
import { METERED_CALLS } from '../adapters/dingtalk/index.ts';
import type { MonthSoFar } from '../chat/adapter.ts';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, localDay, type Temporal } from '../kernel/time.ts';
import type { WorkdayCalendar } from '../kernel/workdays.ts';

/** DingTalk's months are those of Beijing. */
const ZONE = 'Asia/Shanghai';

const monthOf = (clock: Clock): string =>
  clock.now().toZonedDateTimeISO(ZONE).toPlainDate().toPlainYearMonth().toString();

/** How this month stands for an organisation: who has an account, what was used, and the workdays from tomorrow on. */
export async function dingtalkMonth(
  tx: Db,
  corpId: string,
  { clock, calendar }: { clock: Clock; calendar: WorkdayCalendar },
): Promise<MonthSoFar> {
  const today = localDay(clock.now(), ZONE);
  const firstOfMonth = today.with({ day: 1 }).toZonedDateTime(ZONE).toInstant();
  const { rows } = await tx.execute<{ people: number; calls: number; messages: number }>(sql`
    select (select count(distinct employee_id)::int from identities
            where channel = 'dingtalk' and account = ${corpId}) as people,
           (select coalesce(sum(used), 0)::int from quota_use
            where account = ${`dingtalk:${corpId}`} and quota = ${METERED_CALLS}
              and span = ${monthOf(clock)}) as calls,
           (select count(*)::int from inbox where channel = 'dingtalk' and account = ${corpId}
              and received_at >= ${firstOfMonth.toString()}) as messages`);
  const { people = 0, calls = 0, messages = 0 } = rows[0] ?? {};
  const workdays = daysLeft(today).filter((day) => calendar.isWorkday(day));
  return { people, workdays, callsUsed: calls, messagesUsed: messages };
}

/** From tomorrow to the end of the month. */
function daysLeft(today: Temporal.PlainDate): Temporal.PlainDate[] {
  const days: Temporal.PlainDate[] = [];
  for (let day = today.add({ days: 1 }); day.month === today.month; day = day.add({ days: 1 }))
    days.push(day);
  return days;
}

/**
 * Adds the metered calls that are no sending calls (uploads, questions, recalls, openings of the stream) to the month's
 * quota, so that the planner leaves room for them.
 */
export function dingtalkMeter(deps: {
  db: Db;
  clock: Clock;
  log: Log;
  corpId: string;
}): (call: string) => void {
  const { db, clock, log, corpId } = deps;
  return (call) => {
    void db
      .execute(
        sql`insert into quota_use (account, quota, span, used)
            values (${`dingtalk:${corpId}`}, ${METERED_CALLS}, ${monthOf(clock)}, 1)
            on conflict (account, quota, span) do update set used = quota_use.used + 1`,
      )
      .catch((error: unknown) =>
        log.warn({ platform: 'dingtalk', call, reason: messageOf(error) }, 'a metered call was not counted'),
      );
  };
}
