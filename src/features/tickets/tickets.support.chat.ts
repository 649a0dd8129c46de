import { type ArgumentShape, asksSomething, beginsWithNumber, isNumber } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { type Card, card, text as words } from '../../chat/message.ts';
import type { Role } from '../../chat/role.ts';
import { storable } from '../../chat/words.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { heldButtons, plain, ticketCard, whenInWords } from './tickets.cards.ts';
import { fileCase } from './tickets.case.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { employeeByWord } from './tickets.people.ts';
import { claim, merge, nameOf, reply, setPriority, solve, takeBack, transfer } from './tickets.service.ts';
import { heldBy, lockTicket, type Ticket, waiting } from './tickets.store.ts';
import { peopleBy } from './tickets.tell.ts';
import { text } from './tickets.text.ts';
import { behindNumber, numbered, replyIn } from './tickets.words.ts';

const roles: Role[] = ['support', 'admin'];
const SHOWN = 10;

/** 12 S0017, 12 给张三 */
const isTransfer = (argument: string): boolean =>
  beginsWithNumber(argument) && Array.from(argument).length <= 40 && !asksSomething(argument);
/** 12 15, 12 到 15, and 12 alone, which gets a kind answer. */
const isMerge = (argument: string): boolean =>
  isNumber(argument) || /^#?\d{1,9}[\s,、]*(?:到|至|和|into|with)?[\s#]*\d{1,9}$/.test(argument);

/** What those who do support can say and press. */
export function supportCommands(deps: TicketDeps): Command[] {
  const command = (
    name: string,
    said: string[],
    takesArgument: ArgumentShape | false,
    answer: (tx: Db, turn: Turn) => Promise<Reply>,
    more: Partial<Command> = {},
  ): Command => ({
    name,
    words: said,
    takesArgument,
    permission: 'tickets.write',
    help: undefined,
    answer: oneByOne((tx, turn) => refusing(turn, () => answer(tx, turn))),
    ...more,
  });
  return [
    command(
      'tickets.queue',
      ['工单', '待处理工单', '工单列表', 'tickets'],
      false,
      (tx, turn) => queue(tx, deps, turn),
      {
        help: { 'zh-CN': text['zh-CN'].helpQueue, en: text.en.helpQueue },
      },
    ),
    command('tickets.claim', ['接单', 'claim'], isNumber, (tx, turn) => claimed(tx, deps, turn)),
    command('tickets.reply', ['回复工单', 'reply'], beginsWithNumber, (tx, turn) => replied(tx, deps, turn)),
    command('tickets.transfer', ['转工单', '转交工单', 'transfer'], isTransfer, (tx, turn) =>
      transferred(tx, deps, turn),
    ),
    command('tickets.give-back', ['退单', '退回工单', 'giveback'], isNumber, (tx, turn) =>
      givenBack(tx, deps, turn),
    ),
    command('tickets.solve', ['结单', '解决工单', 'solve'], beginsWithNumber, (tx, turn) =>
      solved(tx, deps, turn),
    ),
    command('tickets.merge', ['合并工单', 'merge tickets'], isMerge, (tx, turn) => merged(tx, turn)),
    command('tickets.priority', ['工单级别', 'ticket level'], beginsWithNumber, (tx, turn) =>
      raised(tx, deps, turn),
    ),
    command('tickets.file', [], false, (tx, turn) => filed(tx, turn), { permission: 'faq.write' }),
  ];
}

/** `回复 12 …` typed by somebody who does support; undefined when it is something else. */
export async function overhearSupport(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply | undefined> {
  const { actor, event } = turn;
  if (event.payload.kind !== 'text' || !actor.roles.some((role) => roles.includes(role))) return undefined;
  const said = replyIn(storable(event.payload.text.slice(0, 4_000)));
  if (said === undefined) return undefined;
  return refusing(turn, () => answerWith(tx, deps, turn, said.number, said.words));
}

/** What a person can expect is said in words; the rest stops the turn. */
async function refusing({ actor, action }: Turn, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const sentence = error instanceof AppError ? text[actor.locale].refused[error.code] : undefined;
    if (sentence === undefined) throw error;
    return action === undefined ? { messages: [words(sentence)], inPrivate: true } : { toast: sentence };
  }
}

const privately = (...messages: Reply['messages'] & object): Reply => ({ messages, inPrivate: true });

/** The ticket that a button or an argument names. */
function numberIn({ action, argument }: Turn): { number: number; rest: string } | undefined {
  const pressed = action?.data?.['n'];
  return typeof pressed === 'number' ? { number: pressed, rest: '' } : numbered(argument);
}

async function queue(tx: Db, deps: TicketDeps, { actor }: Turn): Promise<Reply> {
  const t = text[actor.locale];
  const line = (ticket: Ticket) =>
    t.queueLine(
      ticket.number,
      t.priority[ticket.priority],
      plain(ticket.question === '' ? t.noQuestion : ticket.question, 60),
      whenInWords(ticket.dueAt, deps.zone, actor.locale),
    );
  const inLine = await waiting(tx, SHOWN);
  const held = (await heldBy(tx, actor.employeeId)).slice(0, SHOWN);
  if (inLine.length + held.length === 0) return privately(words(t.queueNone));
  const body = [
    ...(inLine.length === 0 ? [] : [t.queueWaiting(inLine.length), ...inLine.map(line), '']),
    ...(held.length === 0 ? [] : [t.queueHeld(held.length), ...held.map(line)]),
  ];
  const buttons = inLine.slice(0, 3).map(({ number }) => ({
    label: `${t.claim} ${number}`,
    action: { name: 'tickets.claim', data: { n: number } },
    word: `${t.claim} ${number}`,
  }));
  return privately(card({ title: t.queueTitle, body: body.join('\n').slice(0, 3_900), buttons }));
}

