import { z } from 'zod';
import { jsonIn } from './decode.ts';

/** Topics of the stream. Source: open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol, read 2026-11-22. */
export const ROBOT_TOPIC = '/v1.0/im/bot/messages/get';
export const CARD_TOPIC = '/v1.0/card/instances/callback';

export const subscriptions = [
  { type: 'EVENT', topic: '*' },
  { type: 'CALLBACK', topic: ROBOT_TOPIC },
  { type: 'CALLBACK', topic: CARD_TOPIC },
] as const;

/** Times and ids may come as numbers. `data` is JSON as a text. */
const word = z.union([z.string().max(500), z.number()]).transform(String);
const frame = z.looseObject({
  type: z.string(),
  headers: z.looseObject({
    messageId: word,
    topic: z.string().optional(),
    eventType: z.string().optional(),
    eventId: word.optional(),
    eventCorpId: z.string().optional(),
  }),
  data: z.string().optional(),
});

export interface Frame {
  type: string;
  topic: string;
  messageId: string;
  event: { type: string; id: string; corpId: string | undefined };
  data: unknown;
}

export function frameIn(text: string): Frame | undefined {
  const parsed = frame.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  const { type, headers, data } = parsed.data;
  const { messageId, topic = '', eventType = '', eventId, eventCorpId } = headers;
  return {
    type,
    topic,
    messageId,
    event: { type: eventType, id: eventId ?? messageId, corpId: eventCorpId },
    data: jsonIn(data ?? ''),
  };
}

/** Our word on a frame: 200 taken, 404 nothing of ours, 500 nothing was done. */
export function acknowledgement(messageId: string, code: 200 | 404 | 500, data: unknown): string {
  const message = code === 200 ? 'OK' : code === 404 ? 'not found' : 'failed';
  const headers = { contentType: 'application/json', messageId };
  return JSON.stringify({ code, headers, message, data: JSON.stringify(data) });
}
