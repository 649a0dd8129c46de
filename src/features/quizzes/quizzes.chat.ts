import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { givenWords, readTyped } from '../questions/index.ts';
import { type AnswerOutcome, type Intent, type Place, takeAnswers } from './quizzes.answers.ts';
import { AGAIN, ANSWER, feedbackCard, MARK, OPEN, questionCard, WORDS_INPUT } from './quizzes.cards.ts';
import { liveCard } from './quizzes.live.ts';
import { enter, roundsFor, type Standing } from './quizzes.papers.ts';
import { answersOf, deskKey, papersOf, type Quiz, questionsOf, quizzesById } from './quizzes.store.ts';
import { text } from './quizzes.text.ts';

/** 答题: the round that is most urgent, at the place where the person is in it. */
export function openCommand(): Command {
  return {
    name: OPEN,
    permission: 'me.use',
    words: ['答题', '做题', '每日一题', '今日一题', '测验', '比赛', 'quiz'],
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne((tx, turn) => open(tx, turn, { again: false })),
  };
}

/** 再答一次: where a round over days allows more than one attempt. */
export function againCommand(): Command {
  return {
    name: AGAIN,
    permission: 'me.use',
    words: ['再答一次', '再答', 'again'],
    help: undefined,
    answer: oneByOne((tx, turn) => open(tx, turn, { again: true })),
  };
}

async function open(tx: Db, turn: Turn, { again }: { again: boolean }): Promise<Reply> {
  const t = text[turn.actor.locale];
  const { campaign, day, rounds } = await roundsFor(tx, turn);
  if (campaign === undefined) return privately(words(t.notInCampaign));
  const met: { quiz: Quiz; standing: Standing }[] = [];
  for (const [place, quiz] of rounds.entries()) {
    const standing = await enter(tx, quiz, turn, { campaign, day, again });
    met.push({ quiz, standing });
    if (
      standing.kind === 'open' ||
      standing.kind === 'lobby' ||
      standing.kind === 'wait' ||
      (quiz.kind === 'live' && standing.kind === 'answered')
    )
      return privately(shown(turn, quiz, standing, rounds.slice(place + 1)));
  }
  const last =
    met.find(({ standing }) => standing.kind === 'done') ??
    met.find(({ standing }) => standing.kind === 'answered');
  return privately(last === undefined ? words(t.nothing) : shown(turn, last.quiz, last.standing, []));
}

const privately = (...messages: NonNullable<Reply['messages']>): Reply => ({ messages, inPrivate: true });

/** Where somebody stands in a round, as a message. */
function shown(turn: Turn, quiz: Quiz, standing: Standing, others: readonly Quiz[]) {
  const { locale } = turn.actor;
  const t = text[locale];
  switch (standing.kind) {
    case 'lobby':
      return words(t.lobby(quiz.file.title));
    case 'wait':
      return words(t.waitNext);
    case 'answered':
      return words(quiz.kind === 'daily' ? t.doneDaily : t.wait);
    case 'nothing-today':
      return words(t.nothing);
    case 'done':
      return card(doneCard(quiz, standing, locale));
    case 'open': {
      const also = others.map(({ file }) => file.title).join(locale === 'en' ? ', ' : '、');
      return card(openCard(turn, quiz, standing, also === '' ? undefined : t.also(also).slice(0, 200)));
    }
  }
}

function openCard(turn: Turn, quiz: Quiz, at: Extract<Standing, { kind: 'open' }>, footer?: string): Card {
  const { locale } = turn.actor;
  const t = text[locale];
  const { asked, item, number, of, paper } = at;
  if (quiz.kind === 'live') {
    const leftMs = (quiz.liveClosesAt?.epochMilliseconds ?? 0) - turn.event.receivedAt.epochMilliseconds;
    return liveCard(quiz, {
      asked,
      item,
      number,
      of,
      locale,
      leftSeconds: Math.max(0, Math.round(leftMs / 1000)),
    });
  }
  const title = quiz.kind === 'daily' ? t.dailyTitle(quiz.file.title) : t.title(quiz.file.title, number, of);
  return questionCard({
    quizId: quiz.id,
    attempt: paper.attempt,
    item,
    content: asked.content,
    title,
    locale,
    footer,
  });
}

