import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, startOfDay, Temporal } from '../../kernel/time.ts';
import { type CompanyHours, type Wish, wish, wishesOf } from './suppression.queries.ts';
import type { QuietSpan } from './suppression.tables.ts';
import { text } from './suppression.text.ts';

const choices = ['today', 'week', 'for-good', 'resume', 'any-time'] as const;
type Choice = (typeof choices)[number];
const choiceData = z.object({ c: z.enum(choices) });

const DAYS_OF_QUIET = 7;

/** 免打扰 */
export function quietCommand(company: Pick<CompanyHours, 'quiet'>): Command {
  return {
    name: 'messages.quiet',
    permission: 'me.use',
    words: ['免打扰', '消息设置', '提醒设置', '勿扰', '别打扰', 'quiet', 'do not disturb', 'mute'],
    takesArgument: looksLikeTime,
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne(async (tx, turn) => {
      const chosen = choiceData.safeParse(turn.action?.data);
      if (chosen.success) return choose(tx, turn, chosen.data.c);
      return turn.argument === ''
        ? { ...(await settings(tx, turn, company)), inPrivate: true }
        : setTime(tx, turn, company);
    }),
  };
}

const inWords = (quiet: readonly QuietSpan[]): string =>
  quiet.map(({ from, to }) => `${from}–${to}`).join('、');

async function settings(tx: Db, turn: Turn, company: Pick<CompanyHours, 'quiet'>): Promise<Reply> {
  const { actor } = turn;
  const t = text[actor.locale];
  const wishes = await wishesOf(tx, actor.employeeId);
  const muted =
    wishes?.mutedFrom != null &&
    (wishes.mutedUntil === null || Temporal.Instant.compare(turn.at, wishes.mutedUntil) < 0);
  const until = wishes?.mutedUntil ?? null;
  const state = muted
    ? until === null
      ? t.mutedForGood
      : t.mutedUntil(dayInWords(localDay(until, actor.zone), actor.locale))
    : wishes?.preferredTime == null
      ? t.always
      : t.at(wishes.preferredTime);
  const button = (label: string, c: Choice) => ({ label, action: { name: 'messages.quiet', data: { c } } });
  return {
    messages: [
      card({
        title: t.title,
        body: `${t.intro}\n\n${t.company(inWords(company.quiet))}`,
        facts: [{ label: t.now, value: state }],
        buttons: muted
          ? [{ ...button(t.resume, 'resume'), tone: 'primary' }]
          : [
              button(t.muteToday, 'today'),
              button(t.muteWeek, 'week'),
              { ...button(t.muteForGood, 'for-good'), tone: 'quiet' },
              ...(wishes?.preferredTime == null ? [] : [button(t.anyTime, 'any-time')]),
            ],
      }),
    ],
  };
}

async function choose(tx: Db, turn: Turn, choice: Choice): Promise<Reply> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const until = (days: number) => startOfDay(localDay(at, actor.zone).add({ days }), actor.zone);
  const [wished, said]: [Wish, string] = {
    today: [{ mute: { from: at, until: until(1) } }, t.doneToday] as [Wish, string],
    week: [{ mute: { from: at, until: until(DAYS_OF_QUIET) } }, t.doneWeek] as [Wish, string],
    'for-good': [{ mute: { from: at, until: null } }, t.doneForGood] as [Wish, string],
    resume: [{ mute: null }, t.doneResume] as [Wish, string],
    'any-time': [{ preferredTime: null }, t.doneAnyTime] as [Wish, string],
  }[choice];
  await wish(tx, actor.employeeId, wished, at);
  return { toast: said, messages: [words(said)], inPrivate: true };
}

async function setTime(tx: Db, turn: Turn, company: Pick<CompanyHours, 'quiet'>): Promise<Reply> {
  const t = text[turn.actor.locale];
  const time = timeIn(turn.argument);
  if (time === undefined)
    return { messages: [words(t.badTime(turn.argument.slice(0, 20)))], inPrivate: true };
  const isQuiet = company.quiet.some(({ from, to }) =>
    from <= to ? time >= from && time < to : time >= from || time < to,
  );
  if (isQuiet) return { messages: [words(t.quietTime(time, inWords(company.quiet)))], inPrivate: true };
  await wish(tx, turn.actor.employeeId, { preferredTime: time, mute: null }, turn.at);
  return { messages: [words(t.doneAt(time))], inPrivate: true };
}

/** Also what is no time of day, such as 25:00 or 十点左右: it gets a kind answer. */
const looksLikeTime = (argument: string): boolean =>
  /^(?:早上|上午|中午|下午|晚上)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[\d:.\s]|[点时半分左右前后]){0,6}$/.test(
    argument,
  );

/** `10:30`, `9:05`, `10点`, `10点半`, `10` as `HH:mm`; undefined for anything else. */
export function timeIn(argument: string): string | undefined {
  const found = /^(\d{1,2})(?:[:.](\d{2})|点(?:(半)|(\d{1,2})分?)?)?$/.exec(argument.replaceAll(' ', ''));
  if (found === null) return undefined;
  const [, hour, minutes, half, spoken] = found;
  const h = Number(hour);
  const m = half !== undefined ? 30 : Number(minutes ?? spoken ?? 0);
  if (h > 23 || m > 59) return undefined;
  return `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`;
}
