import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import { storable } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { type QuestionTurn, saysUnhelped, turnsSoFar } from '../faq/index.ts';
import { plain, whenInWords } from './tickets.cards.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { onlyFacts } from './tickets.facts.ts';
import { addWords, type Opened, openTicket } from './tickets.open.ts';
import { nameOf, rate, reopen, withdraw } from './tickets.service.ts';
import { lastTicketOf, openTicketOf } from './tickets.store.ts';
import type { TranscriptLine } from './tickets.tables.ts';
import { text } from './tickets.text.ts';
import { behindNumber, numbered, personAsked } from './tickets.words.ts';

type By = 'word' | 'failures';

/** Brings a person: opens a ticket with what was said so far, and says what happens next. */
export async function handOver(
  tx: Db,
  deps: TicketDeps,
  turn: Turn,
  asked: { question: string; by: By },
): Promise<Reply> {
  const { actor, event, place, at } = turn;
  const before = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
  const question = asked.question.trim() === '' ? lastQuestion(before) : asked.question;
  const opened = await openTicket(tx, deps, {
    askerId: actor.employeeId,
    question: storable(question),
    priority: 'technical',
    address: { channel: event.channel, account: event.account, platformId: event.actor },
    transcript: [...before].reverse().map(lineOf),
    by: asked.by,
    at,
  });
  // What somebody needs help with is nobody else's business, also when they called for it in a group.
  return { messages: [card(await openedCard(tx, deps, turn, opened, asked.by))], inPrivate: true };
}

/** What the asker wanted before they gave up on us. */
function lastQuestion(turns: readonly QuestionTurn[]): string {
  return turns.find(({ outcome }) => outcome !== 'chosen')?.text ?? turns[0]?.text ?? '';
}

function lineOf({ at, text: said, outcome, entries }: QuestionTurn): TranscriptLine {
  return { at: at.toString(), text: said, outcome, entries };
}

const SYSTEMS = ['Windows 11', 'Windows 10', 'Windows 7', '统信 UOS', '麒麟', 'macOS', 'Android', 'iOS'];

async function openedCard(tx: Db, deps: TicketDeps, { actor }: Turn, opened: Opened, by: By) {
  const { ticket, presence, added, ahead } = opened;
  const t = text[actor.locale];
  const when = (at: typeof ticket.dueAt) => whenInWords(at, deps.zone, actor.locale);
  const quoted = plain(ticket.question, 80);
  const first = added
    ? t.addedTo(ticket.number, await nameOf(tx, ticket.assigneeId))
    : ticket.question === ''
      ? t.openedEmpty
      : by === 'failures'
        ? t.afterFailures(quoted)
        : t.opened(quoted);
  const lines = [first];
  if (ticket.state === 'waiting') {
    if (presence.all.length === 0) lines.push(t.noSupport);
    else if (presence.now.length === 0)
      lines.push(presence.next === undefined ? t.absentLong : t.absent(when(presence.next)));
    else lines.push(`${t.ahead(ahead)}${t.present}`);
    lines.push(t.dueBy(when(ticket.dueAt)));
  }
  const asksDevice = ticket.facts['system'] === undefined && ticket.question !== '' && !added;
  if (asksDevice) lines.push(t.askDevice);
  const device = {
    inputs: [
      {
        name: 'system',
        label: t.deviceSystem,
        kind: 'choice' as const,
        options: [...SYSTEMS, t.otherSystem].map((name) => ({ value: name, label: name })),
      },
      { name: 'version', label: t.deviceVersion, kind: 'text' as const, maxLength: 40 },
    ],
    button: { label: t.sendDevice, action: { name: 'tickets.facts' } },
  };
  return {
    title: t.openedTitle(ticket.number),
    tone: 'notice' as const,
    body: lines.join('\n\n'),
    ...(asksDevice ? { inputs: device.inputs } : {}),
    buttons: [
      ...(asksDevice ? [device.button] : []),
      {
        label: t.notNeeded,
        tone: 'quiet' as const,
        action: { name: 'tickets.withdraw' },
        word: actor.locale === 'en' ? 'no agent' : '不用人工',
      },
    ],
  };
}

/** So long after the last word, what somebody types is a new question again. */
const LIVE_MINUTES = 30;

/**
 * Text that is no word of ours, looked at before the knowledge base is: a call for a person in other words, something
 * for the colleague who is on the ticket, or that it was not solved. Undefined when it is none of these.
 */
