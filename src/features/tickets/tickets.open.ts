import { and, eq, gt, inArray, ne } from 'drizzle-orm';
import type { Channel } from '../../chat/event.ts';
import { card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { departmentsOf } from '../directory/index.ts';
import { alikeIndex } from '../faq/index.ts';
import { claimButtons, ticketCard } from './tickets.cards.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { clientOf, factsIn } from './tickets.facts.ts';
import { dutyBegins, ticketDue } from './tickets.jobs.names.ts';
import { type Presence, presenceAt } from './tickets.roster.ts';
import { dueAt, remindAt } from './tickets.rules.ts';
import { note, openStates, openTicketOf, type Ticket } from './tickets.store.ts';
import { type Priority, type TranscriptLine, tickets } from './tickets.tables.ts';
import { peopleBy, tell } from './tickets.tell.ts';
import { text } from './tickets.text.ts';

/** As much of a question, or of something said, as is kept. */
export const KEPT_LENGTH = 2_000;

export interface Opening {
  askerId: string;
  question: string;
  priority: Priority;
  /** Where to tell the asker what happens; their usual account unless given. */
  address?: { channel: Channel; account: string; platformId: string };
  transcript: TranscriptLine[];
  facts?: Record<string, string>;
  by: 'word' | 'failures' | 'api';
  at: Temporal.Instant;
}

export interface Opened {
  ticket: Ticket;
  presence: Presence;
  /** The asker had an open ticket, to which this was added. */
  added: boolean;
  /** How many wait before it. */
  ahead: number;
}

/** Opens a ticket, or adds to the open one of the same asker; tells those on duty. */
export async function openTicket(tx: Db, deps: TicketDeps, opening: Opening): Promise<Opened> {
  const { askerId, at } = opening;
  const presence = await presenceAt(tx, deps, at);
  const question = opening.question.trim().slice(0, KEPT_LENGTH);
  const before = await openTicketOf(tx, askerId);
  if (before !== undefined) {
    const ticket = question === '' ? before : await addWords(tx, before, question, at);
    return { ticket, presence, added: true, ahead: await aheadOf(tx, ticket) };
  }
  const department = (await departmentsOf(tx, [askerId], localDay(at, deps.zone))).get(askerId)?.main?.code;
  const id = newId();
  const [inserted] = await tx
    .insert(tickets)
    .values({
      id,
      state: 'waiting',
      priority: opening.priority,
      question,
      askerId,
      department: department ?? null,
      channel: opening.address?.channel ?? null,
      account: opening.address?.account ?? null,
      platformId: opening.address?.platformId ?? null,
      transcript: opening.transcript.slice(-20),
      facts: {
        ...(opening.address === undefined ? {} : clientOf(opening.address.channel)),
        ...factsIn([...opening.transcript.map(({ text: said }) => said), question]),
        ...opening.facts,
      },
      openedAt: at,
      dueAt: dueAt(at, opening.priority),
      changedAt: at,
    })
    .returning();
  const ticket = await note(tx, inserted as Ticket, {
    kind: 'opened',
    actorId: opening.by === 'api' ? undefined : askerId,
    text: question,
    detail: { by: opening.by },
    at,
  });
  await callForHelp(tx, deps, ticket, presence, at, 'newTitle');
  await startClock(tx, deps, ticket, at);
  return { ticket, presence, added: false, ahead: await aheadOf(tx, ticket) };
}

/** The asker says more; whoever has the ticket hears it. An empty question is filled. */
export async function addWords(tx: Db, ticket: Ticket, said: string, at: Temporal.Instant): Promise<Ticket> {
  const words = said.slice(0, KEPT_LENGTH);
  const facts = { ...ticket.facts, ...factsIn([words]) };
  const change = ticket.question === '' ? { question: words, facts } : { facts };
  const changed = await note(
    tx,
    ticket,
    { kind: 'asker-said', actorId: ticket.askerId, text: words, at },
    change,
  );
  if (ticket.assigneeId !== null) {
    await tell(
      tx,
      [ticket.assigneeId],
      'tickets.asker-said',
      (locale) => ({ kind: 'text', text: text[locale].askerSaid(ticket.number, words) }),
      at,
    );
  }
  return changed;
}

/** Sets the two moments at which silence has consequences; they move with the priority. */
export async function startClock(
  tx: Db,
  deps: TicketDeps,
  ticket: Ticket,
  from: Temporal.Instant,
): Promise<void> {
  const { id, priority } = ticket;
  const call = (step: 'remind' | 'escalate') => ticketDue.with({ ticketId: id, step });
  await deps.later(tx, `tickets.remind:${id}`, remindAt(from, priority), call('remind'));
  await deps.later(tx, `tickets.escalate:${id}`, dueAt(from, priority), call('escalate'));
}

type CallTitle =
  | 'newTitle'
  | 'dutyTitle'
  | 'remindTitle'
  | 'escalatedTitle'
  | 'incidentTitle'
  | 'reopenedTitle'
  | 'backTitle';

/**
 * Sends the ticket's card to those on duty. Out of hours it waits for the next one to come; a P0 goes to everyone who
 * does support, at any hour.
 */
export async function callForHelp(
  tx: Db,
  deps: TicketDeps,
  ticket: Ticket,
  presence: Presence,
  at: Temporal.Instant,
  title: CallTitle,
  also: readonly string[] = [],
): Promise<void> {
  const called = ticket.priority === 'p0' ? presence.all : presence.now;
  const ids = [...new Set([...called, ...also])].filter((id) => id !== ticket.askerId);
  const asker = (await peopleBy(tx, [ticket.askerId])).get(ticket.askerId);
  const likely = await likelySame(tx, ticket, at);
  await tell(
    tx,
    ids,
    'tickets.call',
    (locale) =>
      card(
        ticketCard(
          { ...ticket, question: ticket.question === '' ? text[locale].noQuestion : ticket.question },
          { zone: deps.zone, locale, asker },
          {
            title: text[locale][title](ticket.number),
            buttons: claimButtons(ticket, locale, likely),
            ...(likely === undefined ? {} : { likely }),
          },
        ),
      ),
    at,
  );
  if (called.length === 0 && presence.next !== undefined) {
    await deps.later(
      tx,
      `tickets.duty:${ticket.id}`,
      presence.next,
      dutyBegins.with({ ticketId: ticket.id }),
    );
  }
}

/** From this share of words in common on, two tickets are probably one problem. */
const SAME = 0.6;
const COMPARED = 200;

/** Another open ticket of the last week that says nearly the same. */
async function likelySame(tx: Db, ticket: Ticket, at: Temporal.Instant): Promise<number | undefined> {
  if (ticket.question === '') return undefined;
  const others = await tx
    .select({ number: tickets.number, question: tickets.question })
    .from(tickets)
    .where(
      and(
        inArray(tickets.state, [...openStates]),
        ne(tickets.id, ticket.id),
        ne(tickets.question, ''),
        gt(tickets.openedAt, at.subtract({ hours: 7 * 24 })),
      ),
    )
    .orderBy(tickets.number)
    .limit(COMPARED);
  const index = alikeIndex(others.map(({ number, question }) => ({ id: String(number), text: question })));
  const [nearest] = index.nearest(ticket.question);
  return nearest !== undefined && nearest.share >= SAME ? Number(nearest.id) : undefined;
}

async function aheadOf(tx: Db, ticket: Ticket): Promise<number> {
  if (ticket.state !== 'waiting') return 0;
  const rows = await tx
    .select({ dueAt: tickets.dueAt, id: tickets.id })
    .from(tickets)
    .where(eq(tickets.state, 'waiting'));
  return rows.filter(
    (other) => other.id !== ticket.id && Temporal.Instant.compare(other.dueAt, ticket.dueAt) < 0,
  ).length;
}
