import type { Db } from '../kernel/db.ts';
import { permissionsOf, SCOPED_ROLES } from '../kernel/permissions.ts';
import type { ApiRoutes } from './api.ts';
import { principalOf } from './auth.ts';
import type { OwnDepartments } from './authorise.ts';
import { type Access, accessShape } from './session.api.ts';

/** What whoever asks may do. */
export function accessRoutes({ db, ownDepartments }: { db: Db; ownDepartments: OwnDepartments }): ApiRoutes {
  return (api) => {
    api.get(
      '/session/access',
      {
        schema: {
          summary: 'What whoever asks may do',
          tags: ['session'],
          response: { 200: accessShape },
        },
        config: { permission: 'session.read' },
      },
      async (request): Promise<Access> => {
        const principal = principalOf(request);
        const { kind, name, roles } = principal;
        const scoped = roles.some((role) => SCOPED_ROLES.has(role));
        return {
          kind,
          name,
          roles: [...roles],
          permissions: permissionsOf(roles),
          departmentIds: scoped ? [...(await ownDepartments(db, principal))] : [],
        };
      },
    );
  };
}
