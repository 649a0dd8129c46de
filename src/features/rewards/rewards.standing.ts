import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

export interface Standing {
  balance: number;
  /** Ever earned, whether spent or expired since: levels go by it, so nobody sinks. */
  earned: number;
}

/** From the ledger itself. */
export async function standingOf(tx: Db, campaignId: string, employeeId: string): Promise<Standing> {
  const { rows } = await tx.execute<{ balance: number; earned: number }>(sql`
    select coalesce(sum(e.amount), 0)::int as balance,
           coalesce(sum(e.amount) filter (where coalesce(o.amount, e.amount) > 0), 0)::int as earned
    from point_entries e
    left join point_entries o on o.transfer_id = e.reverses and o.account_kind = 'employee'
    where e.campaign_id = ${campaignId} and e.account_kind = 'employee' and e.account_id = ${employeeId}`);
  return rows[0] ?? { balance: 0, earned: 0 };
}
