import { dayInWords } from '../../chat/dates.ts';
import type { Locale } from '../../chat/locale.ts';
import { type Card, type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal, wallTime } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { addressed, holdersOf, peopleById } from './notices.people.ts';
import { openOnes, progressOf, type RecipientRow } from './notices.standing.ts';
import type { Notice } from './notices.tables.ts';
import { type NoticeTexts, text } from './notices.text.ts';

/** `11 月 25 日（周三） 09:00` in the zone of whoever reads it. */
export function momentInWords(at: Temporal.Instant, zone: string, locale: Locale): string {
  return `${dayInWords(localDay(at, zone), locale)} ${wallTime(at, zone)}`;
}

/** A word to whoever wrote it, when that is an employee: what became of their own action. */
export async function tellPreparer(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  at: Temporal.Instant,
  contentOf: (t: NoticeTexts, locale: Locale) => Message,
): Promise<void> {
  if (notice.preparedBy.kind !== 'employee') return;
  const day = localDay(at, deps.zone);
  const [person] = await peopleById(tx, [notice.preparedBy.id], day);
  if (person === undefined) return;
  const recipients = await addressed(tx, deps, [person.employeeId]);
  const content = contentOf(text[person.locale], person.locale);
  await promise(tx, { purpose: 'notices.progress', priority: 'answer', content, recipients, at });
}

/** A card to everybody who may approve, but not to whoever wrote or reviewed it. */
export async function askApprovers(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  people: number,
  at: Temporal.Instant,
): Promise<void> {
  const holders = await holdersOf(tx, ['reviewer'], localDay(at, deps.zone));
  const done = [notice.preparedBy.id, notice.reviewedBy?.id];
  for (const locale of ['zh-CN', 'en'] as const) {
    const asked = holders.filter((one) => one.locale === locale && !done.includes(one.employeeId));
    if (asked.length === 0) continue;
    const recipients = await addressed(
      tx,
      deps,
      asked.map(({ employeeId }) => employeeId),
    );
    const card = approvalCard(notice, people, locale, deps.zone);
    const content = { kind: 'card' as const, card };
    await promise(tx, { purpose: 'notices.approval', priority: 'answer', content, recipients, at });
  }
}

function approvalCard(notice: Notice, people: number, locale: Locale, zone: string): Card {
  const t = text[locale];
  const isReview = notice.kind === 'document' && notice.reviewedBy === null;
  const data = { n: notice.id };
  return {
    title: isReview ? t.approval.reviewTitle(notice.no) : t.approval.title(notice.no),
    body: `**${notice.title}**\n\n${notice.body}`.slice(0, 3_900),
    facts: [
      { label: t.approval.from, value: notice.preparedBy.name.slice(0, 100) },
      { label: t.approval.people, value: t.compose.people(people) },
      {
        label: t.approval.when,
        value: notice.sendAt === null ? t.compose.now : momentInWords(notice.sendAt, zone, locale),
      },
    ],
    buttons: [
      {
        label: t.word.approve,
        tone: 'primary',
        action: { name: 'notices.approve', data },
        word: `${t.word.approve} ${notice.no}`,
      },
      {
        label: t.word.reject,
        tone: 'quiet',
        action: { name: 'notices.reject', data },
        word: `${t.word.reject} ${notice.no}`,
      },
    ],
    footer: t.approval.words(notice.no),
  };
}

const NAMES_SHOWN = 20;

/** How far a notice has come, with the names of those whom it did not reach. */
export function progressCard(
  notice: Notice,
  rows: readonly RecipientRow[],
  locale: Locale,
  finished: boolean,
): Card {
  const t = text[locale];
  const p = progressOf(rows);
  const failed = rows.filter(({ standing }) => standing === 'failed' || standing === 'unknown');
  const fact = (label: string, n: number) => (n === 0 ? [] : [{ label, value: t.compose.people(n) }]);
  const open = openOnes(notice, rows).length;
  return {
    title: finished ? t.progress.finished(notice.no) : t.progress.title(notice.no),
    tone: finished && failed.length === 0 ? 'good' : 'plain',
    body: [`**${notice.title}**`, ...failedLines(t, failed)].join('\n'),
    facts: [
      { label: t.progress.state, value: t.progress.states[notice.state] ?? notice.state },
      { label: t.progress.total, value: t.compose.people(p.total) },
      { label: t.progress.arrived, value: t.compose.people(p.arrived) },
      ...fact(t.progress.read, p.read),
      ...fact(t.progress.unread, p.unread),
      ...fact(t.progress.untold, p.untold),
      ...(notice.needsAcknowledgement
        ? [{ label: t.progress.acknowledged, value: t.compose.people(p.acknowledged) }]
        : []),
      ...(notice.takesSignUp ? [{ label: t.progress.signedUp, value: t.compose.people(p.signedUp) }] : []),
      ...fact(t.progress.waiting, p.waiting),
      ...fact(t.progress.failed, p.failed),
      ...fact(t.progress.unknown, p.unknown),
      ...fact(t.progress.recalled, p.recalled),
    ],
    progress: {
      value: p.total === 0 ? 0 : p.arrived / p.total,
      label: `${p.arrived} / ${p.total}`,
    },
    ...(open === 0
      ? {}
      : {
          buttons: [
            {
              label: t.word.unread,
              action: { name: 'notices.unread', data: { n: notice.id } },
              word: `${t.word.unread} ${notice.no}`,
            },
            {
              label: t.word.remind,
              action: { name: 'notices.remind', data: { n: notice.id } },
              word: `${t.word.remind} ${notice.no}`,
            },
          ],
          footer: t.progress.openHint(notice.no),
        }),
  };
}

function failedLines(t: NoticeTexts, failed: readonly RecipientRow[]): string[] {
  if (failed.length === 0) return [];
  const lines = failed
    .slice(0, NAMES_SHOWN)
    .map(
      ({ name, reason, state }) =>
        `- ${name}：${t.reason[reason ?? ''] ?? t.ended[state]?.(reason ?? '') ?? t.shortfall[state] ?? state}`,
    );
  const more = failed.length - lines.length;
  return ['', t.progress.failedList, ...lines, ...(more > 0 ? [t.progress.more(more)] : [])];
}

/** Names, the first so many, and how many more. */
export function nameLines(t: NoticeTexts, rows: readonly RecipientRow[]): string[] {
  const lines = rows
    .slice(0, NAMES_SHOWN)
    .map(({ name, department }) => `- ${name}${department === null ? '' : `（${department}）`}`);
  const more = rows.length - lines.length;
  return [...lines, ...(more > 0 ? [t.progress.more(more)] : [])];
}

/** Tells whoever prepared it, in one sentence. */
export const tellWords = (
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  at: Temporal.Instant,
  sentence: (t: NoticeTexts, locale: Locale) => string,
): Promise<void> => tellPreparer(tx, deps, notice, at, (t, locale) => words(sentence(t, locale)));
