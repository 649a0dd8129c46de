import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '#src/kernel/db.ts';
import { defineScheduledJob } from '#src/kernel/jobs.ts';

/** A table without any uniqueness: what fires twice stands in it twice. */
export async function makeEffects(db: Db): Promise<void> {
  await db.execute(sql`create table if not exists effects (name text not null, slot timestamptz not null)`);
}

export async function effectsOf(db: Db, like = '%'): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(
    sql`select name from effects where name like ${like} order by slot, name`,
  );
  return rows.map(({ name }) => name);
}

/** Writes its name into `effects`, after `sleepMs` in the database. */
export const note = defineScheduledJob({
  name: 'test.note',
  payload: z.object({ name: z.string(), sleepMs: z.number().default(0) }),
  async run(tx, { name, sleepMs }, { slot }) {
    if (sleepMs > 0) await tx.execute(sql`select pg_sleep(${sleepMs / 1000})`);
    await tx.execute(sql`insert into effects values (${name}, ${slot.toString()})`);
    return { kind: 'fired' };
  },
});
