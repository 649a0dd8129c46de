import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../chat/event.ts';
import type { Locale } from '../../chat/locale.ts';
import { type Message, text as words } from '../../chat/message.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import { calendarKey } from './trainings.code.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { calendarFile } from './trainings.ics.ts';
import { lastStep, stepMinutes } from './trainings.rules.ts';
import type { Training } from './trainings.store.ts';
import { text } from './trainings.text.ts';

type Needs = Pick<TrainingDeps, 'fileRoot' | 'secretKey' | 'publicUrl'>;

const FOLDER = 'trainings';
/**
 * DingTalk's robot takes only xlsx, pdf, zip, rar, doc and docx as files (robot-message-type, page of 2026-05-15): there
 * people get a link to the same file.
 */
const NO_CALENDAR_FILES: ReadonlySet<Channel> = new Set(['dingtalk']);

export const joinedWhere = ({ place, link }: Pick<Training, 'place' | 'link'>): string =>
  [place, link].filter(Boolean).join(' ');

/** The class as a calendar has it. The same class always gives the same bytes. */
export function calendarOf(training: Training, locale: Locale): string {
  const { id, no, title, about, lecturer, startsAt, endsAt, revision, state, reminders } = training;
  const t = text[locale];
  const last = lastStep(reminders);
  return calendarFile({
    uid: `${id}@cuhuo`,
    sequence: revision,
    title,
    about: [about, t.calendar.lecturer(lecturer), t.calendar.cancelHow(no)].filter(Boolean).join('\n'),
    where: joinedWhere(training),
    startsAt,
    endsAt,
    at: training.changedAt ?? training.openedAt ?? training.createdAt,
    cancelled: state === 'cancelled',
    alarmMinutes: last === undefined ? 60 : stepMinutes(last),
  });
}

export function calendarUrl({ secretKey, publicUrl }: Omit<Needs, 'fileRoot'>, training: Training): string {
  return `${publicUrl.replace(/\/$/, '')}/t/${training.no}/calendar.ics?k=${calendarKey(secretKey, training.id)}`;
}

/** The calendar file as a message, or a link to it where the channel takes no such files. */
export function calendarMessage(deps: Needs, training: Training, locale: Locale, channel: Channel): Message {
  const t = text[locale];
  if (NO_CALENDAR_FILES.has(channel)) return words(t.calendar.link(calendarUrl(deps, training)));
  const content = calendarOf(training, locale);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const path = `${FOLDER}/${training.id}-${hash}.ics`;
  const whole = join(deps.fileRoot, path);
  if (!existsSync(whole)) {
    mkdirSync(join(deps.fileRoot, FOLDER), { recursive: true });
    const draft = join(deps.fileRoot, FOLDER, `${newId()}.part`);
    writeFileSync(draft, content, { mode: 0o640 });
    renameSync(draft, whole);
  }
  const day = training.startsAt.toZonedDateTimeISO(training.zone).toPlainDate();
  const name = `${day.toString()} ${training.title
    .replace(/[\\/:*?"<>|\p{Cc}]/gu, ' ')
    .slice(0, 60)
    .trim()}.ics`;
  return { kind: 'file', name, mime: 'text/calendar', path, bytes: Buffer.byteLength(content) };
}

/** `9 月 22 日（周二）14:00–15:30`; the day of the end where it is another. */
export function whenInWords(
  { startsAt, endsAt }: Pick<Training, 'startsAt' | 'endsAt'>,
  zone: string,
  locale: Locale,
): string {
  const [from, to] = [startsAt.toZonedDateTimeISO(zone), endsAt.toZonedDateTimeISO(zone)];
  const time = (at: Temporal.ZonedDateTime) => at.toPlainTime().toString({ smallestUnit: 'minute' });
  const { day } = text[locale];
  const sameDay = Temporal.PlainDate.compare(from.toPlainDate(), to.toPlainDate()) === 0;
  const end = sameDay ? time(to) : `${day(to.toPlainDate())} ${time(to)}`;
  return `${day(from.toPlainDate())} ${time(from)}–${end}`;
}

/** `9 月 22 日（周二）14:00`. */
export function startInWords(
  { startsAt }: Pick<Training, 'startsAt'>,
  { zone, locale }: { zone: string; locale: Locale },
): string {
  const from = startsAt.toZonedDateTimeISO(zone);
  return `${text[locale].day(from.toPlainDate())} ${from.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
