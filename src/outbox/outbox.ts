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
  const id = newId();
  await tx.insert(outboxMessages).values({
    id,
    purpose: message.purpose,
    priority: message.priority,
    content: messageSchema.parse(message.content),
    campaignId: message.campaignId ?? null,
    createdAt: message.at,
  });
  const at = message.at.toString();
  const rows = message.recipients.map(({ employeeId, address, kind }) => ({
    recipient: employeeId ?? `${address?.channel}:${address?.platformId}`,
    employee_id: employeeId,
    address_kind: kind ?? 'person',
    channel: address?.channel ?? '',
    account: address?.account ?? '',
    platform_id: address?.platformId ?? '',
    state: address === undefined ? 'unreachable' : 'planned',
    reason: address === undefined ? 'no-account' : null,
  }));
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const chunk = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    await tx.execute(sql`
      insert into deliveries (message_id, recipient, employee_id, address_kind, channel, account, platform_id, state,
                              reason, stop_key, expires_at, planned_at, changed_at)
      select ${id}, r.recipient, r.employee_id, r.address_kind, r.channel, r.account, r.platform_id, r.state,
             r.reason, ${message.stopKey ?? null}, ${message.expiresAt?.toString() ?? null}, ${at}, ${at}
      from json_to_recordset(${chunk}::json) as r(recipient text, employee_id uuid, address_kind text, channel text,
                                                  account text, platform_id text, state text, reason text)
      on conflict do nothing`);
  }
  return id;
}

const ROWS_A_STATEMENT = 10_000;

/**
 * Stops, in the caller's transaction, what was promised under `stopKey` to these people and has not left yet:
 * the reminder that is no longer needed. What is already being sent goes on.
 */
export async function withdraw(
  tx: Db,
  stop: { stopKey: string; employeeIds: readonly string[]; reason: string; at: Temporal.Instant },
): Promise<void> {
  if (stop.employeeIds.length === 0) return;
  await tx
    .update(deliveries)
    .set({ state: 'excluded', reason: stop.reason, changedAt: stop.at })
    .where(
      and(
        eq(deliveries.stopKey, stop.stopKey),
        inArray(deliveries.employeeId, [...stop.employeeIds]),
        inArray(deliveries.state, statesBefore('excluded')),
      ),
    );
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
