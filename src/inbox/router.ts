import { sql } from 'drizzle-orm';
import type { ActionSealer } from '../chat/action-id.ts';
import { sealCard } from '../chat/action-id.ts';
import type { InstantAnswer } from '../chat/adapter.ts';
import type { Actor, Answerer, Command, Reply, Turn } from '../chat/command.ts';
import type { ChatEvent } from '../chat/event.ts';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import { markRead, promiseAll, type Recipient } from '../outbox/outbox.ts';
import { createBatcher } from './batcher.ts';
import { type CommandTable, type Resolved } from './command-table.ts';

/** What became of an event: `repeat` when it had taken effect before. */
export type Outcome = 'handled' | 'repeat' | 'ignored';

export interface Routed {
  outcome: Outcome;
  answer: InstantAnswer;
}

export interface RouterDeps {
  db: Db;
  clock: Clock;
  log: Log;
  sealer: ActionSealer;
  commands: CommandTable;
  /** The people behind platform ids, as they were at the time of each event. */
  actorsOf: (tx: Db, events: readonly ChatEvent[]) => Promise<(Actor | undefined)[]>;
  /** What to say to somebody whom the directory does not know. */
  stranger: (event: ChatEvent) => Reply;
  /** Called after every commit that promised a message. */
  nudge: () => void;
  count?: (channel: string, outcome: Outcome | 'failed') => void;
}

export interface Router {
  /** Resolves after the event, its effects and its answer are committed; rejects when nothing was. */
  route(event: ChatEvent): Promise<Routed>;
}

/** Events that arrive while two transactions are under way are handled together in the next one. */
const EVENTS_A_TRANSACTION = 64;
const TRANSACTIONS_AT_ONCE = 2;

export function createRouter(deps: RouterDeps): Router {
  const batcher = createBatcher<ChatEvent, Routed>({
    maxSize: EVENTS_A_TRANSACTION,
    maxAtOnce: TRANSACTIONS_AT_ONCE,
    run: (events) => handle(deps, events),
  });
  return {
    async route(event) {
      try {
        const routed = await batcher.add(event);
        deps.count?.(event.channel, routed.outcome);
        return routed;
      } catch (error) {
        deps.count?.(event.channel, 'failed');
        deps.log.error(
          { channel: event.channel, kind: event.payload.kind, reason: messageOf(error) },
          'event failed',
        );
        throw error;
      }
    },
  };
}

/** One transaction: claims, effects and answers of the whole set. */
async function handle(deps: RouterDeps, events: readonly ChatEvent[]): Promise<Routed[]> {
  const { routed, promised } = await deps.db.transaction(async (tx) => {
    const fresh = await claim(tx, events);
    const actors = await deps.actorsOf(tx, fresh);
    const replies = await answerAll(deps, tx, fresh, actors);
    await nameCommands(tx, fresh, actors, replies);
    const promised = await promiseMessages(deps, tx, replies);
    return { routed: new Map(replies.map((reply) => [reply.event, routedOf(deps, reply)])), promised };
  });
  if (promised) deps.nudge();
  return events.map((event) => routed.get(event) ?? { outcome: 'repeat', answer: {} });
}

/**
 * Inserts the claims and answers the events that are ours to handle. A process that claims the same key at the
 * same time waits here until the first commits, and then finds the key taken. Keys go in order, so that two sets
 * with the same keys cannot wait for each other.
 */