export async function overhear(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply | undefined> {
  const { actor, event, place, at, argument } = turn;
  const typed = event.payload.kind === 'text' ? event.payload.text : argument;
  const called = personAsked(typed);
  if (called !== undefined) return handOver(tx, deps, turn, { question: called.question, by: 'word' });
  if (place.kind === 'group') return undefined;
  if (saysUnhelped(argument)) return reopened(tx, deps, turn);
  const ticket = await openTicketOf(tx, actor.employeeId);
  if (ticket === undefined) return undefined;
  const isLive = ticket.state === 'claimed' && ticket.changedAt.until(at).total('minutes') <= LIVE_MINUTES;
  if (!isLive && ticket.question !== '' && !onlyFacts(typed)) return undefined;
  const said = storable(typed).trim();
  await addWords(tx, ticket, said, at);
  const t = text[actor.locale];
  const holder = await nameOf(tx, ticket.assigneeId);
  return { messages: [words(holder === undefined ? t.addedTo(ticket.number, holder) : t.passedOn(holder))] };
}

/** 没解决, right after a person solved it and before anything else was asked. */
async function reopened(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply | undefined> {
  const { actor, place, at } = turn;
  const last = await lastTicketOf(tx, actor.employeeId);
  if (last?.solvedAt === null || last === undefined) return undefined;
  const [since] = await turnsSoFar(tx, { employeeId: actor.employeeId, place, at });
  if (since !== undefined && last.solvedAt.until(since.at).sign > 0) return undefined;
  const ticket = await reopen(tx, deps, actor.employeeId, at);
  return ticket === undefined ? undefined : { messages: [words(text[actor.locale].reopened(ticket.number))] };
}

const PERSON_WORDS = [
  '人工',
  '转人工',
  '人工客服',
  '人工服务',
  '转人工客服',
  '转人工服务',
  '转接人工',
  '找人工',
  '找客服',
  '转客服',
  '联系客服',
  '真人',
  '客服',
  'agent',
  'human',
];

export function askerCommands(deps: TicketDeps): Command[] {
  const answer = (work: (tx: Db, turn: Turn) => Promise<Reply>) =>
    oneByOne(async (tx, turn) => {
      // What is said in a group without calling us is not for us.
      if (turn.place.kind === 'group' && !turn.place.mentioned) return {};
      return work(tx, turn);
    });
  return [
    {
      name: 'tickets.person',
      permission: 'me.use',
      words: PERSON_WORDS,
      help: { 'zh-CN': text['zh-CN'].helpPerson, en: text.en.helpPerson },
      answer: answer(async (tx, turn) => handOver(tx, deps, turn, { question: '', by: 'word' })),
    },
    {
      name: 'tickets.withdraw',
      permission: 'me.use',
      words: ['不用人工', '不用人工了', '取消人工', '撤回工单', '取消工单', 'no agent'],
      help: undefined,
      answer: answer(async (tx, { actor, at, event }) => {
        const t = text[actor.locale];
        const gone = await withdraw(tx, actor.employeeId, at);
        const said = gone === undefined ? t.nothingOpen : t.withdrawn(gone.number);
        return event.payload.kind === 'action'
          ? { toast: said, messages: [words(said)], inPrivate: true }
          : { messages: [words(said)], inPrivate: true };
      }),
    },
    {
      name: 'tickets.facts',
      permission: 'me.use',
      words: [],
      help: undefined,
      answer: answer(async (tx, { actor, at, inputs }) => {
        const t = text[actor.locale];
        const ticket = await openTicketOf(tx, actor.employeeId);
        if (ticket === undefined) return { toast: t.nothingOpen };
        const said = [inputs['system'], inputs['version']].map((one) => plain(one ?? '', 60)).filter(Boolean);
        if (said.length === 0) return { toast: t.askDevice };
        await addWords(tx, ticket, said.join('，'), at);
        return { toast: t.deviceAdded(ticket.number) };
      }),
    },
    {
      name: 'tickets.reopen',
      permission: 'me.use',
      words: [],
      help: undefined,
      answer: answer(async (tx, { actor, at }) => {
        const t = text[actor.locale];
        const ticket = await reopen(tx, deps, actor.employeeId, at);
        const said = ticket === undefined ? t.nothingOpen : t.reopened(ticket.number);
        return { toast: said, messages: [words(said)], inPrivate: true };
      }),
    },
    {
      name: 'tickets.rate',
      permission: 'me.use',
      words: ['评分', 'rate'],
      takesArgument: looksLikeScore,
      help: { 'zh-CN': text['zh-CN'].helpRate, en: text.en.helpRate },
      answer: answer(async (tx, turn) => scored(tx, turn)),
    },
  ];
}

/** 4, 4分, 4 挺快的; not 3.5 分怎么打. Also 9, which gets a kind answer. */
const looksLikeScore = (argument: string): boolean =>
  /^\d{1,2}(?:分|星)?(?:[\s,:;、。!]|$)/.test(argument) && !/怎么|如何|[?？]/.test(argument);

async function scored(tx: Db, { actor, at, argument, action, event }: Turn): Promise<Reply> {
  const t = text[actor.locale];
  const typed = numbered(argument);
  const data = action?.data;
  const score = typeof data?.['s'] === 'number' ? data['s'] : typed?.number;
  if (score === undefined || !Number.isInteger(score) || score < 1 || score > 5)
    return { messages: [words(t.rateHow)], inPrivate: true };
  const number = typeof data?.['n'] === 'number' ? { number: data['n'] } : {};
  const comment = event.payload.kind === 'text' ? behindNumber(event.payload.text) || undefined : undefined;
  const rated = await rate(tx, { askerId: actor.employeeId, ...number, score, comment, at });
  const said = rated === undefined ? t.nothingToRate : t.rated(score);
  return action === undefined ? { messages: [words(said)], inPrivate: true } : { toast: said };
}
