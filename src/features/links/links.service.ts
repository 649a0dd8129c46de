import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { drawRandom } from '../../kernel/random.ts';
import type { Temporal } from '../../kernel/time.ts';
import { linkArrivals, linkScans, links, type Medium } from './links.tables.ts';

export type Link = typeof links.$inferSelect;

/** Without 0 O, 1 I L, which are taken for one another on a wall: 31 signs, so seven make 27 billion codes. */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 7;

export function newCode(): string {
  let code = '';
  // Bytes beyond the last whole multiple are left out, so that no sign is likelier.
  while (code.length < LENGTH)
    for (const byte of drawRandom(16))
      if (byte < 248 && code.length < LENGTH) code += SIGNS[byte % SIGNS.length];
  return code;
}

export async function createLink(
  tx: Db,
  link: {
    label: string;
    medium: Medium;
    target: string | null;
    campaignId: string | null;
    by: string;
    at: Temporal.Instant;
  },
): Promise<Link> {
  const { at, ...values } = link;
  const [made] = await tx
    .insert(links)
    .values({ ...values, code: newCode(), createdAt: at })
    .returning();
  return made as Link;
}

export async function linkByCode(tx: Db, code: string): Promise<Link | undefined> {
  const [found] = await tx.select().from(links).where(eq(links.code, code.toUpperCase()));
  return found;
}

/** Rejects with AppError `link.not-found`. */
export async function retireLink(tx: Db, code: string, at: Temporal.Instant): Promise<Link> {
  const [found] = await tx
    .update(links)
    .set({ retiredAt: sql`coalesce(${links.retiredAt}, ${at.toString()}::timestamptz)` })
    .where(eq(links.code, code.toUpperCase()))
    .returning();
  if (found === undefined) throw new AppError('link.not-found', `there is no link ${code}`);
  return found;
}

export async function noteScan(tx: Db, code: string, visitor: string, at: Temporal.Instant): Promise<void> {
  await tx.insert(linkScans).values({ id: newId(), code, visitor, at });
}

/** Whether this is the first time that the person came by this link. */
export async function noteArrival(
  tx: Db,
  code: string,
  employeeId: string,
  at: Temporal.Instant,
): Promise<boolean> {
  const made = await tx
    .insert(linkArrivals)
    .values({ code, employeeId, at })
    .onConflictDoNothing()
    .returning({ at: linkArrivals.at });
  return made.length > 0;
}

export interface Funnel {
  scans: number;
  visitors: number;
  arrived: number;
  /** Of those who arrived, who has checked in within seven days. */
  acted: number;
}

/** From the scan to the deed, by code. */
export async function funnelsOf(tx: Db, codes: readonly string[]): Promise<Map<string, Funnel>> {
  if (codes.length === 0) return new Map();
  const { rows } = await tx.execute<Funnel & { code: string } & Record<string, unknown>>(sql`
    select l.code, coalesce(s.scans, 0) as scans, coalesce(s.visitors, 0) as visitors,
      (select count(*)::int from link_arrivals a where a.code = l.code) as arrived,
      (select count(*)::int from link_arrivals a where a.code = l.code and exists (
        select 1 from campaigns k join checkins c on c.campaign_id = k.id and c.employee_id = a.employee_id
        where c.day between (a.at - interval '1 day')::date and (a.at + interval '8 days')::date
          and c.at >= a.at and c.at < a.at + interval '7 days')) as acted
    from links l
    left join (
      select code, count(*)::int as scans, count(distinct visitor)::int as visitors from link_scans
      where code in (select value from json_array_elements_text(${JSON.stringify(codes)}::json)) group by code
    ) s on s.code = l.code
    where l.code in (select value from json_array_elements_text(${JSON.stringify(codes)}::json))`);
  return new Map(rows.map(({ code, ...funnel }) => [code, funnel]));
}

export async function linksBefore(
  tx: Db,
  { before, limit }: { before: Temporal.Instant | undefined; limit: number },
): Promise<Link[]> {
  return tx
    .select()
    .from(links)
    .where(and(before === undefined ? undefined : lt(links.createdAt, before)))
    .orderBy(desc(links.createdAt), asc(links.code))
    .limit(limit);
}

export async function linksOf(tx: Db, codes: readonly string[]): Promise<Link[]> {
  return tx
    .select()
    .from(links)
    .where(inArray(links.code, [...codes]))
    .orderBy(asc(links.code));
}
