import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, serial, text, uuid } from 'drizzle-orm/pg-core';
import type { Channel } from '../../chat/event.ts';
import { instant } from '../../kernel/columns.ts';
import { departments, employees } from '../directory/directory.tables.ts';

export const noticeStates = [
  'draft',
  'in-review',
  'approved',
  'scheduled',
  'sent',
  'closed',
  'cancelled',
  'recalled',
] as const;
export type NoticeState = (typeof noticeStates)[number];

/** Somebody who wrote, reviewed or approved: an employee in chat, or a token or session of the console. */
export interface NoticeActor {
  kind: 'employee' | 'token' | 'system';
  id: string;
  name: string;
}
export interface NoticeSignature extends NoticeActor {
  at: string;
}

/** Whom it is for: departments by code with everything below them, single people by number, both, or everyone. */
export interface NoticeAudience {
  everyone?: boolean;
  departments?: string[];
  employees?: string[];
}

export interface NoticeAttachment {
  fileId: string;
  name: string;
}

/** One rung of the ladder: so many hours after the notice went out, to whom a reminder goes. */
export interface Rung {
  afterHours: number;
  to: 'person' | 'liaison' | 'hr';
}

/** A short text, or with issuer, number and signatories a formal document: one model. */
export const notices = pgTable(
  'notices',
  {
    id: uuid('id').primaryKey(),
    /** For people to type: `催办 12`. */
    no: serial('no').notNull().unique(),
    kind: text('kind').$type<'notice' | 'document'>().notNull(),
    format: text('format').$type<'card' | 'text'>().notNull(),
    state: text('state').$type<NoticeState>().notNull(),
    title: text('title').notNull(),
    /** Markdown with variables such as `{姓名}`. */
    body: text('body').notNull(),
    /** Values of the notice's own variables that are the same for everybody. */
    values: jsonb('values').$type<Record<string, string>>().notNull(),
    /** Own variables of single people, by number. */
    fields: jsonb('fields').$type<Record<string, Record<string, string>>>().notNull(),
    issuer: text('issuer'),
    documentNumber: text('document_number'),
    signatories: jsonb('signatories').$type<string[]>().notNull(),
    attachments: jsonb('attachments').$type<NoticeAttachment[]>().notNull(),
    link: jsonb('link').$type<{ label: string; url: string }>(),
    needsAcknowledgement: boolean('needs_acknowledgement').notNull(),
    /** Carries a button with which people sign up. */
    takesSignUp: boolean('takes_sign_up').notNull(),
    audience: jsonb('audience').$type<NoticeAudience>().notNull(),
    /** Also into the groups that are bound to the departments of the audience. */
    toGroups: boolean('to_groups').notNull(),
    /** Why it passes quiet hours and budget; a document always does. */
    urgentReason: text('urgent_reason'),
    /** Calls people's attention where their platform can; only of what passes quiet hours. */
    rings: boolean('rings').notNull().default(false),
    campaignId: uuid('campaign_id'),
    ladder: jsonb('ladder').$type<Rung[]>().notNull(),
    /** Null: at once when it is sent. */
    sendAt: instant('send_at'),
    /** Goes out by itself once it is approved, as drafts from chat do. */
    sendsWhenApproved: boolean('sends_when_approved').notNull(),
    /** A correction of this one, which goes to whoever got it. */
    corrects: uuid('corrects'),
    /** Only these departments, with the liaison's period looked at again when it goes out. */
    byLiaison: uuid('by_liaison').references(() => employees.id),
    preparedBy: jsonb('prepared_by').$type<NoticeSignature>().notNull(),
    reviewedBy: jsonb('reviewed_by').$type<NoticeSignature>(),
    approvedBy: jsonb('approved_by').$type<NoticeSignature>(),
    /** From then on the approval does not count any more. */
    approvalUntil: instant('approval_until'),
    /** How many people there were when it was approved. */
    approvedFor: integer('approved_for'),
    createdAt: instant('created_at').notNull(),
    changedAt: instant('changed_at').notNull(),
    sentAt: instant('sent_at'),
    /** Every delivery has come to an end, and the preparer was told. */
    finishedAt: instant('finished_at'),
    closedAt: instant('closed_at'),
  },
  (table) => [
    // What has this liaison sent today, and last?
    index('notices_of_liaison').on(table.byLiaison, table.sentAt).where(sql`${table.byLiaison} is not null`),
    index('notices_state').on(table.state),
  ],
);

