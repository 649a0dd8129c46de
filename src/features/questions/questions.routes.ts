import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError, UserError } from '../../kernel/errors.ts';
import { isStorable, textInput, wordInput } from '../../kernel/shapes.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  pictureShape,
  type QuestionView,
  questionPutShape,
  questionShape,
  questionsExportQuery,
  questionsImportedShape,
  questionsImportRows,
  questionsPage,
  questionsQuery,
  reviewInput,
} from './questions.api.ts';
import { type Format, formats, readQuestions, writeQuestions } from './questions.formats.ts';
import type { GivenQuestion } from './questions.given.ts';
import {
  fileOf,
  importQuestions,
  MOST_QUESTIONS,
  type QuestionRow,
  type QuestionsImported,
} from './questions.import.ts';
import { questionByKey, questionsAfter, retireQuestion, reviewQuestion } from './questions.lists.ts';
import { LARGEST_PICTURE_BYTES, type Pictures } from './questions.pictures.ts';
import { pictureName, questionFileSchema } from './questions.schema.ts';

export interface QuestionRoutesDeps {
  db: Db;
  clock: Clock;
  pictures: Pictures;
}

const tags = ['questions'];
const LARGEST_IMPORT_BYTES = 20 * 1024 * 1024;
const params = z.object({ key: wordInput.meta({ examples: ['ss-freeze-where'] }) });
const questionBody = questionFileSchema.refine(isStorable, 'must not contain U+0000');
const binary = { schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }) };

