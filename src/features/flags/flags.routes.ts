import { desc, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { type FlagView, flagDecision, flagShape, flagsPage, flagsQuery } from './flags.api.ts';
import { decideFlag } from './flags.service.ts';
import { evidenceFlags } from './flags.tables.ts';

export interface FlagRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  namesOf: (tx: Db, ids: readonly string[]) => Promise<Map<string, { number: string; name: string }>>;
}

type Names = FlagRoutesDeps['namesOf'];
const tags = ['check-ins'];

/** What looks like proxy check-ins: hints for HR, without any effect of their own. */
export function flagRoutes({ db, clock, reading, namesOf }: FlagRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/flags',
      {
        config: { permission: 'evidence.correct' },
        schema: {
          summary: 'What looks as if one person checked in for others, the youngest first',
          tags,
          querystring: flagsQuery,
          response: { 200: flagsPage },
        },
      },
      async (request) => {
        const { limit, cursor, state } = request.query;
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const what = { action: 'flags.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const rows = await flagsBefore(tx, { state, before, limit: limit + 1 });
          const { items, nextCursor } = page(rows, limit, ({ id }) => ({ id }));
          return { items: await views(tx, items, namesOf), nextCursor };
        });
      },
    );

    api.post(
      '/flags/:id/decision',
      {
        config: { permission: 'evidence.correct' },
        schema: {
          summary: 'Say what came of looking into it; nothing else follows',
          tags,
          params: z.object({ id: z.uuid() }),
          body: flagDecision,
          response: { 200: flagShape },
        },
      },
      async (request): Promise<FlagView> => {
        const { id } = request.params;
        const { outcome, reason } = request.body;
        const at = clock.now();
        const actor = actorOf(request);
        return db.transaction(async (tx) => {
          await decideFlag(tx, id, { outcome, reason, by: `${actor.kind}:${actor.id}`, at });
          await recordAudit(tx, { at, actor, action: 'flags.decide', subject: id, detail: { outcome } });
          const [view] = await views(tx, await flagsBefore(tx, { id, limit: 1 }), namesOf);
          return view as FlagView;
        });
      },
    );
  };
}

type Row = typeof evidenceFlags.$inferSelect;

async function flagsBefore(
  tx: Db,
  query: { id?: string; state?: string | undefined; before?: string | undefined; limit: number },
): Promise<Row[]> {
  const { id, state, before, limit } = query;
  return tx
    .select()
    .from(evidenceFlags)
    .where(
      sql`${id === undefined ? sql`true` : sql`${evidenceFlags.id} = ${id}`}
        and ${state === undefined ? sql`true` : sql`${evidenceFlags.state} = ${state}`}
        and ${before === undefined ? sql`true` : sql`${evidenceFlags.id} < ${before}`}`,
    )
    .orderBy(desc(evidenceFlags.id))
    .limit(limit);
}

async function views(tx: Db, rows: readonly Row[], namesOf: Names): Promise<FlagView[]> {
  const names = await namesOf(tx, [...new Set(rows.flatMap(({ employeeIds }) => employeeIds))]);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    people: row.employeeIds.map((id) => {
      const { number = '', name = '' } = names.get(id) ?? {};
      return { number, name };
    }),
    from: row.fromDay.toString(),
    to: row.toDay.toString(),
    times: row.times,
    foundAt: row.foundAt.toString(),
    state: row.state,
    decided:
      row.decidedBy === null || row.decidedAt === null
        ? null
        : { by: row.decidedBy, at: row.decidedAt.toString(), reason: row.decidedReason ?? '' },
  }));
}
