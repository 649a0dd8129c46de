import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DirectoryHint } from '../../chat/directory-source.ts';
import type { ChatEvent, EventPayload } from '../../chat/event.ts';
import { Temporal } from '../../kernel/time.ts';

const text = z.string().default('');
const selected = z
  .object({
    SelectedItem: z
      .array(
        z.object({
          QuestionKey: text,
          OptionIds: z.object({ OptionId: z.array(z.coerce.string()).default([]) }).catch({ OptionId: [] }),
        }),
      )
      .default([]),
  })
  .catch({ SelectedItem: [] })
  .optional();

/** What all messages and events share, and what we use of the rest. Unknown elements do not matter. */
const messageSchema = z.looseObject({
  FromUserName: z.string().min(1).max(64),
  CreateTime: z.string().regex(/^\d{1,12}$/),
  MsgType: z.string().max(64),
  MsgId: text,
  AgentID: text,
  Content: text,
  MediaId: text,
  FileName: text,
  Event: text,
  EventKey: text,
  ChangeType: text,
  TaskId: text,
  ResponseCode: text,
  UserID: text,
  NewUserID: text,
  Id: text,
  SelectedItems: selected,
});
export type WecomMessage = z.output<typeof messageSchema>;

export const readMessage = (children: Record<string, unknown>): WecomMessage | undefined =>
  messageSchema.safeParse(children).data;

/** WeCom compares ids without case and writes them in either; ours are in lower case everywhere. */
export const userIdOf = (userid: string): string => userid.toLowerCase();

/** A press on a card, as far as it takes to replace the card. */
export interface Tap {
  userId: string;
  taskId: string;
  responseCode: string;
}

export interface Decoded {
  event?: Omit<ChatEvent, 'channel' | 'account'>;
  tap?: Tap;
  hint?: DirectoryHint;
  /** Something that an administrator should hear, in one sentence. */
  notice?: string;
}

/** What a decrypted message means to us; an unknown type means nothing. */
export function decode(message: WecomMessage, receivedAt: Temporal.Instant): Decoded {
  const payload = payloadOf(message);
  const decoded: Decoded = {};
  if (payload !== undefined) {
    decoded.event = {
      key: keyOf(message),
      actor: userIdOf(message.FromUserName),
      place: { kind: 'private' },
      payload,
      occurredAt: momentOf(message.CreateTime, receivedAt),
      receivedAt,
    };
  }
  if (payload?.kind === 'action') {
    const { TaskId: taskId, ResponseCode: responseCode } = message;
    decoded.tap = { userId: userIdOf(message.FromUserName), taskId, responseCode };
  }
  const hint = hintOf(message);
  if (hint !== undefined) decoded.hint = hint;
  const notice = message.MsgType === 'event' ? NOTICES[message.Event] : undefined;
  if (notice !== undefined) decoded.notice = notice;
  return decoded;
}

function payloadOf(message: WecomMessage): EventPayload | undefined {
  switch (message.MsgType) {
    case 'text':
      return { kind: 'text', text: message.Content };
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return { kind: 'file', name: message.FileName || message.MsgType, fileId: message.MediaId };
    case 'event':
      return payloadOfEvent(message);
    default:
      return undefined;
  }
}

function payloadOfEvent(message: WecomMessage): EventPayload | undefined {
  switch (message.Event) {
    case 'enter_agent':
      return { kind: 'entered' };
    case 'click':
      return { kind: 'text', text: message.EventKey };
    case 'template_card_event':
    case 'template_card_menu_event':
      return { kind: 'action', actionId: message.EventKey, inputs: inputsOf(message) };
    default:
      return undefined;
  }
}

/** The first chosen option of each question: our questions take one. */
function inputsOf({ SelectedItems }: WecomMessage): Record<string, string> {
  const items = SelectedItems?.SelectedItem ?? [];
  return Object.fromEntries(
    items.flatMap(({ QuestionKey, OptionIds: { OptionId } }) =>
      OptionId[0] === undefined ? [] : [[QuestionKey, OptionId[0]]],
    ),
  );
}

/**
 * Messages have an id. An event has none, and person and second are not enough: two presses in one second would be
 * one. So it is everything that tells two events apart and stays when WeCom sends one again.
 */
export function keyOf(message: WecomMessage): string {
  if (message.MsgId !== '') return `m:${message.MsgId}`;
  const { AgentID, FromUserName, CreateTime, Event, ChangeType, EventKey } = message;
  const { TaskId, ResponseCode, UserID, Id } = message;
  const parts = [AgentID, FromUserName, CreateTime, Event, ChangeType, EventKey, TaskId, ResponseCode];
  return `e:${createHash('sha256')
    .update(JSON.stringify([...parts, UserID, Id]))
    .digest('base64url')}`;
}

/** What is further ahead than any clock can be wrong did not happen yet. */
const MAX_AHEAD_S = 300;

function momentOf(seconds: string, receivedAt: Temporal.Instant): Temporal.Instant {
  const moment = Temporal.Instant.fromEpochMilliseconds(Number(seconds) * 1000);
  return Temporal.Instant.compare(moment, receivedAt.add({ seconds: MAX_AHEAD_S })) > 0 ? receivedAt : moment;
}

function hintOf(message: WecomMessage): DirectoryHint | undefined {
  if (message.MsgType !== 'event') return undefined;
  if (message.Event === 'subscribe' || message.Event === 'unsubscribe')
    return { kind: 'person', platformId: userIdOf(message.FromUserName) };
  if (message.Event !== 'change_contact') return undefined;
  // A changed id concerns the old and the new one.
  if (message.NewUserID !== '') return { kind: 'everything' };
  if (message.ChangeType.endsWith('_user') && message.UserID !== '')
    return { kind: 'person', platformId: userIdOf(message.UserID) };
  if (message.ChangeType.endsWith('_party') && message.Id !== '')
    return { kind: 'department', id: message.Id };
  return { kind: 'everything' };
}

const NOTICES: Record<string, string> = {
  inactive_alert:
    'WeCom will suspend the app because few people use it: open it in the admin console and confirm that it is needed',
  low_active_alert:
    'WeCom says that few people use the app and may suspend it: confirm in the admin console that it is needed',
  close_inactive_agent:
    'WeCom has suspended the app because it was not used: start it again in the admin console under 应用管理',
  low_active: 'WeCom has marked the app as little used: confirm in the admin console that it is needed',
};
