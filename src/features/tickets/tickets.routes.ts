import type { FastifyRequest } from 'fastify';
import { type ApiRoutes } from '../../http/api.ts';
import { actorOf, principalOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { filtersIn, type Reading } from '../../kernel/reading.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import {
  agentBody,
  filedShape,
  mergeBody,
  nothingBody,
  openBody,
  priorityBody,
  replyBody,
  rosterBody,
  rosterShape,
  solveBody,
  type TicketView,
  ticketCursor,
  ticketDetailShape,
  ticketFiguresShape,
  ticketParams,
  ticketShape,
  ticketsPage,
  ticketsQuery,
  transferBody,
} from './tickets.api.ts';
import { fileCase } from './tickets.case.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { detailOf, figuresAt, rosterView, ticketsBelow, viewsOf } from './tickets.lists.ts';
import { openTicket } from './tickets.open.ts';
import { putRoster } from './tickets.roster.ts';
import type { Duty } from './tickets.rules.ts';
import { claim, merge, reply, setPriority, solve, takeBack, transfer } from './tickets.service.ts';
import { lockTicket, type Ticket } from './tickets.store.ts';

export interface TicketRoutesDeps extends TicketDeps {
  db: Db;
  clock: Clock;
  reading: Reading;
  /** The id behind a 工号; rejects when there is no such employee. */
  employeeIdOf: (tx: Db, number: string) => Promise<string>;
  /** Tells the relay that messages were promised. */
  nudge: () => void;
}

const tags = ['tickets'];
const reads = { config: { permission: 'tickets.read' } } as const;
const writes = { config: { permission: 'tickets.write' } } as const;

