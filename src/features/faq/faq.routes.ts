import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { storable } from '../../chat/words.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { isStorable, wordInput } from '../../kernel/shapes.ts';
import { type Clock, localDay } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  type AskAnswer,
  askBody,
  askShape,
  type FaqEntryView,
  faqEntriesPage,
  faqEntriesQuery,
  faqEntryShape,
  faqImportedShape,
  faqImportRows,
  faqMissesPage,
  faqMissesQuery,
  faqPutShape,
  keyCursor,
  missCursor,
} from './faq.api.ts';
import { type FaqFormat, faqFormats, readEntries } from './faq.formats.ts';
import {
  type EntryRow,
  type FaqImported,
  type GivenEntry,
  importEntries,
  lockEntries,
  retireEntry,
} from './faq.import.ts';
import { entriesAfter, entryByKey, missesBefore } from './faq.lists.ts';
import { answerIn } from './faq.rules.ts';
import { faqFileSchema } from './faq.schema.ts';
import { type Asked, ask, type FaqDeps, rounded } from './faq.service.ts';

export interface FaqRoutesDeps {
  db: Db;
  clock: Clock;
  zone: string;
  faq: FaqDeps;
  /** The id behind a 工号; rejects when there is no such employee. */
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
}

const tags = ['faq'];
const FILES = (['csv', 'xlsx', 'markdown'] as const).map((format) => faqFormats[format].mime);
const LARGEST_IMPORT_BYTES = 10 * 1024 * 1024;
const entryParams = z.object({ id: wordInput.describe('The id that the import gave') });
const entryBody = faqFileSchema.refine(isStorable, 'must not contain U+0000');
const nothing = z.strictObject({});
const isUuid = (text: string): boolean => z.uuid().safeParse(text).success;

