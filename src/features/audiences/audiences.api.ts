import { z } from 'zod';
import { pageOf } from '../../http/paging.api.ts';
import { roles } from '../../kernel/permissions.ts';
import { instantSchema, wordInput } from '../../kernel/shapes.ts';

const channels = ['sandbox', 'feishu', 'wecom', 'dingtalk'] as const;
const levels = ['beginner', 'intermediate', 'advanced'] as const;

/** Who checked in how often within their own last days, today included. */
const behaviour = z
  .strictObject({
    campaign: wordInput.optional().describe('The key of a campaign; all of them when absent'),
    lastDays: z.int().min(1).max(366),
    atLeast: z.int().min(0).max(366).optional(),
    atMost: z.int().min(0).max(366).optional(),
  })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
    message: 'give atLeast, atMost or both',
  });
export type Behaviour = z.infer<typeof behaviour>;

export type Definition =
  | { all: Definition[] }
  | { any: Definition[] }
  | { not: Definition }
  | { everyone: true }
  | { department: string }
  | { role: (typeof roles)[number] }
  | { tag: string }
  | { platform: (typeof channels)[number] }
  | { level: (typeof levels)[number] }
  | { checkins: Behaviour };

const several = z.lazy(() => z.array(definition).min(1).max(20));

const definition: z.ZodType<Definition> = z.union([
  z.strictObject({ all: several }),
  z.strictObject({ any: several }),
  z.strictObject({ not: z.lazy(() => definition) }),
  z.strictObject({ everyone: z.literal(true) }),
  z.strictObject({ department: wordInput.describe('A code; everything below it counts as well') }),
  z.strictObject({ role: z.enum(roles) }),
  z.strictObject({ tag: wordInput }),
  z.strictObject({ platform: z.enum(channels) }),
  z.strictObject({ level: z.enum(levels) }),
  z.strictObject({ checkins: behaviour }),
]) as z.ZodType<Definition>;

const MOST_PARTS = 60;
const DEEPEST = 8;

/** How many parts a definition has and how deep they stand in each other, read without following what is too deep. */
function sizeOf(value: unknown, depth = 1): number {
  if (depth > DEEPEST * 2) return MOST_PARTS + 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, part) => sum + sizeOf(part, depth + 1), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + sizeOf(part, depth + 1), 1);
}

/** `{"all": [{"department": "FIN"}, {"not": {"checkins": {"lastDays": 7, "atLeast": 1}}}]}` */
export const definitionShape = z
  .unknown()
  .refine((value) => sizeOf(value) <= MOST_PARTS, `at most ${MOST_PARTS} parts, ${DEEPEST} deep`)
  .pipe(definition)
  .meta({ id: 'AudienceDefinition', description: 'Who fits: parts joined by all, any and not' });

export const previewInput = z.strictObject({ definition: definitionShape });
export const previewShape = z.object({
  count: z.int().describe('Employed people who fit now, within the scope of whoever asks'),
  samples: z
    .array(
      z.object({
        number: z.string(),
        name: z.string(),
        department: z.object({ code: z.string(), name: z.string() }).nullable(),
      }),
    )
    .describe('20 of them, spread over the whole'),
});
export type Preview = z.infer<typeof previewShape>;

export const audienceInput = z.strictObject({
  name: wordInput.max(60),
  definition: definitionShape,
  mode: z.enum(['live', 'frozen']).describe('Whoever fits when it is used, or whoever fits now'),
});
export const audienceShape = z.object({
  id: z.uuid(),
  name: z.string(),
  definition: z.unknown().describe('As it was given'),
  mode: z.enum(['live', 'frozen']),
  createdAt: instantSchema,
});
export type AudienceView = z.infer<typeof audienceShape>;
export const audiencesPage = pageOf(audienceShape);

export const tagsPage = pageOf(z.object({ tag: z.string(), people: z.int() }));
const numbers = z.array(wordInput).max(50_000).default([]).describe('工号');
export const tagInput = z.strictObject({ tag: wordInput.max(40), add: numbers, remove: numbers });
export const taggedShape = z.object({
  tag: z.string(),
  people: z.int(),
  unknown: z.array(z.string()).describe('Numbers that nobody has'),
});
