import { basename } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Locale, localeOf } from '../../chat/locale.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError, UserError } from '../../kernel/errors.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { isStorable, wordInput } from '../../kernel/shapes.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  campaignInput,
  certifiedShape,
  itemsShape,
  leagueShape,
  liveInput,
  liveShape,
  quizPreviewShape,
  quizPutShape,
  quizShape,
  quizzesPage,
  quizzesQuery,
  rescoresPage,
  resultsPage,
  resultsQuery,
  winnersShape,
  withdrawInput,
  withdrawnShape,
} from './quizzes.api.ts';
import { type CertificateFiles, certificateWords, certifiedBy, noteIssued } from './quizzes.certificate.ts';
import { drawCertificate } from './quizzes.certificate-page.ts';
import { answersWorkbook } from './quizzes.export.ts';
import { nextQuestion, revealQuestion } from './quizzes.live.ts';
import { previewQuiz, publishQuiz, putQuiz } from './quizzes.plan.ts';
import { approveWinners, type ClosingDeps, closeQuiz } from './quizzes.results.ts';
import { quizFileSchema } from './quizzes.schema.ts';
import { type Quiz, quizBy } from './quizzes.store.ts';
import { leagueFor } from './quizzes.teams.ts';
import {
  itemsOf,
  liveView,
  quizView,
  quizViews,
  quizzesBefore,
  rescoresOf,
  resultsOf,
} from './quizzes.views.ts';
import { withdrawQuestion } from './quizzes.withdraw.ts';

export interface QuizRoutesDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  closing: ClosingDeps;
  certificates: CertificateFiles;
  campaignBy: (tx: Db, idOrKey: string) => Promise<{ id: string }>;
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
  namesOf: (tx: Db, ids: readonly string[]) => Promise<Map<string, { number: string; name: string }>>;
  /** Puts the schedules that follow from what was written, and sends what was promised. */
  refresh: () => Promise<void>;
}

const tags = ['quizzes'];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const params = z.object({ id: wordInput.describe('The id or the key of a round') });
const nothing = z.strictObject({});
const file = z.any().meta({ type: 'string', format: 'binary' });
const quizBody = campaignInput
  .extend({ quiz: quizFileSchema })
  .strict()
  .refine(isStorable, 'must not contain U+0000');

