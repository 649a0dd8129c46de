import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { beginsWithNumber, isNumber } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { calendarMessage, startInWords } from './trainings.calendar.ts';
import { CALENDAR, CANCEL, CHANGE, LIST, SIGN_UP, trainingCard } from './trainings.cards.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { cancelReply, changeReply, chooseButtons, privately, say, signUpReply } from './trainings.say.ts';
import { cancelSignUp, changeSignUp, signUp, takesSignUps } from './trainings.signup.ts';
import {
  doerOf,
  mine,
  standingOf,
  type Training,
  takenOf,
  trainingByNo,
  trainingsById,
  upcoming,
} from './trainings.store.ts';
import { trainings } from './trainings.tables.ts';
import { text } from './trainings.text.ts';

const SHOWN = 6;
const pressed = z.looseObject({
  t: z.uuid(),
  f: z.uuid().optional(),
  d: z.boolean().optional(),
  s: z.boolean().optional(),
});
const numbersIn = (argument: string): number[] =>
  (argument.match(/\d{1,9}/g) ?? []).map(Number).filter((no) => no <= 2_147_483_647);

/** The class that a button or the first number in what was typed means. */
async function meant(tx: Db, { action, argument }: Turn): Promise<Training | undefined> {
  const data = pressed.safeParse(action?.data);
  if (data.success) return (await trainingsById(tx, [data.data.t])).get(data.data.t);
  const [no] = numbersIn(argument);
  return no === undefined ? undefined : trainingByNo(tx, no);
}

const isNamed = ({ action, argument }: Turn): boolean => action?.data !== undefined || argument !== '';

/** All classes that a set of turns is about are locked in one order: two sets cannot wait for each other. */
function inOrder(answer: (tx: Db, turn: Turn) => Promise<Reply>): Command['answer'] {
  const each = oneByOne(answer);
  return async (tx, turns) => {
    const ids = new Set<string>();
    for (const turn of turns) {
      const data = pressed.safeParse(turn.action?.data);
      if (data.success) for (const id of [data.data.t, data.data.f]) if (id !== undefined) ids.add(id);
    }
    const numbers = turns.flatMap(({ argument }) => numbersIn(argument).slice(0, 2));
    if (numbers.length > 0) {
      const named = await tx
        .select({ id: trainings.id })
        .from(trainings)
        .where(inArray(trainings.no, numbers));
      for (const { id } of named) ids.add(id);
    }
    if (ids.size > 1)
      await tx
        .select({ id: trainings.id })
        .from(trainings)
        .where(inArray(trainings.id, [...ids]))
        .orderBy(asc(trainings.id))
        .for('update');
    return each(tx, turns);
  };
}

/** 培训: what is coming, and where the person stands with it; with a number one class. */
export function listCommand(): Command {
  return {
    name: LIST,
    permission: 'me.use',
    words: ['培训', '培训课', '培训安排', '我的培训', '课程', 'trainings', 'training', 'classes'],
    takesArgument: isNumber,
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne(async (tx, turn) => {
      if (!isNamed(turn)) return overview(tx, turn);
      const training = await meant(tx, turn);
      const t = text[turn.actor.locale];
      if (training === undefined) return say(turn, t.unknown(turn.argument.slice(0, 20)));
      return privately(card(await detailCard(tx, turn, training)));
    }),
  };
}

/** One class as the person stands with it: also what a poster's code brings up. */
export async function detailCard(tx: Db, { actor, at }: Pick<Turn, 'actor' | 'at'>, training: Training) {
  const standing = (await standingOf(tx, training.id, actor.employeeId))?.state;
  const taken = (await takenOf(tx, [training.id])).get(training.id)?.in ?? 0;
  return trainingCard(training, actor, {
    left: Math.max(0, (training.seats ?? 0) - taken),
    standing: standing === 'cancelled' ? undefined : standing,
    inSeries: training.seriesId !== null,
    open: takesSignUps(training, at),
  });
}

