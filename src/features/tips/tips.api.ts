import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';

const level = z.enum(['beginner', 'intermediate', 'advanced']);

/** A tip as other lists name it. */
export const tipNameShape = z.object({
  key: z.string().meta({ examples: ['ss-freeze-panes'] }),
  title: z.string(),
});

export const tipShape = tipNameShape.extend({
  id: z.uuid(),
  body: z.string(),
  tryNow: z.string().describe('One sentence: what to try now'),
  feature: z.string(),
  area: z.string().meta({ examples: ['spreadsheets'] }),
  scene: z.string(),
  tags: z.array(z.string()),
  level,
  version: z.string().nullable().describe('For which versions of the software it holds; null for any'),
  departments: z.array(z.string()).describe('Codes of the departments it is meant for; empty for everyone'),
  question: z
    .object({
      text: z.string(),
      options: z.array(z.string()),
      answer: z.int().describe('Index of the right option, from 0'),
      explanation: z.string(),
    })
    .nullable(),
  owner: z.string().nullable(),
  validUntil: daySchema.nullable(),
  retiredAt: instantSchema.nullable().describe('Since when it is not chosen any more'),
  position: z.int().describe('Order in the library'),
});
export type TipView = z.infer<typeof tipShape>;

export const tipsQuery = pageQuery
  .extend({
    area: wordInput.optional(),
    level: level.optional(),
    search: wordInput.optional().describe('Any part of key, title, body or feature'),
    retired: z
      .enum(['false', 'true', 'all'])
      .default('false')
      .describe('`false`: only those in use; `true`: only retired ones'),
  })
  .strict();
export const tipsPage = pageOf(tipShape);

export const tipPutShape = z.object({ outcome: z.enum(['created', 'updated', 'unchanged']), tip: tipShape });
export type TipPut = z.infer<typeof tipPutShape>;

export const tipDayShape = z.object({
  day: daySchema,
  level: level.describe('The people who share this tip: of this level …'),
  department: z
    .string()
    .nullable()
    .describe('… and in the department with this code; null for all that have no tips of their own'),
  tip: tipNameShape,
  chosenAt: instantSchema,
});
export type TipDay = z.infer<typeof tipDayShape>;

export const tipDaysQuery = pageQuery.extend({ from: dayInput.optional(), to: dayInput.optional() }).strict();
export const tipDaysPage = pageOf(tipDayShape);

export const tipPlanQuery = z.strictObject({
  level: level.default('beginner'),
  days: z.coerce.number().int().min(1).max(60).default(20).describe('Workdays from today on'),
});
export const tipPlanShape = z.object({
  order: z
    .array(tipNameShape.extend({ level, area: z.string() }))
    .describe('The library in the order in which the campaign prefers it'),
  days: z.array(
    z.object({
      day: daySchema,
      tip: tipNameShape,
      chosen: z.boolean().describe('Chosen already: no new order changes it'),
    }),
  ),
});
export type TipPlanView = z.infer<typeof tipPlanShape>;

const MOST_TIPS = 5_000;
const tipKeys = z.array(wordInput).max(MOST_TIPS);
export const tipOrderBody = z.strictObject({
  order: tipKeys
    .refine((keys) => new Set(keys).size === keys.length, 'must name each tip once')
    .describe('Keys of tips, the first one first; what is not named comes after'),
  was: tipKeys.optional().describe('The whole order that you saw: refused when it is another one by now'),
});

export const tipLooksShape = z.object({
  looks: z
    .array(
      z.object({
        channel: z.enum(['feishu', 'wecom', 'dingtalk']),
        form: z
          .string()
          .describe('What carries it there; DingTalk has two, with a card template and without'),
        title: z.string(),
        body: z.string().describe('Markdown'),
        buttons: z.array(z.string()),
        shortcomings: z
          .array(
            z.object({
              kind: z.enum([
                'refused',
                'cut',
                'in-words',
                'button-lost',
                'input-lost',
                'image-linked',
                'not-rung',
              ]),
              what: z.string(),
            }),
          )
          .describe('What is shown otherwise than it was written'),
      }),
    )
    .describe('As each platform would show it to one person, whether it is connected or not'),
});
export type TipLooks = z.infer<typeof tipLooksShape>;
