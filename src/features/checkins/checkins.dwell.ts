import { sql } from 'drizzle-orm';
import type { Turn } from '../../chat/command.ts';
import type { Db } from '../../kernel/db.ts';
import { isoOf, startOfDay } from '../../kernel/time.ts';
import type { DayOfTurn } from './checkins.day.ts';

/**
 * Whose tip was open long enough before this deed to have been read: the time runs on our side, from when the day's
 * first tip was sent to them, or from when the platform says that they opened it, to the tap. Only where the
 * campaign's tasks say `readSeconds`.
 */
export async function readLongEnough(
  tx: Db,
  today: readonly { turn: Turn; day: Extract<DayOfTurn, { kind: 'today' }> }[],
): Promise<Set<Turn>> {
  const asked = today.filter(({ day }) => day.campaign.tasks.readSeconds !== undefined);
  if (asked.length === 0) return new Set();
  const rows = JSON.stringify(
    asked.map(({ turn, day }, index) => ({
      i: index,
      e: turn.actor.employeeId,
      f: isoOf(startOfDay(day.day, turn.actor.zone)),
      a: isoOf(turn.at),
      n: day.campaign.tasks.readSeconds,
    })),
  );
  const found = await tx.execute<{ i: number }>(sql`
    select r.i from json_to_recordset(${rows}::json) as r(i int, e uuid, f timestamptz, a timestamptz, n int)
    cross join lateral (
      select min(case when d.state = 'read' then d.changed_at else d.sent_at end) as since
      from deliveries d join outbox_messages m on m.id = d.message_id
      where d.employee_id = r.e and d.planned_at >= r.f and d.planned_at <= r.a and d.sent_at <= r.a
        and m.purpose in ('tips.daily', 'tips.today')
    ) shown
    where r.a - shown.since >= r.n * interval '1 second'`);
  return new Set(found.rows.flatMap(({ i }) => asked[i]?.turn ?? []));
}
