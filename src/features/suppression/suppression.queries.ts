import { eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import type { RulesOf } from '../../outbox/sift.ts';
import type { PersonRules, WallSpan } from '../../outbox/suppression.rules.ts';
import { type ExclusionReason, messageWishes, type QuietSpan, quietRules } from './suppression.tables.ts';

/** What holds for whoever has no rule of their own, from the YAML file. */
export interface CompanyHours {
  zone: string;
  quiet: readonly QuietSpan[];
  calendar: WorkdayCalendar;
}

type Workdays = 'calendar' | 'every-day' | number[];
interface Rule {
  quiet: WallSpan[];
  workdays: Workdays;
}

interface PersonRow extends Record<string, unknown> {
  id: string;
  zone: string;
  left_on: string | null;
  departments: string[];
  excluded: ExclusionReason | null;
}

/** The rules of people: their own over their department's, the nearest first, over the company's. */
export function rulesOfPeople(company: CompanyHours): RulesOf {
  const companyRule: Rule = { quiet: company.quiet.map(spanOf), workdays: 'calendar' };
  const worksOn =
    (workdays: Workdays) =>
    (day: Temporal.PlainDate): boolean =>
      workdays === 'every-day' ||
      (workdays === 'calendar' ? company.calendar.isWorkday(day) : workdays.includes(day.dayOfWeek));
  const groups: PersonRules = {
    zone: company.zone,
    quiet: companyRule.quiet,
    worksOn: worksOn('calendar'),
    mute: undefined,
    preferredTime: undefined,
    excluded: undefined,
    departments: [],
  };

  return async (tx, employeeIds, now) => {
    const found = new Map<string, PersonRules>([['', groups]]);
    const ids = [...new Set(employeeIds)];
    if (ids.length === 0) return found;
    const [people, rules, wishes] = [
      await peopleOf(tx, ids, now),
      await rulesBy(tx),
      await tx.select().from(messageWishes).where(inArray(messageWishes.employeeId, ids)),
    ];
    const wishOf = new Map(wishes.map((wish) => [wish.employeeId, wish]));
    for (const person of people) {
      const wish = wishOf.get(person.id);
      const ofDepartment = person.departments.map((id) => rules.get(id)).find((rule) => rule !== undefined);
      const rule = rules.get(person.id) ?? ofDepartment ?? companyRule;
      const today = localDay(now, person.zone).toString();
      found.set(person.id, {
        zone: person.zone,
        quiet: rule.quiet,
        worksOn: worksOn(rule.workdays),
        mute: wish?.mutedFrom == null ? undefined : { until: wish.mutedUntil ?? undefined },
        preferredTime: wish?.preferredTime == null ? undefined : Temporal.PlainTime.from(wish.preferredTime),
        excluded: person.left_on !== null && person.left_on < today ? 'left' : (person.excluded ?? undefined),
        departments: person.departments,
      });
    }
    return found;
  };
}

const spanOf = ({ from, to }: QuietSpan): WallSpan => ({
  from: Temporal.PlainTime.from(from),
  to: Temporal.PlainTime.from(to),
});

/** Zone, departments from the nearest up, and whether something keeps them out on their own today. */
async function peopleOf(tx: Db, ids: readonly string[], now: Temporal.Instant): Promise<PersonRow[]> {
  const at = now.toString();
  const { rows } = await tx.execute<PersonRow>(sql`
    with recursive wanted as (
      select e.id, e.zone, e.left_on, (${at}::timestamptz at time zone e.zone)::date as today
      from json_array_elements_text(${JSON.stringify(ids)}::json) as w(id) join employees e on e.id = w.id::uuid
    ), own as (
      select w.id, m.department_id, m.main from wanted w join memberships m on m.employee_id = w.id
        and m.from_day <= w.today and (m.to_day is null or m.to_day >= w.today)
    ), up as (
      select d.id as leaf, d.id, d.parent_id, 0 as depth from departments d
      where d.id in (select department_id from own)
      union all
      select up.leaf, d.id, d.parent_id, up.depth + 1 from up join departments d on d.id = up.parent_id
      where up.depth < 50
    )
    select w.id, w.zone, w.left_on::text as left_on,
      coalesce((select json_agg(u.id order by o.main desc, u.depth) from own o join up u on u.leaf = o.department_id
                where o.id = w.id), '[]') as departments,
      (select x.reason from exclusions x where x.employee_id = w.id and x.from_day <= w.today
         and (x.to_day is null or x.to_day >= w.today) limit 1) as excluded
    from wanted w`);
  return rows;
}

/** Few rows: one a department or shift worker that has hours of their own. */
async function rulesBy(tx: Db): Promise<Map<string, Rule>> {
  const rows = await tx.select().from(quietRules);
  return new Map(
    rows.map(({ departmentId, employeeId, quiet, workdays }) => [
      departmentId ?? employeeId ?? '',
      { quiet: quiet.map(spanOf), workdays },
    ]),
  );
}

export interface Wish {
  mute?: { from: Temporal.Instant; until: Temporal.Instant | null } | null;
  preferredTime?: string | null;
}

/** Writes what somebody wishes; what is left out stays. */
export async function wish(tx: Db, employeeId: string, wished: Wish, at: Temporal.Instant): Promise<void> {
  const set = {
    ...(wished.mute === undefined
      ? {}
      : { mutedFrom: wished.mute?.from ?? null, mutedUntil: wished.mute?.until ?? null }),
    ...(wished.preferredTime === undefined ? {} : { preferredTime: wished.preferredTime }),
    changedAt: at,
  };
  await tx
    .insert(messageWishes)
    .values({ employeeId, ...set })
    .onConflictDoUpdate({ target: messageWishes.employeeId, set });
}

export async function wishesOf(
  tx: Db,
  employeeId: string,
): Promise<typeof messageWishes.$inferSelect | undefined> {
  const [found] = await tx.select().from(messageWishes).where(eq(messageWishes.employeeId, employeeId));
  return found;
}
