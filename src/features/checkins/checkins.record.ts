import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { type Temporal, wallTime } from '../../kernel/time.ts';
import { calendarOf, campaignOfTurn, phaseOn } from '../campaigns/index.ts';
import { balanceOf } from '../rewards/index.ts';
import { CHECK_IN } from '../tips/index.ts';
import { currentOn } from './checkins.rules.ts';
import { checkedIn } from './checkins.service.ts';
import { excusedOn, excusedSince, streakOf } from './checkins.streaks.ts';
import { text } from './checkins.text.ts';
import { weekProgress } from './checkins.week.ts';

/** The record of a month that somebody names: `我的 2026-11`. */
export interface MonthRecord {
  takes: (argument: string) => boolean;
  show: (tx: Db, turn: Turn) => Promise<Reply>;
}

/** Freezes of the rule that decides about pay, around a day; undefined where it gives none. */
export type FreezesOf = (
  tx: Db,
  employeeId: string,
  today: Temporal.PlainDate,
  at: Temporal.Instant,
) => Promise<{ left: number; used: number } | undefined>;

/** 我的, and with a month behind it the record of that month. */
export function recordCommand({ month, freezes }: { month?: MonthRecord; freezes?: FreezesOf }): Command {
  return {
    name: 'checkins.record',
    permission: 'me.use',
    words: ['我的', '我的记录', '我的打卡', '打卡记录', '我的绩效', 'me', 'my record', 'record'],
    takesArgument: (argument) => month?.takes(argument) ?? false,
    help: { 'zh-CN': text['zh-CN'].helpRecord, en: text.en.helpRecord },
    answer: oneByOne((tx, turn) =>
      month !== undefined && turn.argument !== '' ? month.show(tx, turn) : showRecord(tx, turn, freezes),
    ),
  };
}

/** A person's own figures: shown to them alone, also when they ask in a group. */
async function showRecord(tx: Db, turn: Turn, freezesOf: FreezesOf | undefined): Promise<Reply> {
  const { actor } = turn;
  const t = text[actor.locale];
  const { day, campaign } = await campaignOfTurn(tx, turn);
  if (campaign === undefined) return { messages: [words(t.notInCampaign)], inPrivate: true };
  const calendar = await calendarOf(tx, campaign);
  const streak = await streakOf(tx, campaign.id, actor.employeeId);
  const doneAt = (await checkedIn(tx, campaign.id, day, [actor.employeeId])).get(actor.employeeId);
  const week = (await weekProgress(tx, [{ employeeId: actor.employeeId, campaign, day }])).get(
    actor.employeeId,
  );
  const points = await balanceOf(tx, campaign.id, actor.employeeId);
  const phase = await phaseOn(tx, campaign.id, day);
  const freezes = await freezesOf?.(tx, actor.employeeId, day, turn.at);
  const workday = calendar.isWorkday(day);
  const reason = (await excusedOn(tx, day, [actor.employeeId])).get(actor.employeeId);
  const since = await excusedSince(tx, campaign.id, [{ employeeId: actor.employeeId, today: day }]);
  const excused = since.get(actor.employeeId);
  const today = !workday
    ? t.todayOff(calendar.nameOf(day))
    : doneAt !== undefined
      ? t.todayDone(wallTime(doneAt, actor.zone))
      : reason === undefined
        ? t.todayOpen
        : t.todayExcused(reason);
  const left =
    calendar.ordinal(calendar.last) - calendar.ordinal(day) + (workday && doneAt === undefined ? 1 : 0);
  return {
    inPrivate: true,
    messages: [
      card({
        title: t.recordTitle(actor.name),
        tone: doneAt === undefined ? 'plain' : 'good',
        body: t.recordBody(campaign.name, phase?.name ?? ''),
        facts: [
          { label: t.today, value: today },
          { label: t.current, value: t.days(currentOn(streak, day, calendar, excused)) },
          { label: t.best, value: t.days(streak?.best ?? 0) },
          { label: t.counted, value: t.days(streak?.counted ?? 0) },
          { label: t.points, value: String(points) },
          ...(freezes === undefined ? [] : [{ label: t.freezes, value: t.freezesLeft(freezes) }]),
          { label: t.left, value: t.workdays(left) },
        ],
        ...(week === undefined
          ? {}
          : { progress: { value: week.share, label: t.week(week.done, week.target) } }),
        buttons: [
          ...(workday && doneAt === undefined
            ? [
                {
                  label: t.checkIn,
                  tone: 'primary' as const,
                  action: { name: CHECK_IN },
                  word: t.checkInWord,
                },
              ]
            : []),
          { label: t.seeTip, action: { name: 'tips.today' }, word: t.tipWord },
          { label: t.seeRanking, action: { name: 'rewards.ranking' }, word: t.rankingWord },
        ],
      }),
    ],
  };
}
