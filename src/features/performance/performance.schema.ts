import { z } from 'zod';

/**
 * What a day can show, weakest first: a tap; something that the person says; a tip that was open long enough to be
 * read; a question answered rightly; use that a server recorded.
 */
export const evidenceKinds = ['tap', 'declared', 'read', 'question', 'usage'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** Why a day counts although nothing was handed in on it, or does not although something was. */
export const correctionCauses = ['make-up', 'earn-back', 'appeal', 'revoked'] as const;
export type CorrectionCause = (typeof correctionCauses)[number];

export const excusalReasons = ['leave', 'trip', 'shift', 'new-joiner', 'outage', 'other'] as const;
export type ExcusalReason = (typeof excusalReasons)[number];

const percent = z.number().min(0).max(100);
const kinds = z.array(z.enum(evidenceKinds)).min(1).max(evidenceKinds.length);

/** How many days the period asks for. Excused days leave the denominator, so that leave costs nobody anything. */
const targetSchema = z.discriminatedUnion('kind', [
  /** `days` of `of` workdays; whoever has fewer due days needs the same share of them, rounded up. */
  z
    .strictObject({ kind: z.literal('days'), days: z.int().min(1).max(400), of: z.int().min(1).max(400) })
    .refine(({ days, of }) => days <= of, { error: 'must not be more than `of`', path: ['days'] }),
  /** So many workdays in a row; whoever has fewer due days needs all of them. */
  z.strictObject({ kind: z.literal('consecutive'), days: z.int().min(1).max(400) }),
]);

/** Highest first: the first band whose `from` is reached counts. `from` and `credit` in percent. */
const bandsSchema = z
  .array(z.strictObject({ name: z.string().min(1).max(20), from: percent, credit: percent }))
  .min(1)
  .max(10)
  .refine((bands) => bands.every(({ from }, index) => index === 0 || from < (bands[index - 1]?.from ?? 0)), {
    error: 'must go from the highest to the lowest',
  })
  .refine((bands) => bands.at(-1)?.from === 0, {
    error: 'must end with a band from 0, so that everybody has one',
  });

/** A rule that decides about pay: data, versioned, published before it holds. */
export const performanceRuleSchema = z
  .strictObject({
    /** Each group must be met by at least one of its kinds: `[['tap'], ['question', 'usage']]` asks for a tap and one of two. */
    day: z.array(kinds).min(1).max(5),
    target: targetSchema,
    bands: bandsSchema,
    /** Points of the performance sheet that a full result is worth. */
    weight: z.number().min(0).max(100),
    /** Shares of the weight in percent, together 100. The team part follows the department's own share of its due days. */
    parts: z.strictObject({ individual: percent, team: percent }),
    /** Missed days that break no run, the first ones of a period; they are not counted days. */
    freezes: z.int().min(0).max(31).default(0),
    /** For the first `days` calendar days in which somebody takes part: so many freezes on top. */
    firstDays: z
      .strictObject({ days: z.int().min(0).max(60), freezes: z.int().min(0).max(31) })
      .default({ days: 7, freezes: 0 }),
    /** 补卡: for how long, how often in a period, and who says yes. */
    makeUps: z
      .strictObject({
        perPeriod: z.int().min(0).max(31),
        withinWorkdays: z.int().min(1).max(31),
        approver: z.enum(['nobody', 'liaison', 'hr']),
      })
      .default({ perPeriod: 2, withinWorkdays: 5, approver: 'hr' }),
    /** Earning a missed day back by so many questions answered rightly beyond what the days asked for. */
    earnBack: z
      .strictObject({
        perPeriod: z.int().min(0).max(31),
        withinWorkdays: z.int().min(1).max(31),
        answers: z.int().min(1).max(20),
      })
      .default({ perPeriod: 1, withinWorkdays: 5, answers: 3 }),
    /** Days after the period's end within which somebody may appeal. */
    appealDays: z.int().min(1).max(60).default(7),
  })
  .refine(({ parts }) => parts.individual + parts.team === 100, {
    error: 'individual and team must be 100 together',
    path: ['parts'],
  });
export type PerformanceRule = z.infer<typeof performanceRuleSchema>;
