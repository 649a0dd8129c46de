import { z } from 'zod';
import { type Permission, permissions, roles } from '../kernel/permissions.ts';

export type { Permission, Role } from '../kernel/permissions.ts';

const names = Object.keys(permissions) as [Permission, ...Permission[]];

/** What the console needs to know to show what somebody may do, and nothing else. */
export const accessShape = z.object({
  kind: z.enum(['token', 'session']),
  name: z.string(),
  roles: z.array(z.enum(roles)),
  permissions: z.array(z.enum(names)),
  departmentIds: z.array(z.uuid()).describe('The departments of a liaison, those below included'),
});
export type Access = z.infer<typeof accessShape>;
