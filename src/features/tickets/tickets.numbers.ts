import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type Priority, priorities, ticketEvents, tickets } from './tickets.tables.ts';

/** How support does, for monitoring; nobody is named. */
export interface TicketNumbers {
  byPriority: {
    priority: Priority;
    waiting: number;
    claimed: number;
    overdue: number;
    /** Ever. */
    breaches: number;
    /** Half of the last 30 days' tickets, and nine in ten of them, were answered within so many seconds. */
    firstReply: { half: number; most: number } | undefined;
  }[];
  /** Of the last 30 days; undefined when nobody gave one. */
  score: number | undefined;
  scores: number;
}

const DAYS = 30;

export async function ticketNumbers(tx: Db, at: Temporal.Instant): Promise<TicketNumbers> {
  const now = sql`${at.toString()}::timestamptz`;
  const since = sql`${at.subtract({ hours: DAYS * 24 }).toString()}::timestamptz`;
  const took = sql`extract(epoch from first_reply_at - opened_at)`;
  const lately = sql`filter (where first_reply_at >= ${since})`;
  const { rows } = await tx.execute<Record<string, string | null> & { priority: Priority }>(sql`
    select priority,
      count(*) filter (where state = 'waiting') as waiting,
      count(*) filter (where state = 'claimed') as claimed,
      count(*) filter (where state in ('waiting', 'claimed') and first_reply_at is null and due_at < ${now}) as overdue,
      percentile_cont(0.5) within group (order by ${took}) ${lately} as half,
      percentile_cont(0.9) within group (order by ${took}) ${lately} as most
    from ${tickets} group by priority`);
  const breached = await tx.execute<{ priority: Priority; n: string }>(sql`
    select t.priority, count(*) as n from ${ticketEvents} e join ${tickets} t on t.id = e.ticket_id
    where e.kind = 'escalated' group by t.priority`);
  const scored = await tx.execute<{ mean: string | null; n: string }>(sql`
    select avg(score) as mean, count(score) as n from ${tickets} where solved_at >= ${since}`);
  const byPriority = priorities.map((priority) => {
    const row = rows.find((one) => one.priority === priority);
    const number = (name: string): number => Number(row?.[name] ?? 0);
    return {
      priority,
      waiting: number('waiting'),
      claimed: number('claimed'),
      overdue: number('overdue'),
      breaches: Number(breached.rows.find((one) => one.priority === priority)?.n ?? 0),
      firstReply: row?.['half'] == null ? undefined : { half: number('half'), most: number('most') },
    };
  });
  const [score] = scored.rows;
  return {
    byPriority,
    score: score?.mean == null ? undefined : Number(score.mean),
    scores: Number(score?.n ?? 0),
  };
}
