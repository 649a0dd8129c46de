import { createHash } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Channel } from '../chat/event.ts';
import { type Message, messageSchema } from '../chat/message.ts';
import { type Db, isOneOf } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { isoOf, type Temporal } from '../kernel/time.ts';
import { EVERYTHING } from './batches.ts';
import { statesBefore } from './delivery-states.ts';
import { deliveries } from './outbox.tables.ts';
import type { Priority } from './priority.ts';
import { lockBatches } from './stops.ts';

/** Somebody, or a group, who shall get a message. Without an address the delivery ends as `unreachable`. */
export interface Recipient {
  employeeId: string | null;
  address: { channel: Channel; account: string; platformId: string; outOfRange?: true } | undefined;
  /** `platformId` names a group; a person unless given. */
  kind?: 'group';
}

export interface Promised {
  /** Why it is sent, such as `tips.daily`. */
  purpose: string;
  /** `urgent` and `official` pass quiet hours, budget and mute, and must say why in `passReason`. */
  priority: Priority;
  passReason?: string;
  /** Calls people's attention where their platform can: Feishu's 应用内加急. Only of what is urgent or official. */
  rings?: boolean;
  /** The platform's id of what this answers in a group. */
  replyTo?: string;
  /** Among campaign messages the higher goes first: 1 to 9, 5 unless given. */
  importance?: number;
  content: Message;
  /** Read once and in pieces, so that a million need not be in memory. */
  recipients: Iterable<Recipient>;
  at: Temporal.Instant;
  campaignId?: string;
  /** `withdraw` with this key stops what has not left yet. */
  stopKey?: string;
  /** After this moment it is not sent any more. */
  expiresAt?: Temporal.Instant;
  /** Given when the caller must name the message before it exists; an id that is taken is an error. */
  id?: string;
}

/**
 * Promises one logical message to everybody in `recipients`, in the caller's transaction: when that commits, the
 * relay will send it. Whoever is named twice gets it once. Answers the message's id.
 */
export async function promise(tx: Db, message: Promised): Promise<string> {
  const [id] = await promiseAll(tx, [message]);
  return id as string;
}

/** Promises several messages as one set; those to one person arrive in this order. Answers their ids. */
export async function promiseAll(tx: Db, messages: readonly Promised[]): Promise<string[]> {
  if (messages.length === 0) return [];
  const named = messages.map((message) => ({ id: message.id ?? newId(), message }));
  await insertMessages(
    tx,
    named.map(({ id, message }) => messageRow(id, message)),
  );
  await addRecipients(tx, rowsOf(named));
  return named.map(({ id }) => id);
}

async function insertMessages(tx: Db, rows: readonly ReturnType<typeof messageRow>[]): Promise<void> {
  await tx.execute(sql`
      insert into outbox_messages (id, purpose, priority, importance, pass_reason, content, content_hash, campaign_id, created_at,
                                   reply_to, rings)
      select id, purpose, priority, importance, pass, content, hash, campaign, at, reply, rings
      from json_to_recordset(${JSON.stringify(rows)}::json) as m(id uuid, purpose text, priority text, importance int, pass text,
                                                  content jsonb, hash text, campaign uuid, at timestamptz,
                                                  reply text, rings boolean)`);
}

const ROWS_A_STATEMENT = 10_000;

type DeliveryRow = ReturnType<typeof deliveryRow>;

function* rowsOf(named: readonly { id: string; message: Promised }[]): Iterable<DeliveryRow> {
  for (const { id, message } of named)
    for (const to of message.recipients) yield deliveryRow(id, message, to);
}

async function addRecipients(tx: Db, rows: Iterable<DeliveryRow>): Promise<void> {
  let chunk: DeliveryRow[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length === ROWS_A_STATEMENT) {
      await insertRows(tx, chunk);
      chunk = [];
    }
  }
  if (chunk.length > 0) await insertRows(tx, chunk);
}

async function insertRows(tx: Db, rows: readonly DeliveryRow[]): Promise<void> {
  await tx.execute(sql`
      insert into deliveries (message_id, recipient, employee_id, address_kind, channel, account, platform_id, state,
                              reason, stop_key, expires_at, planned_at, changed_at)
      select m, r, e, k, c, a, p, s, why, stop, until, at, at
      from json_to_recordset(${JSON.stringify(rows)}::json) as d(m uuid, r text, e uuid, k text, c text, a text, p text, s text,
                                                  why text, stop text, until timestamptz, at timestamptz)
      on conflict do nothing`);
}

function messageRow(id: string, message: Promised) {
  const { purpose, priority, passReason, importance = 5, campaignId, at } = message;
  const passes = priority === 'urgent' || priority === 'official';
  if (passes && (passReason ?? '') === '')
    throw new AppError('outbox.pass-reason', `a message that passes quiet hours must say why: ${purpose}`);
  if (message.rings === true && !passes)
    throw new AppError('outbox.pass-reason', `only what is urgent or official may ring: ${purpose}`);
  const content = messageSchema.parse(message.content);
  return {
    id,
    purpose,
    priority,
    importance,
    pass: passes ? (passReason ?? null) : null,
    reply: message.replyTo ?? null,
    rings: message.rings ?? false,
    content,
    hash: hashOf(content),
    campaign: campaignId ?? null,
    at: isoOf(at),
  };
}

/** The same for the same words: some platforms drop what comes twice a day. */
export function contentHashOf(content: Message): string {
  return hashOf(messageSchema.parse(content));
}

