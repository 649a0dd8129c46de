import { z } from 'zod';
import { beginsWithNumber } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import type { Locale } from '../../chat/locale.ts';
import { type Card, card, type Message, text as words } from '../../chat/message.ts';
import { storable } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import type { CorrectDays } from '../corrections/index.ts';
import {
  type Appealed,
  type AppealOf,
  appealOn,
  appealsOf,
  decideAppeal,
  fileAppeal,
  refusalOf,
} from './appeals.service.ts';
import { DECIDE, DECISION_INPUT, handToHr, tellDecision } from './appeals.tell.ts';
import { type OwnRecord, ownRecord } from './periods.person.ts';
import { text } from './periods.text.ts';
import { plain, trailOf } from './periods.trail.ts';
import { dayIn, looksLikeDay, narrow } from './periods.words.ts';

export const SHOW_DAY = 'periods.appeal';
const FILE = 'periods.file-appeal';
const REASON_INPUT = 'reason';
const LONGEST_REASON = 300;
const SHORTEST_REASON = 2;

export interface AppealDeps {
  /** Writes the corrections that follow from a decision, and what follows from them. */
  correctDays: CorrectDays;
}

/** 申诉: why a day does not count, and one tap to object; for HR the decision. */
export function appealCommands(deps: AppealDeps): Command[] {
  return [
    {
      name: SHOW_DAY,
      permission: 'me.use',
      words: ['申诉', '我要申诉', '打卡申诉', 'appeal'],
      takesArgument: looksLikeDay,
      help: { 'zh-CN': text['zh-CN'].helpAppeal, en: text.en.helpAppeal },
      answer: oneByOne(ask),
    },
    { name: FILE, permission: 'me.use', words: [], help: undefined, answer: oneByOne(pressed) },
    {
      name: DECIDE,
      permission: 'evidence.correct',
      words: ['同意申诉', '不同意申诉', '驳回申诉', 'grant appeal', 'refuse appeal'],
      takesArgument: beginsWithNumber,
      help: undefined,
      answer: oneByOne((tx, turn) => decide(tx, turn, deps)),
    },
  ];
}

const privately = (...messages: Reply['messages'] & object): Reply => ({ messages, inPrivate: true });

const dayData = z.looseObject({ d: z.iso.date() });

/** The day that a button or the typed words name; what is said behind it is the reason. */
async function ask(tx: Db, turn: Turn): Promise<Reply> {
  const { actor, action, argument, at } = turn;
  const t = text[actor.locale];
  const today = localDay(at, actor.zone);
  const bound = dayData.safeParse(action?.data);
  if (bound.success) return privately(await dayCard(tx, turn, Temporal.PlainDate.from(bound.data.d)));
  if (argument === '') return privately(await pickCard(tx, turn, today));
  const named = dayIn(typedArgument(turn), today);
  if (named === undefined) return privately(words(t.wrongDay));
  if (reasonIn(named.rest) === undefined) return privately(await dayCard(tx, turn, named.day));
  return privately(words(await filed(tx, turn, named.day, reasonIn(named.rest) as string)));
}

/** What stands behind our word, as it was typed: a reason keeps its capitals. */
function typedArgument({ event, argument }: Turn): string {
  if (event.payload.kind !== 'text') return argument;
  const typed = narrow(storable(event.payload.text));
  const behind = /(?:申\s*诉|appeal)[\s:：,，、]*([\s\S]*)$/i.exec(typed)?.[1]?.trim();
  return behind === undefined || behind === '' ? argument : behind;
}

function reasonIn(said: string): string | undefined {
  const letters = Array.from(storable(said).trim()).slice(0, LONGEST_REASON);
  return letters.length < SHORTEST_REASON ? undefined : letters.join('');
}

async function dayCard(tx: Db, turn: Turn, day: Temporal.PlainDate): Promise<Message> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const title = t.trailTitle(dayInWords(day, actor.locale));
  const record = await ownRecord(tx, actor.employeeId, day, at);
  if (record === undefined) return card({ title, body: t.trailNoCampaign });
  const { standing, lines } = await trailOf(tx, record, trailOptions(turn, day));
  const known = await knownAppeal(tx, record, turn, day);
  const why = refusalOf(record, standing, known);
  const open = why === undefined;
  const iso = day.toString();
  return card({
    title,
    tone: standing.kind === 'counted' ? 'good' : 'plain',
    body: [
      ...lines,
      ...appealLines(known, actor.locale),
      ...(open ? ['', t.trailMayAppeal(dayInWords(record.appealsUntil, actor.locale))] : []),
      ...(why === 'late' ? ['', t.refused.late] : []),
    ].join('\n'),
    ...(open
      ? {
          inputs: [
            {
              name: REASON_INPUT,
              label: t.reasonLabel,
              kind: 'text' as const,
              placeholder: t.reasonPlaceholder,
              maxLength: LONGEST_REASON,
            },
          ],
          buttons: [
            {
              label: t.appealButton,
              tone: 'primary' as const,
              action: { name: FILE, data: { d: iso } },
              word: `${t.appealDay(iso.slice(5))} …`,
            },
          ],
        }
      : {}),
  });
}

function trailOptions({ actor }: Turn, day: Temporal.PlainDate) {
  return { employeeId: actor.employeeId, day: day.toString(), zone: actor.zone, locale: actor.locale };
}

function knownAppeal(
  tx: Db,
  record: OwnRecord,
  { actor }: Turn,
  day: Temporal.PlainDate,
): Promise<AppealOf | undefined> {
  return appealOn(tx, { campaignId: record.campaign.id, employeeId: actor.employeeId, day });
}

