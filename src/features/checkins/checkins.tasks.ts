import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { type Card, card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { startOfDay, wallTime } from '../../kernel/time.ts';
import type { TaskType } from '../campaigns/campaigns.schema.ts';
import { calendarOf, campaignOfTurn } from '../campaigns/index.ts';
import { letterOf, optionLines } from '../questions/index.ts';
import { award, earnedSince } from '../rewards/index.ts';
import { ASK, dayAction, type Tip, tipsById } from '../tips/index.ts';
import { completion, declined, type Today } from './checkins.chat.ts';
import { type DayOfTurn, dayOfTurn } from './checkins.day.ts';
import { complete } from './checkins.service.ts';
import { NOTE_INPUT, stepsCard, TASK } from './checkins.steps.ts';
import { text } from './checkins.text.ts';

const ANSWER = 'checkins.answer';

/** The buttons around a check-in: 考考我 with its answers, and the tasks that take more than a tap. */
export function taskCommands(): Command[] {
  const button = (name: string, answer: (tx: Db, one: Today) => Promise<Reply>): Command => ({
    name,
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const day = dayOfTurn(turn, await campaignOfTurn(tx, turn));
      return day.kind === 'today' ? answer(tx, await withNamedTip(tx, turn, day)) : declined(tx, turn, day);
    }),
  });
  return [button(ASK, ask), button(ANSWER, judge), button(TASK, handIn)];
}

async function withNamedTip(tx: Db, turn: Turn, day: Extract<DayOfTurn, { kind: 'today' }>): Promise<Today> {
  const tip = day.tipId === undefined ? undefined : (await tipsById(tx, [day.tipId])).get(day.tipId);
  return { turn, day, tip };
}

async function ask(_tx: Db, { turn, day, tip }: Today): Promise<Reply> {
  const t = text[turn.actor.locale];
  const question = tip?.question;
  if (!tip || !question) return { toast: t.noQuestion };
  return { messages: [card(questionCard(t.askTitle, day, tip, question))] };
}

function questionCard(
  title: string,
  day: Today['day'],
  tip: Tip,
  question: NonNullable<Tip['question']>,
): Card {
  const action = dayAction(ANSWER, { campaignId: day.campaign.id, day: day.day, tipId: tip.id });
  return {
    title,
    tone: 'warm',
    body: [question.text, '', ...optionLines(question.options)].join('\n'),
    buttons: question.options.map((_option, index) => ({
      label: letterOf(index),
      action: { ...action, data: { ...action.data, o: index } },
    })),
  };
}

const chosen = z.looseObject({ o: z.number().int().min(0).max(3) });

/** A right answer is evidence of its own and earns its points once; a wrong one may be tried again. */
async function judge(tx: Db, one: Today): Promise<Reply> {
  const { turn, day, tip } = one;
  const { actor } = turn;
  const t = text[actor.locale];
  const choice = chosen.safeParse(turn.action?.data);
  const question = tip?.question;
  if (!tip || !question || !choice.success) return { toast: t.gone };
  if (choice.data.o !== question.answer) return { toast: t.wrong };
  const [outcome] = await complete(tx, [completion(one, 'answer', { option: choice.data.o })]);
  const amount = (await earnsPoints(tx, one)) ? day.campaign.points.answerRight : 0;
  const key = `answer-right:${day.campaign.id}:${actor.employeeId}:${tip.id}`;
  const booked = await award(tx, [
    {
      key,
      campaignId: day.campaign.id,
      employeeId: actor.employeeId,
      amount,
      reason: 'answer-right',
      at: turn.at,
    },
  ]);
  const body = [
    question.text,
    '',
    `**${letterOf(question.answer)}**　${question.options[question.answer]}`,
    '',
    t.right(question.explanation, booked.has(key) ? amount : 0),
    ...(outcome?.kind === 'recorded' ? ['', t.recorded(outcome.streak.current, outcome.points)] : []),
  ].join('\n');
  const wanted = day.campaign.tasks.of.includes('answer');
  return {
    toast: t.rightTitle,
    card: { title: t.rightTitle, tone: 'good', body },
    ...(wanted && outcome?.kind === 'more' ? { messages: [card(stepsAfter(one, outcome.missing))] } : {}),
  };
}

/** Whether a right answer earns points now: within the day's cap, and not in a row of answers faster than one reads. */
async function earnsPoints(tx: Db, { turn, day }: Today): Promise<boolean> {
  const { answersPerDay, intervalSeconds } = day.campaign.points;
  if (answersPerDay === undefined && intervalSeconds === undefined) return true;
  const { employeeId, zone } = turn.actor;
  const since = startOfDay(day.day, zone);
  const { count, last } = await earnedSince(tx, {
    campaignId: day.campaign.id,
    employeeId,
    reason: 'answer-right',
    since,
  });
  if (answersPerDay !== undefined && count >= answersPerDay) return false;
  return (
    intervalSeconds === undefined ||
    last === undefined ||
    last.until(turn.at).total('seconds') >= intervalSeconds
  );
}

function stepsAfter({ turn, day, tip }: Today, missing: readonly TaskType[]): Card {
  const { campaign } = day;
  return stepsCard({ campaign, day: day.day, tip, missing, noted: true, locale: turn.actor.locale });
}

const handedIn = z.looseObject({ k: z.enum(['use-software', 'micro-task']) });

/** In characters, so that none is cut in two. */
const LONGEST_NOTE = 200;

async function handIn(tx: Db, one: Today): Promise<Reply> {
  const { turn, day } = one;
  const t = text[turn.actor.locale];
  const task = handedIn.safeParse(turn.action?.data);
  if (!task.success) return { toast: t.gone };
  const note = Array.from((turn.inputs[NOTE_INPUT] ?? '').trim())
    .slice(0, LONGEST_NOTE)
    .join('');
  if (task.data.k === 'micro-task' && note === '') return { toast: t.noteMissing };
  const [outcome] = await complete(tx, [completion(one, task.data.k, note === '' ? {} : { note })]);
  switch (outcome?.kind) {
    case undefined:
      return { toast: t.gone };
    case 'day-off': {
      const calendar = await calendarOf(tx, day.campaign);
      return { toast: t.todayOff(calendar.nameOf(day.day)) };
    }
    case 'more':
      return { card: stepsAfter(one, outcome.missing) };
    case 'already':
    case 'recorded': {
      const { current } = outcome.streak;
      const sentence =
        outcome.kind === 'recorded'
          ? t.recorded(current, outcome.points)
          : t.already(wallTime(outcome.at, turn.actor.zone), current);
      return { toast: sentence, card: { title: t.checkIn, tone: 'good', body: sentence } };
    }
  }
}
