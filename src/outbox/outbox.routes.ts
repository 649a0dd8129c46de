import { z } from 'zod';
import type { ApiRoutes } from '../http/api.ts';
import { principalOf } from '../http/auth.ts';
import { page, readCursor } from '../http/paging.ts';
import type { Db } from '../kernel/db.ts';
import { filtersIn, type Reading } from '../kernel/reading.ts';
import { textInput } from '../kernel/shapes.ts';
import { type Clock, localDay, startOfDay, Temporal } from '../kernel/time.ts';
import { type DeliveryState, deliveryStates } from './delivery-states.ts';
import {
  type DeliverySummary,
  type DeliveryView,
  deliveriesPage,
  deliveriesQuery,
  deliveryStatesShape,
  deliverySummaryQuery,
  deliverySummaryShape,
} from './outbox.api.ts';
import { countDeliveries, type DeliveryRow, deliveriesBefore } from './outbox.lists.ts';

export interface OutboxRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  /** Both reject when there is nothing of that name. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<{ id: string; key: string; zone: string }>;
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
  namesOf: (tx: Db, ids: readonly string[]) => Promise<Map<string, { number: string; name: string }>>;
}

const tags = ['deliveries'];

/** What became of the messages. */
export function outboxRoutes(deps: OutboxRoutesDeps): ApiRoutes {
  const { db, clock, reading, campaignBy, employeeIdOf } = deps;
  return (api) => {
    api.get(
      '/deliveries',
      {
        config: { permission: 'deliveries.read' },
        schema: {
          summary: 'Deliveries, those of the youngest message first',
          tags,
          querystring: deliveriesQuery,
          response: { 200: deliveriesPage },
        },
      },
      async (request) => {
        const { limit, cursor, purpose, state, employee, since } = request.query;
        const after = readCursor(cursor, z.object({ messageId: z.uuid(), recipient: textInput }));
        const what = { action: 'deliveries.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const rows = await deliveriesBefore(tx, {
            purpose,
            state,
            employeeId: employee === undefined ? undefined : await employeeIdOf(tx, employee),
            since: since === undefined ? undefined : Temporal.Instant.from(since),
            after,
            limit: limit + 1,
          });
          const { items, nextCursor } = page(rows, limit, ({ messageId, recipient }) => ({
            messageId,
            recipient,
          }));
          return { items: await withNames(tx, items, deps), nextCursor };
        });
      },
    );

    api.get(
      '/deliveries/summary',
      {
        config: { permission: 'deliveries.summary' },
        schema: {
          summary: "How a campaign's messages of a day fared, counted by purpose and state",
          tags,
          querystring: deliverySummaryQuery,
          response: { 200: deliverySummaryShape },
        },
      },
      async ({ query }): Promise<DeliverySummary> => {
        const { id, key, zone } = await campaignBy(db, query.campaign);
        const day =
          query.day === undefined ? localDay(clock.now(), zone) : Temporal.PlainDate.from(query.day);
        const span = { from: startOfDay(day, zone), to: startOfDay(day.add({ days: 1 }), zone) };
        const purposes = await countDeliveries(db, id, span);
        return { campaign: { id, key }, day: day.toString(), zone, purposes };
      },
    );

    api.get(
      '/delivery-states',
      {
        config: { permission: 'console.use' },
        schema: {
          summary: 'What the states of a delivery mean and where each may go next',
          tags,
          querystring: z.strictObject({}),
          response: { 200: deliveryStatesShape },
        },
      },
      async () => ({
        items: (Object.keys(deliveryStates) as DeliveryState[]).map((state) => {
          const { meaning, next } = deliveryStates[state];
          return { state, meaning, next: [...next] };
        }),
      }),
    );
  };
}

async function withNames(
  tx: Db,
  rows: readonly DeliveryRow[],
  { namesOf }: OutboxRoutesDeps,
): Promise<DeliveryView[]> {
  const names = await namesOf(tx, [...new Set(rows.flatMap(({ employeeId }) => employeeId ?? []))]);
  return rows.map(({ employeeId, ...row }) => ({ ...row, employee: names.get(employeeId ?? '') ?? null }));
}
