import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { TemplatesFile } from './notices.schema.ts';
import { noticeTemplates } from './notices.tables.ts';

/** Writes templates by their keys; the same again changes nothing. */
export async function importTemplates(tx: Db, { templates }: TemplatesFile): Promise<void> {
  if (templates.length === 0) return;
  await tx
    .insert(noticeTemplates)
    .values(templates.map((template, position) => ({ ...template, position })))
    .onConflictDoUpdate({
      target: noticeTemplates.key,
      set: {
        title: sql`excluded.title`,
        body: sql`excluded.body`,
        needsAcknowledgement: sql`excluded.needs_acknowledgement`,
        position: sql`excluded.position`,
      },
    });
}
