import type { FastifyInstance } from 'fastify';
import { localeOf } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import type { Clock } from '../../kernel/time.ts';
import { noteScan } from './trainings.attend.ts';
import { calendarOf } from './trainings.calendar.ts';
import { calendarKey, isSame, judgeCode } from './trainings.code.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { takesAttendance } from './trainings.rules.ts';
import { trainingByNo } from './trainings.store.ts';
import { text } from './trainings.text.ts';

export const attendUrl = ({ publicUrl }: Pick<TrainingDeps, 'publicUrl'>, no: number, code: string): string =>
  `${publicUrl.replace(/\/$/, '')}/t/${no}?k=${code}`;

export type PageDeps = Pick<TrainingDeps, 'secretKey'> & { db: Db; clock: Clock };

const STYLE =
  'body{font:18px/1.7 sans-serif;max-width:28em;margin:12vh auto;padding:0 1em;text-align:center}b{display:block;margin:.5em;font-size:1.7em;user-select:all;-webkit-user-select:all}small{color:#666}';
const escaped = (words: string): string =>
  words.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);

/**
 * Where the code on the wall leads: while it holds, to eight digits that one person may send to the bot, once and soon;
 * afterwards to a sentence that says so. A photo of the wall that travels on comes too late. Nobody is known here.
 */
export function serveTrainings(server: FastifyInstance, { db, clock, secretKey }: PageDeps): void {
  server.get<{ Params: { no: string }; Querystring: { k?: unknown } }>('/t/:no', async (request, reply) => {
    const t = text[localeOf(request.headers['accept-language'] ?? 'zh-CN')];
    const show = (status: number, body: string) =>
      reply
        .code(status)
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(
          `<!doctype html><html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${escaped(t.page.title)}</title><style>${STYLE}</style><body>${body}</body></html>`,
        );
    const training = await byNumber(db, request.params.no);
    if (training === undefined) return show(404, escaped(t.page.unknown));
    const now = clock.now();
    if (training.state !== 'open' || !takesAttendance(training, now))
      return show(409, `<h1>${escaped(training.title)}</h1>${escaped(t.page.closed)}`);
    const code = typeof request.query.k === 'string' ? request.query.k : '';
    if (judgeCode(secretKey, training.id, code, now) !== 'now')
      return show(410, `<h1>${escaped(training.title)}</h1>${escaped(t.page.old)}`);
    const scan = await noteScan(db, training.id, now);
    const word = `${t.word.attend} ${scan.slice(0, 4)} ${scan.slice(4)}`;
    const lines = [`<h1>${escaped(training.title)}</h1>`, escaped(t.page.send), `<b>${escaped(word)}</b>`];
    return show(200, [...lines, `<small>${escaped(t.page.within)}</small>`].join(''));
  });

  server.get<{ Params: { no: string }; Querystring: { k?: unknown } }>(
    '/t/:no/calendar.ics',
    async (request, reply) => {
      const training = await byNumber(db, request.params.no);
      const key = typeof request.query.k === 'string' ? request.query.k : '';
      void reply.header('cache-control', 'no-store');
      if (training === undefined || !isSame(calendarKey(secretKey, training.id), key))
        return reply.code(404).type('text/plain; charset=utf-8').send(text['zh-CN'].page.unknown);
      const locale = localeOf(request.headers['accept-language'] ?? 'zh-CN');
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', `attachment; filename="training-${training.no}.ics"`)
        .send(calendarOf(training, locale));
    },
  );
}

async function byNumber(db: Db, no: string) {
  return /^\d{1,9}$/.test(no) ? trainingByNo(db, Number(no)) : undefined;
}
