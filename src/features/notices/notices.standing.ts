import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { remembered } from '../../kernel/remembered.ts';
import type { Temporal } from '../../kernel/time.ts';
import { isOpen, type Standing, standingOf } from './notices.rules.ts';
import type { Notice } from './notices.tables.ts';
import { noticeMessages, noticeRecipients, noticeResponses, notices } from './notices.tables.ts';

/** One recipient and how far the notice has come with them. */
export interface RecipientRow {
  employeeId: string;
  number: string;
  name: string;
  departmentId: string | null;
  department: string | null;
  channel: string;
  state: string;
  reason: string | null;
  changedAt: string;
  acknowledgedAt: string | null;
  signedUpAt: string | null;
  standing: Standing;
}

/**
 * The recipients of a notice by number; with `within` only those who belonged to one of these departments on `day`,
 * also by a second post: a liaison's query cannot return anybody else.
 */
export async function recipientsOf(
  tx: Db,
  notice: Pick<Notice, 'id' | 'needsAcknowledgement'>,
  options: {
    within?: { departments: readonly string[]; day: Temporal.PlainDate } | undefined;
    after?: string | undefined;
    limit?: number;
  } = {},
): Promise<RecipientRow[]> {
  const { within, after, limit } = options;
  const scope =
    within === undefined
      ? sql`true`
      : sql`exists (select 1 from memberships s where s.employee_id = r.employee_id
          and s.department_id in (select value::uuid from json_array_elements_text(${JSON.stringify(within.departments)}::json))
          and s.from_day <= ${within.day.toString()} and (s.to_day is null or s.to_day >= ${within.day.toString()}))`;
  const { rows } = await tx.execute<Omit<RecipientRow, 'standing'> & Record<string, unknown>>(sql`
    select r.employee_id as "employeeId", e.number, e.name, r.department_id as "departmentId", p.name as department,
      coalesce(d.channel, '') as channel, coalesce(d.state, 'unreachable') as state, d.reason,
      to_char(d.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "changedAt",
      to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "acknowledgedAt",
      to_char(u.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "signedUpAt"
    from notice_recipients r
    join employees e on e.id = r.employee_id
    left join departments p on p.id = r.department_id
    left join deliveries d on d.message_id = r.message_id and d.recipient = r.employee_id::text
    left join notice_responses a on a.notice_id = r.notice_id and a.employee_id = r.employee_id and a.response = 'acknowledged'
    left join notice_responses u on u.notice_id = r.notice_id and u.employee_id = r.employee_id and u.response = 'signed-up'
    where r.notice_id = ${notice.id} and ${scope} and ${after === undefined ? sql`true` : sql`e.number > ${after}`}
    order by e.number ${limit === undefined ? sql`` : sql`limit ${limit}`}`);
  return rows.map((row) => ({
    ...row,
    standing: standingOf({ ...row, responded: hasActed(notice, row) }),
  }));
}

function hasActed(
  { needsAcknowledgement }: Pick<Notice, 'needsAcknowledgement'>,
  row: Pick<RecipientRow, 'acknowledgedAt' | 'signedUpAt'>,
): boolean {
  return row.acknowledgedAt !== null || (!needsAcknowledgement && row.signedUpAt !== null);
}

export const openOnes = (
  { needsAcknowledgement }: Pick<Notice, 'needsAcknowledgement'>,
  rows: readonly RecipientRow[],
): RecipientRow[] => rows.filter(({ standing }) => isOpen(standing, needsAcknowledgement));

export interface Progress {
  total: number;
  /** Arrived with certainty or, where the platform does not tell, taken by it. */
  arrived: number;
  read: number;
  unread: number;
  untold: number;
  acknowledged: number;
  signedUp: number;
  waiting: number;
  failed: number;
  /** Nobody knows whether it arrived. */
  unknown: number;
  recalled: number;
}

/** With these it has not arrived, or is gone again, or cannot be told. */
const NOT_THERE: readonly Standing[] = ['waiting', 'failed', 'unknown', 'recalled'];

export function progressOf(rows: readonly RecipientRow[]): Progress {
  const n = (standing: Standing): number => rows.filter((row) => row.standing === standing).length;
  return {
    total: rows.length,
    arrived: rows.filter(({ standing }) => !NOT_THERE.includes(standing)).length,
    read: n('read') + n('acted'),
    unread: n('unread'),
    untold: n('untold'),
    acknowledged: rows.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
    signedUp: rows.filter(({ signedUpAt }) => signedUpAt !== null).length,
    waiting: n('waiting'),
    failed: n('failed'),
    unknown: n('unknown'),
    recalled: n('recalled'),
  };
}

const countsOfBig = remembered<Progress>(30);
/** To more people than this a notice's counts in lists may be half a minute old. */
const BIG = 5_000;

/** Counts without names: by notice. With `now` for a list, which may show what was counted a moment ago. */
export async function countsOf(
  tx: Db,
  noticeIds: readonly string[],
  now?: Temporal.Instant,
): Promise<Map<string, Progress>> {
  if (noticeIds.length === 0 || now === undefined) return counted(tx, noticeIds);
  const sizes = await tx
    .select({ id: noticeRecipients.noticeId, n: count() })
    .from(noticeRecipients)
    .where(inArray(noticeRecipients.noticeId, [...noticeIds]))
    .groupBy(noticeRecipients.noticeId);
  const isBig = new Set(sizes.filter(({ n }) => n > BIG).map(({ id }) => id));
  const found = await counted(
    tx,
    noticeIds.filter((id) => !isBig.has(id)),
  );
  for (const id of isBig) {
    const make = async () => (await counted(tx, [id])).get(id) ?? progressOf([]);
    found.set(id, await countsOfBig(id, now, make));
  }
  return found;
}