async function overview(tx: Db, turn: Turn): Promise<Reply> {
  const { locale, employeeId, zone } = turn.actor;
  const t = text[locale];
  const coming = await upcoming(tx, turn.at, SHOWN);
  if (coming.length === 0) return privately(words(t.listNone));
  const theirs = new Map(
    (await mine(tx, employeeId, turn.at)).map(({ training, state }) => [training.id, state]),
  );
  const taken = await takenOf(
    tx,
    coming.map(({ id }) => id),
  );
  const lines = coming.map((one) => {
    const state = theirs.get(one.id);
    const left = Math.max(0, (one.seats ?? 0) - (taken.get(one.id)?.in ?? 0));
    const seats = one.seats === null ? t.unlimited : t.seatsLeft(left, one.seats);
    const note = state === undefined ? `${t.facts.seats} ${seats}` : state === 'in' ? t.isIn : t.isWaiting;
    return t.line(one.no, startInWords(one, { zone, locale }), one.title, note);
  });
  const open = coming.filter((one) => !theirs.has(one.id) && takesSignUps(one, turn.at));
  return privately(
    card({
      title: t.listTitle,
      body: lines.join('\n\n').slice(0, 3_800),
      buttons: chooseButtons(open, locale, 'sign-up'),
      footer: t.listHint,
    }),
  );
}

/** 报名 12, and the button of a class; 报名 12 系列 for the whole series. */
export function signUpCommand(deps: TrainingDeps): Command {
  return {
    name: SIGN_UP,
    permission: 'me.use',
    words: ['报名', '我要报名', '报名培训', 'signup', 'sign up', 'enrol', 'enroll'],
    takesArgument: beginsWithNumber,
    help: undefined,
    answer: inOrder(async (tx, turn) => {
      const t = text[turn.actor.locale];
      const training = await meant(tx, turn);
      if (training === undefined) {
        if (isNamed(turn)) return say(turn, t.unknown(turn.argument.slice(0, 20)));
        const { messages = [] } = await overview(tx, turn);
        return privately(...messages, words(t.which));
      }
      const data = pressed.safeParse(turn.action?.data);
      const said = turn.argument.replace(/^\D*\d+/, '');
      const wants = (flag: boolean | undefined, ...forms: string[]): boolean =>
        flag === true || forms.some((form) => said.includes(form));
      if (wants(data.data?.s, text['zh-CN'].word.series, text.en.word.series) && training.seriesId !== null)
        return signUpForSeries(tx, deps, turn, training.seriesId);
      const despite = wants(data.data?.d, text['zh-CN'].word.still, text.en.word.still);
      const { employeeId } = turn.actor;
      const deed = { at: turn.at, by: doerOf(turn.actor) };
      return signUpReply(
        deps,
        turn,
        await signUp(tx, deps, { trainingId: training.id, employeeId, despite }, deed),
      );
    }),
  };
}

async function signUpForSeries(tx: Db, deps: TrainingDeps, turn: Turn, seriesId: string): Promise<Reply> {
  const t = text[turn.actor.locale];
  const classes = await tx
    .select()
    .from(trainings)
    .where(
      and(eq(trainings.seriesId, seriesId), eq(trainings.state, 'open'), gt(trainings.startsAt, turn.at)),
    )
    .orderBy(asc(trainings.id))
    .for('update');
  let [taken, waits] = [0, 0];
  const clashes: number[] = [];
  const files: NonNullable<Reply['messages']> = [];
  const byStart = [...classes].sort((a, b) => a.startsAt.epochMilliseconds - b.startsAt.epochMilliseconds);
  for (const { id, no } of byStart) {
    const deed = { at: turn.at, by: doerOf(turn.actor) };
    const outcome = await signUp(tx, deps, { trainingId: id, employeeId: turn.actor.employeeId }, deed);
    if (outcome.kind === 'conflict') clashes.push(no);
    else if (outcome.kind !== 'closed') taken += 1;
    if (outcome.kind === 'waiting' || (outcome.kind === 'already' && outcome.state === 'waiting')) waits += 1;
    if (outcome.kind === 'in')
      files.push(calendarMessage(deps, outcome.training, turn.actor.locale, turn.event.channel));
  }
  const sentences = [
    ...(taken === 0 ? [] : [t.seriesDone(taken, waits, clashes.length === 0)]),
    ...(clashes.length === 0 ? [] : [t.seriesClashes(clashes)]),
  ];
  if (sentences.length === 0) return say(turn, t.seriesNone);
  const reply = privately(words(sentences.join('\n')), ...files);
  return turn.action === undefined ? reply : { ...reply, toast: sentences[0] as string };
}

