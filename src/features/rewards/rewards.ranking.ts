import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { isHidden } from './rewards.hiding.ts';

export interface Place {
  rank: number;
  employeeId: string;
  /** Undefined for somebody who does not want to be named. */
  name: string | undefined;
  points: number;
}

export interface Ranking {
  top: Place[];
  /** Me and my neighbours, best first; empty while I have no points. */
  around: Place[];
  mine: Place | undefined;
  /** How many points the person right above me is ahead. */
  pointsToNext: number | undefined;
}

const TOP = 3;
const NEIGHBOURS = 2;

/**
 * Where somebody stands: the best three, and the two on either side. More points rank first, and of equals whoever
 * had them first. There is no list of the last. Walks the ranking's index, so it costs the same for any number of people.
 */
export async function rankingFor(tx: Db, campaignId: string, employeeId: string): Promise<Ranking> {
  const top = await places(
    tx,
    sql`
    select employee_id, balance from point_balances where campaign_id = ${campaignId} and balance > 0
    order by balance desc, changed_at, employee_id limit ${TOP}`,
  );
  const mine = await tx.execute<{ balance: number; rank: number }>(sql`
    select me.balance, (
      select count(*)::int + 1 from point_balances b
      where b.campaign_id = me.campaign_id and ${ahead}
    ) as rank
    from point_balances me where me.campaign_id = ${campaignId} and me.employee_id = ${employeeId} and me.balance > 0`);
  const ranked = top.map((place, index) => ({ ...place, rank: index + 1 }));
  const me = mine.rows[0];
  if (me === undefined) return { top: ranked, around: [], mine: undefined, pointsToNext: undefined };
  const above = await places(
    tx,
    sql`
    select b.employee_id, b.balance from point_balances b, point_balances me
    where me.campaign_id = ${campaignId} and me.employee_id = ${employeeId}
      and b.campaign_id = me.campaign_id and ${ahead}
    order by b.balance, b.changed_at desc, b.employee_id desc limit ${NEIGHBOURS}`,
  );
  const below = await places(
    tx,
    sql`
    select b.employee_id, b.balance from point_balances b, point_balances me
    where me.campaign_id = ${campaignId} and me.employee_id = ${employeeId}
      and b.campaign_id = me.campaign_id and b.balance > 0 and not (${ahead}) and b.employee_id <> me.employee_id
    order by b.balance desc, b.changed_at, b.employee_id limit ${NEIGHBOURS}`,
  );
  const self = await places(
    tx,
    sql`
    select employee_id, balance from point_balances where campaign_id = ${campaignId} and employee_id = ${employeeId}`,
  );
  const around = [...above.reverse(), ...self, ...below].map((place, index) => ({
    ...place,
    rank: me.rank - above.length + index,
  }));
  const next = above.at(-1);
  return {
    top: ranked,
    around,
    mine: around[above.length],
    pointsToNext: next === undefined ? undefined : next.points - me.balance,
  };
}

/** Whether row `b` stands before row `me`. */
const ahead = sql.raw(`(b.balance > me.balance
  or (b.balance = me.balance and (b.changed_at, b.employee_id) < (me.changed_at, me.employee_id)))`);

/** In the order of `rows`, which a join alone would not keep. */
async function places(tx: Db, rows: ReturnType<typeof sql>): Promise<Omit<Place, 'rank'>[]> {
  const found = await tx.execute<{ employee_id: string; balance: number; name: string | null }>(sql`
    select r.employee_id, r.balance, case when not ${isHidden(sql`r.employee_id`)} then e.name end as name
    from (select ordered.*, row_number() over () as place from (${rows}) ordered) r
      join employees e on e.id = r.employee_id
    order by r.place`);
  return found.rows.map((row) => ({
    employeeId: row.employee_id,
    name: row.name ?? undefined,
    points: row.balance,
  }));
}

export async function balanceOf(tx: Db, campaignId: string, employeeId: string): Promise<number> {
  const found = await tx.execute<{ balance: number }>(sql`
    select balance from point_balances where campaign_id = ${campaignId} and employee_id = ${employeeId}`);
  return found.rows[0]?.balance ?? 0;
}
