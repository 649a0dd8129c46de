import { z } from 'zod';
import { roles } from '../kernel/permissions.ts';
import { instantSchema, wordInput } from '../kernel/shapes.ts';
import { pageOf } from './paging.api.ts';

export const sessionShape = z.object({
  id: z.uuid(),
  name: z.string(),
  own: z.boolean().describe('The one that asks'),
  way: z.string().describe('`server`, `chat`, or the platform that vouched'),
  createdAt: instantSchema,
  seenAt: instantSchema.nullable().describe('To the minute'),
  expiresAt: instantSchema.nullable(),
});
export type SessionView = z.infer<typeof sessionShape>;
export const sessionsPage = pageOf(sessionShape);
export const sessionsQuery = z.strictObject({
  whose: z.enum(['own', 'all']).default('own').describe('`all` needs `access.manage`'),
});

export const tokenShape = z.object({
  id: z.uuid(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  departmentCodes: z.array(z.string()),
  createdAt: instantSchema,
  expiresAt: instantSchema.nullable(),
});
export type TokenView = z.infer<typeof tokenShape>;
export const tokensPage = pageOf(tokenShape);

const MOST_DAYS = 366;

export const tokenInput = z
  .strictObject({
    name: wordInput.max(80),
    roles: z.array(z.enum(roles)).min(1).max(roles.length),
    departmentCodes: z
      .array(wordInput)
      .max(100)
      .default([])
      .describe('For a liaison: the departments, those below included'),
    days: z.int().min(1).max(MOST_DAYS).describe('How long it works'),
  })
  .refine(({ roles: given, departmentCodes }) => !given.includes('liaison') || departmentCodes.length > 0, {
    path: ['departmentCodes'],
    message: 'a liaison needs departments',
  });
export type TokenInput = z.input<typeof tokenInput>;

export const newTokenShape = tokenShape.extend({ secret: z.string().describe('Shown this once') });
export type NewToken = z.infer<typeof newTokenShape>;