/** 取消报名 12, and the button; without a number the only one, or a choice. */
export function cancelCommand(deps: TrainingDeps): Command {
  return {
    name: CANCEL,
    permission: 'me.use',
    words: ['取消报名', '退课', '不参加了', '取消培训', 'cancelsignup', 'cancel sign up', 'cancel signup'],
    takesArgument: beginsWithNumber,
    help: undefined,
    answer: inOrder(async (tx, turn) => {
      const { locale, employeeId } = turn.actor;
      const t = text[locale];
      let training = await meant(tx, turn);
      if (training === undefined && isNamed(turn)) return say(turn, t.unknown(turn.argument.slice(0, 20)));
      if (training === undefined) {
        const theirs = (await mine(tx, employeeId, turn.at)).map((one) => one.training);
        if (theirs.length === 0) return say(turn, t.nothingMine);
        if (theirs.length > 1) {
          const lines = theirs.map(
            (one) => `**${one.no}** · ${startInWords(one, turn.actor)} · ${one.title}`,
          );
          const buttons = chooseButtons(theirs, locale, 'cancel');
          return privately(card({ title: t.whichCancel, body: lines.join('\n').slice(0, 3_800), buttons }));
        }
        training = theirs[0] as Training;
      }
      const deed = { at: turn.at, by: doerOf(turn.actor) };
      return cancelReply(turn, await cancelSignUp(tx, deps, { trainingId: training.id, employeeId }, deed));
    }),
  };
}

/** 改报 9 12: from one class to another, without the risk of having none. */
export function changeCommand(deps: TrainingDeps): Command {
  return {
    name: CHANGE,
    permission: 'me.use',
    words: ['改报', '换课', '改课', 'swap', 'change class'],
    takesArgument: beginsWithNumber,
    help: undefined,
    answer: inOrder(async (tx, turn) => {
      const { locale, employeeId } = turn.actor;
      const t = text[locale];
      const data = pressed.safeParse(turn.action?.data);
      const [fromNo, toNo] = numbersIn(turn.argument);
      const byButton = data.success ? { from: data.data.f, to: data.data.t } : undefined;
      const named = {
        from: fromNo === undefined ? undefined : (await trainingByNo(tx, fromNo))?.id,
        to: toNo === undefined ? undefined : (await trainingByNo(tx, toNo))?.id,
      };
      const { from: fromId, to: toId } = byButton ?? named;
      if (fromId === undefined || toId === undefined || fromId === toId) return say(turn, t.changeHow);
      const deed = { at: turn.at, by: doerOf(turn.actor) };
      return changeReply(deps, turn, await changeSignUp(tx, deps, { fromId, toId, employeeId }, deed));
    }),
  };
}

/** 日历 12: the file again. */
export function calendarCommand(deps: TrainingDeps): Command {
  return {
    name: CALENDAR,
    permission: 'me.use',
    words: ['培训日历', 'training calendar'],
    wordsBeforeArgument: ['日历', 'calendar'],
    takesArgument: beginsWithNumber,
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { locale, employeeId } = turn.actor;
      const named = await meant(tx, turn);
      const theirs = (await mine(tx, employeeId, turn.at)).filter(({ state }) => state === 'in');
      const wanted =
        named === undefined ? theirs.slice(0, 1) : theirs.filter((one) => one.training.id === named.id);
      const [first] = wanted;
      if (first === undefined) return say(turn, text[locale].calendar.none);
      return privately(calendarMessage(deps, first.training, locale, turn.event.channel));
    }),
  };
}
