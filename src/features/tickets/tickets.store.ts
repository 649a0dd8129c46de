import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type TicketEventKind, ticketEvents, tickets } from './tickets.tables.ts';

export type Ticket = typeof tickets.$inferSelect;
export type TicketEvent = typeof ticketEvents.$inferSelect;

export const openStates = ['waiting', 'claimed'] as const;

export function isOpen({ state }: Pick<Ticket, 'state'>): boolean {
  return state === 'waiting' || state === 'claimed';
}

/**
 * The ticket with this number, kept from others until the transaction ends: of two who claim it at once, the second
 * sees what the first did. Rejects with AppError `ticket.not-found`.
 */
export async function lockTicket(tx: Db, by: { number: number } | { id: string }): Promise<Ticket> {
  const [found] = await tx
    .select()
    .from(tickets)
    .where('id' in by ? eq(tickets.id, by.id) : eq(tickets.number, by.number))
    .for('update');
  if (found === undefined) throw new AppError('ticket.not-found', 'there is no such ticket', { details: by });
  return found;
}

/** Whoever this person's open ticket waits for. */
export async function openTicketOf(tx: Db, askerId: string): Promise<Ticket | undefined> {
  const [found] = await tx
    .select()
    .from(tickets)
    .where(and(eq(tickets.askerId, askerId), inArray(tickets.state, [...openStates])))
    .for('update');
  return found;
}

export async function lastTicketOf(tx: Db, askerId: string): Promise<Ticket | undefined> {
  const [found] = await tx
    .select()
    .from(tickets)
    .where(eq(tickets.askerId, askerId))
    .orderBy(desc(tickets.openedAt), desc(tickets.id))
    .limit(1)
    .for('update');
  return found;
}

/** The queue: P0 first, then what waits longest. */
export async function waiting(tx: Db, limit: number): Promise<Ticket[]> {
  return tx
    .select()
    .from(tickets)
    .where(eq(tickets.state, 'waiting'))
    .orderBy(sql`${tickets.priority} = 'p0' desc`, asc(tickets.dueAt), asc(tickets.id))
    .limit(limit);
}

export async function heldBy(tx: Db, assigneeId: string): Promise<Ticket[]> {
  return tx
    .select()
    .from(tickets)
    .where(and(eq(tickets.state, 'claimed'), eq(tickets.assigneeId, assigneeId)))
    .orderBy(asc(tickets.dueAt), asc(tickets.id));
}

export async function mergedInto(tx: Db, id: string): Promise<Ticket[]> {
  return tx.select().from(tickets).where(eq(tickets.mergedInto, id)).orderBy(asc(tickets.number));
}

export async function eventsOf(tx: Db, ticketId: string): Promise<TicketEvent[]> {
  return tx
    .select()
    .from(ticketEvents)
    .where(eq(ticketEvents.ticketId, ticketId))
    .orderBy(asc(ticketEvents.id));
}

export interface Happening {
  kind: TicketEventKind;
  /** Undefined when the clock or the API did it. */
  actorId?: string | undefined;
  text?: string | undefined;
  detail?: Record<string, string | number>;
  at: Temporal.Instant;
}

/** Writes what happened and how the ticket stands then. */
export async function note(
  tx: Db,
  ticket: Ticket,
  happening: Happening,
  change: Partial<typeof tickets.$inferInsert> = {},
): Promise<Ticket> {
  const { kind, actorId, text, detail, at } = happening;
  await tx.insert(ticketEvents).values({
    id: newId(),
    ticketId: ticket.id,
    kind,
    actorId: actorId ?? null,
    text: text ?? null,
    detail: detail ?? {},
    at,
  });
  const [changed] = await tx
    .update(tickets)
    .set({ ...change, changedAt: at })
    .where(eq(tickets.id, ticket.id))
    .returning();
  return changed as Ticket;
}
