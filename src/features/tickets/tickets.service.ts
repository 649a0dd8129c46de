import { and, eq, inArray } from 'drizzle-orm';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { heldButtons, solvedCard, ticketCard } from './tickets.cards.ts';
import { fileCase } from './tickets.case.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { callForHelp, KEPT_LENGTH, startClock } from './tickets.open.ts';
import { peopleWith, presenceAt } from './tickets.roster.ts';
import { dueAt } from './tickets.rules.ts';
import {
  isOpen,
  lastTicketOf,
  lockTicket,
  mergedInto,
  note,
  openTicketOf,
  type Ticket,
} from './tickets.store.ts';
import { type Priority, tickets } from './tickets.tables.ts';
import { peopleBy, tell, tellAsker } from './tickets.tell.ts';
import { text } from './tickets.text.ts';

/** Who does something to a ticket, and when; without an id the API did it for nobody in particular. */
export interface By {
  id: string | undefined;
  at: Temporal.Instant;
}

export async function nameOf(tx: Db, id: string | null | undefined): Promise<string | undefined> {
  return id === null || id === undefined ? undefined : (await peopleBy(tx, [id])).get(id)?.name;
}

function mustBeOpen(ticket: Ticket): void {
  if (!isOpen(ticket)) throw new AppError('ticket.closed', `ticket ${ticket.number} is ${ticket.state}`);
}

async function mustDoSupport(tx: Db, deps: TicketDeps, id: string, at: Temporal.Instant): Promise<void> {
  const support = await peopleWith(tx, ['support', 'admin'], localDay(at, deps.zone));
  if (!support.includes(id)) throw new AppError('ticket.not-support', 'that employee does not do support');
}

/** Takes a waiting ticket. Claiming one's own again changes nothing. Rejects with `ticket.taken`, `ticket.closed`. */
export async function claim(
  tx: Db,
  deps: TicketDeps,
  number: number,
  agentId: string,
  at: Temporal.Instant,
): Promise<Ticket> {
  const ticket = await lockTicket(tx, { number });
  mustBeOpen(ticket);
  await mustDoSupport(tx, deps, agentId, at);
  if (ticket.assigneeId === agentId) return ticket;
  if (ticket.assigneeId !== null) throw new AppError('ticket.taken', `ticket ${number} is taken`);
  const claimed = await note(
    tx,
    ticket,
    { kind: 'claimed', actorId: agentId, at },
    { state: 'claimed', assigneeId: agentId, claimedAt: at },
  );
  const holder = (await nameOf(tx, agentId)) ?? '';
  await tellAsker(
    tx,
    claimed,
    'tickets.claimed',
    (locale) => words(text[locale].claimedFor(number, holder)),
    at,
  );
  return claimed;
}

/** A person answers. Whoever answers a waiting ticket claims it by that. */
export async function reply(tx: Db, deps: TicketDeps, number: number, by: By, said: string): Promise<Ticket> {
  let ticket = await lockTicket(tx, { number });
  mustBeOpen(ticket);
  if (ticket.assigneeId === null) {
    if (by.id === undefined) throw new AppError('ticket.not-claimed', `nobody has ticket ${number}`);
    ticket = await claim(tx, deps, number, by.id, by.at);
  } else if (by.id !== undefined && ticket.assigneeId !== by.id) {
    throw new AppError('ticket.taken', `ticket ${number} is taken`);
  }
  const kept = said.trim().slice(0, KEPT_LENGTH);
  const answered = await note(
    tx,
    ticket,
    { kind: 'support-said', actorId: by.id, text: kept, at: by.at },
    ticket.firstReplyAt === null ? { firstReplyAt: by.at } : {},
  );
  const holder = (await nameOf(tx, by.id ?? ticket.assigneeId)) ?? '';
  await tellAsker(
    tx,
    answered,
    'tickets.reply',
    (locale) => words(text[locale].said(number, holder || text[locale].supportDesk, kept)),
    by.at,
  );
  return answered;
}

