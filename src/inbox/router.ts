import { sql } from 'drizzle-orm';
import type { ActionSealer } from '../chat/action-id.ts';
import { sealCard } from '../chat/action-id.ts';
import type { InstantAnswer } from '../chat/adapter.ts';
import type { Actor, Reply, Turn } from '../chat/command.ts';
import type { ChatEvent } from '../chat/event.ts';
import { oneAtATime } from '../chat/one-at-a-time.ts';
import { storable } from '../chat/words.ts';
import type { Db } from '../kernel/db.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { type Clock, isoOf } from '../kernel/time.ts';
import { markClicked, markRead, promiseAll, type Recipient } from '../outbox/outbox.ts';
import { createBatcher } from './batcher.ts';
import { type CommandTable, type Resolved } from './command-table.ts';
import { type Answering, answerRound } from './free-text.ts';

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
  /** What an answer may need from elsewhere, before the transaction, which waits for nothing. Bounded; never rejects. */
  prepare?: ((event: ChatEvent) => Promise<void>) | undefined;
  count?: (channel: string, outcome: Outcome | 'failed') => void;
}

export interface Router {
  /** Resolves after the event, its effects and its answer are committed; rejects when nothing was. */
  route(event: ChatEvent): Promise<Routed>;
}

/**
 * Events that arrive while a transaction is under way are handled together in the next one, which begins beside it when
 * that one takes long: it may wait for a lock, or for a person's long export.
 */
const EVENTS_A_TRANSACTION = 256;
const TRANSACTIONS_AT_ONCE = 2;
const PATIENCE_MS = 50;

export function createRouter(deps: RouterDeps): Router {
  const batcher = createBatcher<ChatEvent, Routed>({
    maxSize: EVENTS_A_TRANSACTION,
    maxAtOnce: TRANSACTIONS_AT_ONCE,
    ownerOf: ({ channel, account, actor }) => JSON.stringify([channel, account, actor]),
    patienceMs: PATIENCE_MS,
    run: (events) => handle(deps, events),
  });
  return {
    async route(event) {
      try {
        await deps.prepare?.(event);
        const routed = await batcher.add(event);
        deps.count?.(event.channel, routed.outcome);
        return routed;
      } catch (error) {
        deps.count?.(event.channel, 'failed');
        deps.log.error(
          { channel: event.channel, kind: event.payload.kind, reason: messageOf(rootOf(error)) },
          'event failed',
        );
        throw error;
      }
    },
  };
}

/** A failed query names its parameters, which hold what people wrote; what the database said does not. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}

/** One transaction: claims, effects and answers of the whole set. */
async function handle(deps: RouterDeps, events: readonly ChatEvent[]): Promise<Routed[]> {
  const { routed, promised } = await deps.db.transaction(async (tx) => {
    const once = withoutRepeats(events);
    const actors = await deps.actorsOf(tx, once);
    const understood = once.map((event, index) => understand(deps, event, actors[index]));
    const ours = await claim(tx, understood);
    const answered = await answerAll(deps, tx, ours);
    const promised = await promiseMessages(deps, tx, answered);
    return { routed: new Map(answered.map((one) => [one.event, routedOf(deps, one)])), promised };
  });
  if (promised) deps.nudge();
  return events.map((event) => routed.get(event) ?? { outcome: 'repeat', answer: {} });
}

/** An event with its person and, for an employee, the command that will answer. */
interface Understood {
  event: ChatEvent;
  actor: Actor | undefined;
  answering: Answering | undefined;
}

function understand(deps: RouterDeps, event: ChatEvent, actor: Actor | undefined): Understood {
  const receipt = event.payload.kind === 'read';
  return { event, actor, answering: actor === undefined || receipt ? undefined : turnOf(deps, event, actor) };
}

function withoutRepeats(events: readonly ChatEvent[]): ChatEvent[] {
  const seen = new Set<string>();
  return events.filter((event) => !seen.has(keyOf(event)) && seen.add(keyOf(event)));
}

/**
 * Inserts the claims and answers those that are ours to handle, in the order of arrival. A process that claims the
 * same key at the same time waits here until the first commits, and then finds the key taken. Keys go in order, so
 * that two sets with the same keys cannot wait for each other.
 */