function doneCard(
  quiz: Quiz,
  standing: Extract<Standing, { kind: 'done' }>,
  locale: Turn['actor']['locale'],
): Card {
  const t = text[locale];
  const more = standing.attemptsLeft > 0;
  return {
    title: t.doneTitle(quiz.file.title),
    tone: 'good',
    body: [...(more ? [t.doneMore(standing.attemptsLeft)] : []), t.doneWait].join('\n'),
    buttons: [
      ...(more ? [{ label: t.again, action: { name: AGAIN }, word: t.again }] : []),
      { label: t.scoreWord, action: { name: 'quizzes.result' }, word: t.scoreWord },
    ],
  };
}

const bound = z.looseObject({
  q: z.uuid(),
  a: z.int().min(1).max(5),
  p: z.int().min(0),
  s: z.string().max(40).optional(),
});

/** The buttons of a question. Answers sets: in a room everybody taps within ten seconds. */
export function answerCommand(): Command {
  return {
    name: ANSWER,
    permission: 'me.use',
    words: [],
    help: undefined,
    async answer(tx, turns) {
      const intents = turns.map((turn): Intent | undefined => {
        const data = bound.safeParse(turn.action?.data);
        if (!data.success) return undefined;
        const { q, a, p, s } = data.data;
        const said = s ?? turn.inputs[WORDS_INPUT] ?? '';
        return {
          turn,
          quizId: q,
          attempt: a,
          position: p,
          read: (asked, item) => readTyped(asked.content, item.o, said),
        };
      });
      const outcomes = await takeAnswers(
        tx,
        intents.filter((one) => one !== undefined),
      );
      const replies: Reply[] = [];
      let taken = 0;
      for (const [place, turn] of turns.entries()) {
        const outcome = intents[place] === undefined ? { kind: 'unknown' as const } : outcomes[taken++];
        replies.push(await replyTo(tx, turn, outcome ?? { kind: 'unknown' }));
      }
      return replies;
    },
  };
}

/** Choosing several letters one after the other: the card keeps what was chosen, and nothing counts before 提交. */
export function markCommand(): Command {
  return {
    name: MARK,
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { employeeId, locale } = turn.actor;
      const t = text[locale];
      const data = bound.safeParse(turn.action?.data);
      if (!data.success) return { toast: t.gone };
      const { q, a, p, s = '' } = data.data;
      const quiz = (await quizzesById(tx, [q])).get(q);
      const paper = (await papersOf(tx, [q], [employeeId])).get(deskKey(q, employeeId, a));
      const all = (await questionsOf(tx, [q])).get(q) ?? [];
      const asked = all.find(({ position }) => position === p);
      const item = paper?.items.find((one) => one.p === p);
      if (quiz === undefined || asked === undefined || item === undefined) return { toast: t.gone };
      const number = (paper?.items.findIndex((one) => one.p === p) ?? 0) + 1;
      const of = paper?.items.length ?? 0;
      const title =
        quiz.kind === 'live'
          ? t.liveTitle(number, of)
          : quiz.kind === 'daily'
            ? t.dailyTitle(quiz.file.title)
            : t.title(quiz.file.title, number, of);
      return {
        card: questionCard({ quizId: q, attempt: a, item, content: asked.content, title, locale, marked: s }),
      };
    }),
  };
}

