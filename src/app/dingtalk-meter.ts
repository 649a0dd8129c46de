import { sql } from 'drizzle-orm';
import { METERED_CALLS } from '../adapters/dingtalk/index.ts';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';

/** DingTalk's months are those of Beijing. */
const ZONE = 'Asia/Shanghai';

export const monthOf = (clock: Clock): string =>
  clock.now().toZonedDateTimeISO(ZONE).toPlainDate().toPlainYearMonth().toString();

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
