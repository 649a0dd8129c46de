import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, isStorable, wordInput } from '../../kernel/shapes.ts';

const prioritySchema = z.enum(['p0', 'technical']);
const stateSchema = z.enum(['waiting', 'claimed', 'solved', 'withdrawn', 'merged']);
const said = (most: number) =>
  z.string().trim().min(1).max(most).refine(isStorable, 'must not contain U+0000');
const number = z.int().positive().max(2_147_483_647);
const agent = wordInput.describe('工号 of whoever does support');

const person = z.object({ number: z.string(), name: z.string() });

export const ticketShape = z.object({
  number,
  state: stateSchema,
  priority: prioritySchema,
  question: z.string(),
  asker: person,
  department: z.string().nullable(),
  assignee: person.nullable(),
  mergedInto: number.nullable(),
  openedAt: instantSchema,
  dueAt: instantSchema.describe('By then a person must have answered'),
  firstReplyAt: instantSchema.nullable(),
  escalatedAt: instantSchema.nullable(),
  solvedAt: instantSchema.nullable(),
  solution: z.string().nullable(),
  score: z.int().min(1).max(5).nullable().describe('From 1 to 5, only after a person solved it'),
  comment: z.string().nullable(),
});
export type TicketView = z.infer<typeof ticketShape>;

export const ticketDetailShape = ticketShape.extend({
  facts: z.record(z.string(), z.string()),
  transcript: z.array(
    z.object({
      at: instantSchema,
      text: z.string(),
      outcome: z.string(),
      entries: z.array(z.object({ key: z.string(), version: z.int(), question: z.string() })),
    }),
  ),
  merged: z.array(number).describe('The tickets that were merged into this one'),
  events: z.array(
    z.object({
      kind: z.string(),
      actor: z.string().nullable().describe('Name; null when the clock or the API did it'),
      text: z.string().nullable(),
      at: instantSchema,
    }),
  ),
});
export type TicketDetail = z.infer<typeof ticketDetailShape>;

export const ticketsQuery = pageQuery
  .extend({
    state: z.enum(['open', 'waiting', 'claimed', 'solved', 'withdrawn', 'merged', 'all']).default('open'),
    priority: prioritySchema.optional(),
    assignee: agent.optional(),
  })
  .strict();
export const ticketsPage = pageOf(ticketShape);
export const ticketCursor = z.object({ number });
export const ticketParams = z.object({ number: z.coerce.number().pipe(number) });

export const openBody = z.strictObject({
  employee: wordInput.describe('工号 of who asks'),
  question: said(2_000),
  priority: prioritySchema.default('technical'),
  facts: z
    .record(z.string().min(1).max(38), z.string().max(190))
    .refine((facts) => Object.keys(facts).length <= 10, 'at most ten')
    .refine(isStorable, 'must not contain U+0000')
    .optional()
    .describe('What is known of the device: program, version, system'),
});
export const agentBody = z.strictObject({ agent });
export const replyBody = z.strictObject({ text: said(2_000), agent: agent.optional() });
export const transferBody = z.strictObject({ to: agent });
export const solveBody = z.strictObject({ solution: said(2_000).optional(), agent: agent.optional() });
export const mergeBody = z.strictObject({ into: number });
export const priorityBody = z.strictObject({ priority: prioritySchema });
export const nothingBody = z.strictObject({});
export const filedShape = z.object({ entryId: z.string() });

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 09:00');
const dutyDays = z.enum(['workdays', 'days-off', 'every-day', '1', '2', '3', '4', '5', '6', '7']);
export const dutyShape = z.object({
  agent: z.string(),
  name: z.string(),
  days: dutyDays,
  from: clockTime,
  to: clockTime,
  fromDay: daySchema.nullable(),
  toDay: daySchema.nullable(),
});
export const rosterShape = z.object({ duties: z.array(dutyShape) });
export type RosterView = z.infer<typeof rosterShape>;
export const rosterBody = z.strictObject({
  duties: z
    .array(
      z.strictObject({
        agent,
        days: dutyDays.describe('Workdays and days off by the company calendar; 1 is Monday'),
        from: clockTime,
        to: clockTime.describe('Not after `from`: on the next day'),
        fromDay: dayInput.nullish(),
        toDay: dayInput.nullish(),
      }),
    )
    .max(1_000),
});

const count = z.int();
export const ticketFiguresShape = z.object({
  waiting: count,
  claimed: count,
  overdue: count.describe('Open, past their time, without an answer'),
  solved: count.describe('In the last 30 days'),
  answeredInTime: z.number().nullable().describe('Share of those answered in the last 30 days'),
  score: z.number().nullable().describe('Mean of the last 30 days, from 1 to 5'),
  scored: count,
  onDuty: z.array(person),
});
export type TicketFigures = z.infer<typeof ticketFiguresShape>;
