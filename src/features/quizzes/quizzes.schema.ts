import { z } from 'zod';
import { channels } from '../../chat/event.ts';
import { audienceSchema } from '../campaigns/campaigns.schema.ts';
import { levels } from '../directory/directory.tables.ts';

const words = (max: number) => z.string().trim().min(1).max(max);
const moment = z.iso.datetime({ offset: true, error: 'must be a moment such as 2026-12-01T09:00:00+08:00' });

/** How a round counts. It is published with the round, and nothing of it changes afterwards. */
export const policySchema = z.strictObject({
  /**
   * `accuracy`: what is right. `speed`: what is right, less for whoever took longer. `completion`: how complete first,
   * then who was faster (完成度 + 完成时间).
   */
  method: z.enum(['accuracy', 'speed', 'completion']).default('accuracy'),
  /** What a right answer brings. */
  perRight: z.int().min(1).max(1000).default(100),
  /** Whether a part of an answer brings a part of it: several right options, places of an order. */
  parts: z.boolean().default(false),
  /** With `speed`: the share of `perRight` that is gone when an answer comes in the last moment. */
  speedShare: z.number().min(0).max(0.9).default(0.5),
  /** Who stands first of those with one score: who needed less time, who was done first, or both on one rank. */
  ties: z.enum(['faster', 'earlier', 'shared']).default('faster'),
  winners: z.int().min(0).max(1000).default(3),
  /** Departments with fewer people are left out of the league: one person would make it. */
  leastPeople: z.int().min(1).max(1000).default(3),
});
export type Policy = z.output<typeof policySchema>;

/** One line of the blueprint: so many questions that fit. */
export const slotSchema = z.strictObject({
  count: z.int().min(1).max(100),
  area: words(40).optional(),
  feature: words(40).optional(),
  level: z.enum(levels).optional(),
  tag: words(20).optional(),
  kind: z.enum(['single', 'multiple', 'true-false', 'fill-in', 'ordering', 'numeric']).optional(),
});
export type Slot = z.output<typeof slotSchema>;

export const quizKinds = ['daily', 'span', 'live'] as const;
export type QuizKind = (typeof quizKinds)[number];

/** A round as an operator plans it. */
export const quizFileSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/, 'must be lower-case words joined by hyphens'),
    /** `daily`: one question a workday, with the tip. `span`: days to answer a set. `live`: in a room, by countdown. */
    kind: z.enum(quizKinds),
    title: words(60),
    intro: words(400).default('答题学技巧，答错也没关系。'),
    audience: audienceSchema.default('everyone'),
    /** `nobody`: who may answer is not called by the round itself, as when a class calls those who were there. */
    invites: z.enum(['audience', 'nobody']).default('audience'),
    policy: policySchema.default(policySchema.parse({})),
    blueprint: z.array(slotSchema).min(1).max(20),
    /** `same`: everybody gets the same questions. `own`: each person's are drawn from what fits. */
    draw: z.enum(['same', 'own']).default('same'),
    startsAt: moment,
    endsAt: moment,
    /** The countdown of a live round; elsewhere the time after which `speed` takes nothing more away. */
    secondsPerQuestion: z.int().min(5).max(600).default(20),
    /** For what is on its way when the time is up, in seconds; published. */
    graceSeconds: z.int().min(0).max(60).default(2),
    /** With `span`: how often somebody may try; the best counts. */
    attempts: z.int().min(1).max(5).default(1),
    /** With `daily`: on the person's wall clock. */
    dailyTime: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "10:30"')
      .default('10:30'),
    /** Where the board goes. */
    group: z.strictObject({ channel: z.enum(channels), account: words(100), chatId: words(200) }).optional(),
    points: z
      .strictObject({
        right: z.int().min(0).max(1000).default(2),
        finish: z.int().min(0).max(1000).default(5),
        /** For the first, second, … rank. */
        winners: z.array(z.int().min(0).max(10_000)).max(100).default([50, 30, 20]),
      })
      .default({ right: 2, finish: 5, winners: [50, 30, 20] }),
  })
  .superRefine((quiz, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (Date.parse(quiz.endsAt) <= Date.parse(quiz.startsAt)) refuse('endsAt', 'must come after startsAt');
    if (quiz.kind !== 'span' && quiz.attempts > 1)
      refuse('attempts', 'more than one only makes sense with span');
    if (quiz.kind !== 'span' && quiz.draw === 'own') refuse('draw', 'own only makes sense with span');
  });
export type QuizFile = z.output<typeof quizFileSchema>;