/** Hands a ticket to another colleague; both and the asker are told. */
export async function transfer(
  tx: Db,
  deps: TicketDeps,
  number: number,
  by: By,
  toId: string,
): Promise<Ticket> {
  const ticket = await lockTicket(tx, { number });
  mustBeOpen(ticket);
  await mustDoSupport(tx, deps, toId, by.at);
  if (ticket.assigneeId === toId) return ticket;
  const holder = (await nameOf(tx, toId)) ?? '';
  const moved = await note(
    tx,
    ticket,
    { kind: 'transferred', actorId: by.id, detail: { to: toId }, at: by.at },
    { state: 'claimed', assigneeId: toId, claimedAt: by.at },
  );
  const asker = (await peopleBy(tx, [ticket.askerId])).get(ticket.askerId);
  await tell(
    tx,
    [toId],
    'tickets.transferred',
    (locale) =>
      card(
        ticketCard(
          moved,
          { zone: deps.zone, locale, asker },
          {
            title: text[locale].transferredTo(number),
            buttons: heldButtons(moved, locale),
            reply: true,
          },
        ),
      ),
    by.at,
  );
  if (ticket.assigneeId !== null && ticket.assigneeId !== by.id) {
    await tell(
      tx,
      [ticket.assigneeId],
      'tickets.transferred',
      (locale) => words(text[locale].transferDone(number, holder)),
      by.at,
    );
  }
  await tellAsker(
    tx,
    moved,
    'tickets.transferred',
    (locale) => words(text[locale].transferredFor(number, holder)),
    by.at,
  );
  return moved;
}

/** Puts a claimed ticket back in line: by its holder, by who looks after the queue, or by the clock. */
export async function takeBack(tx: Db, deps: TicketDeps, ticket: Ticket, by: By): Promise<Ticket> {
  mustBeOpen(ticket);
  if (ticket.assigneeId === null) return ticket;
  const { number } = ticket;
  const lost = ticket.assigneeId;
  const back = await note(
    tx,
    ticket,
    { kind: 'taken-back', actorId: by.id, detail: { from: lost }, at: by.at },
    { state: 'waiting', assigneeId: null, claimedAt: null },
  );
  if (by.id !== lost) {
    await tell(tx, [lost], 'tickets.taken-back', (locale) => words(text[locale].lostIt(number)), by.at);
  }
  const presence = await presenceAt(tx, deps, by.at);
  const others = (ids: string[]) => ids.filter((id) => id !== lost);
  await callForHelp(
    tx,
    deps,
    back,
    { ...presence, now: others(presence.now), all: others(presence.all) },
    by.at,
    'backTitle',
  );
  await tellAsker(
    tx,
    back,
    'tickets.taken-back',
    (locale) => words(text[locale].takenBackFor(number)),
    by.at,
  );
  return back;
}

/** The clock goes on from the opening. A ticket that becomes P0 calls everyone who does support. */
export async function setPriority(
  tx: Db,
  deps: TicketDeps,
  number: number,
  by: By,
  priority: Priority,
): Promise<Ticket> {
  const ticket = await lockTicket(tx, { number });
  mustBeOpen(ticket);
  if (ticket.priority === priority) return ticket;
  // An incident's half hour begins when it is found to be one.
  const from = priority === 'p0' ? by.at : ticket.openedAt;
  const changed = await note(
    tx,
    ticket,
    { kind: 'priority', actorId: by.id, detail: { priority }, at: by.at },
    { priority, dueAt: dueAt(from, priority), escalatedAt: null },
  );
  await startClock(tx, deps, changed, from);
  if (priority !== 'p0') return changed;
  const inCharge = await peopleWith(tx, ['operator', 'admin'], localDay(by.at, deps.zone));
  await callForHelp(tx, deps, changed, await presenceAt(tx, deps, by.at), by.at, 'incidentTitle', inCharge);
  await tellAsker(tx, changed, 'tickets.priority', (locale) => words(text[locale].urgentFor(number)), by.at);
  return changed;
}

/** Ends a ticket and those merged into it; every asker is told and asked for a score. */
export async function solve(
  tx: Db,
  deps: TicketDeps,
  number: number,
  by: By,
  said: string | undefined,
): Promise<{ ticket: Ticket; told: number }> {
  let ticket = await lockTicket(tx, { number });
  mustBeOpen(ticket);
  const solution = said?.trim().slice(0, KEPT_LENGTH) || null;
  if (ticket.priority === 'p0' && solution === null)
    throw new AppError('ticket.needs-cause', 'a P0 ticket needs cause and remedy');
  if (ticket.assigneeId === null && by.id !== undefined) ticket = await claim(tx, deps, number, by.id, by.at);
  const all = [ticket, ...(await mergedInto(tx, ticket.id))];
  const change = { solution, solvedAt: by.at, firstReplyAt: ticket.firstReplyAt ?? by.at };
  const happened = { kind: 'solved' as const, actorId: by.id, text: solution ?? undefined, at: by.at };
  const solved = await note(tx, ticket, happened, { ...change, state: 'solved' });
  for (const one of all) {
    if (one.id !== ticket.id) await note(tx, one, happened, change);
    await tellAsker(tx, one, 'tickets.solved', (locale) => card(solvedCard(one, solution, locale)), by.at);
  }
  // Cause and remedy of an incident are for everybody to find, once an editor has looked at them.
  if (solved.priority === 'p0' && solved.question !== '') await fileCase(tx, number, by);
  return { ticket: solved, told: all.length };
}

