import { and, desc, eq, gte, lt } from 'drizzle-orm';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { type AuditView, auditPage, auditQuery } from './audit.api.ts';
import { audit } from './audit.tables.ts';

export interface AuditRoutesDeps {
  db: Db;
  namesOf: (tx: Db, ids: readonly string[]) => Promise<Map<string, { number: string; name: string }>>;
}

/** Who did or read what, when. */
export function auditRoutes({ db, namesOf }: AuditRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/audit',
      {
        config: { permission: 'audit.read' },
        schema: {
          summary: 'The audit, the newest line first',
          tags: ['audit'],
          querystring: auditQuery,
          response: { 200: auditPage },
        },
      },
      async ({ query: { limit, cursor, ...filters } }) => {
        const after = readCursor(cursor, z.object({ id: z.int() }))?.id;
        const rows = await linesBefore(db, { ...filters, after, limit: limit + 1 });
        const people = await namesOf(db, [...new Set(rows.flatMap(employeeIn))]);
        const named = rows.map((row): AuditView => {
          const person = row.actor.kind === 'employee' ? people.get(row.actor.id) : undefined;
          const name = person === undefined ? null : `${person.number} ${person.name}`;
          return { ...row, actor: { ...row.actor, name } };
        });
        return page(named, limit, ({ id }) => ({ id }));
      },
    );
  };
}

const employeeIn = ({ actor }: { actor: { kind: string; id: string } }): string[] =>
  actor.kind === 'employee' && z.uuid().safeParse(actor.id).success ? [actor.id] : [];

type Filters = Omit<z.infer<typeof auditQuery>, 'cursor'> & { after: number | undefined };

async function linesBefore(db: Db, { action, actor, since, until, after, limit }: Filters) {
  const rows = await db
    .select()
    .from(audit)
    .where(
      and(
        after === undefined ? undefined : lt(audit.id, after),
        action === undefined ? undefined : eq(audit.action, action),
        actor === undefined ? undefined : eq(audit.actorId, actor),
        since === undefined ? undefined : gte(audit.at, Temporal.Instant.from(since)),
        until === undefined ? undefined : lt(audit.at, Temporal.Instant.from(until)),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(limit);
  return rows.map(({ at, actorKind, actorId, ...line }) => ({
    ...line,
    at: at.toString(),
    actor: { kind: actorKind, id: actorId },
  }));
}
