import type { Locale } from '../../chat/locale.ts';
import type { Card } from '../../chat/message.ts';
import { joinedWhere, whenInWords } from './trainings.calendar.ts';
import type { Training } from './trainings.store.ts';
import { text } from './trainings.text.ts';

export const LIST = 'trainings.list';
export const SIGN_UP = 'trainings.sign-up';
export const CANCEL = 'trainings.cancel';
export const CHANGE = 'trainings.change';
export const CALENDAR = 'trainings.calendar';
export const ATTEND = 'trainings.attend';
export const RATE = 'trainings.rate';
export const MATERIALS = 'trainings.materials';

type Button = NonNullable<Card['buttons']>[number];

export interface Reader {
  locale: Locale;
  zone: string;
}

export function signUpButton({ id, no }: Training, locale: Locale, label?: string): Button {
  const t = text[locale];
  return {
    label: label ?? t.word.signUp,
    tone: 'primary',
    action: { name: SIGN_UP, data: { t: id }, anybody: true },
    word: `${t.word.signUp} ${no}`,
  };
}

export function cancelButton({ id, no }: Training, locale: Locale, label?: string): Button {
  const t = text[locale];
  return {
    label: label ?? t.word.cancel,
    tone: 'quiet',
    action: { name: CANCEL, data: { t: id }, anybody: true },
    word: `${t.word.cancel} ${no}`,
  };
}

export function calendarButton({ id, no }: Training, locale: Locale): Button {
  const t = text[locale];
  return {
    label: t.word.calendar,
    action: { name: CALENDAR, data: { t: id }, anybody: true },
    word: `${t.word.calendar} ${no}`,
  };
}

/** What everybody should know of a class, on the reader's wall clock. */
export function trainingFacts(training: Training, { locale, zone }: Reader, left?: number): Card['facts'] {
  const t = text[locale];
  const { no, lecturer, kind, form, scope, seats } = training;
  const where = joinedWhere(training);
  return [
    { label: t.facts.when, value: whenInWords(training, zone, locale) },
    ...(where === '' ? [] : [{ label: t.facts.where, value: where.slice(0, 200) }]),
    ...(lecturer === '' ? [] : [{ label: t.facts.lecturer, value: lecturer }]),
    { label: t.facts.form, value: [t.kinds[kind], t.forms[form], t.scopes[scope]].join(' · ') },
    ...(left === undefined
      ? []
      : [{ label: t.facts.seats, value: seats === null ? t.unlimited : t.seatsLeft(left, seats) }]),
    { label: t.facts.no, value: String(no) },
  ];
}

/** A class with what one can do: `standing` is the reader's own; `inSeries` offers all of its series. */
export function trainingCard(
  training: Training,
  reader: Reader,
  at: { left?: number; standing?: 'in' | 'waiting' | undefined; inSeries?: boolean; open?: boolean } = {},
): Card {
  const { locale } = reader;
  const t = text[locale];
  const { title, about, materialLinks } = training;
  const links = materialLinks.map(({ label, url }) => `- [${label}](${url})`);
  const note = at.standing === undefined ? '' : at.standing === 'in' ? t.isIn : t.isWaiting;
  const series: Button = {
    label: `${t.word.signUp}${locale === 'en' ? ' ' : ''}${t.word.series}`,
    action: { name: SIGN_UP, data: { t: training.id, s: true }, anybody: true },
    word: `${t.word.signUp} ${training.no} ${t.word.series}`,
  };
  return {
    title: title.slice(0, 120),
    tone: at.standing === 'in' ? 'good' : 'plain',
    body: [note, about, ...(links.length === 0 ? [] : ['', `**${t.facts.links}**`, ...links])]
      .filter((line, index) => line !== '' || index > 1)
      .join('\n'),
    ...withFacts(trainingFacts(training, reader, at.left)),
    buttons:
      at.open === false
        ? []
        : at.standing === undefined
          ? [signUpButton(training, locale), ...(at.inSeries === true ? [series] : [])]
          : [
              cancelButton(training, locale),
              ...(at.standing === 'in' ? [calendarButton(training, locale)] : []),
            ],
  };
}

/** A card about one class that the reader is in: a title, some sentences, the facts. */
export function noteCard(
  training: Training,
  reader: Reader,
  note: { title: string; body: string; tone?: Card['tone']; buttons?: Button[] },
): Card {
  return {
    title: note.title.slice(0, 120),
    ...(note.tone === undefined ? {} : { tone: note.tone }),
    body: note.body,
    ...withFacts(trainingFacts(training, reader)),
    buttons: note.buttons ?? [cancelButton(training, reader.locale), calendarButton(training, reader.locale)],
  };
}

function withFacts(facts: Card['facts']): Pick<Card, 'facts'> {
  return facts === undefined ? {} : { facts };
}
