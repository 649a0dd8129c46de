import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ChatEvent, EventPayload, Place } from '../../chat/event.ts';
import { Temporal } from '../../kernel/time.ts';

const text = z.string().default('');
const selected = z
  .object({
    selected_item: z
      .array(z.object({ question_key: text, option_ids: z.object({ option_id: z.array(z.string()) }) }))
      .default([]),
  })
  .catch({ selected_item: [] })
  .optional();

const cardEvent = z.looseObject({ event_key: text, task_id: text, selected_items: selected });

/** What the robot hears, as far as we use it. Source: path/100719 and path/101463, read 2026-11-22. */
const bodySchema = z.looseObject({
  msgid: z.string().min(1).max(256),
  create_time: z.number().optional(),
  chatid: text,
  chattype: z.enum(['single', 'group']).default('single'),
  from: z.looseObject({ userid: z.string().min(1).max(128) }),
  msgtype: z.string(),
  text: z.looseObject({ content: text }).optional(),
  voice: z.looseObject({ content: text }).optional(),
  mixed: z
    .looseObject({ msg_item: z.array(z.looseObject({ text: z.looseObject({ content: text }).optional() })) })
    .optional(),
  event: z
    .looseObject({
      eventtype: z.string(),
      event_key: text,
      task_id: text,
      template_card_event: cardEvent.optional(),
    })
    .optional(),
});
export type RobotBody = z.output<typeof bodySchema>;

export const readRobotBody = (body: unknown): RobotBody | undefined => bodySchema.safeParse(body).data;

export interface RobotHeard {
  event: Omit<ChatEvent, 'channel' | 'account' | 'actor'>;
  /** The card that was pressed, where one was. */
  taskId?: string;
}

/** What was said or pressed; undefined for what means nothing to us. The actor is looked up by the caller. */
export function decodeRobot(body: RobotBody, receivedAt: Temporal.Instant): RobotHeard | undefined {
  const payload = payloadOf(body);
  if (payload === undefined) return undefined;
  const place: Place =
    body.chattype === 'group' ? { kind: 'group', chatId: body.chatid, mentioned: true } : { kind: 'private' };
  const occurredAt =
    body.create_time === undefined
      ? receivedAt
      : earlier(Temporal.Instant.fromEpochMilliseconds(body.create_time * 1000), receivedAt);
  const event = { key: `r:${keyOf(body)}`, place, payload, occurredAt, receivedAt };
  const pressed = pressOf(body);
  return pressed === undefined ? { event } : { event, taskId: pressed.task_id };
}

const keyOf = ({ msgid }: RobotBody): string =>
  msgid.length <= 128 ? msgid : createHash('sha256').update(msgid).digest('base64url');

const earlier = (moment: Temporal.Instant, limit: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(moment, limit) > 0 ? limit : moment;

/** The page shows the fields nested, the vendor's types flat: both are read. */
function pressOf({ event }: RobotBody): z.output<typeof cardEvent> | undefined {
  if (event?.eventtype !== 'template_card_event') return undefined;
  return event.template_card_event ?? { event_key: event.event_key, task_id: event.task_id };
}

function payloadOf(body: RobotBody): EventPayload | undefined {
  switch (body.msgtype) {
    case 'text':
      return { kind: 'text', text: withoutMention(body.text?.content ?? '', body.chattype) };
    case 'voice':
      return { kind: 'text', text: body.voice?.content ?? '' };
    case 'mixed': {
      const words = (body.mixed?.msg_item ?? []).flatMap((item) => item.text?.content ?? []).join(' ');
      return { kind: 'text', text: withoutMention(words, body.chattype) };
    }
    case 'event': {
      const pressed = pressOf(body);
      if (pressed !== undefined)
        return {
          kind: 'action',
          actionId: pressed.event_key,
          inputs: inputsOf(pressed),
          // What the robot sends is known by its task: WeCom gives no id for it.
          cardMessageId: pressed.task_id,
        };
      return body.event?.eventtype === 'enter_chat' ? { kind: 'entered' } : undefined;
    }
    default:
      return undefined;
  }
}

/** In groups the text begins with the robot's name. */
function withoutMention(words: string, chattype: RobotBody['chattype']): string {
  return chattype === 'group' ? words.replace(/^\s*@\S+\s*/, '') : words;
}

function inputsOf({ selected_items }: z.output<typeof cardEvent>): Record<string, string> {
  return Object.fromEntries(
    (selected_items?.selected_item ?? []).flatMap(({ question_key, option_ids: { option_id } }) =>
      option_id[0] === undefined ? [] : [[question_key, option_id[0]]],
    ),
  );
}
