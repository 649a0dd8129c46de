import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import type { Db } from '../../kernel/db.ts';
import { wordInput } from '../../kernel/shapes.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { clustersShape } from './faq.api.ts';
import { replayShape } from './faq.console.api.ts';
import { type FaqFormat, faqFormats, writeEntries } from './faq.formats.ts';
import { contentIn } from './faq.import.ts';
import { fileOf, missClusters, resolveMisses } from './faq.learning.ts';
import { entriesAfter } from './faq.lists.ts';
import { replay } from './faq.replay.ts';
import type { FaqDeps } from './faq.service.ts';

const tags = ['faq'];
const formatNames = Object.keys(faqFormats) as [FaqFormat, ...FaqFormat[]];
const days = z.coerce.number().int().min(1).max(365);
const resolveBody = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(2_000),
  as: z.enum(['draft', 'similar', 'outside']),
  entryId: wordInput.optional().describe('For `similar`: the entry that answers them'),
});

/** What the knowledge base learns from its misses, and the whole of it as a file. */
export function faqLearningRoutes({ db, clock, faq }: { db: Db; clock: Clock; faq: FaqDeps }): ApiRoutes {
  return (api) => {
    api.get(
      '/faq/misses/clusters',
      {
        schema: {
          summary: 'What is most asked without an answer',
          tags,
          querystring: z.strictObject({
            days: days.default(7),
            limit: z.coerce.number().int().min(1).max(200).default(20),
          }),
          response: { 200: clustersShape },
        },
        config: { permission: 'faq.misses' },
      },
      async ({ query }) => {
        const since = clock.now().subtract({ hours: query.days * 24 });
        const clusters = await missClusters(db, { since, limit: query.limit });
        return { items: clusters.map((one) => ({ ...one, lastAt: one.lastAt.toString() })) };
      },
    );

    api.post(
      '/faq/misses/resolve',
      {
        schema: {
          summary: 'Make a draft entry or similar questions of misses, or keep them as out of scope',
          tags,
          body: resolveBody.refine(({ as, entryId }) => (as === 'similar') === (entryId !== undefined), {
            message: 'goes with `similar`, and only with it',
            path: ['entryId'],
          }),
          response: { 200: z.object({ entryId: z.string().nullable() }) },
        },
        config: { permission: 'faq.misses' },
      },
      async (request) => {
        const at = clock.now();
        const { ids, as, entryId } = request.body;
        const resolution = as === 'similar' ? { as, entryKey: entryId ?? '' } : { as };
        const key = await db.transaction(async (tx) => {
          const made = await resolveMisses(tx, ids, resolution, at);
          const actor = actorOf(request);
          const detail = { as, misses: ids.length };
          await recordAudit(tx, { at, actor, action: 'faq.resolve', subject: made ?? 'faq', detail });
          return made;
        });
        await faq.knowledge.refresh();
        return { entryId: key };
      },
    );

    api.get(
      '/faq/replay',
      {
        schema: {
          summary:
            'What publishing all drafts would win and lose, on what was asked lately and on every known question',
          tags,
          querystring: z.strictObject({ days: days.default(30) }),
          response: { 200: replayShape },
        },
        config: { permission: 'faq.read' },
      },
      async ({ query }) => replay(db, clock.now().subtract({ hours: query.days * 24 })),
    );

    api.get(
      '/faq/export',
      {
        schema: {
          summary: 'The whole knowledge base as the import takes it: JSON, XLSX, CSV or Markdown',
          tags,
          querystring: z.strictObject({ format: z.enum(formatNames).default('json') }),
          response: { 200: z.any().meta({ type: 'string', format: 'binary' }) },
        },
        config: { permission: 'faq.read' },
      },
      async (request, reply) => {
        const { format } = request.query;
        const rows = await entriesAfter(db, { retired: 'false', after: undefined, limit: 100_000 });
        const bytes = await writeEntries(
          rows.map((row) => fileOf(row.key, contentIn(row))),
          format,
        );
        const actor = actorOf(request);
        const detail = { format, entries: rows.length };
        await recordAudit(db, { at: clock.now(), actor, action: 'faq.export', subject: 'faq', detail });
        const { mime, ending } = faqFormats[format];
        return reply
          .header('content-disposition', `attachment; filename="faq.${ending}"`)
          .type(mime)
          .send(bytes);
      },
    );
  };
}
