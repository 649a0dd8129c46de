import { sql } from 'drizzle-orm';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { isoOf, type Temporal } from '../../kernel/time.ts';

/** Points for somebody, once for each `key`. */
export interface Award {
  key: string;
  campaignId: string;
  employeeId: string;
  amount: number;
  reason:
    | 'check-in'
    | 'streak-bonus'
    | 'answer-right'
    | 'quiz-right'
    | 'quiz-finish'
    | 'quiz-winner'
    | 'expiry';
  at: Temporal.Instant;
}

/**
 * Books each award from the campaign's account to the employee's and moves the balances, as one set. An award whose
 * key is booked already is left out. Answers the keys that were booked now.
 */
export async function award(tx: Db, awards: readonly Award[]): Promise<Set<string>> {
  const due = awards.filter((one) => one.amount !== 0);
  if (due.length === 0) return new Set();
  const rows = JSON.stringify(
    due.flatMap((one) => {
      const transfer = newId();
      const shared = { t: transfer, k: one.key, c: one.campaignId, r: one.reason, at: isoOf(one.at) };
      return [
        { ...shared, kind: 'employee', a: one.employeeId, n: one.amount },
        { ...shared, kind: 'campaign', a: one.campaignId, n: -one.amount },
      ];
    }),
  );
  const booked = await tx.execute<{ key: string }>(sql`
    with booked as (
      insert into point_entries (transfer_id, key, account_kind, account_id, campaign_id, amount, reason, rule_version, at)
      select t, k, kind, a, c, n, r, (select max(v.version) from campaign_point_rules v where v.campaign_id = c), at
      from json_to_recordset(${rows}::json)
        as e(t uuid, k text, kind text, a uuid, c uuid, n int, r text, at timestamptz)
      on conflict do nothing
      returning key, account_kind, account_id, campaign_id, amount, at
    ), moved as (
      insert into point_balances as b (campaign_id, employee_id, balance, changed_at)
      select campaign_id, account_id, sum(amount), max(at) from booked where account_kind = 'employee'
      group by campaign_id, account_id
      order by account_id
      on conflict (campaign_id, employee_id)
        do update set balance = b.balance + excluded.balance, changed_at = greatest(b.changed_at, excluded.changed_at)
      returning 1
    )
    select key from booked where account_kind = 'employee'`);
  return new Set(booked.rows.map((row) => row.key));
}

/**
 * Takes a transfer back by booking its opposite, once; the first transfer stays as it is. `unknown` when nothing was
 * booked under the key.
 */
export async function reverse(
  tx: Db,
  transfer: { key: string; at: Temporal.Instant },
): Promise<'reversed' | 'before' | 'unknown'> {
  const { rows } = await tx.execute<{ booked: number; reversed: number }>(sql`
    with reversal as (
      insert into point_entries
        (transfer_id, key, account_kind, account_id, campaign_id, amount, reason, reverses, rule_version, at)
      select ${newId()}::uuid, 'reversal:' || key, account_kind, account_id, campaign_id, -amount,
             'reversal', transfer_id, rule_version, ${transfer.at.toString()}::timestamptz
      from point_entries where key = ${transfer.key} and reason <> 'reversal'
      on conflict do nothing
      returning account_kind, account_id, campaign_id, amount
    ), moved as (
      update point_balances b set balance = b.balance + r.amount
      from reversal r
      where r.account_kind = 'employee' and b.campaign_id = r.campaign_id and b.employee_id = r.account_id
      returning 1
    )
    select (select count(*)::int from point_entries where key = ${transfer.key} and reason <> 'reversal') as booked,
           (select count(*)::int from reversal) as reversed`);
  const { booked = 0, reversed = 0 } = rows[0] ?? {};
  if (reversed > 0) await giveBackExpired(tx, transfer);
  return reversed > 0 ? 'reversed' : booked > 0 ? 'before' : 'unknown';
}

/** What is taken back after it had expired does not go twice: what is below nought for that reason is given back. */
async function giveBackExpired(tx: Db, { key, at }: { key: string; at: Temporal.Instant }): Promise<void> {
  const { rows } = await tx.execute<{
    campaign_id: string;
    account_id: string;
    below: number;
    expired: number;
  }>(sql`
    select e.campaign_id, e.account_id, -b.balance as below, (
      select coalesce(-sum(x.amount), 0)::int from point_entries x
      left join point_entries o on o.transfer_id = x.reverses and o.account_kind = 'employee'
      where x.account_kind = 'employee' and x.account_id = e.account_id and x.campaign_id = e.campaign_id
        and coalesce(o.reason, x.reason) = 'expiry') as expired
    from point_entries e join point_balances b on b.campaign_id = e.campaign_id and b.employee_id = e.account_id
    where e.key = ${key} and e.account_kind = 'employee' and b.balance < 0`);
  const [one] = rows;
  if (one === undefined || one.expired <= 0) return;
  const { campaign_id: campaignId, account_id: employeeId, below, expired } = one;
  const amount = Math.min(below, expired);
  await award(tx, [{ key: `expiry-return:${key}`, campaignId, employeeId, amount, reason: 'expiry', at }]);
}

/** What the ledger says against what is stored, person by person; empty when all agree. */
export async function verifyPoints(tx: Db): Promise<{
  checked: number;
  wrong: { campaignId: string; employeeId: string; stored: number; ledger: number }[];
}> {
  const rows = await tx.execute<{
    campaign_id: string;
    employee_id: string;
    stored: number;
    ledger: number;
  }>(sql`
    with ledger as (
      select campaign_id, account_id as employee_id, sum(amount)::int as total
      from point_entries where account_kind = 'employee' group by 1, 2
    )
    select campaign_id, employee_id, coalesce(b.balance, 0) as stored, coalesce(l.total, 0) as ledger
    from ledger l full join point_balances b using (campaign_id, employee_id)`);
  const unbalanced = await tx.execute<{ transfer_id: string; campaign_id: string; total: number }>(sql`
    select transfer_id, min(campaign_id::text) as campaign_id, sum(amount)::int as total
    from point_entries group by transfer_id having sum(amount) <> 0`);
  return {
    checked: rows.rows.length,
    wrong: [
      ...rows.rows
        .filter((row) => row.stored !== row.ledger)
        .map((row) => ({
          campaignId: row.campaign_id,
          employeeId: row.employee_id,
          stored: row.stored,
          ledger: row.ledger,
        })),
      ...unbalanced.rows.map((row) => ({
        campaignId: row.campaign_id,
        employeeId: `transfer ${row.transfer_id}`,
        stored: 0,
        ledger: row.total,
      })),
    ],
  };
}

/** How often somebody earned points for this reason since a moment, and when last. */
export async function earnedSince(
  tx: Db,
  of: { campaignId: string; employeeId: string; reason: Award['reason']; since: Temporal.Instant },
): Promise<{ count: number; last: Temporal.Instant | undefined }> {
  const { rows } = await tx.execute<{ n: number; last: string | null }>(sql`
    select count(*)::int as n, max(at) as last from point_entries
    where account_kind = 'employee' and account_id = ${of.employeeId} and campaign_id = ${of.campaignId}
      and reason = ${of.reason} and at >= ${isoOf(of.since)}`);
  const { n = 0, last = null } = rows[0] ?? {};
  return { count: n, last: last === null ? undefined : instantFromSql(last) };
}
