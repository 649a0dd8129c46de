import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, momentInput, wordInput } from '../../kernel/shapes.ts';

export const auditShape = z.object({
  id: z.int(),
  at: instantSchema,
  actor: z.object({
    kind: z.enum(['employee', 'token', 'cli', 'system']),
    id: z.string().describe('`bootstrap` for the first administrator'),
    name: z.string().nullable().describe('Number and name of an employee; null for others'),
  }),
  action: z.string().meta({ examples: ['employees.list'] }),
  subject: z.string().meta({ examples: ['department=FIN'] }),
  detail: z.record(z.string(), z.unknown()),
});
export type AuditView = z.infer<typeof auditShape>;

export const auditQuery = pageQuery
  .extend({
    action: wordInput.optional().describe('Exactly this one, such as `employees.list`'),
    actor: wordInput.optional().describe('The id of an actor'),
    since: momentInput.optional(),
    until: momentInput.optional(),
  })
  .strict();
export const auditPage = pageOf(auditShape);