function appealLines(known: AppealOf | undefined, locale: Locale): string[] {
  if (known === undefined) return [];
  const t = text[locale];
  const { appeal, decision } = known;
  if (decision === null) return ['', t.trailAppealed(appeal.no, dayInWords(appeal.answerBy, locale))];
  return ['', t.trailDecided(decision.outcome === 'granted', plain(decision.reason, 300))];
}

const MOST_DAYS = 6;

/** The days that do not count, of the running period, or of the one before as long as it takes appeals. */
async function pickCard(tx: Db, turn: Turn, today: Temporal.PlainDate): Promise<Message> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const around = [today, today.toPlainYearMonth().toPlainDate({ day: 1 }).subtract({ days: 1 })];
  for (const day of around) {
    const record = await ownRecord(tx, actor.employeeId, day, at);
    if (record === undefined || record.today > record.appealsUntil.toString()) continue;
    const days = await openDays(tx, record, actor.employeeId);
    if (days.length === 0) continue;
    return card({
      title: t.pickTitle,
      body: t.pickBody(t.month(day.toPlainYearMonth())),
      buttons: days.slice(-MOST_DAYS).map((one) => ({
        label: t.appealDay(one.slice(5)),
        action: { name: SHOW_DAY, data: { d: one } },
        word: t.appealDay(one.slice(5)),
      })),
    });
  }
  return words(t.pickNone);
}

async function openDays(tx: Db, record: OwnRecord, employeeId: string): Promise<string[]> {
  const days = record.soFar.days
    .filter(({ kind }) => kind === 'missed' || kind === 'revoked' || kind === 'frozen')
    .map(({ day }) => day);
  const appealed = await appealsOf(tx, { campaignId: record.campaign.id, employeeId, days });
  return days.filter((day) => !appealed.has(day));
}

async function pressed(tx: Db, turn: Turn): Promise<Reply> {
  const t = text[turn.actor.locale];
  const bound = dayData.safeParse(turn.action?.data);
  if (!bound.success) return { toast: t.wrongDay };
  const reason = reasonIn(turn.inputs[REASON_INPUT] ?? '');
  if (reason === undefined) return { toast: t.reasonMissing(bound.data.d.slice(5)) };
  const sentence = await filed(tx, turn, Temporal.PlainDate.from(bound.data.d), reason);
  return { toast: sentence, card: { title: t.appealedTitle, tone: 'good', body: sentence } satisfies Card };
}

/** Files the appeal, hands it to HR, and says what happened in one sentence. */
async function filed(tx: Db, turn: Turn, day: Temporal.PlainDate, reason: string): Promise<string> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const record = await ownRecord(tx, actor.employeeId, day, at);
  if (record === undefined) return t.refused['no-campaign'];
  // HR reads it, whatever the person's language is.
  const { lines } = await trailOf(tx, record, { ...trailOptions(turn, day), locale: 'zh-CN' });
  const outcome: Appealed = await fileAppeal(tx, record, {
    employeeId: actor.employeeId,
    day: day.toString(),
    reason,
    trail: lines,
    at,
  });
  if (outcome.kind === 'refused') return t.refused[outcome.why];
  const { appeal } = outcome;
  await handToHr(tx, appeal, { today: localDay(at, actor.zone), at });
  return t.appealed(appeal.no, dayInWords(day, actor.locale), dayInWords(appeal.answerBy, actor.locale));
}

const decision = z.looseObject({ a: z.uuid(), y: z.boolean() });

async function decide(tx: Db, turn: Turn, { correctDays }: AppealDeps): Promise<Reply> {
  const { actor, at, action, inputs } = turn;
  const t = text[actor.locale];
  const says = (said: string): Reply => (action === undefined ? privately(words(said)) : { toast: said });
  const button = decision.safeParse(action?.data);
  const typed = button.success ? undefined : typedDecision(turn);
  if (!button.success && typed === undefined) return says(t.decisionHow);
  const reason = reasonIn(typed?.reason ?? inputs[DECISION_INPUT] ?? '');
  if (reason === undefined) return says(t.decisionReasonMissing);
  const granted = button.success ? button.data.y : (typed?.granted ?? false);
  const made = {
    outcome: granted ? ('granted' as const) : ('refused' as const),
    reason,
    by: { kind: 'employee' as const, id: actor.employeeId },
    employeeId: actor.employeeId,
    byName: actor.name,
    at,
  };
  try {
    const which = button.success ? { id: button.data.a } : { no: typed?.no ?? 0 };
    const appeal = await tx.transaction((inner) => decideAppeal(inner, which, made, correctDays));
    await tellDecision(tx, appeal, made);
    const said = t.decided(appeal.no, granted);
    return action === undefined
      ? privately(words(said))
      : { toast: said, card: { title: said, tone: 'good', body: plain(reason, 300) } satisfies Card };
  } catch (error) {
    const sentence = error instanceof AppError ? t.decisionRefused[error.code] : undefined;
    if (sentence === undefined) throw error;
    return says(sentence);
  }
}

/** `不同意申诉 12 那天没有登录记录` */
function typedDecision({ event }: Turn): { no: number; granted: boolean; reason: string } | undefined {
  if (event.payload.kind !== 'text') return undefined;
  const found =
    /(不同意|驳回|同意|grant|refuse)\s*(?:申诉|appeal)[\s:：,，、]*#?(\d{1,9})[\s:,、，。：]*([\s\S]*)$/i.exec(
      narrow(storable(event.payload.text)),
    );
  if (found === null) return undefined;
  const [, verb = '', no, reason = ''] = found;
  return { no: Number(no), granted: /^(?:同意|grant)$/i.test(verb), reason };
}
