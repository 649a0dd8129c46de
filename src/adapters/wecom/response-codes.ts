import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';

/** Codes live for 72 hours and are good for one update. Source: path/94888, read 2026-11-22. */
const LIFE_HOURS = 72;

export interface TakenCode {
  code: string;
  taskId: string;
}

export async function keepCode(
  db: Db,
  { code, taskId, msgid }: { code: string; taskId: string; msgid?: string },
): Promise<void> {
  await db.execute(sql`
    insert into wecom_response_codes (code, task_id, msgid, received_at)
    values (${code}, ${taskId}, ${msgid ?? null}, now()) on conflict do nothing`);
}

/** The newest code that this message's card still has; nobody else gets it. */
export async function takeCode(db: Db, msgid: string): Promise<TakenCode | undefined> {
  const { rows } = await db.execute<{ code: string; task_id: string }>(sql`
    update wecom_response_codes set used_at = now() where code = (
      select c.code from wecom_response_codes c
      where c.task_id in (select task_id from wecom_response_codes where msgid = ${msgid})
        and c.used_at is null and c.received_at > now() - ${LIFE_HOURS} * interval '1 hour'
      order by c.received_at desc limit 1 for update skip locked)
    returning code, task_id`);
  const [row] = rows;
  return row === undefined ? undefined : { code: row.code, taskId: row.task_id };
}

/** The message that the card of this task came with. */
export async function messageOfTask(db: Db, taskId: string): Promise<string | undefined> {
  const { rows } = await db.execute<{ msgid: string }>(
    sql`select msgid from wecom_response_codes where task_id = ${taskId} and msgid is not null limit 1`,
  );
  return rows[0]?.msgid;
}

export async function forgetOldCodes(db: Db): Promise<void> {
  await db.execute(
    sql`delete from wecom_response_codes where received_at < now() - ${LIFE_HOURS + 24} * interval '1 hour'`,
  );
}
