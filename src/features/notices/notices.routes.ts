import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { asc, isNull } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Locale, localeOf } from '../../chat/locale.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, personBehind, principalOf } from '../../http/auth.ts';
import { scopeOf } from '../../http/authorise.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { textInput, wordInput } from '../../kernel/shapes.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import type { Preflight } from '../../outbox/preflight.ts';
import { recordAudit } from '../audit/index.ts';
import { harmless } from '../reports/index.ts';
import {
  correctInput,
  fileShape,
  noticeDeliveriesPage,
  noticeDeliveriesQuery,
  noticeDetailShape,
  noticeInput,
  noticePreviewShape,
  noticeShape,
  noticesPage,
  noticesQuery,
  recalledShape,
  rejectInput,
  remindedShape,
  sendInput,
  templateInput,
  templateShape,
  templatesShape,
} from './notices.api.ts';
import { afterApproval } from './notices.approval.ts';
import {
  type Checked,
  checkNotice,
  fitsOf,
  longestOf,
  preflightOf,
  sentenceOf,
  WrongNotice,
} from './notices.check.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { noticeDetail, noticesBefore, noticeView } from './notices.lists.ts';
import { recallNotice } from './notices.recall.ts';
import { remindOpen } from './notices.remind.ts';
import { noticeMessage } from './notices.render.ts';
import { dispatchNotice } from './notices.send.ts';
import {
  cancelNotice,
  closeNotice,
  createNotice,
  type Deed,
  editNotice,
  noticeById,
  rejectNotice,
  submitNotice,
} from './notices.service.ts';
import { recipientsOf } from './notices.standing.ts';
import type { Notice } from './notices.tables.ts';
import { type NoticeActor, noticeFiles, noticeTemplates } from './notices.tables.ts';
import { askApprovers, tellWords } from './notices.tell.ts';
import { text } from './notices.text.ts';

const tags = ['notices'];
const byId = z.object({ id: z.uuid() });
const MOST_FILE_BYTES = 20 * 1024 * 1024;

