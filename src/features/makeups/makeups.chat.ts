import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { dayInWords } from '../../chat/dates.ts';
import { card, text as words } from '../../chat/message.ts';
import { askNext, stopAsking } from '../../chat/open-question.ts';
import { storable } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { campaignOfTurn } from '../campaigns/index.ts';
import { missedDays, repairRule } from './makeups.facts.ts';
import { dayAndRest, type Judgement, periodFrom } from './makeups.rules.ts';
import {
  type Asking,
  ask,
  DECIDE,
  decide,
  isDecided,
  MOST_REASON,
  mayAsk,
  mayDecide,
  nameOf,
  requestBy,
  waitingFor,
} from './makeups.service.ts';
import { makeupDrafts } from './makeups.tables.ts';
import { text } from './makeups.text.ts';

const PICK = 'makeups.pick';
const REASON = 'makeups.reason';
const REFUSE = 'makeups.refuse';
const DRAFT_MINUTES = 30;
/** A card has room for so many buttons. */
const MOST_DAYS = 5;

/** 补卡 and its dialogue: which day, which reason; 同意 and 不同意 for whoever decides. */
export function makeupCommands(): Command[] {
  const inner = (name: string, answer: (tx: Db, turn: Turn) => Promise<Reply>): Command => ({
    name,
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(answer),
  });
  return [
    {
      name: 'makeups.ask',
      permission: 'me.use',
      words: ['补卡', '我要补卡', '申请补卡', '补打卡', 'make up', 'make-up'],
      takesArgument: true,
      help: { 'zh-CN': text['zh-CN'].helpAsk, en: text.en.helpAsk },
      answer: oneByOne(begin),
    },
    inner(PICK, pick),
    inner(REASON, hearReason),
    { ...inner(DECIDE, press), permission: 'makeups.decide' },
    {
      ...inner('makeups.agree', (tx, turn) => decideByWord(tx, turn, 'approved')),
      permission: 'makeups.decide',
      words: ['同意补卡', 'agree make up'],
      takesArgument: true,
    },
    {
      ...inner('makeups.disagree', (tx, turn) => decideByWord(tx, turn, 'refused')),
      permission: 'makeups.decide',
      words: ['不同意补卡', 'refuse make up'],
      takesArgument: true,
    },
    { ...inner(REFUSE, hearRefusal), permission: 'makeups.decide' },
  ];
}

const say = (sentence: string): Reply => ({ messages: [words(sentence)], inPrivate: true });

async function begin(tx: Db, turn: Turn): Promise<Reply> {
  const { day: today, campaign } = await campaignOfTurn(tx, turn);
  const t = text[turn.actor.locale];
  if (campaign === undefined) return say(t.notInCampaign);
  const { day, rest } = dayAndRest(asTyped(turn), today);
  const asking = { campaign, employeeId: turn.actor.employeeId, today, at: turn.at };
  if (day === undefined) return chooseDay(tx, turn, asking);
  return rest === '' ? askWhy(tx, turn, { ...asking, day }) : finish(tx, turn, { ...asking, day }, rest);
}

/** What followed the word, with its capitals: the argument itself is in one form for comparing. */
function asTyped({ event, argument }: Turn): string {
  if (event.payload.kind !== 'text') return argument;
  const whole = storable(event.payload.text).normalize('NFKC').trim();
  const rest = whole.toLowerCase().endsWith(argument)
    ? whole.slice(whole.length - argument.length)
    : argument;
  return rest.trim();
}

async function chooseDay(tx: Db, turn: Turn, asking: Omit<Asking, 'day'>): Promise<Reply> {
  const { locale } = turn.actor;
  const t = text[locale];
  const { makeUps } = await repairRule(tx, asking.campaign.id, periodFrom(asking.today, asking.campaign));
  const missed = await missedDays(tx, asking, makeUps.withinWorkdays);
  if (makeUps.perPeriod === 0) return say(t.notAllowed);
  if (missed.length === 0) return say(t.nothingMissed(makeUps.withinWorkdays));
  const shown = missed.slice(-MOST_DAYS);
  return {
    inPrivate: true,
    messages: [
      card({
        title: t.whichTitle,
        tone: 'plain',
        body: [
          t.which(makeUps.withinWorkdays),
          '',
          ...shown.map((day) => `- ${dayInWords(day, locale)}`),
        ].join('\n'),
        buttons: shown.map((day) => ({
          label: dayInWords(day, locale),
          action: { name: PICK, data: { d: day.toString() } },
          word: t.whichWord(day.toString().slice(5)),
        })),
      }),
    ],
  };
}

