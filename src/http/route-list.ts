import type { FastifyInstance } from 'fastify';
import type { Permission } from '../kernel/permissions.ts';

export interface ServedRoute {
  method: string;
  url: string;
  /** Null where none is named: outside of the API on purpose, inside of it by mistake. */
  permission: Permission | null;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every address of this server, in the order in which they were added. */
    routeList: ServedRoute[];
  }
}

/** Addresses that anybody may call, by their beginnings, and what guards them instead of a role. */
export const openAddresses: Readonly<Record<string, string>> = {
  '/healthz': 'says only that the process lives',
  '/readyz': 'says what works, without data',
  '/metrics': 'numbers without names; shield it where the network is not yours',
  '/webhooks/': 'signed by the platform',
  '/sandbox': 'served only while no platform is connected',
  '/console': 'the page, and the ways to sign in; everything it shows comes from the API',
  '/q/': 'short links of posters: leads on, counts scans, names nobody',
  '/t/': 'the code on the wall of a class and calendar files: by a code that rotates or a key, names nobody',
  '/api/docs': 'the description of the API, without data',
  '/api/openapi.json': 'the description of the API, without data',
};

/** Remembers every address that is added after this call. */
export function listRoutes(server: FastifyInstance): void {
  server.decorate('routeList', []);
  server.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      server.routeList.push({
        method,
        url: route.url,
        // Read late: the hooks of a scope come after this one and may name the permission of all its routes.
        get permission() {
          return route.config?.permission ?? null;
        },
      });
    }
  });
}
