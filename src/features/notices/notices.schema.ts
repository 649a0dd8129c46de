import { z } from 'zod';

/** `notices/templates.yaml` of a content folder, in the order in which they are offered. */
export const templatesFileSchema = z.strictObject({
  templates: z
    .array(
      z.strictObject({
        key: z.string().trim().min(1).max(60),
        title: z.string().trim().min(1).max(40),
        body: z.string().trim().min(1).max(3_600),
        needsAcknowledgement: z.boolean().default(false),
      }),
    )
    .max(100),
});
export type TemplatesFile = z.output<typeof templatesFileSchema>;
