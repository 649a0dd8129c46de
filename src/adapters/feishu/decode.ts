import type { DirectoryHint } from '../../chat/directory-source.ts';
import type { ChatEvent, EventPayload } from '../../chat/event.ts';
import { Temporal } from '../../kernel/time.ts';
import * as shapes from './envelope.ts';
import { payloadOf } from './said.ts';

export interface Decoded {
  /** Usually one; a receipt may name several messages. */
  events: ChatEvent[];
  /** Of a click: the token by which its card can be replaced for half an hour. */
  cardToken?: string;
  hints: DirectoryHint[];
}

export interface DecodeContext {
  account: string;
  /** Who we are; undefined until it could be asked, and then nobody in a group has mentioned us. */
  botOpenId: string | undefined;
  receivedAt: Temporal.Instant;
}

const NOTHING: Decoded = { events: [], hints: [] };

/** What an envelope says in shared words. Of a known type in an unknown shape, and of an unknown type: nothing. */
export function decode(envelope: shapes.Envelope, context: DecodeContext): Decoded {
  const { header, event } = envelope;
  switch (header.event_type) {
    case 'im.message.receive_v1':
      return said(event, context);
    case 'card.action.trigger':
      return clicked(envelope, context);
    case 'im.message.message_read_v1':
      return read(event, context);
    case 'im.chat.access_event.bot_p2p_chat_entered_v1':
      return entered(envelope, context);
    case 'application.bot.menu_v6':
      return chosen(envelope, context);
    case 'contact.user.created_v3':
    case 'contact.user.updated_v3':
    case 'contact.user.deleted_v3': {
      const user = shapes.userChangedShape.safeParse(event).data;
      return user === undefined
        ? NOTHING
        : { events: [], hints: [{ kind: 'person', platformId: user.object.open_id }] };
    }
    case 'contact.department.created_v3':
    case 'contact.department.updated_v3':
    case 'contact.department.deleted_v3': {
      const department = shapes.departmentChangedShape.safeParse(event).data;
      return department === undefined
        ? NOTHING
        : { events: [], hints: [{ kind: 'department', id: department.object.open_department_id }] };
    }
    case 'contact.scope.updated_v3':
      return { events: [], hints: [{ kind: 'everything' }] };
    default:
      return NOTHING;
  }
}

type Base = Pick<ChatEvent, 'key' | 'actor' | 'place' | 'payload' | 'occurredAt' | 'messageId'>;

function eventsOf(context: DecodeContext, ...events: Base[]): Decoded {
  const { account, receivedAt } = context;
  return { hints: [], events: events.map((event) => ({ ...event, channel: 'feishu', account, receivedAt })) };
}

/** Keyed by the message: Feishu warns that one message may come with two event ids. */
function said(event: unknown, context: DecodeContext): Decoded {
  const parsed = shapes.messageShape.safeParse(event);
  if (!parsed.success) return NOTHING;
  const { sender, message } = parsed.data;
  // Bots, ours among them, are not people; answering one could go on for ever.
  if (sender.sender_type !== 'user') return NOTHING;
  const said = payloadOf(message, context.botOpenId);
  if (said === undefined) return NOTHING;
  // Talk among people is none of our business, also where the app may hear it.
  if (message.chat_type !== 'p2p' && !said.mentioned) return NOTHING;
  return eventsOf(context, {
    key: `message:${message.message_id}`,
    actor: sender.sender_id.open_id,
    place:
      message.chat_type === 'p2p'
        ? { kind: 'private' }
        : { kind: 'group', chatId: message.chat_id, mentioned: said.mentioned },
    messageId: message.message_id,
    payload: said.payload,
    occurredAt: instantOf(message.create_time),
  });
}

function clicked({ header, event, context: beside }: shapes.Envelope, context: DecodeContext): Decoded {
  const parsed = shapes.clickShape.safeParse({ context: beside, ...event });
  if (!parsed.success) return NOTHING;
  const { operator, token, action, context: place } = parsed.data;
  const payload: EventPayload = {
    kind: 'action',
    actionId: action.value.a,
    inputs: inputsOf(action.form_value ?? {}),
    ...(place === undefined ? {} : { cardMessageId: place.open_message_id }),
  };
  const inGroup = action.value.g === 1 && place !== undefined;
  const event_ = {
    key: `event:${header.event_id}`,
    actor: operator.open_id,
    place: inGroup
      ? { kind: 'group' as const, chatId: place.open_chat_id, mentioned: true }
      : { kind: 'private' as const },
    payload,
    occurredAt: instantOf(header.create_time),
  };
  return { ...eventsOf(context, event_), cardToken: token };
}

const MOST_INPUTS = 50;

function inputsOf(form: Record<string, unknown>): Record<string, string> {
  const filled = Object.entries(form).slice(0, MOST_INPUTS);
  return Object.fromEntries(
    filled.flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value]] : [])),
  );
}

function read(event: unknown, context: DecodeContext): Decoded {
  const parsed = shapes.readShape.safeParse(event);
  if (!parsed.success) return NOTHING;
  const { reader, message_id_list } = parsed.data;
  const actor = reader.reader_id.open_id;
  const occurredAt = instantOf(reader.read_time);
  return eventsOf(
    context,
    ...message_id_list.map((messageId) => ({
      key: `read:${messageId}:${actor}`,
      actor,
      place: { kind: 'private' as const },
      payload: { kind: 'read' as const, messageId },
      occurredAt,
    })),
  );
}

function entered({ header, event }: shapes.Envelope, context: DecodeContext): Decoded {
  const parsed = shapes.enteredShape.safeParse(event);
  if (!parsed.success) return NOTHING;
  return eventsOf(context, {
    key: `event:${header.event_id}`,
    actor: parsed.data.operator_id.open_id,
    place: { kind: 'private' },
    payload: { kind: 'entered' },
    occurredAt: instantOf(header.create_time),
  });
}

/** An entry of the bot's menu says its key, as if it had been typed. */
function chosen({ header, event }: shapes.Envelope, context: DecodeContext): Decoded {
  const parsed = shapes.menuShape.safeParse(event);
  if (!parsed.success) return NOTHING;
  const { operator, event_key, timestamp } = parsed.data;
  return eventsOf(context, {
    key: `event:${header.event_id}`,
    actor: operator.operator_id.open_id,
    place: { kind: 'private' },
    payload: { kind: 'text', text: event_key },
    occurredAt: instantOf(timestamp),
  });
}

/** Seconds, milliseconds or microseconds since 1970: the pages differ, the number of digits tells. */
export function instantOf(moment: string | number): Temporal.Instant {
  const digits = String(moment);
  if (!/^\d{1,17}$/.test(digits)) throw new RangeError('a moment is a number');
  const value = Number(digits);
  if (digits.length <= 11) return Temporal.Instant.fromEpochMilliseconds(value * 1_000);
  return Temporal.Instant.fromEpochMilliseconds(digits.length <= 14 ? value : Math.floor(value / 1_000));
}
