import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { campaignOfTurn } from '../campaigns/index.ts';
import { letterOf, optionLines } from '../questions/index.ts';
import { answer, type Course, courseOf } from './makeups.learn.ts';
import { type Asked, askedById, type Learning } from './makeups.questions.ts';
import { text } from './makeups.text.ts';

const ANSWER = 'makeups.learn-answer';

/** 补学: questions that bring a missed day back. */
export function learnCommands(): Command[] {
  return [
    {
      name: 'makeups.learn',
      permission: 'me.use',
      words: ['补学', '补学习', '我要补学', 'study', 'earn back'],
      takesArgument: true,
      help: { 'zh-CN': text['zh-CN'].helpLearn, en: text.en.helpLearn },
      answer: oneByOne(begin),
    },
    { name: ANSWER, permission: 'me.use', words: [], help: undefined, answer: oneByOne(judge) },
  ];
}

async function learningOf(tx: Db, turn: Turn): Promise<Learning | undefined> {
  const { day: today, campaign } = await campaignOfTurn(tx, turn);
  const { actor, at } = turn;
  return campaign === undefined ? undefined : { campaign, learner: actor, locale: actor.locale, today, at };
}

async function begin(tx: Db, turn: Turn): Promise<Reply> {
  const learning = await learningOf(tx, turn);
  if (learning === undefined)
    return { messages: [words(text[turn.actor.locale].notInCampaign)], inPrivate: true };
  const course = await courseOf(tx, learning);
  const option = /^[a-j]$/.test(turn.argument) ? turn.argument.charCodeAt(0) - 97 : undefined;
  // `补学 B` answers where the client shows no buttons.
  if (course.kind !== 'question' || option === undefined)
    return { messages: [next(course, turn)], inPrivate: true };
  const { toast, card: said, messages = [] } = await judged(tx, turn, learning, course.asked, option);
  return {
    inPrivate: true,
    messages: [said === undefined ? words(toast ?? '') : card(said), ...messages],
  };
}

function next(course: Course, { actor: { locale } }: Turn) {
  const { learn } = text[locale];
  switch (course.kind) {
    case 'not-allowed':
      return words(learn.notAllowed);
    case 'nothing-missed':
      return words(learn.nothingMissed(course.rule.earnBack.withinWorkdays));
    case 'used-up':
      return words(learn.usedUp(course.rule.earnBack.perPeriod));
    case 'no-questions':
      return words(learn.noQuestions);
    case 'question':
      return card(questionCard(course, locale));
  }
}

function questionCard(
  { asked, day, done, of }: Extract<Course, { kind: 'question' }>,
  locale: Turn['actor']['locale'],
): Card {
  const { learn } = text[locale];
  const { id, text: question, options } = asked;
  return {
    title: learn.title(done, of),
    tone: 'warm',
    body: [learn.intro(dayInWords(day, locale), of), '', question, '', ...optionLines(options)].join('\n'),
    progress: { value: Math.min(1, done / of), label: `${done} / ${of}` },
    buttons: options.map((_option, index) => ({
      label: letterOf(index),
      action: { name: ANSWER, data: { t: id, o: index } },
      word: learn.word(letterOf(index)),
    })),
  };
}

const chosen = z.looseObject({ t: z.uuid(), o: z.number().int().min(0).max(9) });

async function judge(tx: Db, turn: Turn): Promise<Reply> {
  const { locale } = turn.actor;
  const t = text[locale];
  const data = chosen.safeParse(turn.action?.data);
  const learning = await learningOf(tx, turn);
  const asked = data.success ? await askedById(tx, data.data.t, locale) : undefined;
  if (!data.success || asked === undefined) return { toast: t.gone };
  if (learning === undefined) return { toast: t.notInCampaign };
  return judged(tx, turn, learning, asked, data.data.o);
}

async function judged(tx: Db, turn: Turn, learning: Learning, asked: Asked, option: number): Promise<Reply> {
  const { locale } = turn.actor;
  const t = text[locale];
  const done = await answer(tx, learning, { asked, option });
  const { explanation } = asked;
  const said = (title: string, body: string, tone: Card['tone'] = 'good'): Card => ({ title, tone, body });
  switch (done.kind) {
    case 'tried':
      return { toast: t.learn.tried };
    case 'back': {
      const sentence = t.learn.back(dayInWords(done.day, locale), done.current);
      return { toast: t.learn.rightTitle, card: said(t.learn.rightTitle, `${explanation}\n\n${sentence}`) };
    }
    case 'wrong':
      return {
        toast: t.learn.wrongTitle,
        card: said(t.learn.wrongTitle, t.learn.wrong(explanation), 'notice'),
        messages: [next(await courseOf(tx, learning), turn)],
      };
    case 'right':
      return {
        toast: t.learn.rightTitle,
        card: said(t.learn.rightTitle, t.learn.right(explanation, done.done, done.of)),
        messages: [next(await courseOf(tx, learning), turn)],
      };
  }
}