/** Rounds: planning, running, results. */
export function quizRoutes(deps: QuizRoutesDeps): ApiRoutes {
  const { db, clock, reading, closing } = deps;
  const localeIn = (request: FastifyRequest): Locale =>
    localeOf(request.headers['accept-language'] ?? 'zh-CN');

  /** One change of a round in one transaction, with its line in the audit. */
  async function changing<Result>(
    request: FastifyRequest,
    action: string,
    key: string,
    change: (tx: Db) => Promise<{ result: Result; detail?: Record<string, unknown> }>,
  ): Promise<Result> {
    const at = clock.now();
    const result = await db.transaction(async (tx) => {
      const { result, detail = {} } = await change(tx);
      await recordAudit(tx, { at, actor: actorOf(request), action, subject: `quiz:${key}`, detail });
      return result;
    });
    await deps.refresh();
    return result;
  }

  const read = <Result>(
    request: FastifyRequest,
    action: string,
    id: string,
    of: (tx: Db, quiz: Quiz) => Promise<Result>,
  ) =>
    reading(principalOf(request), { action, subject: `quiz:${id} ${filtersIn({})}` }, async (tx) =>
      of(tx, await quizBy(tx, id)),
    );

  return (api) => {
    api.get(
      '/quizzes',
      {
        schema: {
          summary: 'Rounds, the youngest first',
          tags,
          querystring: quizzesQuery,
          response: { 200: quizzesPage },
        },
        config: { permission: 'quizzes.read' },
      },
      async (request) => {
        const { limit, cursor, state } = request.query;
        const after = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const { items, nextCursor } = page(
          await quizzesBefore(db, { state, after, limit: limit + 1 }),
          limit,
          ({ id }) => ({ id }),
        );
        return { items: await quizViews(db, items, localeIn(request)), nextCursor };
      },
    );

    api.get(
      '/quizzes/:id',
      {
        schema: { summary: 'One round', tags, params, querystring: nothing, response: { 200: quizShape } },
        config: { permission: 'quizzes.read' },
      },
      async (request) => quizView(db, await quizBy(db, request.params.id), localeIn(request)),
    );

    api.put(
      '/quizzes/:id',
      {
        schema: {
          summary: 'Plan a round; possible until it is published',
          tags,
          params,
          body: quizBody,
          response: { 200: quizPutShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) => {
        const { quiz: plan, campaign: named } = request.body;
        if (plan.id !== request.params.id)
          throw new UserError(
            `the round is called ${plan.id} in the body and ${request.params.id} in the address`,
          );
        return changing(request, 'quizzes.put', plan.id, async (tx) => {
          const campaign = await deps.campaignBy(tx, named);
          const { outcome, quiz } = await putQuiz(tx, { file: plan, campaign, at: clock.now() });
          return {
            result: { outcome, quiz: await quizView(tx, quiz, localeIn(request)) },
            detail: { outcome },
          };
        });
      },
    );

    api.post(
      '/quizzes::preview',
      {
        schema: {
          summary: 'What the bank has for a plan, and one paper of it',
          tags,
          body: z.strictObject({ quiz: quizFileSchema }),
          response: { 200: quizPreviewShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async ({ body }) => {
        const { slots, rules, cards } = await previewQuiz(db, body.quiz);
        return {
          slots,
          rules,
          cards: cards.map(({ title, body: words, image, buttons = [] }) => ({
            title,
            body: words,
            picture: image === undefined ? null : basename(image.path),
            buttons: buttons.map(({ label }) => label),
          })),
        };
      },
    );

    api.post(
      '/quizzes/:id/publish',
      {
        schema: {
          summary: 'Publish a round: its questions are drawn and its rules are fixed',
          tags,
          params,
          body: nothing,
          response: { 200: quizShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) =>
        changing(request, 'quizzes.publish', request.params.id, async (tx) => {
          const quiz = await publishQuiz(tx, request.params.id, clock.now());
          return { result: await quizView(tx, quiz, localeIn(request)) };
        }),
    );

    api.get(
      '/quizzes/:id/live',
      {
        schema: {
          summary: 'Where a live round is; the answer is told once it is revealed',
          tags,
          params,
          querystring: nothing,
          response: { 200: liveShape },
        },
        config: { permission: 'quizzes.read' },
      },
      async (request) => liveView(db, await quizBy(db, request.params.id), clock.now(), localeIn(request)),
    );

    api.post(
      '/quizzes/:id/live',
      {
        schema: {
          summary: 'Run a live round: next question, reveal the answer, end',
          tags,
          params,
          body: liveInput,
          response: { 200: liveShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) => {
        const { id } = request.params;
        const step = request.body.do;
        return changing(request, `quizzes.${step}`, id, async (tx) => {
          const at = clock.now();
          if (step === 'next') await nextQuestion(tx, id, at);
          else if (step === 'reveal') await revealQuestion(tx, id, at);
          else await closeQuiz(tx, (await quizBy(tx, id, { lock: true })).id, at, closing);
          return { result: await liveView(tx, await quizBy(tx, id), at, localeIn(request)) };
        });
      },
    );

    api.post(
      '/quizzes/:id/close',
      {
        schema: {
          summary: 'End a round before its time',
          tags,
          params,
          body: nothing,
          response: { 200: quizShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) =>
        changing(request, 'quizzes.close', request.params.id, async (tx) => {
          const quiz = await quizBy(tx, request.params.id, { lock: true });
          await closeQuiz(tx, quiz.id, clock.now(), closing);
          return { result: await quizView(tx, await quizBy(tx, quiz.id), localeIn(request)) };
        }),
    );

    api.get(
      '/quizzes/:id/results',
      {
        schema: {
          summary: 'The ranking as it follows from the answers now',
          tags,
          params,
          querystring: resultsQuery,
          response: { 200: resultsPage },
        },
        config: { permission: 'quizzes.results' },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const after = readCursor(cursor, z.object({ after: z.int().min(0) }))?.after ?? 0;
        const rows = await read(request, 'quizzes.results', request.params.id, (tx, quiz) =>
          resultsOf(tx, quiz, { after, limit: limit + 1 }),
        );
        return page(rows, limit, () => ({ after: after + limit }));
      },
    );

    api.get(
      '/quizzes/:id/league',
      {
        schema: {
          summary: 'Departments by score per head',
          tags,
          params,
          querystring: nothing,
          response: { 200: leagueShape },
        },
        config: { permission: 'quizzes.results' },
      },
      async (request) => ({
        items: await leagueFor(db, await quizBy(db, request.params.id), closing.zone),
      }),
    );

    api.get(
      '/quizzes/:id/items',
      {
        schema: {
          summary: 'How each question did: easiness, discrimination, distractors',
          tags,
          params,
          querystring: nothing,
          response: { 200: itemsShape },
        },
        config: { permission: 'quizzes.read' },
      },
      async (request) => itemsOf(db, await quizBy(db, request.params.id), clock.now()),
    );

    api.post(
      '/quizzes/:id/questions/:position/withdraw',
      {
        schema: {
          summary: 'Take a question out of the count; scores are counted anew and the moves are kept',
          tags,
          params: params.extend({ position: z.coerce.number().int().min(0) }),
          body: withdrawInput,
          response: { 200: withdrawnShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) => {
        const { id, position } = request.params;
        const { reason } = request.body;
        return changing(request, 'quizzes.withdraw', id, async (tx) => {
          const quiz = await quizBy(tx, id, { lock: true });
          const by = principalOf(request).id;
          const result = await withdrawQuestion(tx, quiz, { position, reason, by, at: clock.now() });
          return { result, detail: { position, reason, ...result } };
        });
      },
    );

    api.get(
      '/quizzes/:id/rescores',
      {
        schema: {
          summary: 'Whom withdrawals moved from where to where',
          tags,
          params,
          querystring: resultsQuery,
          response: { 200: rescoresPage },
        },
        config: { permission: 'quizzes.read' },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const after = readCursor(cursor, z.object({ after: z.int().min(0) }))?.after ?? 0;
        const rows = await read(request, 'quizzes.rescores', request.params.id, (tx, quiz) =>
          rescoresOf(tx, quiz.id, { after, limit: limit + 1 }),
        );
        return page(rows, limit, () => ({ after: after + limit }));
      },
    );

    api.post(
      '/quizzes/:id/approve',
      {
        schema: {
          summary: 'Confirm the winners: points, badges, messages, certificates',
          tags,
          params,
          body: nothing,
          response: { 200: winnersShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) =>
        changing(request, 'quizzes.approve', request.params.id, async (tx) => {
          const quiz = await quizBy(tx, request.params.id, { lock: true });
          const winners = await approveWinners(tx, quiz, clock.now());
          const names = await deps.namesOf(
            tx,
            winners.map(({ employeeId }) => employeeId),
          );
          const shown = winners.map(({ employeeId, rank, score }) => ({
            rank,
            score,
            number: '',
            name: '',
            ...names.get(employeeId),
          }));
          return { result: { winners: shown }, detail: { winners: winners.length } };
        }),
    );

    api.get(
      '/quizzes/:id/answers.xlsx',
      {
        schema: {
          summary: 'Every answer of every person, as XLSX',
          tags,
          params,
          querystring: nothing,
          response: { 200: file },
        },
        config: { permission: 'quizzes.results' },
      },
      async (request, reply) => {
        const { id } = request.params;
        const locale = localeIn(request);
        const { key, bytes } = await read(request, 'quizzes.answers', id, async (tx, quiz) => {
          const { bytes } = await answersWorkbook(tx, quiz, { zone: closing.zone, locale });
          return { key: quiz.key, bytes };
        });
        return reply
          .header('content-disposition', `attachment; filename="${key}-answers.xlsx"`)
          .type(XLSX)
          .send(bytes);
      },
    );

    api.get(
      '/quizzes/:id/certificates/:number',
      {
        schema: {
          summary: "Somebody's certificate of a confirmed round, as PDF",
          tags,
          params: params.extend({ number: wordInput.describe('A 工号') }),
          querystring: nothing,
          response: { 200: file },
        },
        config: { permission: 'quizzes.results' },
      },
      async (request, reply) => {
        const { id, number } = request.params;
        const locale = localeIn(request);
        const made = await read(request, 'quizzes.certificate', id, async (tx, quiz) => {
          const employeeId = await deps.employeeIdOf(tx, number);
          const name = (await deps.namesOf(tx, [employeeId])).get(employeeId)?.name ?? '';
          const found = await certificateWords(tx, { quiz, employeeId, name, locale }, deps.certificates);
          return found === undefined ? undefined : { ...found, quizId: quiz.id, employeeId };
        });
        if (made === undefined)
          throw new AppError('quiz.not-closed', 'certificates come with the confirmed list');
        await noteIssued(db, { ...made, at: clock.now() });
        const bytes = await drawCertificate(made.words);
        return reply
          .header('content-disposition', `attachment; filename="certificate.pdf"`)
          .type('application/pdf')
          .send(bytes);
      },
    );

    api.get(
      '/quizzes/certificates/:code',
      {
        schema: {
          summary: 'Whether we gave out a certificate of this number, and for what',
          tags,
          params: z.object({ code: wordInput.describe('The number at the foot of the page') }),
          querystring: nothing,
          response: { 200: certifiedShape },
        },
        config: { permission: 'quizzes.results' },
      },
      async (request) => {
        const { code } = request.params;
        const what = { action: 'quizzes.certificate.check', subject: `certificate:${code}` };
        return deps.reading(principalOf(request), what, async (tx) => {
          const found = await certifiedBy(tx, code);
          if (found === undefined)
            throw new AppError('quiz.no-certificate', `no certificate has the number ${code}`);
          const person = (await deps.namesOf(tx, [found.employeeId])).get(found.employeeId);
          return {
            quizId: found.quizId,
            title: found.file.title,
            number: person?.number ?? '',
            name: person?.name ?? '',
            rank: found.rank,
            right: found.right,
            asked: found.asked,
            issuedAt: found.at.toString(),
          };
        });
      },
    );
  };
}
