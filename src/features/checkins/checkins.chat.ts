import type { Command, Reply, Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import type { Locale } from '../../chat/locale.ts';
import { card, type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { type Temporal, wallTime } from '../../kernel/time.ts';
import type { TaskType } from '../campaigns/campaigns.schema.ts';
import { type CampaignCalendar, calendarOf, campaignsOfTurns } from '../campaigns/index.ts';
import { CHECK_IN, type Tip, tipCard, tipsById, tipsOn } from '../tips/index.ts';
import { type DayOfTurn, dayOfTurn } from './checkins.day.ts';
import { readLongEnough } from './checkins.dwell.ts';
import { type CheckinOutcome, type Completion, complete, standingOf } from './checkins.service.ts';
import { stepsCard } from './checkins.steps.ts';
import { text } from './checkins.text.ts';
import { type WeekProgress, weekProgress } from './checkins.week.ts';

/** 打卡, as a word and as the button of the day's card. Answers sets: at nine o'clock everybody taps. */
export function checkInCommand(): Command {
  return {
    name: CHECK_IN,
    permission: 'me.use',
    words: ['打卡', '签到', '我要打卡', 'checkin', 'check in', 'check-in'],
    help: { 'zh-CN': text['zh-CN'].helpCheckIn, en: text.en.helpCheckIn },
    answer: checkInAll,
  };
}

export interface Today {
  turn: Turn;
  day: Extract<DayOfTurn, { kind: 'today' }>;
  tip: Tip | undefined;
}

async function checkInAll(tx: Db, turns: readonly Turn[]): Promise<Reply[]> {
  const campaigns = await campaignsOfTurns(tx, turns);
  const days = turns.map((turn, index) =>
    dayOfTurn(turn, campaigns[index] ?? { day: undefined as never, campaign: undefined }),
  );
  const today = await withTips(tx, await onWorkdays(tx, turns, days));
  const outcomes = await outcomesOf(tx, today);
  const weeks = await weekProgress(
    tx,
    today.map(({ turn, day }) => ({ employeeId: turn.actor.employeeId, ...day })),
  );
  const replies: Reply[] = [];
  for (const [index, turn] of turns.entries()) {
    const one = today.find((other) => other.turn === turn);
    replies.push(
      one === undefined
        ? await declined(tx, turn, days[index] as DayOfTurn)
        : replyTo(one, outcomes.get(turn), weeks.get(turn.actor.employeeId)),
    );
  }
  return replies;
}

type Counting = Omit<Today, 'tip'>;

/** Nothing is chosen, noted or asked for on a day off. */
async function onWorkdays(tx: Db, turns: readonly Turn[], days: readonly DayOfTurn[]): Promise<Counting[]> {
  const counting: Counting[] = [];
  for (const [index, turn] of turns.entries()) {
    const day = days[index];
    if (day?.kind !== 'today') continue;
    if ((await calendarOf(tx, day.campaign)).isWorkday(day.day)) counting.push({ turn, day });
  }
  return counting;
}

async function withTips(tx: Db, counting: readonly Counting[]): Promise<Today[]> {
  const named = await tipsById(
    tx,
    counting.flatMap(({ day }) => day.tipId ?? []),
  );
  const withTip: Today[] = [];
  for (const { turn, day } of counting) {
    const chosen =
      day.tipId === undefined ? await tipsOn(tx, day.campaign, day.day, [turn.actor], turn.at) : undefined;
    withTip.push({ turn, day, tip: named.get(day.tipId ?? '') ?? chosen?.get(turn.actor.employeeId) });
  }
  return withTip;
}

/** Those who hand something in as one set; where 打卡 alone is no task, the day is looked up. */
async function outcomesOf(tx: Db, today: readonly Today[]): Promise<Map<Turn, CheckinOutcome>> {
  const completions = new Map<Turn, Completion>();
  const outcomes = new Map<Turn, CheckinOutcome>();
  const read = await readLongEnough(tx, today);
  for (const one of today) {
    const completion = completionOf(one, read.has(one.turn));
    if (completion !== undefined) completions.set(one.turn, completion);
    else {
      const { campaign, day } = one.day;
      const { employeeId } = one.turn.actor;
      outcomes.set(one.turn, await standingOf(tx, { campaign, day, employeeId }));
    }
  }
  const completed = await complete(tx, [...completions.values()]);
  for (const [index, turn] of [...completions.keys()].entries()) {
    const outcome = completed[index];
    if (outcome !== undefined) outcomes.set(turn, outcome);
  }
  return outcomes;
}

/** What a tap or the word alone can complete: the tip was read, else the person's word that they used the software. */
function completionOf({ turn, day, tip }: Today, read = false): Completion | undefined {
  const wanted = day.campaign.tasks.of;
  const task: TaskType | undefined = wanted.includes('learn-tip')
    ? 'learn-tip'
    : wanted.includes('use-software')
      ? 'use-software'
      : undefined;
  if (task === undefined) return undefined;
  const completed = completion({ turn, day, tip }, task);
  return read && task === 'learn-tip' ? { ...completed, grade: 'read' } : completed;
}

export function completion(
  { turn, day, tip }: Today,
  task: TaskType,
  detail?: Record<string, string | number | boolean>,
): Completion {
  const { actor, event } = turn;
  return {
    campaign: day.campaign,
    employeeId: actor.employeeId,
    day: day.day,
    zone: actor.zone,
    task,
    grade: task === 'answer' ? 'answered' : task === 'learn-tip' ? 'tap' : 'self-declared',
    tipId: tip?.id,
    at: event.occurredAt,
    receivedAt: event.receivedAt,
    channel: event.channel,
    eventKey: event.key,
    ...(detail === undefined ? {} : { detail }),
  };
}

function replyTo(one: Today, outcome: CheckinOutcome | undefined, week: WeekProgress | undefined): Reply {
  const { turn, day, tip } = one;
  const { actor } = turn;
  const t = text[actor.locale];
  switch (outcome?.kind) {
    case undefined:
      return say(turn, t.gone);
    case 'day-off':
      return say(turn, offSentence(outcome.calendar, day.day, actor.locale));
    case 'more': {
      const { missing } = outcome;
      const noted = completionOf(one) !== undefined;
      return answerWith(
        turn,
        stepsCard({ campaign: day.campaign, day: day.day, tip, missing, noted, locale: actor.locale }),
      );
    }
    case 'already':
    case 'recorded': {
      const time = wallTime(outcome.at, actor.zone);
      const points = outcome.kind === 'recorded' ? outcome.points : 0;
      const { current } = outcome.streak;
      const toast = outcome.kind === 'recorded' ? t.recorded(current, points) : t.already(time, current);
      if (turn.place.kind === 'group' && turn.action === undefined) {
        return {
          messages: [words(outcome.kind === 'recorded' ? t.recordedInGroup(actor.name, current) : toast)],
        };
      }
      if (tip === undefined) return say(turn, toast);
      const done = {
        footer: t.footer(time, current, points),
        ...(week === undefined
          ? {}
          : { progress: { value: week.share, label: t.week(week.done, week.target) } }),
      };
      const doneCard = tipCard({
        tip,
        campaignId: day.campaign.id,
        day: day.day,
        locale: actor.locale,
        done,
      });
      return turn.action?.data === undefined
        ? { messages: [words(toast), ...(outcome.kind === 'recorded' ? [card(doneCard)] : [])] }
        : { toast, card: doneCard };
    }
  }
}

/** Why this turn cannot count, with the way on; `today` is a day off. */
export async function declined(tx: Db, turn: Turn, day: DayOfTurn): Promise<Reply> {
  const { actor } = turn;
  const t = text[actor.locale];
  switch (day.kind) {
    case 'not-in-campaign':
      return say(turn, t.notInCampaign);
    case 'other-campaign':
      return say(turn, t.otherCampaign);
    case 'too-late':
      return say(turn, t.tooLate);
    case 'unreadable':
      return say(turn, t.gone);
    case 'today':
      return say(turn, offSentence(await calendarOf(tx, day.campaign), day.day, actor.locale));
    case 'other-day': {
      const sentence = t.otherDay(dayInWords(day.cardDay, actor.locale));
      return { toast: sentence, messages: await todaysCard(tx, turn, day) };
    }
  }
}

async function todaysCard(
  tx: Db,
  turn: Turn,
  day: Extract<DayOfTurn, { kind: 'other-day' }>,
): Promise<Message[]> {
  const { actor } = turn;
  const calendar = await calendarOf(tx, day.campaign);
  if (!calendar.isWorkday(day.day)) return [words(offSentence(calendar, day.day, actor.locale))];
  const tip = (await tipsOn(tx, day.campaign, day.day, [actor], turn.at)).get(actor.employeeId);
  if (tip === undefined) return [];
  return [card(tipCard({ tip, campaignId: day.campaign.id, day: day.day, locale: actor.locale }))];
}

function offSentence(calendar: CampaignCalendar, day: Temporal.PlainDate, locale: Locale): string {
  const t = text[locale];
  const next = calendar.nextWorkday(day);
  return next === undefined ? t.dayOffLast : t.dayOff(calendar.nameOf(day), dayInWords(next, locale));
}

/** As a toast when a button was pressed, as a message when a word was typed. */
export function say(turn: Turn, sentence: string): Reply {
  return turn.event.payload.kind === 'action' ? { toast: sentence } : { messages: [words(sentence)] };
}

function answerWith(turn: Turn, content: Parameters<typeof card>[0]): Reply {
  return turn.event.payload.kind === 'action' ? { card: content } : { messages: [card(content)] };
}