async function counted(tx: Db, noticeIds: readonly string[]): Promise<Map<string, Progress>> {
  const found = new Map<string, Progress>();
  if (noticeIds.length === 0) return found;
  const { rows } = await tx.execute<{
    id: string;
    state: string;
    channel: string;
    ack: boolean;
    signed: boolean;
    needs: boolean;
    n: number;
  }>(sql`
    select r.notice_id as id, coalesce(d.state, 'unreachable') as state, coalesce(d.channel, '') as channel,
      a.at is not null as ack, u.at is not null as signed, k.needs_acknowledgement as needs, count(*)::int as n
    from notice_recipients r
    join notices k on k.id = r.notice_id
    left join deliveries d on d.message_id = r.message_id and d.recipient = r.employee_id::text
    left join notice_responses a on a.notice_id = r.notice_id and a.employee_id = r.employee_id and a.response = 'acknowledged'
    left join notice_responses u on u.notice_id = r.notice_id and u.employee_id = r.employee_id and u.response = 'signed-up'
    where r.notice_id in (select value::uuid from json_array_elements_text(${JSON.stringify(noticeIds)}::json))
    group by 1, 2, 3, 4, 5, 6`);
  for (const { id, state, channel, ack, signed, needs, n } of rows) {
    const counts = found.get(id) ?? progressOf([]);
    const standing = standingOf({ state, channel, responded: ack || (!needs && signed) });
    const isRead = standing === 'read' || standing === 'acted';
    found.set(id, {
      total: counts.total + n,
      arrived: counts.arrived + (NOT_THERE.includes(standing) ? 0 : n),
      read: counts.read + (isRead ? n : 0),
      unread: counts.unread + (standing === 'unread' ? n : 0),
      untold: counts.untold + (standing === 'untold' ? n : 0),
      acknowledged: counts.acknowledged + (ack ? n : 0),
      signedUp: counts.signedUp + (signed ? n : 0),
      waiting: counts.waiting + (standing === 'waiting' ? n : 0),
      failed: counts.failed + (standing === 'failed' ? n : 0),
      unknown: counts.unknown + (standing === 'unknown' ? n : 0),
      recalled: counts.recalled + (standing === 'recalled' ? n : 0),
    });
  }
  return found;
}

/**
 * Who of these people needs no reminder of a notice any more: they acknowledged it or, where nothing is to be
 * acknowledged, read it. The sender asks just before it sends; keys of others are nobody's here.
 */
export async function actedOnNotice(
  tx: Db,
  stopKey: string,
  employeeIds: readonly string[],
): Promise<Set<string>> {
  const [kind, noticeId] = stopKey.split(':');
  if (kind !== 'notice' || noticeId === undefined || employeeIds.length === 0) return new Set();
  const [notice] = await tx.select().from(notices).where(eq(notices.id, noticeId));
  if (notice === undefined) return new Set();
  if (notice.state !== 'sent') return new Set(employeeIds);
  const { rows } = await tx.execute<{ id: string; acted: boolean }>(sql`
    select r.employee_id as id,
      (exists (select 1 from notice_responses p where p.notice_id = r.notice_id and p.employee_id = r.employee_id
               and (p.response = 'acknowledged' or not ${notice.needsAcknowledgement}))
       or (not ${notice.needsAcknowledgement} and exists (
         select 1 from notice_messages m join deliveries d on d.message_id = m.message_id
         where m.notice_id = r.notice_id and m.part in ('text', 'reminder') and d.recipient = r.employee_id::text
           and d.state in ('read', 'clicked')))) as acted
    from notice_recipients r
    where r.notice_id = ${noticeId}
      and r.employee_id in (select value::uuid from json_array_elements_text(${JSON.stringify(employeeIds)}::json))`);
  return new Set(rows.filter(({ acted }) => acted).map(({ id }) => id));
}

/** What of a notice has not come to an end: waits for its turn, is held, or is being sent. */
export async function underWay(tx: Db, noticeId: string): Promise<number> {
  const { rows } = await tx.execute<{ n: number }>(sql`
    select count(*)::int as n from ${noticeMessages} m join deliveries d on d.message_id = m.message_id
    where m.notice_id = ${noticeId} and m.part <> 'reminder' and d.state in ('planned', 'held', 'queued')`);
  return rows[0]?.n ?? 0;
}

/** The newest notice that waits for this person's receipt, and how many do; or that takes sign-ups. */
export async function waitingFor(
  tx: Db,
  employeeId: string,
  response: 'acknowledged' | 'signed-up',
): Promise<{ id: string; title: string }[]> {
  const asks = response === 'acknowledged' ? notices.needsAcknowledgement : notices.takesSignUp;
  return tx
    .select({ id: notices.id, title: notices.title })
    .from(noticeRecipients)
    .innerJoin(notices, eq(notices.id, noticeRecipients.noticeId))
    .where(
      and(
        eq(noticeRecipients.employeeId, employeeId),
        eq(notices.state, 'sent'),
        eq(asks, true),
        sql`not exists (select 1 from ${noticeResponses} where ${noticeResponses.noticeId} = ${notices.id}
          and ${noticeResponses.employeeId} = ${employeeId} and ${noticeResponses.response} = ${response})`,
      ),
    )
    .orderBy(sql`${notices.sentAt} desc`, sql`${notices.no} desc`)
    .limit(50);
}
