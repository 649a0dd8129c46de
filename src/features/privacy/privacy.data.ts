import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { DataClass } from './privacy.text.ts';

/** What we hold about one person, by class; each row as its columns say. Group chat is not kept, so there is none. */
const queries: Record<DataClass, (id: string) => SQL> = {
  profile: (id) => sql`
    select e.number, e.name, e.position, e.zone, e.locale, e.level, e.joined_on, e.left_on,
           (select string_agg(d.name || ' ' || m.from_day || '~' || coalesce(m.to_day::text, ''), '; ' order by m.from_day)
            from memberships m join departments d on d.id = m.department_id where m.employee_id = e.id) as departments,
           (select string_agg(i.channel || ':' || i.platform_id, '; ') from identities i where i.employee_id = e.id) as accounts
    from employees e where e.id = ${id}`,
  checkins: (id) => sql`
    select k.name as campaign, c.day, c.at, c.zone, c.grade, c.channel from checkins c
    join campaigns k on k.id = c.campaign_id where c.campaign_id in (select id from campaigns) and c.employee_id = ${id} order by c.day`,
  completions: (id) => sql`
    select k.name as campaign, t.day, t.task, t.grade, t.at, t.channel, t.detail::text as detail from task_completions t
    join campaigns k on k.id = t.campaign_id where t.campaign_id in (select id from campaigns) and t.employee_id = ${id} order by t.day`,
  points: (id) => sql`
    select p.at, p.amount, p.reason, p.key, p.rule_version from point_entries p
    where p.account_kind = 'employee' and p.account_id = ${id} order by p.at`,
  excusals: (id) => sql`
    select x.from_day, x.to_day, x.reason, x.source, x.note, x.at, x.revokes is not null as takes_back from excusals x
    where x.employee_id = ${id} order by x.id`,
  makeups: (id) => sql`
    select r.day, 'make-up' as kind, r.reason, coalesce(d.outcome, 'open') as outcome, d.reason as answer, r.at
    from makeup_requests r left join makeup_decisions d on d.request_id = r.id where r.employee_id = ${id}
    union all select b.day, 'earn-back', '', 'approved', null, b.at from earn_backs b where b.employee_id = ${id} order by at`,
  usage: (id) => sql`
    select u.day, u.source, u.amount, u.received_at from usage_days u where u.employee_id = ${id} order by u.day`,
  messages: (id) => sql`
    select d.planned_at, m.purpose, m.content -> 'card' ->> 'title' as title, d.channel, d.state, d.reason
    from deliveries d join outbox_messages m on m.id = d.message_id where d.employee_id = ${id}
    order by d.planned_at desc limit 5000`,
  questions: (id) => sql`
    select t.at, t.text, t.outcome from faq_turns t where t.employee_id = ${id} order by t.at`,
  requests: (id) => sql`
    select r.at, r.text, r.answer, r.answered_at from data_requests r where r.employee_id = ${id} order by r.at`,
};

export const dataClasses = Object.keys(queries) as DataClass[];

export async function countOf(tx: Db, dataClass: DataClass, employeeId: string): Promise<number> {
  const { rows } = await tx.execute<{ n: number }>(
    sql`select count(*)::int as n from (${queries[dataClass](employeeId)}) own`,
  );
  return rows[0]?.n ?? 0;
}

export async function rowsOf(tx: Db, dataClass: DataClass, employeeId: string) {
  return (await tx.execute<Record<string, string | number | boolean | null>>(queries[dataClass](employeeId)))
    .rows;
}