/** The question bank: reading, writing, review, and files of other programs. */
export function questionRoutes({ db, clock, pictures }: QuestionRoutesDeps): ApiRoutes {
  async function importAll(
    request: FastifyRequest,
    given: readonly GivenQuestion[],
  ): Promise<QuestionsImported> {
    const at = clock.now();
    return db.transaction(async (tx) => {
      const report = await importQuestions(tx, given, at);
      if (report.totals.created + report.totals.updated > 0) {
        const detail = { ...report.totals };
        await recordAudit(tx, {
          at,
          actor: actorOf(request),
          action: 'questions.import',
          subject: 'questions',
          detail,
        });
      }
      return report;
    });
  }

  /** A question whose picture nobody has uploaded would reach nobody. */
  function withPicture(given: GivenQuestion): GivenQuestion {
    const name = pictureName.safeParse((given.question as { picture?: unknown } | undefined)?.picture);
    if (!name.success || pictures.bytesOf(name.data) !== undefined) return given;
    const problem = `picture: ${name.data} is not kept here; upload it first`;
    return { ...given, problems: [...(given.problems ?? []), problem] };
  }

  async function givenIn(request: FastifyRequest): Promise<GivenQuestion[]> {
    const body = request.body as unknown;
    if (body == null) throw new UserError('send questions as JSON, or a file');
    if (!Buffer.isBuffer(body)) {
      const rows = (body as z.infer<typeof questionsImportRows>).questions;
      return rows.map((question, place) => withPicture({ line: place + 1, question }));
    }
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
    const found = (Object.keys(formats) as Format[]).find((format) => formats[format].mime === type);
    const locale =
      request.headers['accept-language']?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en';
    return (await readQuestions(body, found ?? 'csv', { locale, pictures })).map(withPicture);
  }

  return (api) => {
    api.get(
      '/questions',
      {
        schema: {
          summary: 'The question bank by key',
          tags,
          querystring: questionsQuery,
          response: { 200: questionsPage },
        },
        config: { permission: 'quizzes.read' },
      },
      async ({ query: { limit, cursor, ...filters } }) => {
        const after = readCursor(cursor, z.object({ key: textInput }))?.key;
        const rows = await questionsAfter(db, { ...filters, after, limit: limit + 1 });
        return page(rows.map(questionView), limit, ({ key }) => ({ key }));
      },
    );

    api.get(
      '/questions::export',
      {
        schema: {
          summary: 'The bank as a file: XLSX, CSV, GIFT, Aiken or Moodle XML',
          description:
            'The header `x-cuhuo-left-out` names the questions that the format cannot hold (Aiken).',
          tags,
          querystring: questionsExportQuery,
          response: { 200: z.any().meta({ type: 'string', format: 'binary' }) },
        },
        config: { permission: 'quizzes.read' },
      },
      async (request, reply) => {
        const { format, area, review } = request.query;
        const rows = await questionsAfter(db, {
          area,
          review,
          retired: 'false',
          after: undefined,
          limit: MOST_QUESTIONS,
        });
        const { bytes, leftOut } = await writeQuestions(rows.map(fileOf), format, { pictures });
        const at = clock.now();
        const detail = { format, questions: rows.length - leftOut.length };
        await recordAudit(db, {
          at,
          actor: actorOf(request),
          action: 'questions.export',
          subject: 'questions',
          detail,
        });
        const { mime, ending } = formats[format];
        return reply
          .header('content-disposition', `attachment; filename="questions.${ending}"`)
          .header('x-cuhuo-left-out', leftOut.slice(0, 50).join(','))
          .type(mime)
          .send(bytes);
      },
    );

    api.get(
      '/questions/:key',
      {
        schema: {
          summary: 'One question',
          tags,
          params,
          querystring: z.strictObject({}),
          response: { 200: questionShape },
        },
        config: { permission: 'quizzes.read' },
      },
      async ({ params }) => questionView(await questionByKey(db, params.key)),
    );

    api.put(
      '/questions/:key',
      {
        schema: {
          summary: 'Write a question as its file gives it; a retired one comes back into use',
          tags,
          params,
          body: questionBody,
          response: { 200: questionPutShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) => {
        const { body: question, params } = request;
        if (question.id !== params.key)
          throw new UserError(
            `the question is called ${question.id} in the body and ${params.key} in the address`,
          );
        const { rows } = await importAll(request, [{ line: 1, question }]);
        const outcome = rows[0]?.outcome;
        if (outcome === undefined || outcome === 'refused')
          throw new UserError((rows[0]?.problems ?? []).join('; '));
        return { outcome, question: questionView(await questionByKey(db, question.id)) };
      },
    );

    api.delete(
      '/questions/:key',
      {
        schema: {
          summary: 'Retire a question: it is not drawn any more, and rounds that asked it keep it',
          tags,
          params,
          response: { 200: questionShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) => {
        const { key } = request.params;
        const at = clock.now();
        return db.transaction(async (tx) => {
          const { question, changed } = await retireQuestion(tx, key, at);
          if (changed)
            await recordAudit(tx, { at, actor: actorOf(request), action: 'questions.retire', subject: key });
          return questionView(question);
        });
      },
    );

    api.post(
      '/questions/:key/review',
      {
        schema: {
          summary: 'Let a question pass the review, or send it back',
          tags,
          params,
          body: reviewInput,
          response: { 200: questionShape },
        },
        config: { permission: 'quizzes.write' },
      },
      async (request) => {
        const { key } = request.params;
        const { review } = request.body;
        const at = clock.now();
        return db.transaction(async (tx) => {
          const question = await reviewQuestion(tx, key, review, at);
          const detail = { review, version: question.version };
          await recordAudit(tx, {
            at,
            actor: actorOf(request),
            action: 'questions.review',
            subject: key,
            detail,
          });
          return questionView(question);
        });
      },
    );

    api.get(
      '/questions/pictures/:name',
      {
        schema: {
          summary: 'A picture of a question',
          tags,
          params: z.object({ name: pictureName }),
          response: { 200: z.any().meta({ type: 'string', format: 'binary' }) },
        },
        config: { permission: 'quizzes.read' },
      },
      async ({ params: { name } }, reply) => {
        const bytes = pictures.bytesOf(name);
        if (bytes === undefined) throw new AppError('question.picture-not-found', `no picture ${name}`);
        // The name follows from the bytes, so what was read once stays right.
        return reply
          .type(name.endsWith('.png') ? 'image/png' : 'image/jpeg')
          .header('cache-control', 'private, max-age=31536000, immutable')
          .send(bytes);
      },
    );

    // Files come as they are and may be large, which other bodies may not.
    void api.register(async (scope: typeof api) => {
      const mimes = Object.values(formats).map(({ mime }) => mime);
      scope.addContentTypeParser(
        [...mimes, 'image/png', 'image/jpeg'],
        { parseAs: 'buffer' },
        async (_request: unknown, bytes: Buffer) => bytes,
      );
      const content = {
        'application/json': { schema: questionsImportRows },
        ...Object.fromEntries(mimes.map((mime) => [mime, binary])),
      };
      scope.post(
        '/questions::import',
        {
          schema: {
            summary: 'Import questions; what can be imported is, and each one is reported',
            tags,
            body: { content },
            response: { 200: questionsImportedShape },
          },
          bodyLimit: LARGEST_IMPORT_BYTES,
          config: { permission: 'quizzes.write' },
        },
        async (request) => importAll(request, await givenIn(request)),
      );
      scope.post(
        '/questions/pictures',
        {
          schema: {
            summary: 'Keep a picture for questions',
            tags,
            body: { content: { 'image/png': binary, 'image/jpeg': binary } },
            response: { 200: pictureShape },
          },
          bodyLimit: LARGEST_PICTURE_BYTES,
          config: { permission: 'quizzes.write' },
        },
        async (request) => {
          const name = Buffer.isBuffer(request.body) ? pictures.keep(request.body) : undefined;
          if (name === undefined)
            throw new AppError('question.picture', 'send a PNG or JPEG of at most 1 MB');
          return { picture: name };
        },
      );
    });
  };
}

function questionView({ key, content, version, updatedAt, retiredAt }: QuestionRow): QuestionView {
  const { kind, text, feature, area, level, tags, review } = content;
  return {
    key,
    kind,
    text,
    options: 'options' in content ? content.options : [],
    answer: 'answer' in content ? content.answer : null,
    tolerance: content.kind === 'numeric' ? content.tolerance : null,
    unit: content.kind === 'numeric' ? (content.unit ?? null) : null,
    explanation: content.explanation ?? null,
    feature,
    area,
    level,
    tags,
    picture: content.picture ?? null,
    review,
    version,
    updatedAt: updatedAt.toString(),
    retiredAt: retiredAt?.toString() ?? null,
  };
}