/** Asking, the knowledge base, and what it could not answer. */
export function faqRoutes({ db, clock, zone, faq, employeeIdOf }: FaqRoutesDeps): ApiRoutes {
  async function importAll(request: FastifyRequest, given: readonly GivenEntry[]): Promise<FaqImported> {
    const at = clock.now();
    const report = await db.transaction(async (tx) => {
      const done = await importEntries(tx, given, at, faq.files.has);
      if (done.totals.created + done.totals.updated > 0) {
        const detail = { ...done.totals };
        await recordAudit(tx, { at, actor: actorOf(request), action: 'faq.import', subject: 'faq', detail });
      }
      return done;
    });
    await faq.knowledge.refresh();
    return report;
  }

  return (api) => {
    api.post(
      '/faq/ask',
      {
        config: { permission: 'faq.ask' },
        schema: { summary: 'Ask a question', tags, body: askBody, response: { 200: askShape } },
      },
      async ({ body }): Promise<AskAnswer> => {
        const given = body.employeeId;
        const employeeId = given === undefined || isUuid(given) ? given : await employeeIdOf(db, given);
        const text = storable(body.text);
        await faq.secondLook?.prepare(text, localDay(clock.now(), zone));
        return answerOf(await ask(db, faq, { text, at: clock.now(), zone, employeeId, context: 'api' }));
      },
    );

    api.get(
      '/faq/entries',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'The knowledge base by id',
          tags,
          querystring: faqEntriesQuery,
          response: { 200: faqEntriesPage },
        },
      },
      async ({ query: { limit, cursor, ...filters } }) => {
        const after = readCursor(cursor, keyCursor)?.key;
        const rows = await entriesAfter(db, { ...filters, after, limit: limit + 1 });
        return page(rows.map(entryView), limit, ({ id }) => ({ key: id }));
      },
    );

    api.get(
      '/faq/entries/:id',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'One entry',
          tags,
          params: entryParams,
          querystring: nothing,
          response: { 200: faqEntryShape },
        },
      },
      async ({ params }) => entryView(await entryByKey(db, params.id)),
    );

    api.put(
      '/faq/entries/:id',
      {
        config: { permission: 'faq.write' },
        schema: {
          summary: 'Write an entry as its file gives it; a retired one comes back into use',
          tags,
          params: entryParams,
          body: entryBody,
          response: { 200: faqPutShape },
        },
      },
      async (request) => {
        const { body: entry, params } = request;
        if (entry.id !== params.id) {
          throw new UserError(`the entry is called ${entry.id} in the body and ${params.id} in the address`);
        }
        const { rows } = await importAll(request, [{ line: 1, entry }]);
        const outcome = rows[0]?.outcome;
        if (outcome === undefined || outcome === 'refused')
          throw new UserError((rows[0]?.problems ?? []).join('; '));
        return { outcome, entry: entryView(await entryByKey(db, entry.id)) };
      },
    );

    api.delete(
      '/faq/entries/:id',
      {
        config: { permission: 'faq.write' },
        schema: {
          summary: 'Retire an entry: it is not answered with any more',
          tags,
          params: entryParams,
          response: { 200: faqEntryShape },
        },
      },
      async (request) => {
        const { id: key } = request.params;
        const at = clock.now();
        await db.transaction(async (tx) => {
          await lockEntries(tx);
          const entry = await entryByKey(tx, key);
          if (entry.retiredAt !== null) return;
          await retireEntry(tx, entry.id, at);
          await recordAudit(tx, { at, actor: actorOf(request), action: 'faq.retire', subject: key });
        });
        await faq.knowledge.refresh();
        return entryView(await entryByKey(db, key));
      },
    );

    api.get(
      '/faq/misses',
      {
        config: { permission: 'faq.misses' },
        schema: {
          summary: 'Questions that could not be answered, the newest first',
          tags,
          querystring: faqMissesQuery,
          response: { 200: faqMissesPage },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const rows = await missesBefore(db, { before: readCursor(cursor, missCursor), limit: limit + 1 });
        const { items, nextCursor } = page(rows, limit, ({ at, id }) => ({ at: at.toString(), id }));
        return { items: items.map((miss) => ({ ...miss, at: miss.at.toString() })), nextCursor };
      },
    );

    // Files come as they are and may be large, which other bodies may not.
    void api.register(async (scope: typeof api) => {
      scope.addContentTypeParser(
        [...FILES],
        { parseAs: 'buffer' },
        async (_request: unknown, bytes: Buffer) => bytes,
      );
      const file = { schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }) };
      const body = {
        content: {
          'application/json': { schema: faqImportRows },
          ...Object.fromEntries(FILES.map((mime) => [mime, file])),
        },
      };
      scope.post(
        '/faq/entries::import',
        {
          config: { permission: 'faq.write' },
          schema: {
            summary: 'Import entries; what can be imported is, and each row is reported',
            tags,
            body,
            response: { 200: faqImportedShape },
          },
          bodyLimit: LARGEST_IMPORT_BYTES,
        },
        async (request) => importAll(request, await givenIn(request)),
      );
    });
  };
}

async function givenIn(request: FastifyRequest): Promise<GivenEntry[]> {
  const body = request.body as unknown;
  if (body == null) throw new UserError('send entries as JSON, or a CSV, XLSX or Markdown file');
  if (!Buffer.isBuffer(body)) {
    return (body as z.infer<typeof faqImportRows>).entries.map((entry, place) => ({
      line: place + 1,
      entry,
    }));
  }
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const format = (Object.keys(faqFormats) as FaqFormat[]).find((one) => faqFormats[one].mime === type);
  const chinese = request.headers['accept-language']?.toLowerCase().startsWith('zh') === true;
  const known = format === undefined || format === 'json' ? 'csv' : format;
  return readEntries(body, known, chinese ? 'zh-CN' : 'en');
}

function answerOf({ outcome, choices }: Asked): AskAnswer {
  const [best] = choices;
  return {
    outcome,
    ...(outcome === 'answer' && best !== undefined
      ? { entryId: best.entry.key, answer: answerIn(best.entry) }
      : {}),
    confidence: rounded(best?.candidate.confidence ?? 0),
    choices: choices.map(({ entry, candidate }) => ({
      entryId: entry.key,
      question: entry.question,
      confidence: rounded(candidate.confidence),
    })),
  };
}

export function entryView({
  id: _id,
  key,
  validFrom,
  validUntil,
  updatedAt,
  retiredAt,
  ...rest
}: EntryRow): FaqEntryView {
  return {
    ...rest,
    id: key,
    validFrom: validFrom?.toString() ?? null,
    validUntil: validUntil?.toString() ?? null,
    updatedAt: updatedAt.toString(),
    retiredAt: retiredAt?.toString() ?? null,
  };
}
