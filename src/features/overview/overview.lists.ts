import { and, eq, gte, inArray, lt, ne, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Scope } from '../../kernel/permissions.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import { departments } from '../directory/directory.tables.ts';
import { subtree } from '../directory/index.ts';
import { pointEntries } from '../rewards/rewards.tables.ts';
import type { Overview } from './overview.api.ts';

/**
 * How many of a campaign's people work in which main department, and how many of them checked in; one pass over
 * everybody employed.
 */
export async function participation(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
  scope: Scope,
): Promise<Overview['departments']> {
  const on = sql`${day.toString()}::date`;
  const holds = (period: string): SQL =>
    sql.join([
      sql.raw(`${period}.from_day <= `),
      on,
      sql.raw(` and (${period}.to_day is null or ${period}.to_day >= `),
      on,
      sql.raw(')'),
    ]);
  const audience = await audienceOf(tx, campaign);
  const meant =
    audience === 'everyone'
      ? sql`true`
      : sql`e.id in (select w.employee_id from memberships w
              where w.department_id = any(${sql.param(audience)}::uuid[]) and ${holds('w')})`;
  const mine =
    scope === 'everyone' ? sql`true` : sql`m.department_id = any(${sql.param([...scope])}::uuid[])`;
  const { rows } = await tx.execute<{
    code: string | null;
    name: string | null;
    parent_code: string | null;
    members: number;
    checked_in: number;
    excused: number;
  }>(sql`
    select d.code, d.name, above.code as parent_code, n.members, n.checked_in, n.excused
    from (
      select m.department_id, count(*)::int as members, count(c.employee_id)::int as checked_in,
             (count(x.employee_id) filter (where c.employee_id is null))::int as excused
      from employees e
      left join memberships m on m.employee_id = e.id and m.main and ${holds('m')}
      left join checkins c on c.campaign_id = ${campaign.id} and c.day = ${on} and c.employee_id = e.id
      left join excused_days x on x.employee_id = e.id and x.day = ${on}
      where (e.joined_on is null or e.joined_on <= ${on}) and (e.left_on is null or e.left_on >= ${on})
        and ${meant} and ${mine}
      group by m.department_id
    ) n
    left join departments d on d.id = n.department_id
    left join departments above on above.id = d.parent_id
    order by d.code`);
  return rows.map(({ parent_code: parentCode, checked_in: checkedIn, ...row }) => ({
    ...row,
    parentCode,
    checkedIn,
  }));
}

/** The ids of the departments that a campaign is meant for, those below included. A code that nobody has says nothing. */
export async function audienceOf(tx: Db, { audience }: Campaign): Promise<string[] | 'everyone'> {
  if (audience === 'everyone') return 'everyone';
  const roots = await tx
    .select({ id: departments.id })
    .from(departments)
    .where(inArray(departments.code, audience.departments));
  return subtree(
    tx,
    roots.map(({ id }) => id),
  );
}

/** What a campaign gave within the span, read from its own account: what it gives goes below nought there; no person has its id. */
export async function pointsGiven(
  tx: Db,
  campaignId: string,
  span: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<number> {
  const [row] = await tx
    .select({ given: sql<number>`coalesce(-sum(${pointEntries.amount}), 0)::int` })
    .from(pointEntries)
    .where(
      and(
        eq(pointEntries.accountId, campaignId),
        ne(pointEntries.reason, 'expiry'),
        gte(pointEntries.at, span.from),
        lt(pointEntries.at, span.to),
      ),
    );
  return row?.given ?? 0;
}