const picked = z.looseObject({ d: z.iso.date() });

async function pick(tx: Db, turn: Turn): Promise<Reply> {
  const t = text[turn.actor.locale];
  const data = picked.safeParse(turn.action?.data);
  if (!data.success) return { toast: t.gone };
  const { day: today, campaign } = await campaignOfTurn(tx, turn);
  if (campaign === undefined) return { toast: t.notInCampaign };
  const { employeeId } = turn.actor;
  const asking = { campaign, employeeId, day: Temporal.PlainDate.from(data.data.d), today, at: turn.at };
  return askWhy(tx, turn, asking);
}

/** Whoever may not have the day hears so before they explain themselves. */
async function askWhy(tx: Db, turn: Turn, asking: Asking): Promise<Reply> {
  const { judgement, rule } = await mayAsk(tx, asking);
  const { locale, employeeId } = turn.actor;
  if (judgement !== 'ok') return say(refusal(judgement, asking.day, rule, locale));
  await remember(tx, turn, { day: asking.day, requestId: null }, REASON, employeeId);
  return say(text[locale].why(dayInWords(asking.day, locale)));
}

const NEVER_MIND = /^(算了|不补了|取消|不用了|never ?mind|cancel|no)[。.!！]?$/i;

async function hearReason(tx: Db, turn: Turn): Promise<Reply> {
  const draft = await draftOf(tx, turn);
  if (draft?.day == null) return { declined: true };
  const { day: today, campaign } = await campaignOfTurn(tx, turn);
  const { employeeId, locale } = turn.actor;
  const t = text[locale];
  const said = turn.argument.trim();
  if (campaign === undefined || NEVER_MIND.test(said)) {
    await forget(tx, turn, REASON);
    return say(campaign === undefined ? t.notInCampaign : t.notSaid);
  }
  return finish(tx, turn, { campaign, employeeId, day: draft.day, today, at: turn.at }, said);
}

async function finish(tx: Db, turn: Turn, asking: Asking, said: string): Promise<Reply> {
  const { locale } = turn.actor;
  const t = text[locale];
  const reason = storable(said).replace(/\s+/g, ' ').trim();
  if (Array.from(reason).length > MOST_REASON) {
    await remember(tx, turn, { day: asking.day, requestId: null }, REASON, turn.actor.employeeId);
    return say(t.tooLong(MOST_REASON));
  }
  await forget(tx, turn, REASON);
  const asked = await ask(tx, { ...asking, reason });
  const day = dayInWords(asking.day, locale);
  switch (asked.kind) {
    case 'refused':
      return say(refusal(asked.why, asking.day, asked.rule, locale));
    case 'approved':
      return say(t.approved(day, asked.current));
    case 'asked':
      return say(t.asked(day, asked.left));
  }
}

function refusal(
  why: Exclude<Judgement, 'ok'>,
  asked: Temporal.PlainDate,
  { makeUps }: Awaited<ReturnType<typeof mayAsk>>['rule'],
  locale: Turn['actor']['locale'],
): string {
  const t = text[locale];
  const day = dayInWords(asked, locale);
  if (why === 'too-late') return t.tooLate(day, makeUps.withinWorkdays);
  if (why === 'not-allowed') return t.notAllowed;
  if (why === 'used-up') return t.usedUp(makeUps.perPeriod);
  return t.judged[why](day);
}

const pressed = z.looseObject({ r: z.uuid(), o: z.enum(['approved', 'refused']) });

async function press(tx: Db, turn: Turn): Promise<Reply> {
  const t = text[turn.actor.locale];
  const data = pressed.safeParse(turn.action?.data);
  if (!data.success) return { toast: t.gone };
  return decideOn(tx, turn, data.data.r, data.data.o);
}

