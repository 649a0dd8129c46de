import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, isStorable, momentInput, wordInput } from '../../kernel/shapes.ts';

const states = [
  'draft',
  'in-review',
  'approved',
  'scheduled',
  'sent',
  'closed',
  'cancelled',
  'recalled',
] as const;
export type NoticeStateName = (typeof states)[number];
const name = z.string().trim().min(1).max(100);
const own = z.record(z.string().max(20), z.string().max(500));

/** What somebody writes; also what is kept. */
export const noticeInput = z
  .strictObject({
    kind: z
      .enum(['notice', 'document'])
      .default('notice')
      .describe('`document`: 发文, official, must be acknowledged'),
    format: z.enum(['card', 'text']).default('card'),
    title: z.string().trim().min(1).max(200),
    body: z
      .string()
      .trim()
      .min(1)
      .max(20_000)
      .describe('Markdown; variables such as `{姓名}`, `{部门}`, `{工号}`'),
    values: own.default({}).describe('Own variables that are the same for everybody'),
    fields: z
      .record(z.string().max(64), own)
      .optional()
      .describe('Own variables of single people, by number; a change without them keeps them'),
    issuer: name.nullable().default(null),
    documentNumber: name.nullable().default(null),
    signatories: z.array(name).max(20).default([]),
    attachments: z
      .array(z.strictObject({ fileId: z.uuid(), name: z.string().min(1).max(200) }))
      .max(5)
      .default([]),
    link: z
      .strictObject({ label: name, url: z.url({ protocol: /^https?$/ }).max(500) })
      .nullable()
      .default(null),
    needsAcknowledgement: z.boolean().default(false),
    takesSignUp: z.boolean().default(false),
    audience: z.strictObject({
      everyone: z.boolean().optional(),
      departments: z.array(wordInput).max(500).optional().describe('Codes; with everything below them'),
      employees: z.array(wordInput).max(10_000).optional().describe('Numbers'),
    }),
    toGroups: z.boolean().default(false),
    urgentReason: z.string().trim().min(1).max(200).nullable().default(null),
    rings: z
      .boolean()
      .default(false)
      .describe(
        'Calls attention where the platform can (Feishu 应用内加急); needs `urgentReason` or a document',
      ),
    campaignId: z.uuid().nullable().optional(),
    ladder: z
      .array(z.strictObject({ afterHours: z.int().min(1).max(720), to: z.enum(['person', 'liaison', 'hr']) }))
      .max(10)
      .optional(),
    sendAt: momentInput.nullable().default(null),
  })
  .refine(({ rings, kind, urgentReason }) => !rings || kind === 'document' || urgentReason !== null, {
    path: ['rings'],
    error: 'only a document, or what has an urgentReason, may ring',
  })
  .refine(isStorable, 'must not contain U+0000');
export type NoticeInputShape = z.input<typeof noticeInput>;

const person = z.object({ kind: z.string(), name: z.string(), at: instantSchema });
const counts = z.object({
  total: z.int(),
  arrived: z.int(),
  read: z.int(),
  unread: z.int(),
  untold: z.int().describe('Arrived where the platform does not tell whether it was read'),
  acknowledged: z.int(),
  signedUp: z.int(),
  waiting: z.int(),
  failed: z.int(),
  unknown: z.int().describe('The platform’s answer was lost: nobody knows whether it arrived'),
  recalled: z.int(),
});

export const noticeShape = z.object({
  id: z.uuid(),
  no: z.int(),
  kind: z.enum(['notice', 'document']),
  format: z.enum(['card', 'text']),
  state: z.enum(states),
  title: z.string(),
  body: z.string(),
  values: own,
  issuer: z.string().nullable(),
  documentNumber: z.string().nullable(),
  signatories: z.array(z.string()),
  attachments: z.array(z.object({ fileId: z.string(), name: z.string() })),
  link: z.object({ label: z.string(), url: z.string() }).nullable(),
  needsAcknowledgement: z.boolean(),
  takesSignUp: z.boolean(),
  audience: z.object({
    everyone: z.boolean().optional(),
    departments: z.array(z.string()).optional(),
    employees: z.array(z.string()).optional(),
  }),
  toGroups: z.boolean(),
  urgentReason: z.string().nullable(),
  rings: z.boolean(),
  ladder: z.array(z.object({ afterHours: z.number(), to: z.enum(['person', 'liaison', 'hr']) })),
  sendAt: instantSchema.nullable(),
  corrects: z.uuid().nullable(),
  preparedBy: person,
  reviewedBy: person.nullable(),
  approvedBy: person.nullable(),
  approvalUntil: instantSchema.nullable(),
  createdAt: instantSchema,
  sentAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  counts,
});
export type NoticeView = z.infer<typeof noticeShape>;