export function noticeRoutes(
  deps: NoticeDeps & { db: Db; nudge: () => void; wake: () => Promise<void> },
): ApiRoutes {
  const { db, clock } = deps;

  /** A change with its line in the audit; what it promised and scheduled leaves at once. */
  async function change<Result>(
    request: FastifyRequest,
    action: string,
    subject: string,
    work: (tx: Db, deed: Deed) => Promise<Result>,
  ): Promise<Result> {
    const at = clock.now();
    await refuseForeign(request, subject);
    const result = await db
      .transaction(async (tx) => {
        const done = await work(tx, { by: byOf(request), at });
        await recordAudit(tx, { at, actor: actorOf(request), action, subject });
        return done;
      })
      .catch((error: unknown) => {
        throw error instanceof WrongNotice ? new WrongNotice(error.problem, localeIn(request)) : error;
      });
    deps.nudge();
    await deps.wake();
    return result;
  }

  /** A liaison touches only what they wrote themselves; anything else is refused and noted. */
  async function refuseForeign(request: FastifyRequest, subject: string): Promise<void> {
    if (scopeOf(request) === 'everyone') return;
    const { employeeId } = principalOf(request);
    const isNew = !z.uuid().safeParse(subject).success;
    const isTemplate = subject.startsWith('template:');
    const owner = isTemplate ? undefined : isNew ? employeeId : (await noticeById(db, subject)).byLiaison;
    if (employeeId !== null && owner === employeeId) return;
    const actor = actorOf(request);
    await recordAudit(db, { at: clock.now(), actor, action: 'notices.scope-refused', subject });
    throw new AppError('notice.scope-foreign', 'this notice is not yours');
  }

  /** The recipients whom the caller may see, with the line about it in the audit. */
  async function audited(
    request: FastifyRequest,
    id: string,
    span: { after?: string | undefined; limit?: number },
  ) {
    return db.transaction(async (tx) => {
      const notice = await noticeById(tx, id);
      const actor = actorOf(request);
      await recordAudit(tx, { at: clock.now(), actor, action: 'notices.recipients', subject: id });
      const scope = scopeOf(request);
      const day = localDay(clock.now(), deps.zone);
      const within = scope === 'everyone' ? undefined : { departments: scope, day };
      return recipientsOf(tx, notice, { within, ...span });
    });
  }

  const liaisonOf = (request: FastifyRequest): string | null =>
    scopeOf(request) === 'everyone' ? null : principalOf(request).employeeId;

  const inputOf = ({ sendAt, ladder, fields, campaignId, ...body }: z.output<typeof noticeInput>) => ({
    ...body,
    ...(fields === undefined ? {} : { fields }),
    ...(campaignId === undefined ? {} : { campaignId }),
    audience: withoutUndefined(body.audience),
    ...(ladder === undefined ? {} : { ladder }),
    sendAt: sendAt === null ? null : Temporal.Instant.from(sendAt),
  });

  return (api) => {
    api.get(
      '/notices',
      {
        schema: {
          summary: 'Notices, the youngest first',
          tags,
          querystring: noticesQuery,
          response: { 200: noticesPage },
        },
        config: { permission: 'notices.read' },
      },
      async ({ query: { limit, cursor, state } }) => {
        const before = readCursor(cursor, z.object({ no: z.int() }))?.no;
        const rows = await noticesBefore(db, { state, before, limit: limit + 1 }, clock.now());
        return page(rows, limit, ({ no }) => ({ no }));
      },
    );

    api.post(
      '/notices',
      {
        schema: { summary: 'Keep a draft', tags, body: noticeInput, response: { 201: noticeShape } },
        config: { permission: 'notices.send' },
      },
      async (request, reply) => {
        const made = await change(request, 'notices.create', 'notice', async (tx, deed) =>
          noticeView(
            tx,
            await createNotice(tx, { ...inputOf(request.body), byLiaison: liaisonOf(request) }, deed),
          ),
        );
        return reply.code(201).send(made);
      },
    );

    api.get(
      '/notices/:id',
      {
        schema: {
          summary: 'One notice with its steps',
          tags,
          params: byId,
          querystring: z.strictObject({}),
          response: { 200: noticeDetailShape },
        },
        config: { permission: 'notices.read' },
      },
      async ({ params }) => noticeDetail(db, deps, params.id),
    );

    api.put(
      '/notices/:id',
      {
        schema: {
          summary: 'Change what has not gone out; it becomes a draft again',
          tags,
          params: byId,
          body: noticeInput,
          response: { 200: noticeShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'notices.edit', id, async (tx, deed) =>
          noticeView(tx, await editNotice(tx, deps, id, inputOf(request.body), deed)),
        );
      },
    );

    api.post(
      '/notices/:id/preview',
      {
        schema: {
          summary:
            'What would become of it: variables for every recipient, sizes, who will not get it and why',
          tags,
          params: byId,
          response: { 200: noticePreviewShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        await refuseForeign(request, request.params.id);
        const notice = await noticeById(db, request.params.id);
        const at = notice.sendAt ?? clock.now();
        const checked = await checkNotice(db, deps, notice, at);
        const flown = await preflightOf(db, deps, notice, checked, at);
        const longest = longestOf(checked.texts);
        const ends = flown.plans.flatMap(({ forecast }) =>
          forecast.kind === 'finishes' ? [forecast.at] : [],
        );
        return {
          people: checked.people.length,
          texts: checked.texts.length,
          sample: longest === undefined ? null : { title: longest.title, body: longest.body },
          groups: flown.groups,
          leaving: flown.leaving,
          shortfalls: shortfallsOf(flown, checked, localeIn(request)),
          finishesAt: ends.sort(Temporal.Instant.compare).at(-1)?.toString() ?? null,
          findings: checked.findings,
          problems: checked.problems.map((one) => ({
            code: one.code,
            sentence: sentenceOf(one, localeIn(request)),
          })),
          needsApproval: checked.needsApproval,
          shortcomings: flown.shortcomings,
          fits: fitsOf(
            deps,
            noticeMessage(
              notice,
              longest ?? { title: notice.title.slice(0, 120), body: notice.body.slice(0, 4_000) },
              'zh-CN',
            ),
          ),
        };
      },
    );

    /** A step of the flow that takes no words. */
    const step = (
      word: string,
      summary: string,
      work: (tx: Db, id: string, deed: Deed) => Promise<Notice>,
    ): void => {
      api.post(
        `/notices/:id/${word}`,
        {
          schema: { summary, tags, params: byId, response: { 200: noticeShape } },
          config: { permission: word === 'approve' ? 'notices.review' : 'notices.send' },
        },
        async (request) => {
          const { id } = request.params;
          return change(request, `notices.${word}`, id, async (tx, deed) =>
            noticeView(tx, await work(tx, id, deed)),
          );
        },
      );
    };
    step('submit', 'Check it and, where somebody else must approve, ask them', async (tx, id, deed) => {
      const { notice, checked } = await submitNotice(tx, deps, id, deed);
      if (notice.state === 'in-review') await askApprovers(tx, deps, notice, checked.people.length, deed.at);
      return notice;
    });
    step('approve', 'Review a document, or approve; never one’s own', (tx, id, deed) =>
      afterApproval(tx, deps, id, deed),
    );
    step('cancel', 'End what has not gone out', (tx, id, deed) => cancelNotice(tx, deps, id, deed));
    step('close', 'Nobody is reminded any more', (tx, id, deed) => closeNotice(tx, deps, id, deed));

    api.post(
      '/notices/:id/reject',
      {
        schema: {
          summary: 'Back to whoever wrote it',
          tags,
          params: byId,
          body: rejectInput,
          response: { 200: noticeShape },
        },
        config: { permission: 'notices.review' },
      },
      async (request) => {
        const { id } = request.params;
        const { reason } = request.body;
        return change(request, 'notices.reject', id, async (tx, deed) => {
          const back = await rejectNotice(tx, id, reason, deed);
          await tellWords(tx, deps, back, deed.at, (t) =>
            t.approval.toldRejected(back.no, deed.by.name, reason),
          );
          return noticeView(tx, back);
        });
      },
    );

    api.post(
      '/notices/:id/send',
      {
        schema: {
          summary: 'Send it, or put it on the schedule when its time is still to come',
          tags,
          params: byId,
          body: sendInput,
          response: { 200: noticeShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        const { id } = request.params;
        const { sendAt } = request.body;
        const when = sendAt == null ? sendAt : Temporal.Instant.from(sendAt);
        return change(request, 'notices.send', id, async (tx, deed) =>
          noticeView(tx, (await dispatchNotice(tx, deps, id, deed, when)).notice),
        );
      },
    );

    api.post(
      '/notices/:id/remind',
      {
        schema: {
          summary: 'Remind only those who have not acted',
          tags,
          params: byId,
          response: { 200: remindedShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'notices.remind', id, async (tx, deed) => {
          const done = await remindOpen(tx, deps, await noticeById(tx, id), deed);
          return { outcome: done.kind, people: done.kind === 'sent' ? done.people : 0 };
        });
      },
    );

    api.post(
      '/notices/:id/recall',
      {
        schema: {
          summary: 'End what has not left, and take back what the platforms let be taken back',
          tags,
          params: byId,
          response: { 200: recalledShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        const { id } = request.params;
        return change(request, 'notices.recall', id, async (tx, deed) => {
          const { notice, cancelled } = await recallNotice(tx, deps, id, deed);
          return { cancelled, notice: await noticeView(tx, notice) };
        });
      },
    );

    api.post(
      '/notices/:id/correct',
      {
        schema: {
          summary: 'A draft that corrects this one and goes to whoever got it',
          tags,
          params: byId,
          body: correctInput,
          response: { 201: noticeShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request, reply) => {
        const { id } = request.params;
        const made = await change(request, 'notices.correct', id, async (tx, deed) => {
          const { audience, toGroups } = await noticeById(tx, id);
          return noticeView(
            tx,
            await createNotice(
              tx,
              { ...request.body, audience, toGroups, corrects: id, byLiaison: liaisonOf(request) },
              deed,
            ),
          );
        });
        return reply.code(201).send(made);
      },
    );

    api.get(
      '/notices/:id/deliveries',
      {
        schema: {
          summary: 'Who it was for, and what became of it with each; audited',
          tags,
          params: byId,
          querystring: noticeDeliveriesQuery,
          response: { 200: noticeDeliveriesPage },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const { id } = request.params;
        const after = readCursor(cursor, z.object({ number: textInput }))?.number;
        const rows = await audited(request, id, { after, limit: limit + 1 });
        return page(
          rows.map(({ employeeId: _id, departmentId: _department, channel, ...row }) => ({
            ...row,
            channel: channel === '' ? null : channel,
          })),
          limit,
          ({ number }) => ({ number }),
        );
      },
    );

    api.get(
      '/notices/:id/receipts.csv',
      {
        config: { permission: 'notices.send' },
        schema: {
          summary: 'Who it was for and what became of it with each, as CSV for spreadsheets; audited',
          tags,
          params: byId,
          querystring: z.strictObject({}),
          response: { 200: z.unknown() },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const rows = await audited(request, id, {});
        const lines = stringify(
          rows.map(({ number, name, department, standing, state, reason, acknowledgedAt, signedUpAt }) =>
            [number, name, department, standing, state, reason, acknowledgedAt, signedUpAt].map((cell) =>
              harmless(cell ?? ''),
            ),
          ),
          {
            header: true,
            columns: ['工号', '姓名', '部门', '情况', '投递状态', '原因', '回执时间', '报名时间'],
            bom: true,
          },
        );
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="notice-${id}.csv"`)
          .send(Buffer.from(lines));
      },
    );

    api.get(
      '/notice-templates',
      {
        schema: {
          summary: 'Texts to begin with',
          tags,
          querystring: z.strictObject({}),
          response: { 200: templatesShape },
        },
        config: { permission: 'notices.read' },
      },
      async () => ({
        items: await db
          .select({
            key: noticeTemplates.key,
            title: noticeTemplates.title,
            body: noticeTemplates.body,
            needsAcknowledgement: noticeTemplates.needsAcknowledgement,
            position: noticeTemplates.position,
          })
          .from(noticeTemplates)
          .where(isNull(noticeTemplates.retiredAt))
          .orderBy(asc(noticeTemplates.position), asc(noticeTemplates.key)),
      }),
    );

    api.put(
      '/notice-templates/:key',
      {
        schema: {
          summary: 'Write a template; blanks such as `{时间}` are asked for in chat',
          tags,
          params: z.object({ key: wordInput }),
          body: templateInput,
          response: { 200: templateShape },
        },
        config: { permission: 'notices.send' },
      },
      async (request) => {
        const row = { key: request.params.key, ...request.body };
        return change(request, 'notices.template', `template:${row.key}`, async (tx) => {
          await tx
            .insert(noticeTemplates)
            .values(row)
            .onConflictDoUpdate({ target: noticeTemplates.key, set: { ...row, retiredAt: null } });
          return row;
        });
      },
    );

    // Files come as they are, by a parser of their own.
    void api.register(async (scope: typeof api) => {
      scope.addContentTypeParser(
        'application/octet-stream',
        { parseAs: 'buffer', bodyLimit: MOST_FILE_BYTES },
        async (_request: unknown, bytes: Buffer) => bytes,
      );
      scope.post(
        '/notice-files',
        {
          bodyLimit: MOST_FILE_BYTES,
          schema: {
            summary: 'Hand in a file that a notice may attach; at most 20 MB',
            tags,
            querystring: z.strictObject({
              name: z.string().trim().min(1).max(200),
              mime: z.string().max(120).default('application/octet-stream'),
            }),
            body: {
              content: {
                'application/octet-stream': {
                  schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }),
                },
              },
            },
            response: { 201: fileShape },
          },
          config: { permission: 'notices.send' },
        },
        async (request, reply) => {
          const bytes = request.body as Buffer;
          const { name, mime } = request.query;
          const id = newId();
          // Never the name that somebody gave: it might lead elsewhere.
          const path = join('notices', id);
          await mkdir(join(deps.fileRoot, 'notices'), { recursive: true });
          await writeFile(join(deps.fileRoot, path), bytes, { mode: 0o640 });
          await change(request, 'notices.file', `file:${id}`, async (tx, { by, at }) => {
            const sha256 = createHash('sha256').update(bytes).digest('hex');
            await tx
              .insert(noticeFiles)
              .values({ id, name, mime, path, bytes: bytes.length, sha256, by: by.id, at });
          });
          return reply.code(201).send({ fileId: id, name, bytes: bytes.length });
        },
      );
    });
  };
}

const localeIn = (request: FastifyRequest): Locale => localeOf(request.headers['accept-language'] ?? '');

const MOST_NAMES = 20;

/** Who will not get it or not at once, by reason, with some names. */
function shortfallsOf(
  { counts, shortfalls }: Preflight,
  { people }: Pick<Checked, 'people'>,
  locale: Locale,
) {
  const t = text[locale];
  const names = new Map(people.map(({ employeeId, name }) => [employeeId, name]));
  return counts.map(({ kind, reason, n }) => {
    const these = shortfalls.filter((one) => one.kind === kind && one.reason === reason);
    return {
      kind,
      reason,
      n,
      words: t.because(t.shortfall[kind] ?? kind, t.reason[reason] ?? reason),
      people: these.slice(0, MOST_NAMES).flatMap(({ employeeId }) => names.get(employeeId ?? '') ?? []),
    };
  });
}

/** The person behind a session or a token counts as themselves, so that four eyes are those of two people. */
function byOf(request: FastifyRequest): NoticeActor {
  const { id, name, ...who } = principalOf(request);
  const employeeId = personBehind(who);
  return employeeId === null ? { kind: 'token', id, name } : { kind: 'employee', id: employeeId, name };
}

function withoutUndefined<Given extends object>(given: Given) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
