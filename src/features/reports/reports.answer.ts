import type { Locale } from '../../chat/locale.ts';
import { type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { type Period, periodName } from './reports.rules.ts';
import type { AnswerTo, DoneExport, Export } from './reports.tables.ts';
import { text } from './reports.text.ts';

export const mimes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
} satisfies Record<Export['format'], string>;

/** The file and one sentence about it, to whoever waits for it in a chat. */
/** `sentence` instead of our own, for what other slices have exported. */
export async function promiseFile(
  tx: Db,
  done: DoneExport,
  at: Temporal.Instant,
  sentence?: string,
): Promise<void> {
  if (done.answerTo === null) return;
  await answer(tx, done, at, {
    kind: 'file',
    name: done.fileName,
    mime: mimes[done.format],
    path: done.path,
    bytes: done.bytes,
  });
  await answer(tx, done, at, words(sentence ?? sentenceAbout(done, done.answerTo, at)));
}

function sentenceAbout(done: DoneExport, { locale, zone }: AnswerTo, at: Temporal.Instant): string {
  const t = text[locale];
  const period = { from: done.fromDay, to: done.toDay };
  const until = localDay(done.expiresAt as Temporal.Instant, zone).toString();
  const sentences = [
    done.rows === 0 ? t.nothing(inWords(period, locale)) : undefined,
    t.done(inWords(period, locale), done.people, done.rows, until),
    lastsStill(period, at, zone)
      ? t.soFar(
          at
            .toZonedDateTimeISO(zone)
            .toPlainDateTime()
            .toString({ smallestUnit: 'minute' })
            .replace('T', ' '),
        )
      : undefined,
  ];
  return sentences.filter((sentence) => sentence !== undefined).join('');
}

export async function promiseFailure(tx: Db, failed: Export, at: Temporal.Instant): Promise<void> {
  if (failed.answerTo === null) return;
  const { locale } = failed.answerTo;
  await answer(
    tx,
    failed,
    at,
    words(text[locale].failed(inWords({ from: failed.fromDay, to: failed.toDay }, locale))),
  );
}

async function answer(tx: Db, { answerTo }: Export, at: Temporal.Instant, content: Message): Promise<void> {
  if (answerTo === null) return;
  const { employeeId, channel, account, platformId } = answerTo;
  await promise(tx, {
    purpose: 'reports.export',
    priority: 'answer',
    content,
    recipients: [{ employeeId, address: { channel, account, platformId } }],
    at,
  });
}

/** `2026 年 11 月`, `2026-11`; other periods by their days. */
export function inWords(period: Period, locale: Locale): string {
  const name = periodName(period);
  if (locale === 'en' || name.length !== 7) return name.replace('_', ' – ');
  return `${period.from.year} 年 ${period.from.month} 月`;
}

function lastsStill({ to }: Period, at: Temporal.Instant, zone: string): boolean {
  return to.since(localDay(at, zone)).total('days') >= 0;
}