/** What somebody hears after an answer: kind words, what is to be learned, and the next question. */
export async function replyTo(tx: Db, turn: Turn, outcome: AnswerOutcome): Promise<Reply> {
  const { locale } = turn.actor;
  const t = text[locale];
  switch (outcome.kind) {
    case 'unknown':
      return say(turn, t.gone);
    case 'closed':
      return say(turn, t.closed(outcome.quiz.file.title));
    case 'not-started':
      return say(turn, t.notStarted(outcome.quiz.file.title));
    case 'late':
      return say(turn, t.late);
    case 'not-open':
      return say(turn, t.notOpen);
    case 'other-day':
      return say(turn, t.otherDay);
    case 'unreadable':
      return say(turn, howToSay(outcome.place, locale));
    case 'already': {
      const { place, answer } = outcome;
      return say(turn, t.already(givenWords(place.asked.content, answer.given, t.truth).slice(0, 60)));
    }
    case 'accepted':
      return outcome.place.quiz.kind === 'live' ? noted(turn, outcome) : judged(tx, turn, outcome);
  }
}

function howToSay({ asked }: Place, locale: Turn['actor']['locale']): string {
  const t = text[locale].unreadable;
  switch (asked.content.kind) {
    case 'single':
      return t.letter;
    case 'multiple':
      return t.letters;
    case 'ordering':
      return t.order;
    case 'true-false':
      return t.truth;
    case 'numeric':
      return t.number;
    case 'fill-in':
      return t.words;
  }
}

type Accepted = Extract<AnswerOutcome, { kind: 'accepted' }>;

/** In a room nobody learns the answer before the countdown has ended. */
function noted(turn: Turn, { place, given }: Accepted): Reply {
  const t = text[turn.actor.locale];
  const said = givenWords(place.asked.content, given, t.truth).slice(0, 120);
  if (turn.event.payload.kind !== 'action') return { messages: [words(t.noted(said))] };
  const body = [place.asked.content.text, '', t.noted(said)].join('\n');
  return { toast: t.notedTitle, card: { title: t.notedTitle, tone: 'good', body } };
}

async function judged(
  tx: Db,
  turn: Turn,
  { place, given, share, points, finished }: Accepted,
): Promise<Reply> {
  const { locale, employeeId } = turn.actor;
  const { quiz, paper, asked } = place;
  const feedback = feedbackCard({ content: asked.content, given, share, points, locale });
  const next = quiz.kind === 'span' ? await nextOf(tx, turn, place, finished) : undefined;
  const messages = next === undefined ? [] : [card(next)];
  if (finished && next !== undefined) {
    const t = text[locale];
    const answers = await answersOf(tx, [quiz.id], [employeeId]);
    const mine = [...answers.values()].filter(({ attempt }) => attempt === paper.attempt);
    const right = mine.filter((one) => one.share >= 1).length;
    next.body = `${t.done(right, paper.items.length)}\n${next.body}`;
  }
  return turn.event.payload.kind === 'action'
    ? { toast: feedback.title, card: feedback, messages, inPrivate: true }
    : { messages: [card(feedback), ...messages], inPrivate: true };
}

async function nextOf(tx: Db, turn: Turn, { quiz, paper }: Place, finished: boolean): Promise<Card> {
  if (finished) {
    const attemptsLeft = quiz.file.attempts - paper.attempt;
    return doneCard(quiz, { kind: 'done', paper, attemptsLeft }, turn.actor.locale);
  }
  const t = text[turn.actor.locale];
  const item = paper.items[paper.at + 1];
  const asked = (await questionsOf(tx, [quiz.id])).get(quiz.id)?.find(({ position }) => position === item?.p);
  if (item === undefined || asked === undefined) return { title: t.gone, body: t.gone };
  const title = t.title(quiz.file.title, paper.at + 2, paper.items.length);
  return questionCard({
    quizId: quiz.id,
    attempt: paper.attempt,
    item,
    content: asked.content,
    title,
    locale: turn.actor.locale,
  });
}

/** As a toast when a button was pressed, as a message when something was typed. */
export function say(turn: Turn, sentence: string): Reply {
  return turn.event.payload.kind === 'action'
    ? { toast: sentence }
    : { messages: [words(sentence)], inPrivate: true };
}