const hashOf = (parsed: Message): string =>
  createHash('sha256').update(JSON.stringify(parsed)).digest('base64url');

function deliveryRow(id: string, message: Promised, { employeeId, address, kind }: Recipient) {
  return {
    m: id,
    r: employeeId !== null && kind === undefined ? employeeId : `${address?.channel}:${address?.platformId}`,
    e: employeeId,
    k: kind ?? 'person',
    c: address?.channel ?? '',
    a: address?.account ?? '',
    p: address?.platformId ?? '',
    s: address === undefined ? 'unreachable' : 'planned',
    why: address === undefined ? 'no-account' : null,
    stop: message.stopKey ?? null,
    until: message.expiresAt === undefined ? null : isoOf(message.expiresAt),
    at: isoOf(message.at),
  };
}

/**
 * Stops, in the caller's transaction, what was promised under `stopKey` to these people and has not left yet:
 * the reminder that is no longer needed. What is already being sent goes on.
 */
export async function withdraw(
  tx: Db,
  stop: { stopKey: string; employeeIds: readonly string[]; reason: string; at: Temporal.Instant },
): Promise<void> {
  if (stop.employeeIds.length === 0) return;
  const theirs = and(
    eq(deliveries.stopKey, stop.stopKey),
    isOneOf(deliveries.employeeId, stop.employeeIds),
    inArray(deliveries.state, ['planned', 'held', 'queued']),
  );
  const found = await tx.select({ batchId: deliveries.batchId }).from(deliveries).where(theirs);
  if (found.length === 0) return;
  let batches = batchesIn(found);
  for (;;) {
    const unseen = await tx
      .transaction(async (inner) => {
        const db = inner as unknown as Db;
        // First batches, then rows, each in one order, as the sender does: the two cannot wait for each other.
        await lockBatches(db, batches);
        const open = await db
          .select({ ...rowKey, batchId: deliveries.batchId })
          .from(deliveries)
          .where(theirs)
          .orderBy(deliveries.messageId, deliveries.recipient)
          .for('update');
        const more = batchesIn(open).filter((id) => !batches.includes(id));
        // The relay was quicker: a sender may have taken the batch meanwhile. All locks go, and it is looked at anew.
        if (more.length > 0) throw new Overtaken(more);
        await exclude(db, open, stop);
      })
      .then(() => [], overtakenBy);
    if (unseen.length === 0) return;
    batches = [...new Set([...batches, ...unseen])];
  }
}

/** Rows went into batches that this withdrawal has not locked. */
class Overtaken extends Error {
  readonly batches: string[];
  constructor(batches: string[]) {
    super('the relay was quicker');
    this.batches = batches;
  }
}

function overtakenBy(error: unknown): string[] {
  if (error instanceof Overtaken) return error.batches;
  throw error;
}

const rowKey = { messageId: deliveries.messageId, recipient: deliveries.recipient };

const batchesIn = (rows: readonly { batchId: string | null }[]): string[] => [
  ...new Set(rows.flatMap(({ batchId }) => batchId ?? [])),
];

/** Ends these rows, which are locked as their batches are, but for those that are with the platform. */
async function exclude(
  tx: Db,
  rows: readonly { messageId: string; recipient: string }[],
  { reason, at }: { reason: string; at: Temporal.Instant },
): Promise<void> {
  if (rows.length === 0) return;
  const keys = JSON.stringify(rows.map(({ messageId, recipient }) => ({ m: messageId, r: recipient })));
  await tx.execute(sql`
    update deliveries d set state = 'excluded', reason = ${reason}, counts_on = null, changed_at = ${isoOf(at)}
    from json_to_recordset(${keys}::json) as o(m uuid, r text)
    where d.message_id = o.m and d.recipient = o.r and not exists (
      select 1 from send_batches b where b.id = d.batch_id and b.calling in (d.message_id, ${EVERYTHING}))`);
}

export interface ReceiptOf {
  channel: Channel;
  /** Whose receipt it is; one id of a platform may stand for everybody in a call. Absent: whoever got it. */
  platformId?: string;
  platformMessageId: string;
  at: Temporal.Instant;
}

/** Notes that a person opened a message. Says nothing about messages that we do not know. */
export async function markRead(tx: Db, receipt: ReceiptOf): Promise<void> {
  const { channel, platformId, platformMessageId, at } = receipt;
  await tx
    .update(deliveries)
    .set({ state: 'read', reason: null, confirmAt: null, changedAt: at })
    .where(
      and(
        eq(deliveries.channel, channel),
        eq(deliveries.platformMessageId, platformMessageId),
        platformId === undefined ? undefined : eq(deliveries.platformId, platformId),
        inArray(deliveries.state, statesBefore('read')),
      ),
    );
}

/** Notes that people pressed buttons of messages, as one set: everybody may tap at nine. */
export async function markClicked(tx: Db, receipts: readonly Required<ReceiptOf>[]): Promise<void> {
  if (receipts.length === 0) return;
  const rows = JSON.stringify(
    receipts.map(({ channel, platformId, platformMessageId, at }) => ({
      c: channel,
      p: platformId,
      m: platformMessageId,
      at: isoOf(at),
    })),
  );
  await tx.execute(sql`
    update deliveries d set state = 'clicked', reason = null, confirm_at = null, changed_at = r.at
    from json_to_recordset(${rows}::json) as r(c text, p text, m text, at timestamptz)
    where d.channel = r.c and d.platform_message_id = r.m and d.platform_id = r.p
      and d.state in ${statesBefore('clicked')}`);
}
