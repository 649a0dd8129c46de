import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Scope } from '../../kernel/permissions.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Definition, Preview } from './audiences.api.ts';
import { peopleWho } from './audiences.sql.ts';
import { audienceMembers, audiences, employeeTags } from './audiences.tables.ts';

export type Audience = typeof audiences.$inferSelect;

/** The ids of the employed people who fit at `at`, by number. */
export async function audienceOf(
  tx: Db,
  definition: Definition,
  at: Temporal.Instant,
  scope: Scope = 'everyone',
): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(
    sql`select w.id from (${peopleWho(definition, at, scope)}) w order by w.number`,
  );
  return rows.map(({ id }) => id);
}

/** The people of an audience that was given a name, as of `at`. Rejects with AppError `audience.not-found`. */
export async function peopleOf(
  tx: Db,
  audienceId: string,
  at: Temporal.Instant,
  scope: Scope = 'everyone',
): Promise<string[]> {
  const { mode, definition } = await audienceById(tx, audienceId);
  if (mode === 'live') return audienceOf(tx, definition, at, scope);
  const { rows } = await tx.execute<{ id: string }>(sql`
    select w.id from (${peopleWho({ everyone: true }, at, scope)}) w
    join ${audienceMembers} on ${audienceMembers.employeeId} = w.id and ${audienceMembers.audienceId} = ${audienceId}
    order by w.number`);
  return rows.map(({ id }) => id);
}

const SAMPLES = 20;

/** How many fit, and 20 of them: the same ones each time, spread over all. */
export async function preview(
  tx: Db,
  definition: Definition,
  at: Temporal.Instant,
  scope: Scope,
): Promise<Preview> {
  // Check-ins of weeks are grouped in memory rather than on disk; until the end of the transaction.
  await tx.execute(sql`select set_config('work_mem', '64MB', true)`);
  const { rows } = await tx.execute<{
    total: number;
    number: string;
    name: string;
    code: string | null;
    department: string | null;
  }>(sql`
    with who as materialized (${peopleWho(definition, at, scope)}),
      chosen as (select * from who order by md5(number) limit ${SAMPLES})
    select (select count(*)::int from who) as total, c.number, c.name, d.code, d.name as department
    from chosen c
    left join memberships m on m.employee_id = c.id and m.main and m.from_day <= c.today
      and (m.to_day is null or m.to_day >= c.today)
    left join departments d on d.id = m.department_id
    order by c.number`);
  return {
    count: rows[0]?.total ?? 0,
    samples: rows.map(({ number, name, code, department }) => ({
      number,
      name,
      department: code === null || department === null ? null : { code, name: department },
    })),
  };
}

/** Rejects with AppError `audience.name-taken` for a name that another one in use has. */
export async function createAudience(
  tx: Db,
  { at, ...wanted }: { name: string; definition: Definition; mode: 'live' | 'frozen'; at: Temporal.Instant },
): Promise<Audience> {
  const [made] = await tx
    .insert(audiences)
    .values({ id: newId(), ...wanted, createdAt: at })
    .onConflictDoNothing()
    .returning();
  if (made === undefined)
    throw new AppError('audience.name-taken', `there is an audience ${wanted.name} already`);
  if (made.mode === 'frozen') {
    await tx.execute(sql`
      insert into audience_members (audience_id, employee_id)
      select ${made.id}::uuid, w.id from (${peopleWho(wanted.definition, at)}) w`);
  }
  return made;
}

export async function audiencesInUse(tx: Db): Promise<Audience[]> {
  return tx
    .select()
    .from(audiences)
    .where(isNull(audiences.retiredAt))
    .orderBy(asc(audiences.name))
    .limit(1_000);
}

/** Rejects with AppError `audience.not-found`. */
export async function audienceById(tx: Db, id: string): Promise<Audience> {
  const [found] = await tx.select().from(audiences).where(eq(audiences.id, id));
  if (found === undefined) throw new AppError('audience.not-found', `there is no audience ${id}`);
  return found;
}

/** Takes an audience out of use. What was sent to it stays; its name becomes free. */
export async function retireAudience(tx: Db, id: string, at: Temporal.Instant): Promise<Audience> {
  const found = await audienceById(tx, id);
  await tx
    .update(audiences)
    .set({ retiredAt: at, name: `${found.name} (${id})` })
    .where(and(eq(audiences.id, id), isNull(audiences.retiredAt)));
  return found;
}

/** Puts a tag on people and takes it from others. Resolves to how many have it and which numbers nobody has. */
export async function tagPeople(
  tx: Db,
  { tag, add, remove }: { tag: string; add: readonly string[]; remove: readonly string[] },
): Promise<{ tag: string; people: number; unknown: string[] }> {
  const given = sql.param([...add]);
  const { rows: unknown } = await tx.execute<{ number: string }>(sql`
    select n.number from unnest(${given}::text[]) as n(number)
    where not exists (select 1 from employees e where e.number = n.number)`);
  await tx.execute(sql`
    insert into employee_tags (tag, employee_id)
    select ${tag}, id from employees where number = any(${given}::text[]) on conflict do nothing`);
  await tx.execute(sql`
    delete from employee_tags where tag = ${tag}
      and employee_id in (select id from employees where number = any(${sql.param([...remove])}::text[]))`);
  const people = await tx.$count(employeeTags, eq(employeeTags.tag, tag));
  return { tag, people, unknown: unknown.map(({ number }) => number) };
}

export async function tagsInUse(tx: Db): Promise<{ tag: string; people: number }[]> {
  return tx
    .select({ tag: employeeTags.tag, people: sql<number>`count(*)::int` })
    .from(employeeTags)
    .groupBy(employeeTags.tag)
    .orderBy(asc(employeeTags.tag))
    .limit(1_000);
}