export const noticesQuery = pageQuery.extend({ state: z.enum(states).optional() }).strict();
export const noticesPage = pageOf(noticeShape);

export const noticeDetailShape = noticeShape.extend({
  recall: z
    .array(
      z.object({
        channel: z.string(),
        rule: z.enum(['always', 'hours', 'by-administrator']),
        hours: z.int().nullable(),
      }),
    )
    .describe('How long each connected platform lets a message be taken back'),
  steps: z.array(
    z.object({
      step: z.string(),
      by: z.object({ kind: z.string(), name: z.string() }),
      at: instantSchema,
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type NoticeDetail = z.infer<typeof noticeDetailShape>;

export const noticePreviewShape = z.object({
  people: z.int(),
  texts: z.int().describe('How many different texts: one promise each'),
  sample: z.object({ title: z.string(), body: z.string() }).nullable(),
  groups: z.int().describe('Groups that get it; none when the text holds somebody’s own words'),
  leaving: z.int().describe('Who gets it as soon as their channel has room'),
  shortfalls: z.array(
    z.object({
      kind: z.string(),
      reason: z.string().describe('`out-of-range`: the app does not see their account on the platform'),
      n: z.int(),
      words: z.string().describe('The same as a phrase'),
      people: z.array(z.string()).describe('The first twenty of them by name'),
    }),
  ),
  finishesAt: instantSchema.nullable(),
  findings: z.array(z.object({ kind: z.string(), word: z.string().optional(), n: z.int() })),
  problems: z.array(z.object({ code: z.string(), sentence: z.string() })),
  needsApproval: z.boolean(),
  fits: z.array(
    z.object({
      channel: z.string(),
      account: z.string(),
      kind: z.string(),
      bytes: z.int(),
      most: z.int(),
      fits: z.boolean(),
    }),
  ),
  shortcomings: z
    .array(
      z.object({
        channel: z.string(),
        place: z.enum(['person', 'group']),
        kind: z.enum(['refused', 'cut', 'in-words', 'button-lost', 'input-lost', 'image-linked', 'not-rung']),
        what: z.string().describe('The reason, the number of bytes or the label'),
      }),
    )
    .describe('What would not look as it was written, by channel'),
});
export type NoticePreview = z.infer<typeof noticePreviewShape>;

export const sendInput = z.strictObject({ sendAt: momentInput.nullable().optional() });
export const rejectInput = z.strictObject({ reason: z.string().trim().max(500).default('') });
export const correctInput = z.strictObject({
  title: z.string().trim().min(1).max(200),
  body: z.string().trim().min(1).max(20_000),
});
export const remindedShape = z.object({ outcome: z.enum(['sent', 'nobody', 'too-soon']), people: z.int() });
export const recalledShape = z.object({ cancelled: z.int(), notice: noticeShape });

export const noticeDeliveriesQuery = pageQuery.strict();
export const noticeDeliveryShape = z.object({
  number: z.string(),
  name: z.string(),
  department: z.string().nullable(),
  channel: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  standing: z.enum(['acted', 'read', 'unread', 'untold', 'waiting', 'failed', 'unknown', 'recalled']),
  changedAt: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  signedUpAt: z.string().nullable(),
});
export type NoticeDelivery = z.infer<typeof noticeDeliveryShape>;
export const noticeDeliveriesPage = pageOf(noticeDeliveryShape);

export const fileShape = z.object({ fileId: z.uuid(), name: z.string(), bytes: z.int() });
export const templateInput = z.strictObject({
  title: z.string().trim().min(1).max(40),
  body: z.string().trim().min(1).max(3_600),
  needsAcknowledgement: z.boolean().default(false),
  position: z.int().min(0).max(1_000).default(0),
});
export const templateShape = templateInput.extend({ key: z.string() });
export type TemplateView = z.infer<typeof templateShape>;
export const templatesShape = z.object({ items: z.array(templateShape) });
