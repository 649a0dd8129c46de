import { z } from 'zod';
import { isZone } from '../../kernel/time.ts';
import { performanceRuleSchema } from '../performance/performance.schema.ts';

/** The task types of a campaign: what a day may ask of somebody. */
export const taskTypes = ['learn-tip', 'use-software', 'micro-task', 'answer'] as const;
export type TaskType = (typeof taskTypes)[number];

export const audienceSchema = z.union([
  z.literal('everyone'),
  z.strictObject({ departments: z.array(z.string().min(1)).min(1) }),
]);
export type Audience = z.infer<typeof audienceSchema>;

/** Which tasks make a day count: all of them, or any one. */
export const taskRuleSchema = z.strictObject({
  mode: z.enum(['all', 'any']),
  of: z.array(z.enum(taskTypes)).min(1),
  /** A tip that was open so long before the tap counts as read: evidence of the grade `read`. Absent: never. */
  readSeconds: z.number().int().min(3).max(3600).optional(),
});
export type TaskRule = z.infer<typeof taskRuleSchema>;

export const targetsSchema = z.strictObject({
  /** How many tasks a day asks for when the mode is `any`; 1 unless said. */
  daily: z.number().int().min(1).max(4).default(1),
  /** Counted days a week that the campaign asks for. */
  weekly: z.number().int().min(1).max(7).default(5),
});
export type Targets = z.infer<typeof targetsSchema>;

export const pointRulesSchema = z.strictObject({
  checkIn: z.number().int().min(0).max(1000),
  answerRight: z.number().int().min(0).max(1000).default(0),
  /** At most so many right answers a day earn points; answers beyond are right, but earn none. */
  answersPerDay: z.number().int().min(1).max(100).optional(),
  /** Two answers of one person earn points only when so many seconds lie between them. */
  intervalSeconds: z.number().int().min(1).max(3600).optional(),
  /** Given once in a campaign, the first time that a streak reaches so many days. */
  streakBonus: z
    .array(z.strictObject({ days: z.number().int().min(2), points: z.number().int().min(1) }))
    .default([]),
  /**
   * Points last until the end of the month that lies so many months after theirs; absent: for ever. Nothing expires
   * that its owner was not told of `noticeDays` before.
   */
  expiry: z
    .strictObject({
      afterMonths: z.number().int().min(1).max(60),
      noticeDays: z.number().int().min(7).max(28).default(14),
    })
    .optional(),
});
export type PointRules = z.infer<typeof pointRulesSchema>;

const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "09:10"');
const isoDay = z.iso.date({ error: 'must be a date such as 2026-11-23' });

/** A campaign as its content file gives it. */
export const campaignFileSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/, 'must be lower-case words joined by hyphens'),
    name: z.string().min(1).max(60),
    goal: z.string().min(1).max(300),
    zone: z.string().refine(isZone, { error: 'must be an IANA time zone such as Asia/Shanghai' }),
    startsOn: z.union([z.literal('first-run'), isoDay]),
    days: z.number().int().min(1).max(400),
    tipTime: wallTime,
    reminderTime: wallTime,
    audience: audienceSchema,
    phases: z
      .array(
        z.strictObject({
          kind: z.enum(['warm-up', 'burst', 'sustain']),
          name: z.string().min(1).max(20),
          fromDay: z.number().int().min(0),
          toDay: z.number().int().min(0),
          focus: z.string().max(300),
        }),
      )
      .min(1),
    tasks: taskRuleSchema,
    targets: targetsSchema.default({ daily: 1, weekly: 5 }),
    points: pointRulesSchema,
    noRepeatDays: z.number().int().min(1).max(400).default(60),
    tips: z.array(z.string()).default([]),
    /** The first version of the rule that decides about pay; later ones are published in the console. */
    performance: performanceRuleSchema.optional(),
  })
  .refine((file) => file.reminderTime > file.tipTime, {
    message: 'must be later than tipTime',
    path: ['reminderTime'],
  });
export type CampaignFile = z.infer<typeof campaignFileSchema>;
