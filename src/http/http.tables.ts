import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../kernel/columns.ts';
import type { Role } from '../kernel/permissions.ts';

/** Bearer tokens, console sign-in links and console sessions: only the SHA-256 of the secret is kept. */
export const credentials = pgTable(
  'credentials',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').$type<'api-token' | 'sign-in-link' | 'session'>().notNull(),
    name: text('name').notNull(),
    hash: text('hash').notNull().unique(),
    /** Whose session or link it is: their roles are those of the moment. No foreign key, because http knows no people. */
    employeeId: uuid('employee_id'),
    /** Of a token, and of what was made on the server. What is older than roles was an administrator's. */
    roles: text('roles').array().$type<Role[]>().notNull().default(['admin']),
    departmentCodes: text('department_codes').array().notNull().default([]),
    /** The employee who made a token; null when it was made on the server, or by a token of nobody's. */
    madeBy: uuid('made_by'),
    /** How a session began: `server` for a link made there, `chat`, or the platform that vouched. */
    way: text('way').notNull().default('server'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    /** A session's secret is replaced every hour; the one before works on for a moment, for requests under way. */
    renewedAt: instant('renewed_at'),
    previousHash: text('previous_hash'),
    /** To the minute. */
    seenAt: instant('seen_at'),
    /** A sign-in link ends with its first use. */
    endedAt: instant('ended_at'),
  },
  (table) => [
    // Whose secret was this a moment ago?
    index('credentials_previous').on(table.previousHash),
    // What has this employee open?
    index('credentials_of_employee').on(table.employeeId),
  ],
);

/** The answer to each write that carried an `Idempotency-Key`, kept for a day. */
export const idempotentWrites = pgTable(
  'idempotent_writes',
  {
    credentialId: text('credential_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 over method, path and body: the same key with another request is refused. */
    requestHash: text('request_hash').notNull(),
    /** Null while the first request is still at work. */
    status: integer('status'),
    contentType: text('content_type'),
    /** As it was sent, letter for letter. */
    body: text('body'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.credentialId, table.key] }),
    // Which are older than a day?
    index('idempotent_writes_at').on(table.at),
  ],
);