/** What a person answers: the queue, what happens to a ticket, who is on duty. */
export function ticketRoutes(deps: TicketRoutesDeps): ApiRoutes {
  const { db, clock, reading, employeeIdOf } = deps;

  /** Does something to a ticket, writes the audit, and answers how the ticket stands then. */
  async function doing(
    request: FastifyRequest,
    action: string,
    work: (tx: Db, at: Temporal.Instant) => Promise<Ticket>,
  ): Promise<TicketView> {
    const at = clock.now();
    const view = await db.transaction(async (tx) => {
      const ticket = await work(tx, at);
      const actor = actorOf(request);
      await recordAudit(tx, { at, actor, action: `tickets.${action}`, subject: `ticket ${ticket.number}` });
      const [one] = await viewsOf(tx, [ticket]);
      return one as TicketView;
    });
    deps.nudge();
    return view;
  }

  const idOf = async (tx: Db, agent: string | undefined): Promise<string | undefined> =>
    agent === undefined ? undefined : employeeIdOf(tx, agent);

  return (api) => {
    const deed = <Body>(name: string, summary: string, body: Body) =>
      [
        `/tickets/:number/${name}`,
        { schema: { summary, tags, params: ticketParams, body, response: { 200: ticketShape } }, ...writes },
      ] as const;

    api.get(
      '/tickets',
      {
        schema: {
          summary: 'Tickets, the newest first',
          tags,
          querystring: ticketsQuery,
          response: { 200: ticketsPage },
        },
        ...reads,
      },
      async (request) => {
        const { limit, cursor, state, priority, assignee } = request.query;
        const what = { action: 'tickets.list', subject: filtersIn({ state, priority, assignee }) };
        const below = readCursor(cursor, ticketCursor)?.number;
        return reading(principalOf(request), what, async (tx) => {
          const assigneeId = await idOf(tx, assignee);
          const rows = await ticketsBelow(tx, { state, priority, assigneeId, below, limit: limit + 1 });
          const { items, nextCursor } = page(rows, limit, ({ number }) => ({ number }));
          return { items: await viewsOf(tx, items), nextCursor };
        });
      },
    );

    api.get(
      '/tickets/figures',
      {
        schema: {
          summary: 'How the queue stands',
          tags,
          querystring: nothingBody,
          response: { 200: ticketFiguresShape },
        },
        ...reads,
      },
      async () => figuresAt(db, deps, clock.now()),
    );

    api.get(
      '/tickets/roster',
      {
        schema: {
          summary: 'Who is on duty when',
          tags,
          querystring: nothingBody,
          response: { 200: rosterShape },
        },
        ...reads,
      },
      async () => rosterView(db),
    );

    api.put(
      '/tickets/roster',
      {
        schema: {
          summary: 'Replace the roster; without one, everyone who does support is there in office hours',
          tags,
          body: rosterBody,
          response: { 200: rosterShape },
        },
        config: { permission: 'tickets.roster' },
      },
      async (request) => {
        const at = clock.now();
        return db.transaction(async (tx) => {
          const duties: Duty[] = [];
          for (const { agent, days, from, to, fromDay, toDay } of request.body.duties) {
            duties.push({
              employeeId: await employeeIdOf(tx, agent),
              days,
              fromTime: from,
              toTime: to,
              fromDay: dayOf(fromDay),
              toDay: dayOf(toDay),
            });
          }
          await putRoster(tx, duties);
          const actor = actorOf(request);
          const detail = { duties: duties.length };
          await recordAudit(tx, { at, actor, action: 'tickets.roster', subject: 'roster', detail });
          return rosterView(tx);
        });
      },
    );

    api.get(
      '/tickets/:number',
      {
        schema: {
          summary: 'One ticket with everything that happened',
          tags,
          params: ticketParams,
          querystring: nothingBody,
          response: { 200: ticketDetailShape },
        },
        ...reads,
      },
      async (request) => {
        const { number } = request.params;
        const what = { action: 'tickets.read', subject: `ticket ${number}` };
        return reading(principalOf(request), what, (tx) => detailOf(tx, number));
      },
    );

    api.post(
      '/tickets',
      {
        schema: {
          summary: 'Open a ticket for an employee, or add to their open one',
          tags,
          body: openBody,
          response: { 200: ticketShape },
        },
        ...writes,
      },
      async (request) => {
        const { employee, question, priority, facts } = request.body;
        return doing(request, 'open', async (tx, at) => {
          const askerId = await employeeIdOf(tx, employee);
          const given = {
            askerId,
            question,
            priority,
            facts: facts ?? {},
            transcript: [],
            by: 'api' as const,
            at,
          };
          return (await openTicket(tx, deps, given)).ticket;
        });
      },
    );

    api.post(...deed('claim', 'Claim a waiting ticket for a colleague', agentBody), async (request) =>
      doing(request, 'claim', async (tx, at) =>
        claim(tx, deps, request.params.number, await employeeIdOf(tx, request.body.agent), at),
      ),
    );

    api.post(...deed('reply', 'Answer the asker', replyBody), async (request) =>
      doing(request, 'reply', async (tx, at) => {
        const { text, agent } = request.body;
        return reply(tx, deps, request.params.number, { id: await idOf(tx, agent), at }, text);
      }),
    );

    api.post(...deed('transfer', 'Hand a ticket to another colleague', transferBody), async (request) =>
      doing(request, 'transfer', async (tx, at) => {
        const to = await employeeIdOf(tx, request.body.to);
        return transfer(tx, deps, request.params.number, { id: undefined, at }, to);
      }),
    );

    api.post(...deed('take-back', 'Put a claimed ticket back in line', nothingBody), async (request) =>
      doing(request, 'take-back', async (tx, at) =>
        takeBack(tx, deps, await lockTicket(tx, { number: request.params.number }), { id: undefined, at }),
      ),
    );

    api.post(...deed('priority', 'Change the priority', priorityBody), async (request) =>
      doing(request, 'priority', async (tx, at) =>
        setPriority(tx, deps, request.params.number, { id: undefined, at }, request.body.priority),
      ),
    );

    api.post(...deed('merge', 'Two tickets are one problem', mergeBody), async (request) =>
      doing(request, 'merge', async (tx, at) =>
        merge(tx, request.params.number, request.body.into, { id: undefined, at }),
      ),
    );

    api.post(...deed('solve', 'End a ticket and those merged into it', solveBody), async (request) =>
      doing(request, 'solve', async (tx, at) => {
        const { solution, agent } = request.body;
        const by = { id: await idOf(tx, agent), at };
        return (await solve(tx, deps, request.params.number, by, solution)).ticket;
      }),
    );

    api.post(
      '/tickets/:number/file',
      {
        schema: {
          summary: 'Put a solved ticket into the case library as a draft entry',
          tags,
          params: ticketParams,
          body: nothingBody,
          response: { 200: filedShape },
        },
        ...writes,
      },
      async (request) => {
        const at = clock.now();
        const { number } = request.params;
        return { entryId: await db.transaction((tx) => fileCase(tx, number, { id: undefined, at })) };
      },
    );
  };
}

function dayOf(text: string | null | undefined): Temporal.PlainDate | null {
  return text === null || text === undefined ? null : Temporal.PlainDate.from(text);
}
