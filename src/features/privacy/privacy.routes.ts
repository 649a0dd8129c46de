import { desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { localeOf } from '../../chat/locale.ts';
import { text as words } from '../../chat/message.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, pageQuery, readCursor } from '../../http/paging.ts';
import { instantFromSql } from '../../kernel/columns.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import type { Clock } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { recordAudit } from '../audit/index.ts';
import { employees } from '../directory/directory.tables.ts';
import { reachable } from '../directory/index.ts';
import {
  type DataRequestView,
  dataRequestAnswer,
  dataRequestShape,
  dataRequestsPage,
  dataRequestsQuery,
  privacyNoticesPage,
  retentionRunsPage,
} from './privacy.api.ts';
import { dataRequests, privacyNotices, privacyShown, retentionRuns } from './privacy.tables.ts';
import { text } from './privacy.text.ts';

export interface PrivacyRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  nudge: () => void;
}

const tags = ['privacy'];

/** What the law on personal data asks for: versions of the notice, people's requests, proof of deletion. */
export function privacyRoutes({ db, clock, reading, nudge }: PrivacyRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/privacy/notices',
      {
        config: { permission: 'privacy.read' },
        schema: {
          summary: 'Every version of the notice, the newest first',
          tags,
          querystring: pageQuery.strict(),
          response: { 200: privacyNoticesPage },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const before = readCursor(cursor, z.object({ version: z.int() }))?.version;
        const rows = await db
          .select({
            notice: privacyNotices,
            shownTo: sql<number>`(select count(*)::int from ${privacyShown} s where s.version = ${privacyNotices.version})`,
          })
          .from(privacyNotices)
          .where(before === undefined ? undefined : sql`${privacyNotices.version} < ${before}`)
          .orderBy(desc(privacyNotices.version))
          .limit(limit + 1);
        const views = rows.map(({ notice, shownTo }) => ({
          ...notice,
          since: notice.since.toString(),
          shownTo,
        }));
        return page(views, limit, ({ version }) => ({ version }));
      },
    );

    api.get(
      '/privacy/deletions',
      {
        config: { permission: 'privacy.read' },
        schema: {
          summary: 'What the nightly clean-up deleted of each class of data, the newest first',
          tags,
          querystring: pageQuery.strict(),
          response: { 200: retentionRunsPage },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const rows = await db
          .select()
          .from(retentionRuns)
          .where(before === undefined ? undefined : sql`${retentionRuns.id} < ${before}`)
          .orderBy(desc(retentionRuns.id))
          .limit(limit + 1);
        const { items, nextCursor } = page(rows, limit, ({ id }) => ({ id }));
        return {
          items: items.map(({ id: _id, olderThan, at, ...row }) => ({
            ...row,
            olderThan: olderThan.toString(),
            at: at.toString(),
          })),
          nextCursor,
        };
      },
    );

    api.get(
      '/data-requests',
      {
        config: { permission: 'evidence.correct' },
        schema: {
          summary: 'What people ask to have corrected, the youngest first',
          tags,
          querystring: dataRequestsQuery,
          response: { 200: dataRequestsPage },
        },
      },
      async (request) => {
        const { limit, cursor, state } = request.query;
        const before = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const what = { action: 'data-requests.list', subject: filtersIn(request.query) };
        return reading(principalOf(request), what, async (tx) => {
          const rows = await requestsBefore(tx, { state, before, limit: limit + 1 });
          return page(rows, limit, ({ id }) => ({ id }));
        });
      },
    );

    api.post(
      '/data-requests/:id/answer',
      {
        config: { permission: 'evidence.correct' },
        schema: {
          summary: 'Answer somebody about their data; they are told in chat',
          tags,
          params: z.object({ id: z.uuid() }),
          body: dataRequestAnswer,
          response: { 200: dataRequestShape },
        },
      },
      async (request): Promise<DataRequestView> => {
        const { id } = request.params;
        const at = clock.now();
        const actor = actorOf(request);
        const view = await db.transaction(async (tx) => {
          const [written] = await tx
            .update(dataRequests)
            .set({ answer: request.body.answer, answeredBy: `${actor.kind}:${actor.id}`, answeredAt: at })
            .where(sql`${dataRequests.id} = ${id} and ${dataRequests.answeredAt} is null`)
            .returning();
          if (written === undefined) throw await problemOf(tx, id);
          await tell(tx, written.employeeId, request.body.answer, at);
          await recordAudit(tx, { at, actor, action: 'data-requests.answer', subject: id });
          const [after] = await requestsBefore(tx, { id, limit: 1 });
          return after as DataRequestView;
        });
        nudge();
        return view;
      },
    );
  };
}

async function problemOf(tx: Db, id: string): Promise<AppError> {
  const [known] = await tx.select({ id: dataRequests.id }).from(dataRequests).where(eq(dataRequests.id, id));
  return known === undefined
    ? new AppError('data-request.not-found', `there is no request ${id}`, { details: { id } })
    : new AppError('data-request.answered', `request ${id} is answered`, { details: { id } });
}

async function tell(tx: Db, employeeId: string, answer: string, at: ReturnType<Clock['now']>): Promise<void> {
  const [person] = await tx
    .select({ locale: employees.locale })
    .from(employees)
    .where(eq(employees.id, employeeId));
  await promise(tx, {
    purpose: 'privacy.answer',
    priority: 'answer',
    content: words(text[localeOf(person?.locale ?? '')].answered(answer)),
    recipients: [{ employeeId, address: (await reachable(tx, [employeeId])).get(employeeId) }],
    at,
  });
}

async function requestsBefore(
  tx: Db,
  query: { id?: string; state?: string | undefined; before?: string | undefined; limit: number },
): Promise<DataRequestView[]> {
  const { id, state, before, limit } = query;
  const { rows } = await tx.execute<{
    id: string;
    number: string;
    name: string;
    text: string;
    at: string;
    answer: string | null;
    answered_by: string | null;
    answered_at: string | null;
  }>(sql`
    select r.id, e.number, e.name, r.text, r.at, r.answer, r.answered_by, r.answered_at
    from data_requests r join employees e on e.id = r.employee_id
    where ${id === undefined ? sql`true` : sql`r.id = ${id}`}
      and ${state === undefined ? sql`true` : state === 'open' ? sql`r.answered_at is null` : sql`r.answered_at is not null`}
      and ${before === undefined ? sql`true` : sql`r.id < ${before}`}
    order by r.id desc limit ${limit}`);
  return rows.map((row) => ({
    id: row.id,
    employee: { number: row.number, name: row.name },
    text: row.text,
    at: instantFromSql(row.at).toString(),
    answer: row.answer,
    answeredBy: row.answered_by,
    answeredAt: row.answered_at === null ? null : instantFromSql(row.answered_at).toString(),
  }));
}
