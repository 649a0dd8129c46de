import { and, asc, eq, gt, gte, isNull, lte, or, type SQL } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import { departments, employees } from '../directory/directory.tables.ts';
import type { ExclusionView, QuietRuleView } from './suppression.api.ts';
import { type ExclusionReason, exclusions, type QuietSpan, quietRules } from './suppression.tables.ts';

/** All rules: one for each department or shift worker that has hours of their own. */
export async function listQuietRules(tx: Db): Promise<QuietRuleView[]> {
  const rows = await tx
    .select({ rule: quietRules, department: departments.code, employee: employees.number })
    .from(quietRules)
    .leftJoin(departments, eq(departments.id, quietRules.departmentId))
    .leftJoin(employees, eq(employees.id, quietRules.employeeId))
    .orderBy(asc(departments.code), asc(employees.number));
  return rows.map(({ rule: { quiet, workdays, changedAt }, department, employee }) => ({
    department,
    employee,
    quiet,
    workdays,
    changedAt: changedAt.toString(),
  }));
}

/** Whose rule it is: one of the two. */
export interface RuleOwner {
  departmentId: string | null;
  employeeId: string | null;
}

const ownedBy = ({ departmentId, employeeId }: RuleOwner): SQL | undefined =>
  departmentId === null
    ? eq(quietRules.employeeId, employeeId ?? '')
    : eq(quietRules.departmentId, departmentId);

/** Writes the one rule of a department or a person. */
export async function putQuietRule(
  tx: Db,
  owner: RuleOwner,
  rule: { quiet: QuietSpan[]; workdays: 'calendar' | 'every-day' | number[] },
  at: Temporal.Instant,
): Promise<void> {
  await tx.delete(quietRules).where(ownedBy(owner));
  await tx.insert(quietRules).values({ id: newId(), ...owner, ...rule, changedAt: at });
}

/** Throws AppError `suppression.rule-unknown`. */
export async function removeQuietRule(tx: Db, owner: RuleOwner): Promise<void> {
  const removed = await tx.delete(quietRules).where(ownedBy(owner)).returning({ id: quietRules.id });
  if (removed.length === 0) throw new AppError('suppression.rule-unknown', 'there is no rule of its own');
}

export async function exclusionsAfter(
  tx: Db,
  query: {
    employeeId: string | undefined;
    on: Temporal.PlainDate | undefined;
    after: string | undefined;
    limit: number;
  },
): Promise<ExclusionView[]> {
  const { employeeId, on, after } = query;
  const rows = await tx
    .select({ exclusion: exclusions, number: employees.number, name: employees.name })
    .from(exclusions)
    .innerJoin(employees, eq(employees.id, exclusions.employeeId))
    .where(
      and(
        employeeId === undefined ? undefined : eq(exclusions.employeeId, employeeId),
        on === undefined
          ? undefined
          : and(lte(exclusions.fromDay, on), or(isNull(exclusions.toDay), gte(exclusions.toDay, on))),
        after === undefined ? undefined : gt(exclusions.id, after),
      ),
    )
    .orderBy(asc(exclusions.id))
    .limit(query.limit);
  return rows.map(({ exclusion: { id, reason, fromDay, toDay }, number, name }) => ({
    id,
    employee: { number, name },
    reason,
    from: fromDay.toString(),
    to: toDay?.toString() ?? null,
  }));
}

export async function addExclusion(
  tx: Db,
  exclusion: {
    employeeId: string;
    reason: ExclusionReason;
    from: Temporal.PlainDate;
    to: Temporal.PlainDate | null;
    by: string;
    at: Temporal.Instant;
  },
): Promise<string> {
  const id = newId();
  const { employeeId, reason, from, to, by, at } = exclusion;
  await tx.insert(exclusions).values({ id, employeeId, reason, fromDay: from, toDay: to, by, createdAt: at });
  return id;
}

/** Gives an exclusion its last day. AppErrors `suppression.exclusion-unknown`, `suppression.exclusion-order`. */
export async function endExclusion(tx: Db, id: string, to: Temporal.PlainDate): Promise<void> {
  const [found] = await tx
    .select({ from: exclusions.fromDay })
    .from(exclusions)
    .where(eq(exclusions.id, id))
    .for('update');
  if (found === undefined) throw new AppError('suppression.exclusion-unknown', `there is no exclusion ${id}`);
  if (Temporal.PlainDate.compare(to, found.from) < 0)
    throw new AppError('suppression.exclusion-order', `it begins on ${found.from.toString()}`);
  await tx.update(exclusions).set({ toDay: to }).where(eq(exclusions.id, id));
}
