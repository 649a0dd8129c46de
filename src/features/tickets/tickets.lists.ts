import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { RosterView, TicketDetail, TicketFigures, TicketView } from './tickets.api.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { presenceAt } from './tickets.roster.ts';
import { eventsOf, mergedInto, openStates, type Ticket } from './tickets.store.ts';
import { dutyRoster, type Priority, type TicketState, tickets } from './tickets.tables.ts';
import { type Named, peopleBy } from './tickets.tell.ts';

export interface TicketsQuery {
  state: TicketState | 'open' | 'all';
  priority: Priority | undefined;
  assigneeId: string | undefined;
  /** Only tickets with a smaller number. */
  below: number | undefined;
  limit: number;
}

/** The newest first. */
export async function ticketsBelow(tx: Db, query: TicketsQuery): Promise<Ticket[]> {
  const { state, priority, assigneeId, below, limit } = query;
  const inState =
    state === 'all'
      ? undefined
      : state === 'open'
        ? inArray(tickets.state, [...openStates])
        : eq(tickets.state, state);
  return tx
    .select()
    .from(tickets)
    .where(
      and(
        inState,
        priority === undefined ? undefined : eq(tickets.priority, priority),
        assigneeId === undefined ? undefined : eq(tickets.assigneeId, assigneeId),
        below === undefined ? undefined : lt(tickets.number, below),
      ),
    )
    .orderBy(desc(tickets.number))
    .limit(limit);
}

export async function viewsOf(tx: Db, rows: readonly Ticket[]): Promise<TicketView[]> {
  const ids = rows.flatMap(({ askerId, assigneeId }) => [
    askerId,
    ...(assigneeId === null ? [] : [assigneeId]),
  ]);
  const people = await peopleBy(tx, [...new Set(ids)]);
  const targets = rows.flatMap(({ mergedInto: id }) => (id === null ? [] : [id]));
  const numbers = new Map(
    targets.length === 0
      ? []
      : (
          await tx
            .select({ id: tickets.id, number: tickets.number })
            .from(tickets)
            .where(inArray(tickets.id, targets))
        ).map(({ id, number }) => [id, number]),
  );
  return rows.map((ticket) => ({
    number: ticket.number,
    state: ticket.state,
    priority: ticket.priority,
    question: ticket.question,
    asker: personOf(people.get(ticket.askerId)),
    department: ticket.department,
    assignee: ticket.assigneeId === null ? null : personOf(people.get(ticket.assigneeId)),
    mergedInto: ticket.mergedInto === null ? null : (numbers.get(ticket.mergedInto) ?? null),
    openedAt: ticket.openedAt.toString(),
    dueAt: ticket.dueAt.toString(),
    firstReplyAt: ticket.firstReplyAt?.toString() ?? null,
    escalatedAt: ticket.escalatedAt?.toString() ?? null,
    solvedAt: ticket.solvedAt?.toString() ?? null,
    solution: ticket.solution,
    score: ticket.score,
    comment: ticket.comment,
  }));
}

function personOf(named: Named | undefined): { number: string; name: string } {
  return { number: named?.number ?? '', name: named?.name ?? '' };
}

/** Everything about one ticket. Rejects with AppError `ticket.not-found`. */
export async function detailOf(tx: Db, number: number): Promise<TicketDetail> {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.number, number));
  if (ticket === undefined)
    throw new AppError('ticket.not-found', 'there is no such ticket', { details: { number } });
  const [view] = await viewsOf(tx, [ticket]);
  const events = await eventsOf(tx, ticket.id);
  const people = await peopleBy(tx, [
    ...new Set(events.flatMap(({ actorId }) => (actorId === null ? [] : [actorId]))),
  ]);
  return {
    ...(view as TicketView),
    facts: ticket.facts,
    transcript: ticket.transcript,
    merged: (await mergedInto(tx, ticket.id)).map((one) => one.number),
    events: events.map(({ kind, actorId, text, at }) => ({
      kind,
      actor: actorId === null ? null : (people.get(actorId)?.name ?? ''),
      text,
      at: at.toString(),
    })),
  };
}

export async function rosterView(tx: Db): Promise<RosterView> {
  const rows = await tx.select().from(dutyRoster).orderBy(dutyRoster.id);
  const people = await peopleBy(tx, [...new Set(rows.map(({ employeeId }) => employeeId))]);
  return {
    duties: rows.map(({ employeeId, days, fromTime, toTime, fromDay, toDay }) => ({
      agent: people.get(employeeId)?.number ?? '',
      name: people.get(employeeId)?.name ?? '',
      days,
      from: fromTime,
      to: toTime,
      fromDay: fromDay?.toString() ?? null,
      toDay: toDay?.toString() ?? null,
    })),
  };
}

const FIGURE_DAYS = 30;

export async function figuresAt(tx: Db, deps: TicketDeps, at: Temporal.Instant): Promise<TicketFigures> {
  const since = at.subtract({ hours: FIGURE_DAYS * 24 }).toString();
  const now = at.toString();
  const { rows } = await tx.execute<Record<string, string | null>>(sql`
    select count(*) filter (where state = 'waiting') as waiting,
           count(*) filter (where state = 'claimed') as claimed,
           count(*) filter (where state in ('waiting', 'claimed') and first_reply_at is null
                              and due_at < ${now}::timestamptz) as overdue,
           count(*) filter (where solved_at >= ${since}::timestamptz) as solved,
           avg((first_reply_at <= due_at)::int) filter (where first_reply_at >= ${since}::timestamptz) as in_time,
           avg(score) filter (where solved_at >= ${since}::timestamptz) as score,
           count(score) filter (where solved_at >= ${since}::timestamptz) as scored
    from ${tickets}`);
  const [row = {}] = rows;
  const number = (name: string) => Number(row[name] ?? 0);
  const share = (name: string) => (row[name] === null || row[name] === undefined ? null : Number(row[name]));
  const { now: present } = await presenceAt(tx, deps, at);
  const people = await peopleBy(tx, present);
  return {
    waiting: number('waiting'),
    claimed: number('claimed'),
    overdue: number('overdue'),
    solved: number('solved'),
    answeredInTime: share('in_time'),
    score: share('score'),
    scored: number('scored'),
    onDuty: present.map((id) => personOf(people.get(id))),
  };
}
