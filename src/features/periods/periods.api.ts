import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, isStorable, wordInput } from '../../kernel/shapes.ts';
import { performanceRuleSchema } from '../performance/performance.schema.ts';

const reason = z.string().trim().min(2).max(300).refine(isStorable, 'must not contain U+0000');
const share = z.number().describe('In percent, cut to two places');

export const runShape = z.object({
  id: z.uuid(),
  kind: z.enum(['preview', 'closing', 'supplement']),
  revision: z
    .int()
    .nullable()
    .describe('0 for the closing, then 1, 2 …; null for a preview, and for what failed'),
  state: z.enum(['requested', 'done', 'failed']),
  reason: z.string(),
  preparedBy: z.string(),
  confirmedBy: z.string().nullable(),
  requestedAt: instantSchema,
  asOf: instantSchema.nullable(),
  ruleVersion: z.int().nullable(),
  people: z.int().nullable(),
  receipt: z.string().nullable().describe('SHA-256 of the results'),
  corrects: z.string().nullable().describe('The receipt that a supplement corrects'),
  packageBytes: z.int().nullable(),
  packageSha256: z.string().nullable(),
});
export type RunView = z.infer<typeof runShape>;

export const periodShape = z.object({
  id: z.uuid(),
  campaign: z.object({ id: z.uuid(), key: z.string(), name: z.string() }),
  name: z.string().meta({ examples: ['2026-11'] }),
  from: daySchema,
  to: daySchema,
  state: z.enum(['open', 'preview', 'objections', 'closed']),
  over: z.boolean().describe('Whether the last day is over everywhere'),
  objectionsUntil: daySchema.nullable(),
  preparedBy: z.string().nullable().describe('Who asked for the closing; somebody else confirms it'),
  preparedByYou: z.boolean(),
  preparedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  ruleVersion: z.int().nullable(),
  openAppeals: z.int(),
  calendar: z
    .object({
      unknownYears: z.array(z.int()).describe('Holidays not announced: only weekends are off'),
      differing: z
        .array(z.object({ day: daySchema, workday: z.boolean().describe('As the campaign froze it') }))
        .describe('Days that are announced otherwise by now'),
    })
    .describe('What is doubtful about the calendar of these days; look before closing'),
  runs: z.array(runShape).describe('The last preview, the closing and its supplements'),
});
export type PeriodView = z.infer<typeof periodShape>;
export const periodsPage = pageOf(periodShape);
export const periodsQuery = pageQuery.extend({ campaign: wordInput.optional() }).strict();

export const periodRequest = z
  .strictObject({
    campaign: wordInput,
    month: z
      .string()
      .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
      .optional(),
    from: dayInput.optional(),
    to: dayInput.optional(),
  })
  .refine(
    ({ month, from, to }) =>
      month === undefined ? from !== undefined && to !== undefined : from === undefined && to === undefined,
    { message: 'give either month, or from and to', path: ['month'] },
  );
export const objectionsRequest = z.strictObject({
  until: dayInput.describe('The last day on which objections are taken'),
  tell: z.boolean().default(true).describe('Whether everybody is told in chat'),
});
export const supplementRequest = z.strictObject({ reason });
export const nothing = z.strictObject({});

export const resultShape = z.object({
  number: z.string(),
  name: z.string(),
  departmentCode: z.string().nullable(),
  department: z.string().nullable(),
  due: z.int(),
  counted: z.int(),
  current: z.int(),
  best: z.int(),
  excused: z.int(),
  madeUp: z.int(),
  earnedBack: z.int(),
  appealed: z.int(),
  frozen: z.int(),
  grades: z.object({
    tap: z.int(),
    declared: z.int(),
    read: z.int(),
    question: z.int(),
    usage: z.int(),
  }),
  needed: z.int(),
  reached: share,
  band: z.string(),
  teamReached: share,
  teamBand: z.string(),
  score: z.number(),
});
export const resultsQuery = pageQuery
  .extend({ run: z.uuid().optional().describe('Another run than the last one') })
  .strict();
export const resultsPage = pageOf(resultShape);

export const ruleShape = z.object({
  version: z.int(),
  rule: performanceRuleSchema,
  fromDay: daySchema,
  reason: z.string(),
  publishedBy: z.string(),
  publishedAt: instantSchema,
});
export const rulesPage = pageOf(ruleShape);
export const rulesQuery = pageQuery.extend({ campaign: wordInput }).strict();
export type RuleView = z.infer<typeof ruleShape>;

export const draftRequest = z.strictObject({
  campaign: wordInput,
  rule: performanceRuleSchema,
  fromDay: dayInput.describe('Periods that begin on or after this day follow it'),
});
export const draftShape = z.object({
  id: z.uuid(),
  campaignId: z.uuid(),
  rule: performanceRuleSchema,
  fromDay: daySchema,
  state: z.enum(['requested', 'ready', 'published', 'failed']),
  createdBy: z.string(),
  createdAt: instantSchema,
  against: z.int().nullable().describe('The version that it was compared with'),
  counts: z
    .object({
      periods: z.array(z.string()),
      people: z.int(),
      better: z.int(),
      worse: z.int(),
      same: z.int(),
      new: z.int().describe('Without a rule before'),
    })
    .nullable(),
  publishedVersion: z.int().nullable(),
});
export type DraftView = z.infer<typeof draftShape>;
export const draftsPage = pageOf(draftShape);

const outcome = z.object({
  counted: z.int(),
  needed: z.int(),
  reached: share,
  band: z.string(),
  score: z.number(),
});
export const differenceShape = z.object({
  number: z.string(),
  name: z.string(),
  department: z.string().nullable(),
  period: z.string(),
  before: outcome.nullable(),
  after: outcome,
  verdict: z.enum(['better', 'worse', 'same', 'new']),
});
export type DifferenceView = z.infer<typeof differenceShape>;
export const differencesPage = pageOf(differenceShape);
export const differencesQuery = pageQuery
  .extend({ verdict: z.enum(['better', 'worse', 'same', 'new']).optional() })
  .strict();
export const publishRequest = z.strictObject({ reason });

export const keyShape = z.object({
  algorithm: z.literal('ed25519'),
  publicKey: z.string().describe('64 hexadecimal digits'),
  fingerprint: z.string(),
});

export const appealShape = z.object({
  id: z.uuid(),
  no: z.int(),
  campaignId: z.uuid(),
  employee: z.object({ number: z.string(), name: z.string() }),
  day: daySchema,
  reason: z.string(),
  trail: z.array(z.string()).describe('The day as it was explained to the person'),
  answerBy: daySchema,
  at: instantSchema,
  decision: z
    .object({
      outcome: z.enum(['granted', 'refused']),
      reason: z.string(),
      byName: z.string(),
      at: instantSchema,
    })
    .nullable(),
});
export type AppealView = z.infer<typeof appealShape>;
export const appealsPage = pageOf(appealShape);
export const appealsQuery = pageQuery.extend({ state: z.enum(['open', 'decided']).default('open') }).strict();
export const decisionRequest = z.strictObject({ outcome: z.enum(['granted', 'refused']), reason });