async function claim(tx: Db, understood: readonly Understood[]): Promise<Understood[]> {
  const rows = understood.map(({ event, actor, answering }) => ({
    id: keyOf(event),
    c: event.channel,
    a: event.account,
    k: event.key,
    e: actor?.employeeId ?? null,
    n: answering?.command.name ?? null,
    o: isoOf(event.occurredAt),
    r: isoOf(event.receivedAt),
  }));
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  const claimed = await tx.execute<{ channel: string; account: string; event_key: string }>(sql`
    insert into inbox (channel, account, event_key, employee_id, command, occurred_at, received_at)
    select c, a, k, e, n, o, r from json_to_recordset(${JSON.stringify(rows)}::json)
      as s(c text, a text, k text, e uuid, n text, o timestamptz, r timestamptz)
    on conflict do nothing
    returning channel, account, event_key`);
  const ours = new Set(
    claimed.rows.map((row) => keyOf({ channel: row.channel, account: row.account, key: row.event_key })),
  );
  return understood.filter(({ event }) => ours.has(keyOf(event)));
}

function keyOf({ channel, account, key }: { channel: string; account: string; key: string }): string {
  return JSON.stringify([channel, account, key]);
}

interface Answered {
  event: ChatEvent;
  actor: Actor | undefined;
  /** The name of the command that answered. */
  command: string | undefined;
  reply: Reply;
}

/** What one person did is answered in the order in which it came; the others' at the same time, as sets. */
async function answerAll(deps: RouterDeps, tx: Db, understood: readonly Understood[]): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const { event, actor, answering } of understood) {
    if (answering !== undefined) continue;
    if (event.payload.kind === 'read') {
      const { channel, payload, occurredAt, actor: platformId } = event;
      await markRead(tx, { channel, platformId, platformMessageId: payload.messageId, at: occurredAt });
      answered.push({ event, actor, command: undefined, reply: {} });
    } else {
      answered.push({ event, actor, command: undefined, reply: deps.stranger(event) });
    }
  }
  await noteClicks(tx, understood);
  const toAnswer = understood.flatMap(({ answering }) => answering ?? []);
  await oneAtATime(
    tx,
    toAnswer.map(({ turn }) => turn.actor.employeeId),
  );
  for (const round of rounds(toAnswer)) {
    for (const { command, turn, reply } of await answerRound(tx, deps.commands, round)) {
      answered.push({ event: turn.event, actor: turn.actor, command: command.name, reply });
    }
  }
  return answered;
}

/** A pressed button says that its message was seen; where the platform tells which message it stood on. */
async function noteClicks(tx: Db, understood: readonly Understood[]): Promise<void> {
  const clicks = understood.flatMap(({ event: { channel, actor, payload, occurredAt } }) =>
    payload.kind === 'action' && payload.cardMessageId !== undefined
      ? [{ channel, platformId: actor, platformMessageId: payload.cardMessageId, at: occurredAt }]
      : [],
  );
  await markClicked(tx, clicks);
}

/** The first thing that each person did, then the second, and so on. */
function rounds(toAnswer: readonly Answering[]): Answering[][] {
  const found: Answering[][] = [];
  const before = new Map<string, number>();
  for (const one of toAnswer) {
    const { employeeId } = one.turn.actor;
    const round = before.get(employeeId) ?? 0;
    before.set(employeeId, round + 1);
    found[round] ??= [];
    found[round].push(one);
  }
  return found;
}

function turnOf(deps: RouterDeps, event: ChatEvent, actor: Actor): Answering {
  const resolved: Resolved = deps.commands.resolve(event, actor, deps.sealer);
  const turn: Turn = {
    event,
    actor,
    place: event.place,
    at: event.occurredAt,
    argument: resolved.argument,
    action: resolved.action,
    inputs: event.payload.kind === 'action' ? storableInputs(event.payload.inputs) : {},
  };
  return { command: resolved.command, turn, free: resolved.free };
}

function storableInputs(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, storable(value)]));
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
      ...repliesTo(event, reply),
    })),
  );
  await promiseAll(tx, promised);
  return promised.length > 0;
}

/** In a group many talk at once, so an answer is tied to what it answers. */
function repliesTo({ place, messageId }: ChatEvent, reply: Reply): { replyTo?: string } {
  const inGroup = place.kind === 'group' && reply.inPrivate !== true;
  return inGroup && messageId !== undefined ? { replyTo: messageId } : {};
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