export type Notice = typeof notices.$inferSelect;

/** What happened to a notice, step by step; append-only. */
export const noticeSteps = pgTable(
  'notice_steps',
  {
    id: uuid('id').primaryKey(),
    noticeId: uuid('notice_id')
      .notNull()
      .references(() => notices.id),
    step: text('step').notNull(),
    by: jsonb('by').$type<NoticeActor>().notNull(),
    at: instant('at').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('notice_steps_of_notice').on(table.noticeId, table.id)],
);

/** Who a notice was for when it went out, and by which message; whoever stands in two departments stands here once. */
export const noticeRecipients = pgTable(
  'notice_recipients',
  {
    noticeId: uuid('notice_id')
      .notNull()
      .references(() => notices.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    messageId: uuid('message_id').notNull(),
    /** The main department on the day it went out. */
    departmentId: uuid('department_id').references(() => departments.id),
  },
  (table) => [
    primaryKey({ columns: [table.noticeId, table.employeeId] }),
    // Which notices did this person get? (收到)
    index('notice_recipients_of_employee').on(table.employeeId),
  ],
);

export const responses = ['acknowledged', 'signed-up'] as const;
export type NoticeResponse = (typeof responses)[number];

/** That somebody acknowledged or signed up: the first time counts, and it is never changed. */
export const noticeResponses = pgTable(
  'notice_responses',
  {
    noticeId: uuid('notice_id')
      .notNull()
      .references(() => notices.id),
    employeeId: uuid('employee_id')
      .notNull()
      .references(() => employees.id),
    response: text('response').$type<NoticeResponse>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.noticeId, table.employeeId, table.response] })],
);

/** Every message that belongs to a notice beside its own: attachments, groups, reminders. */
export const noticeMessages = pgTable(
  'notice_messages',
  {
    messageId: uuid('message_id').primaryKey(),
    noticeId: uuid('notice_id')
      .notNull()
      .references(() => notices.id),
    part: text('part').$type<'text' | 'attachment' | 'group' | 'reminder'>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('notice_messages_of_notice').on(table.noticeId, table.part)],
);

export const composeSteps = ['text', 'blanks', 'scope', 'when', 'preview'] as const;
export type ComposeStep = (typeof composeSteps)[number];

/** What a person has written so far in chat. One open draft a person; it survives a restart. */
export const noticeDrafts = pgTable('notice_drafts', {
  employeeId: uuid('employee_id')
    .primaryKey()
    .references(() => employees.id),
  step: text('step').$type<ComposeStep>().notNull(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  template: text('template'),
  values: jsonb('values').$type<Record<string, string>>().notNull(),
  /** Codes of the chosen departments. */
  departments: jsonb('departments').$type<string[]>().notNull(),
  toGroups: boolean('to_groups').notNull(),
  needsAcknowledgement: boolean('needs_acknowledgement').notNull(),
  /** Null: at once. */
  sendAt: instant('send_at'),
  /** It sets this notice right and goes to whoever got it: neither scope nor time is asked for. */
  corrects: uuid('corrects').references(() => notices.id),
  /** From then on a change leads back to the preview, not to the next question. */
  sawPreview: boolean('saw_preview').notNull(),
  startedAt: instant('started_at').notNull(),
  changedAt: instant('changed_at').notNull(),
});

/** Texts to begin with; blanks such as `{时间}` are asked for. */
export const noticeTemplates = pgTable('notice_templates', {
  key: text('key').primaryKey(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  needsAcknowledgement: boolean('needs_acknowledgement').notNull(),
  position: integer('position').notNull(),
  retiredAt: instant('retired_at'),
});

/** Files that were handed in; the bytes lie under the data directory. */
export const noticeFiles = pgTable('notice_files', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  mime: text('mime').notNull(),
  path: text('path').notNull(),
  bytes: integer('bytes').notNull(),
  sha256: text('sha256').notNull(),
  by: text('by').notNull(),
  at: instant('at').notNull(),
});

/** The chat group of a department. */
export const departmentGroups = pgTable(
  'department_groups',
  {
    channel: text('channel').$type<Channel>().notNull(),
    account: text('account').notNull(),
    chatId: text('chat_id').notNull(),
    departmentId: uuid('department_id')
      .notNull()
      .references(() => departments.id),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.channel, table.account, table.chatId] }),
    // Which groups does this department have?
    index('department_groups_of_department').on(table.departmentId),
  ],
);
