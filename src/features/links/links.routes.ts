import type { FastifyInstance } from 'fastify';
import QRCode from 'qrcode';
import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { wordInput } from '../../kernel/shapes.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { type LinkView, linkInput, linkShape, linksPage, linksQuery } from './links.api.ts';
import {
  createLink,
  funnelsOf,
  type Link,
  linkByCode,
  linksBefore,
  linksOf,
  noteScan,
  retireLink,
} from './links.service.ts';
import { text } from './links.text.ts';

export interface LinkDeps {
  db: Db;
  clock: Clock;
  /** Under which phones reach us; stands in the QR code. */
  publicUrl: string;
}

const tags = ['links'];
const byCode = z.object({ code: wordInput });
const MOST_ON_A_SHEET = 60;

/** Links of posters and stickers, their QR codes, and what they brought. All of it works without internet. */
export function linkRoutes({ db, clock, publicUrl }: LinkDeps): ApiRoutes {
  const urlOf = (code: string): string => `${publicUrl.replace(/\/$/, '')}/q/${code}`;

  async function views(tx: Db, rows: readonly Link[]): Promise<LinkView[]> {
    const funnels = await funnelsOf(
      tx,
      rows.map(({ code }) => code),
    );
    return rows.map(({ code, label, medium, target, createdAt, retiredAt }) => ({
      code,
      url: urlOf(code),
      label,
      medium,
      target,
      createdAt: createdAt.toString(),
      retiredAt: retiredAt?.toString() ?? null,
      funnel: funnels.get(code) ?? { scans: 0, visitors: 0, arrived: 0, acted: 0 },
    }));
  }

  async function found(code: string): Promise<Link> {
    const link = await linkByCode(db, code);
    if (link === undefined) throw new AppError('link.not-found', `there is no link ${code}`);
    return link;
  }

  return (api) => {
    api.get(
      '/links',
      {
        config: { permission: 'campaigns.read' },
        schema: {
          summary: 'Short links, the youngest first, with what each brought',
          tags,
          querystring: linksQuery,
          response: { 200: linksPage },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const before = readCursor(cursor, z.object({ at: z.iso.datetime() }))?.at;
        const rows = await linksBefore(db, {
          before: before === undefined ? undefined : Temporal.Instant.from(before),
          limit: limit + 1,
        });
        return page(await views(db, rows), limit, ({ createdAt }) => ({ at: createdAt }));
      },
    );

    api.post(
      '/links',
      {
        config: { permission: 'campaigns.write' },
        schema: {
          summary: 'A short link of its own for one poster, sticker, video or article',
          tags,
          body: linkInput,
          response: { 201: linkShape },
        },
      },
      async (request, reply) => {
        const { id } = principalOf(request);
        const at = clock.now();
        const [made] = await db.transaction(async (tx) => {
          const link = await createLink(tx, { ...request.body, by: id, at });
          await recordAudit(tx, {
            at,
            actor: actorOf(request),
            action: 'links.create',
            subject: link.code,
          });
          return views(tx, [link]);
        });
        return reply.code(201).send(made as LinkView);
      },
    );

    api.delete(
      '/links/:code',
      {
        config: { permission: 'campaigns.write' },
        schema: {
          summary: 'Retire a link; what it brought stays',
          tags,
          params: byCode,
          response: { 200: linkShape },
        },
      },
      async (request) => {
        const at = clock.now();
        const [view] = await db.transaction(async (tx) => {
          const link = await retireLink(tx, request.params.code, at);
          await recordAudit(tx, {
            at,
            actor: actorOf(request),
            action: 'links.retire',
            subject: link.code,
          });
          return views(tx, [link]);
        });
        return view as LinkView;
      },
    );

    api.get(
      '/links/:code/qr',
      {
        config: { permission: 'campaigns.read' },
        schema: {
          summary: 'The QR code, as PNG or SVG',
          tags,
          params: byCode,
          querystring: z.strictObject({
            format: z.enum(['png', 'svg']).default('svg'),
            pixels: z.coerce.number().int().min(64).max(2_048).default(512),
          }),
          response: { 200: z.unknown() },
        },
      },
      async ({ params, query: { format, pixels } }, reply) => {
        const url = urlOf((await found(params.code)).code);
        // Stickers get scratched: a quarter of the code may be missing.
        const options = { errorCorrectionLevel: 'Q' as const, margin: 4, width: pixels };
        return format === 'png'
          ? reply.type('image/png').send(await QRCode.toBuffer(url, options))
          : reply
              .type('image/svg+xml')
              .send(Buffer.from(await QRCode.toString(url, { ...options, type: 'svg' })));
      },
    );

    api.get(
      '/link-sheet',
      {
        config: { permission: 'campaigns.read' },
        schema: {
          summary: 'A page to print and cut: QR codes with label and code, A4',
          tags,
          querystring: z.strictObject({
            codes: z.string().max(1_000).describe('With commas between; at most 60'),
          }),
          response: { 200: z.unknown() },
        },
      },
      async ({ query }, reply) => {
        const codes = query.codes.toUpperCase().split(',').filter(Boolean).slice(0, MOST_ON_A_SHEET);
        const cells: string[] = [];
        for (const { code, label } of await linksOf(db, codes)) {
          const svg = await QRCode.toString(urlOf(code), {
            type: 'svg',
            errorCorrectionLevel: 'Q',
            margin: 2,
          });
          cells.push(`<figure>${svg}<figcaption>${escaped(label)}<br><b>${code}</b></figcaption></figure>`);
        }
        return reply
          .type('text/html; charset=utf-8')
          .send(Buffer.from(pageWith('促活', SHEET_STYLE, cells.join(''))));
      },
    );
  };
}

const SHEET_STYLE =
  '@page{size:A4;margin:12mm}body{display:grid;grid-template-columns:repeat(3,1fr);gap:8mm;font:12pt sans-serif}figure{margin:0;text-align:center;border:1px dashed #999;padding:4mm;break-inside:avoid}svg{width:100%}';
const LANDING_STYLE =
  'body{font:18px/1.7 sans-serif;max-width:28em;margin:15vh auto;padding:0 1em;text-align:center}b{font-size:1.5em;display:block;margin:.5em}';

const VISITOR = 'cuhuo_visitor';
const VISITOR_SECONDS = 180 * 24 * 3600;

/** Where a scanned code leads: on to its target, or to what to send to the bot. Nobody is known here, only counted. */
export function serveLinks(server: FastifyInstance, { db, clock }: Pick<LinkDeps, 'db' | 'clock'>): void {
  server.get<{ Params: { code: string } }>('/q/:code', async (request, reply) => {
    const t = text['zh-CN'];
    const { code } = request.params;
    const link = /^[2-9A-Z]{7}$/i.test(code) ? await linkByCode(db, code) : undefined;
    const answer = (status: number, body: string) =>
      reply
        .code(status)
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(pageWith('促活', LANDING_STYLE, body));
    if (link === undefined) return answer(404, escaped(t.unknown));
    if (link.retiredAt !== null) return answer(410, escaped(t.over));
    const known = request.cookies[VISITOR];
    const visitor = known !== undefined && z.uuid().safeParse(known).success ? known : newId();
    await noteScan(db, link.code, visitor, clock.now());
    void reply.setCookie(VISITOR, visitor, {
      path: '/q',
      httpOnly: true,
      sameSite: 'lax',
      maxAge: VISITOR_SECONDS,
    });
    if (link.target !== null) return reply.header('cache-control', 'no-store').redirect(link.target, 302);
    return answer(200, `${escaped(t.sayTo)}<b>${escaped(t.word(link.code))}</b>`);
  });
}

const pageWith = (title: string, style: string, body: string): string =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style><body>${body}</body></html>`;

const escaped = (words: string): string =>
  words.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