async function claimed(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply> {
  const { actor, at, argument } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  if (named === undefined && argument !== '') return privately(words(t.howTo.claim));
  const number = named?.number ?? (await waiting(tx, 1))[0]?.number;
  if (number === undefined) return privately(words(t.nobodyWaiting));
  const ticket = await claim(tx, deps, number, actor.employeeId, at);
  return privately(card(await heldCard(tx, deps, turn, ticket)));
}

async function heldCard(tx: Db, deps: TicketDeps, { actor }: Turn, ticket: Ticket): Promise<Card> {
  const t = text[actor.locale];
  const asker = (await peopleBy(tx, [ticket.askerId])).get(ticket.askerId);
  const question = ticket.question === '' ? t.noQuestion : ticket.question;
  return ticketCard(
    { ...ticket, question },
    { zone: deps.zone, locale: actor.locale, asker },
    { title: t.yours(ticket.number), buttons: heldButtons(ticket, actor.locale), reply: true },
  );
}

async function replied(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply> {
  const { actor, event, inputs } = turn;
  const named = numberIn(turn);
  // As it was typed: what a command gets is in lower case.
  const typed =
    event.payload.kind === 'text' ? replyIn(storable(event.payload.text.slice(0, 4_000))) : undefined;
  const said = typed?.words ?? inputs['words']?.trim() ?? named?.rest ?? '';
  if (named === undefined || said === '') {
    const how = text[actor.locale].howTo.reply;
    return turn.action === undefined ? privately(words(how)) : { toast: how };
  }
  return answerWith(tx, deps, turn, named.number, said);
}

async function answerWith(
  tx: Db,
  deps: TicketDeps,
  turn: Turn,
  number: number,
  said: string,
): Promise<Reply> {
  const { actor, at } = turn;
  await reply(tx, deps, number, { id: actor.employeeId, at }, said);
  const sent = text[actor.locale].sent;
  return turn.action === undefined ? privately(words(sent)) : { toast: sent };
}

async function transferred(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  if (named === undefined || named.rest === '') return privately(words(t.howTo.transfer));
  const to = await employeeByWord(tx, named.rest);
  if (to === undefined) return privately(words(t.refused['ticket.not-support'] ?? ''));
  const ticket = await transfer(tx, deps, named.number, { id: actor.employeeId, at }, to);
  return privately(words(t.transferDone(ticket.number, (await nameOf(tx, to)) ?? '')));
}

async function givenBack(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply> {
  const { actor, at, action } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  if (named === undefined) return privately(words(t.howTo.giveBack));
  const ticket = await lockTicket(tx, { number: named.number });
  if (ticket.assigneeId !== null && ticket.assigneeId !== actor.employeeId && !actor.roles.includes('admin'))
    throw new AppError('ticket.taken', `ticket ${named.number} is a colleague's`);
  await takeBack(tx, deps, ticket, { id: actor.employeeId, at });
  const said = t.takenBack(named.number);
  return action === undefined ? privately(words(said)) : { toast: said };
}

async function solved(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply> {
  const { actor, at, inputs, event } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  if (named === undefined) return privately(words(t.howTo.solve));
  const said = event.payload.kind === 'text' ? behindNumber(event.payload.text) : inputs['words'];
  const { ticket, told } = await solve(tx, deps, named.number, { id: actor.employeeId, at }, said);
  return privately(
    card({
      title: t.solvedTitle(ticket.number),
      tone: 'good',
      body: t.solveDone(ticket.number, told),
      buttons: [{ label: t.fileCase, action: { name: 'tickets.file', data: { n: ticket.number } } }],
    }),
  );
}

async function merged(tx: Db, turn: Turn): Promise<Reply> {
  const { actor, at, action } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  const pressed = action?.data?.['into'];
  const into =
    typeof pressed === 'number' ? pressed : numbered(named?.rest.replace(/^[到至]/, '') ?? '')?.number;
  if (named === undefined || into === undefined) return privately(words(t.howTo.merge));
  await merge(tx, named.number, into, { id: actor.employeeId, at });
  const said = t.mergeDone(named.number, into);
  return action === undefined ? privately(words(said)) : { toast: said };
}

async function raised(tx: Db, deps: TicketDeps, turn: Turn): Promise<Reply> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  const level = /^p0|紧急|urgent/i.test(named?.rest ?? '')
    ? 'p0'
    : /^(?:普通|技术|technical|normal)/i.test(named?.rest ?? '')
      ? 'technical'
      : undefined;
  if (named === undefined || level === undefined) return privately(words(t.howTo.priority));
  await setPriority(tx, deps, named.number, { id: actor.employeeId, at }, level);
  return privately(words(t.priorityDone(named.number, t.priority[level])));
}

async function filed(tx: Db, turn: Turn): Promise<Reply> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const named = numberIn(turn);
  if (named === undefined) return { toast: t.refused['ticket.not-found'] ?? '' };
  const key = await fileCase(tx, named.number, { id: actor.employeeId, at });
  return { toast: t.filed(key) };
}