/** Two tickets are one problem: the first ends in the second, whose solution its asker will hear too. */
export async function merge(tx: Db, number: number, into: number, by: By): Promise<Ticket> {
  // Always in the order of the numbers, so that two merges cannot wait for each other.
  const locked = new Map<number, Ticket>();
  for (const one of [number, into].sort((a, b) => a - b))
    locked.set(one, await lockTicket(tx, { number: one }));
  const from = locked.get(number) as Ticket;
  const target = locked.get(into) as Ticket;
  mustBeOpen(from);
  mustBeOpen(target);
  if (from.id === target.id) throw new AppError('ticket.closed', 'a ticket cannot be merged into itself');
  await tx.update(tickets).set({ mergedInto: target.id }).where(eq(tickets.mergedInto, from.id));
  const merged = await note(
    tx,
    from,
    { kind: 'merged', actorId: by.id, detail: { into }, at: by.at },
    { state: 'merged', mergedInto: target.id },
  );
  await note(tx, target, { kind: 'merged', actorId: by.id, detail: { from: number }, at: by.at });
  await tellAsker(
    tx,
    merged,
    'tickets.merged',
    (locale) => words(text[locale].mergedFor(number, into)),
    by.at,
  );
  return merged;
}

/** The asker no longer needs anybody. Undefined when nothing was open. */
export async function withdraw(tx: Db, askerId: string, at: Temporal.Instant): Promise<Ticket | undefined> {
  const ticket = await openTicketOf(tx, askerId);
  if (ticket === undefined) return undefined;
  const gone = await note(tx, ticket, { kind: 'withdrawn', actorId: askerId, at }, { state: 'withdrawn' });
  if (ticket.assigneeId !== null) {
    await tell(
      tx,
      [ticket.assigneeId],
      'tickets.withdrawn',
      (locale) => words(text[locale].askerLeft(ticket.number)),
      at,
    );
  }
  return gone;
}

const REOPEN_DAYS = 7;

/** It was not solved after all: back to who had it, if on duty, else in line. Undefined when there is nothing to reopen. */
export async function reopen(
  tx: Db,
  deps: TicketDeps,
  askerId: string,
  at: Temporal.Instant,
): Promise<Ticket | undefined> {
  const last = await lastTicketOf(tx, askerId);
  if (last === undefined || last.solvedAt === null || isOpen(last)) return undefined;
  if (last.solvedAt.until(at).total('hours') > REOPEN_DAYS * 24) return undefined;
  const presence = await presenceAt(tx, deps, at);
  const holder = last.assigneeId !== null && presence.now.includes(last.assigneeId) ? last.assigneeId : null;
  const ticket = await note(
    tx,
    last,
    { kind: 'reopened', actorId: askerId, at },
    {
      state: holder === null ? 'waiting' : 'claimed',
      assigneeId: holder,
      claimedAt: holder === null ? null : at,
      mergedInto: null,
      dueAt: dueAt(at, last.priority),
      firstReplyAt: null,
      escalatedAt: null,
      solvedAt: null,
      score: null,
      comment: null,
    },
  );
  await startClock(tx, deps, ticket, at);
  if (holder === null) await callForHelp(tx, deps, ticket, presence, at, 'reopenedTitle');
  else {
    const asker = (await peopleBy(tx, [askerId])).get(askerId);
    await tell(
      tx,
      [holder],
      'tickets.reopened',
      (locale) =>
        card(
          ticketCard(
            ticket,
            { zone: deps.zone, locale, asker },
            {
              title: text[locale].reopenedTitle(ticket.number),
              buttons: heldButtons(ticket, locale),
              reply: true,
            },
          ),
        ),
      at,
    );
  }
  return ticket;
}

/** A score from 1 to 5 for a ticket that a person solved; a later one replaces it. Undefined when there is none. */
export async function rate(
  tx: Db,
  said: {
    askerId: string;
    number?: number;
    score: number;
    comment?: string | undefined;
    at: Temporal.Instant;
  },
): Promise<Ticket | undefined> {
  const { askerId, number, score, comment, at } = said;
  const [mine] = await tx
    .select()
    .from(tickets)
    .where(
      and(
        eq(tickets.askerId, askerId),
        inArray(tickets.state, ['solved', 'merged']),
        ...(number === undefined ? [] : [eq(tickets.number, number)]),
      ),
    )
    .orderBy(tickets.number)
    .for('update')
    .then((rows) => rows.filter(({ solvedAt }) => solvedAt !== null).slice(-1));
  if (mine === undefined) return undefined;
  return note(
    tx,
    mine,
    { kind: 'rated', actorId: askerId, text: comment, detail: { score }, at },
    { score, comment: comment?.slice(0, 500) ?? mine.comment },
  );
}
