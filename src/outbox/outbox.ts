import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Channel } from '../chat/event.ts';
import { type Message, messageSchema } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import { newId } from '../kernel/ids.ts';
import type { Temporal } from '../kernel/time.ts';
import { statesBefore } from './delivery-states.ts';
import { deliveries, outboxMessages } from './outbox.tables.ts';

/** Somebody, or a group, who shall get a message. Without an address the delivery ends as `unreachable`. */
export interface Recipient {
  employeeId: string | null;
  address: { channel: Channel; account: string; platformId: string } | undefined;
  /** `platformId` names a group; a person unless given. */
  kind?: 'group';
}

export interface Promised {
  /** Why it is sent, such as `tips.daily`. */
  purpose: string;
  priority: 'answer' | 'campaign';
  content: Message;
  recipients: readonly Recipient[];
  at: Temporal.Instant;
  campaignId?: string;
  /** `withdraw` with this key stops what has not left yet. */
  stopKey?: string;
  /** After this moment it is not sent any more. */
  expiresAt?: Temporal.Instant;
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
  const named = messages.map((message) => ({ id: newId(), message }));
  await tx.insert(outboxMessages).values(
    named.map(({ id, message }) => ({
      id,
      purpose: message.purpose,
      priority: message.priority,
      content: messageSchema.parse(message.content),
      campaignId: message.campaignId ?? null,
      createdAt: message.at,
    })),
  );
  const rows = named.flatMap(({ id, message }) =>
    message.recipients.map((to) => deliveryRow(id, message, to)),
  );
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const chunk = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    await tx.execute(sql`
      insert into deliveries (message_id, recipient, employee_id, address_kind, channel, account, platform_id, state,
                              reason, stop_key, expires_at, planned_at, changed_at)
      select m, r, e, k, c, a, p, s, why, stop, until, at, at
      from json_to_recordset(${chunk}::json) as d(m uuid, r text, e uuid, k text, c text, a text, p text, s text,
                                                  why text, stop text, until timestamptz, at timestamptz)
      on conflict do nothing`);
  }
  return named.map(({ id }) => id);
}

const ROWS_A_STATEMENT = 10_000;

function deliveryRow(id: string, message: Promised, { employeeId, address, kind }: Recipient) {
  return {
    m: id,
    r: employeeId ?? `${address?.channel}:${address?.platformId}`,
    e: employeeId,
    k: kind ?? 'person',
    c: address?.channel ?? '',
    a: address?.account ?? '',
    p: address?.platformId ?? '',
    s: address === undefined ? 'unreachable' : 'planned',
    why: address === undefined ? 'no-account' : null,
    stop: message.stopKey ?? null,
    until: message.expiresAt?.toString() ?? null,
    at: message.at.toString(),
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
  // The rows are locked in the order in which the sender locks them, so that the two cannot wait for each other.
  const open = tx
    .select({ messageId: deliveries.messageId, recipient: deliveries.recipient })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.stopKey, stop.stopKey),
        inArray(deliveries.employeeId, [...stop.employeeIds]),
        inArray(deliveries.state, statesBefore('excluded')),
      ),
    )
    .orderBy(deliveries.messageId, deliveries.recipient)
    .for('update')
    .as('open');
  await tx
    .update(deliveries)
    .set({ state: 'excluded', reason: stop.reason, changedAt: stop.at })
    .from(open)
    .where(and(eq(deliveries.messageId, open.messageId), eq(deliveries.recipient, open.recipient)));
}

/** Notes that a person opened a message. Says nothing about messages that we do not know. */
export async function markRead(
  tx: Db,
  receipt: { channel: Channel; platformMessageId: string; at: Temporal.Instant },
): Promise<void> {
  await tx
    .update(deliveries)
    .set({ state: 'read', changedAt: receipt.at })
    .where(
      and(
        eq(deliveries.channel, receipt.channel),
        eq(deliveries.platformMessageId, receipt.platformMessageId),
        inArray(deliveries.state, statesBefore('read')),
      ),
    );
}
