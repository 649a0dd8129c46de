import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { dayInput, daySchema, instantSchema, wordInput } from '../../kernel/shapes.ts';

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:30')
  .meta({ examples: ['20:30'] });

const span = z.object({ from: timeOfDay, to: timeOfDay }).describe('Over midnight when the end is earlier');
const workdays = z
  .union([z.literal('calendar'), z.literal('every-day'), z.array(z.int().min(1).max(7)).min(1).max(7)])
  .describe('The company’s workdays, every day, or ISO weekdays of a shift, Monday 1');

/** When a department, or one person on shifts, is left in peace. */
export const quietRuleShape = z.object({
  department: z.string().nullable().describe('A department’s code'),
  employee: z.string().nullable().describe('A 工号'),
  quiet: z.array(span),
  workdays,
  changedAt: instantSchema,
});
export type QuietRuleView = z.infer<typeof quietRuleShape>;

export const quietRulesShape = z.object({
  company: z
    .object({ quiet: z.array(span), zone: z.string() })
    .describe('From the YAML file, for whoever has no rule'),
  items: z.array(quietRuleShape),
});

const whose = {
  department: wordInput.optional().describe('A department’s code: holds for everybody in it and below'),
  employee: wordInput.optional().describe('A 工号: holds over the department’s'),
};
const onlyOne = { error: 'name a department or an employee, not both' };
const isOne = ({
  department,
  employee,
}: {
  department?: string | undefined;
  employee?: string | undefined;
}): boolean => (department === undefined) !== (employee === undefined);

export const quietRuleInput = z
  .strictObject({ ...whose, quiet: z.array(span).max(6), workdays: workdays.default('calendar') })
  .refine(isOne, onlyOne);
export const quietRuleRemoval = z.strictObject(whose).refine(isOne, onlyOne);

const exclusionReason = z.enum(['leave', 'trip', 'shift', 'no-pc', 'test-account']);

/** Whom nothing that Cuhuo starts reaches for some days. */
export const exclusionShape = z.object({
  id: z.uuid(),
  employee: z.object({ number: z.string(), name: z.string() }),
  reason: exclusionReason,
  from: daySchema,
  to: daySchema.nullable().describe('The last day; null while nobody knows'),
});
export type ExclusionView = z.infer<typeof exclusionShape>;

export const exclusionsQuery = pageQuery
  .extend({
    employee: wordInput.optional().describe('A 工号'),
    on: dayInput.optional().describe('Only those that hold on this day'),
  })
  .strict();
export const exclusionsPage = pageOf(exclusionShape);

export const exclusionInput = z
  .strictObject({
    employee: wordInput.describe('A 工号'),
    reason: exclusionReason,
    from: dayInput,
    to: dayInput.optional(),
  })
  .refine(({ from, to }) => to === undefined || from <= to, {
    path: ['to'],
    error: 'must not lie before "from"',
  });
export const exclusionEnd = z.strictObject({ to: dayInput.describe('Its last day') });