async function decideByWord(tx: Db, turn: Turn, outcome: 'approved' | 'refused'): Promise<Reply> {
  const { locale, employeeId, zone } = turn.actor;
  const decider = { employeeId, day: localDay(turn.at, zone) };
  const requestId = await waitingFor(tx, decider, turn.argument.trim());
  return requestId === undefined ? say(text[locale].nobodyWaits) : decideOn(tx, turn, requestId, outcome);
}

async function decideOn(
  tx: Db,
  turn: Turn,
  requestId: string,
  outcome: 'approved' | 'refused',
): Promise<Reply> {
  const { locale, employeeId, zone } = turn.actor;
  const t = text[locale];
  const request = await requestBy(tx, requestId);
  if (!(await mayDecide(tx, request, { employeeId, day: localDay(turn.at, zone) })))
    return { toast: t.notYours };
  if (await isDecided(tx, requestId)) return { toast: t.decided, card: closed(t.cardTitle, t.decided) };
  const name = await nameOf(tx, request.employeeId);
  if (outcome === 'refused') {
    await remember(tx, turn, { day: null, requestId }, REFUSE, employeeId);
    return say(t.whyNot(name, dayInWords(request.day, locale)));
  }
  return decideAs(tx, turn, requestId, 'approved', null);
}

const closed = (title: string, body: string) => ({ title, tone: 'good' as const, body });

async function decideAs(
  tx: Db,
  turn: Turn,
  requestId: string,
  outcome: 'approved' | 'refused',
  reason: string | null,
): Promise<Reply> {
  const { locale, employeeId } = turn.actor;
  const t = text[locale];
  try {
    const done = await decide(tx, requestId, { outcome, by: `employee:${employeeId}`, reason, at: turn.at });
    const name = await nameOf(tx, done.request.employeeId);
    const day = dayInWords(done.request.day, locale);
    const sentence =
      done.outcome === 'moot'
        ? t.mootForApprover(name, day)
        : done.outcome === 'approved'
          ? t.agreed(name, day)
          : t.disagreed(name, day);
    return turn.action === undefined
      ? say(sentence)
      : { toast: sentence, card: closed(t.cardTitle, sentence) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'makeup.decided') return say(t.decided);
    throw error;
  }
}

async function hearRefusal(tx: Db, turn: Turn): Promise<Reply> {
  const draft = await draftOf(tx, turn);
  if (draft?.requestId == null) return { declined: true };
  const { locale, employeeId, zone } = turn.actor;
  const t = text[locale];
  const reason = storable(turn.argument).replace(/\s+/g, ' ').trim();
  if (Array.from(reason).length > MOST_REASON) return say(t.tooLong(MOST_REASON));
  await forget(tx, turn, REFUSE);
  const request = await requestBy(tx, draft.requestId);
  if (!(await mayDecide(tx, request, { employeeId, day: localDay(turn.at, zone) }))) return say(t.notYours);
  return decideAs(tx, turn, draft.requestId, 'refused', reason);
}

const here = { kind: 'private' as const };

async function remember(
  tx: Db,
  { at }: Turn,
  about: { day: Temporal.PlainDate | null; requestId: string | null },
  command: string,
  employeeId: string,
): Promise<void> {
  const until = at.add({ minutes: DRAFT_MINUTES });
  const row = { ...about, until };
  await tx
    .insert(makeupDrafts)
    .values({ employeeId, ...row })
    .onConflictDoUpdate({ target: makeupDrafts.employeeId, set: row });
  await askNext(tx, { employeeId, place: here, command }, { at, until });
}

async function draftOf(tx: Db, { actor, at }: Turn) {
  const [draft] = await tx.select().from(makeupDrafts).where(eq(makeupDrafts.employeeId, actor.employeeId));
  return draft !== undefined && Temporal.Instant.compare(at, draft.until) < 0 ? draft : undefined;
}

async function forget(tx: Db, { actor: { employeeId } }: Turn, command: string): Promise<void> {
  await tx.delete(makeupDrafts).where(eq(makeupDrafts.employeeId, employeeId));
  await stopAsking(tx, { employeeId, place: here, command });
}
