import type { Locale } from '../../chat/locale.ts';
import type { Card } from '../../chat/message.ts';
import {
  type Given,
  givenWords,
  letterOf,
  optionLines,
  optionsOf,
  pictureOf,
  type QuestionContent,
  rightWords,
} from '../questions/index.ts';
import type { Policy } from './quizzes.schema.ts';
import type { PaperItem } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

/** The names of our actions. */
export const OPEN = 'quizzes.open';
export const ANSWER = 'quizzes.answer';
export const MARK = 'quizzes.mark';
export const AGAIN = 'quizzes.again';
export const RESULT = 'quizzes.result';
export const CERTIFICATE = 'quizzes.certificate';
/** The input in which words and numbers are typed. */
export const WORDS_INPUT = 'answer';

/** A card holds six buttons; what needs more is answered by typing, which always works. */
const MOST_BUTTONS = 6;

export interface Shown {
  quizId: string;
  attempt: number;
  item: PaperItem;
  content: QuestionContent;
  title: string;
  locale: Locale;
  /** Letters chosen so far, of a question that takes more than one. */
  marked?: string;
  /** What stands above the question: how the one before went. */
  above?: string | undefined;
  footer?: string | undefined;
}

/** A question as a card: its options in this person's order, and how to answer it in words. */
export function questionCard(shown: Shown): Card {
  const { content, item, title, locale, marked = '', above, footer } = shown;
  const t = text[locale];
  const options = item.o.map((index) => optionsOf(content)[index] ?? '');
  const inputs = inputsOf(content, t.answerLabel);
  const image = pictureOf(content);
  return {
    title,
    tone: 'warm',
    body: [
      ...(above === undefined ? [] : [above, '']),
      `**${content.text.replaceAll('\n', '**\n**')}**`,
      ...(options.length === 0 ? [] : ['', ...optionLines(options)]),
      '',
      ...(marked === '' ? [] : [t.marked(marked), '']),
      howTo(content, locale),
    ].join('\n'),
    ...(image === undefined ? {} : { image }),
    ...(inputs === undefined ? {} : { inputs }),
    buttons: buttonsOf(shown, marked),
    ...(footer === undefined ? {} : { footer }),
  };
}

function inputsOf(content: QuestionContent, label: string): Card['inputs'] {
  if (content.kind !== 'fill-in' && content.kind !== 'numeric') return undefined;
  return [{ name: WORDS_INPUT, label, kind: 'text', maxLength: 100 }];
}

function howTo(content: QuestionContent, locale: Locale): string {
  const t = text[locale];
  switch (content.kind) {
    case 'single':
      return t.howSingle;
    case 'multiple':
      return t.howMultiple;
    case 'ordering':
      return t.howOrder;
    case 'true-false':
      return t.howTruth;
    case 'numeric':
      return t.howNumber(content.unit ?? '');
    case 'fill-in':
      return t.howWords;
  }
}

function buttonsOf(
  { quizId, attempt, item, content, locale }: Shown,
  marked: string,
): NonNullable<Card['buttons']> {
  const t = text[locale];
  const data = { q: quizId, a: attempt, p: item.p };
  const answer = (label: string, s: string, tone: 'plain' | 'primary' = 'plain') => ({
    label,
    tone,
    action: { name: ANSWER, data: { ...data, s } },
    word: label,
  });
  switch (content.kind) {
    case 'single':
      return item.o.length > MOST_BUTTONS
        ? []
        : item.o.map((_, place) => answer(letterOf(place), letterOf(place)));
    case 'true-false':
      return [answer(t.truth.yes, t.truth.yes), answer(t.truth.no, t.truth.no)];
    case 'multiple':
    case 'ordering': {
      if (item.o.length + 1 > MOST_BUTTONS) return [];
      const letters = item.o.map((_, place) => letterOf(place));
      const free =
        content.kind === 'ordering' ? letters.filter((letter) => !marked.includes(letter)) : letters;
      const clear = content.kind === 'ordering' && marked !== '';
      return [
        ...free.map((letter) => ({
          label: marked.includes(letter) ? `✓ ${letter}` : letter,
          action: { name: MARK, data: { ...data, s: toggled(content.kind, marked, letter) } },
        })),
        ...(clear
          ? [{ label: t.clear, tone: 'quiet' as const, action: { name: MARK, data: { ...data, s: '' } } }]
          : []),
        ...(marked === '' ? [] : [{ ...answer(t.submit, marked, 'primary'), word: marked }]),
      ];
    }
    case 'fill-in':
    case 'numeric':
      return [{ label: t.submit, tone: 'primary', action: { name: ANSWER, data } }];
  }
}

/** An order grows letter by letter; a choice is switched on and off, its letters kept in order. */
function toggled(kind: 'multiple' | 'ordering', marked: string, letter: string): string {
  if (kind === 'ordering') return marked + letter;
  const letters = marked.includes(letter) ? marked.replace(letter, '') : marked + letter;
  return Array.from(letters).sort().join('');
}

/** How an answer went, with what is to be learned from it. */
export function feedbackCard(options: {
  content: QuestionContent;
  given: Given;
  share: number;
  points: number;
  locale: Locale;
}): Card {
  const { content, given, share, points, locale } = options;
  const t = text[locale];
  const right = rightWords(content, t.truth);
  const went = share >= 1 ? 'right' : share > 0 ? 'partly' : 'wrong';
  const sentence = {
    right: points > 0 ? t.rightPoints(points) : t.right,
    partly: t.partly(right),
    wrong: t.wrong(right),
  }[went];
  return {
    title: t.feedbackTitle[went],
    tone: went === 'right' ? 'good' : 'plain',
    body: [
      content.text,
      '',
      t.yours(givenWords(content, given, t.truth)),
      '',
      sentence,
      ...(content.explanation === undefined ? [] : ['', t.explained(content.explanation)]),
    ].join('\n'),
  };
}

/** The policy as one sentence, as it is published with the round. */
export function policyWords(
  policy: Policy,
  { seconds, grace, locale }: { seconds: number; grace: number; locale: Locale },
): string {
  const t = text[locale].policy;
  const method = {
    accuracy: t.accuracy(policy.perRight),
    speed: t.speed(policy.perRight, policy.speedShare, seconds),
    completion: t.completion,
  }[policy.method];
  const sentences = [
    method,
    ...(policy.parts ? [t.parts] : []),
    t.never,
    t.ties[policy.ties],
    ...(policy.winners > 0 ? [t.winners(policy.winners)] : []),
    t.grace(grace),
  ];
  return sentences.join(locale === 'en' ? '; ' : '；');
}
