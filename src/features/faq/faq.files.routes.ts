import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { wordInput } from '../../kernel/shapes.ts';
import type { Clock } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { faqAttachmentShape, faqVersionsShape } from './faq.api.ts';
import { attachmentTypes, LARGEST_ATTACHMENT_BYTES, typeOf } from './faq.files.api.ts';
import { entryByKey } from './faq.lists.ts';
import { attachmentName } from './faq.schema.ts';
import type { FaqDeps } from './faq.service.ts';
import { faqVersions } from './faq.tables.ts';

const tags = ['faq'];
const binary = { schema: z.instanceof(Buffer).meta({ type: 'string', format: 'binary' }) };
const types = Object.values(attachmentTypes);

/** The pictures and files of entries, and every entry as it was. */
export function faqFilesRoutes({ db, clock, faq }: { db: Db; clock: Clock; faq: FaqDeps }): ApiRoutes {
  return (api) => {
    api.get(
      '/faq/entries/:id/versions',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'An entry as it was, the newest of the last hundred versions first',
          tags,
          params: z.object({ id: wordInput }),
          querystring: z.strictObject({}),
          response: { 200: faqVersionsShape },
        },
      },
      async ({ params }) => {
        const entry = await entryByKey(db, params.id);
        const rows = await db
          .select()
          .from(faqVersions)
          .where(eq(faqVersions.entryId, entry.id))
          .orderBy(desc(faqVersions.version))
          .limit(100);
        // Versions that were written before entries had steps and attachments lack them.
        const items = rows.map(({ version, at, content }) => ({
          version,
          at: at.toString(),
          content: { ...content, steps: content.steps ?? [], attachments: content.attachments ?? [] },
        }));
        return { items };
      },
    );

    api.get(
      '/faq/files/:file',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'A picture or file of an entry',
          tags,
          params: z.object({ file: attachmentName }),
          response: { 200: z.any().meta({ type: 'string', format: 'binary' }) },
        },
      },
      async ({ params: { file } }, reply) => {
        const bytes = faq.files.bytesOf(file);
        if (bytes === undefined) throw new AppError('faq.no-file', 'there is no such file');
        return reply
          .header('content-disposition', `attachment; filename="${file}"`)
          .type(typeOf(file))
          .send(bytes);
      },
    );

    void api.register(async (scope: typeof api) => {
      scope.addContentTypeParser(
        types,
        { parseAs: 'buffer' },
        async (_request: unknown, bytes: Buffer) => bytes,
      );
      scope.post(
        '/faq/files',
        {
          config: { permission: 'faq.write' },
          schema: {
            summary: 'Keep a picture or file for entries: PNG, JPEG, PDF, office files, ZIP; at most 10 MB',
            tags,
            body: { content: Object.fromEntries(types.map((type) => [type, binary])) },
            response: { 200: faqAttachmentShape },
          },
          bodyLimit: LARGEST_ATTACHMENT_BYTES,
        },
        async (request) => {
          const { body } = request as { body: unknown };
          const type = request.headers['content-type'] ?? '';
          const file = Buffer.isBuffer(body) ? faq.files.keep(body, type) : undefined;
          if (file === undefined)
            throw new AppError(
              'faq.not-a-file',
              'send a PNG, JPEG, PDF, office file or ZIP of at most 10 MB',
            );
          const actor = actorOf(request);
          await recordAudit(db, { at: clock.now(), actor, action: 'faq.file', subject: file });
          return { file };
        },
      );
    });
  };
}