async function claim(tx: Db, events: readonly ChatEvent[]): Promise<ChatEvent[]> {
  const byKey = new Map<string, ChatEvent>();
  for (const event of events) {
    const key = keyOf(event.channel, event.account, event.key);
    if (!byKey.has(key)) byKey.set(key, event);
  }
  const ordered = [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
  const rows = JSON.stringify(
    ordered.map((event) => ({
      c: event.channel,
      a: event.account,
      k: event.key,
      o: event.occurredAt.toString(),
      r: event.receivedAt.toString(),
    })),
  );
  const claimed = await tx.execute<{ channel: string; account: string; event_key: string }>(sql`
    insert into inbox (channel, account, event_key, occurred_at, received_at)
    select c, a, k, o, r from json_to_recordset(${rows}::json) as e(c text, a text, k text, o timestamptz, r timestamptz)
    on conflict do nothing
    returning channel, account, event_key`);
  return claimed.rows.map((row) => byKey.get(keyOf(row.channel, row.account, row.event_key)) as ChatEvent);
}

function keyOf(channel: string, account: string, key: string): string {
  return JSON.stringify([channel, account, key]);
}

interface Answered {
  event: ChatEvent;
  actor: Actor | undefined;
  /** The name of the command that answered. */
  command: string | undefined;
  reply: Reply;
}

async function answerAll(
  deps: RouterDeps,
  tx: Db,
  events: readonly ChatEvent[],
  actors: readonly (Actor | undefined)[],
): Promise<Answered[]> {
  const answered: Answered[] = [];
  const byCommand = new Map<Command, Turn[]>();
  for (const [index, event] of events.entries()) {
    const actor = actors[index];
    if (event.payload.kind === 'read') {
      await markRead(tx, {
        channel: event.channel,
        platformMessageId: event.payload.messageId,
        at: event.occurredAt,
      });
      answered.push({ event, actor, command: undefined, reply: {} });
    } else if (actor === undefined) {
      answered.push({ event, actor, command: undefined, reply: deps.stranger(event) });
    } else {
      const { command, turn } = turnOf(deps, event, actor);
      byCommand.set(command, [...(byCommand.get(command) ?? []), turn]);
    }
  }
  for (const [command, turns] of byCommand) {
    const replies = await answerInOrder(command.answer, tx, turns);
    for (const [index, turn] of turns.entries()) {
      answered.push({
        event: turn.event,
        actor: turn.actor,
        command: command.name,
        reply: replies[index] ?? {},
      });
    }
  }
  return answered;
}

/** Two turns of one person are answered in the order in which they came, the others as one set. */
async function answerInOrder(answer: Answerer, tx: Db, turns: readonly Turn[]): Promise<Reply[]> {
  const replies = new Map<Turn, Reply>();
  let rest = [...turns];
  while (rest.length > 0) {
    const seen = new Set<string>();
    const now = rest.filter((turn) => !seen.has(turn.actor.employeeId) && seen.add(turn.actor.employeeId));
    const answers = await answer(tx, now);
    for (const [index, turn] of now.entries()) replies.set(turn, answers[index] ?? {});
    rest = rest.filter((turn) => !now.includes(turn));
  }
  return turns.map((turn) => replies.get(turn) ?? {});
}

function turnOf(deps: RouterDeps, event: ChatEvent, actor: Actor): { command: Command; turn: Turn } {
  const resolved: Resolved = deps.commands.resolve(event, actor, deps.sealer);
  const turn: Turn = {
    event,
    actor,
    place: event.place,
    at: event.occurredAt,
    argument: resolved.argument,
    action: resolved.action,
    inputs: event.payload.kind === 'action' ? event.payload.inputs : {},
  };
  return { command: resolved.command, turn };
}

async function nameCommands(
  tx: Db,
  events: readonly ChatEvent[],
  actors: readonly (Actor | undefined)[],
  answered: readonly Answered[],
): Promise<void> {
  const commandOf = new Map(answered.map((one) => [one.event, one.command]));
  const rows = JSON.stringify(
    events.map((event, index) => ({
      c: event.channel,
      a: event.account,
      k: event.key,
      e: actors[index]?.employeeId ?? null,
      n: commandOf.get(event) ?? null,
    })),
  );
  await tx.execute(sql`
    update inbox i set employee_id = r.e, command = r.n
    from json_to_recordset(${rows}::json) as r(c text, a text, k text, e uuid, n text)
    where i.channel = r.c and i.account = r.a and i.event_key = r.k`);
}

/** Writes all answers as one set; says whether there was one. */
async function promiseMessages(deps: RouterDeps, tx: Db, answered: readonly Answered[]): Promise<boolean> {
  const at = deps.clock.now();
  const promised = answered.flatMap(({ event, actor, command, reply }) =>
    (reply.messages ?? []).map((content) => ({
      purpose: command ?? 'answer',
      priority: 'answer' as const,
      content,
      recipients: [recipientOf(event, actor, reply)],
      at,
    })),
  );
  await promiseAll(tx, promised);
  return promised.length > 0;
}

function recipientOf(event: ChatEvent, actor: Actor | undefined, reply: Reply): Recipient {
  const { channel, account, place } = event;
  if (place.kind === 'group' && reply.inPrivate !== true) {
    // A card in a group still belongs to the person who asked for it: its buttons are sealed for them.
    return {
      employeeId: actor?.employeeId ?? null,
      kind: 'group',
      address: { channel, account, platformId: place.chatId },
    };
  }
  return {
    employeeId: actor?.employeeId ?? null,
    address: { channel, account, platformId: event.actor },
  };
}

function routedOf(deps: RouterDeps, { event, actor, reply }: Answered): Routed {
  const answer: InstantAnswer = {};
  if (reply.toast !== undefined) answer.toast = reply.toast;
  if (reply.card !== undefined) answer.card = sealCard(deps.sealer, reply.card, actor?.employeeId ?? '');
  return { outcome: event.payload.kind === 'read' ? 'ignored' : 'handled', answer };
}
