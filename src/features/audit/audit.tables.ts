import { bigserial, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';

export type AuditActor = { kind: 'employee' | 'token' | 'cli' | 'system'; id: string };

/** Exports, reads of personal data, and changes: append-only. */
export const audit = pgTable(
  'audit',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actorKind: text('actor_kind').$type<AuditActor['kind']>().notNull(),
    actorId: text('actor_id').notNull(),
    /** `export.create`, `employees.list`, `clock.set`. */
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('audit_at').on(table.at)],
);
