import { bigint, bigserial, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../../kernel/columns.ts';

export type AuditActor = { kind: 'employee' | 'token' | 'cli' | 'system'; id: string };

/**
 * Sign-ins, exports, reads of personal data, changes and sends: append-only. Each line's hash covers the line before
 * it, so that a changed or missing one is found; see `audit.chain.ts`.
 */
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
    /** Place in the chain, from 1 without a gap; null for lines that are older than the chain. */
    place: bigint('place', { mode: 'number' }).unique(),
    hash: text('hash'),
  },
  (table) => [
    index('audit_at').on(table.at),
    // What did this one do?
    index('audit_of_actor').on(table.actorId, table.id),
    // Who did this?
    index('audit_of_action').on(table.action, table.id),
  ],
);

/** The end of the chain, one row: whoever appends locks it, so that no two lines follow the same one. */
export const auditHead = pgTable('audit_head', {
  id: integer('id').primaryKey(),
  place: bigint('place', { mode: 'number' }).notNull(),
  hash: text('hash').notNull(),
});
