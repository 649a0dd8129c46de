import { z } from 'zod';
import type { ChatEvent, EventPayload, Place } from '../../chat/event.ts';
import { Temporal } from '../../kernel/time.ts';

/** Longer than anything a person types; what comes beyond is not read. */
const MOST_CHARACTERS = 8_000;

const number = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);
const content = z.looseObject({
  richText: z.array(z.looseObject({ text: z.string().optional() })).optional(),
  recognition: z.string().optional(),
  downloadCode: z.string().optional(),
  fileName: z.string().optional(),
});

/**
 * A robot message, by stream or by webhook. Source: D:receive-message (2025-12-29), D:robot-message-type (2026-05-15).
 * Beyond the month's meter the words are absent and a code stands there, which the two pages name differently.
 */
const robotMessage = z.looseObject({
  msgId: z.string().min(1).max(200),
  conversationId: z.string().min(1).max(200),
  conversationType: z.string(),
  senderStaffId: z.string().max(128).optional(),
  senderCorpId: z.string().optional(),
  chatbotCorpId: z.string().optional(),
  robotCode: z.string().optional(),
  createAt: number.optional(),
  isInAtList: z.boolean().optional(),
  sessionWebhook: z.string().max(2_000).optional(),
  sessionWebhookExpiredTime: number.optional(),
  msgtype: z.string().optional(),
  text: z.looseObject({ content: z.string() }).optional(),
  content: content.optional(),
  errorCode: z.union([z.string(), z.number()]).optional(),
  errCode: z.union([z.string(), z.number()]).optional(),
});

/** What a push from the platform says to us; or why it says nothing. */
export type Heard =
  | { kind: 'event'; event: ChatEvent; session: { webhook: string; untilMs: number } | undefined }
  | {
      kind: 'nothing';
      reason: 'malformed' | 'other-organisation' | 'no-userid' | 'over-quota' | 'unknown-kind';
    };

export interface DecodeContext {
  corpId: string;
  receivedAt: Temporal.Instant;
}

const nothing = (reason: Extract<Heard, { kind: 'nothing' }>['reason']): Heard => ({
  kind: 'nothing',
  reason,
});

export function decodeRobotMessage(data: unknown, { corpId, receivedAt }: DecodeContext): Heard {
  const parsed = robotMessage.safeParse(data);
  if (!parsed.success) return nothing('malformed');
  const said = parsed.data;
  const ours = [said.senderCorpId, said.chatbotCorpId].every((id) => id === undefined || id === corpId);
  if (!ours) return nothing('other-organisation');
  if (said.errorCode !== undefined || said.errCode !== undefined) return nothing('over-quota');
  if (said.senderStaffId === undefined || said.senderStaffId === '') return nothing('no-userid');
  const payload = payloadOf(said);
  if (payload === undefined) return nothing('unknown-kind');
  const place: Place =
    said.conversationType === '2'
      ? { kind: 'group', chatId: said.conversationId, mentioned: said.isInAtList !== false }
      : { kind: 'private' };
  const event: ChatEvent = {
    channel: 'dingtalk',
    account: corpId,
    key: `msg:${said.msgId}`,
    actor: said.senderStaffId,
    place,
    payload,
    occurredAt: momentOf(said.createAt, receivedAt),
    receivedAt,
  };
  const { sessionWebhook: webhook, sessionWebhookExpiredTime: untilMs } = said;
  const session = webhook === undefined || untilMs === undefined ? undefined : { webhook, untilMs };
  return { kind: 'event', event, session };
}

function payloadOf(said: z.output<typeof robotMessage>): EventPayload | undefined {
  const words = (text: string): EventPayload => ({
    kind: 'text',
    text: text.slice(0, MOST_CHARACTERS).trim(),
  });
  if (said.text !== undefined) return words(said.text.content);
  if (said.content === undefined) return undefined;
  const { richText, recognition, downloadCode, fileName } = said.content;
  if (richText !== undefined) {
    const text = richText.map((piece) => piece.text ?? '').join('');
    if (text.trim() !== '') return words(text);
    const picture = richText.find((piece) => typeof piece['downloadCode'] === 'string');
    return picture === undefined ? undefined : fileOf('picture', String(picture['downloadCode']));
  }
  if (said.msgtype === 'audio' && recognition !== undefined && recognition !== '') return words(recognition);
  return downloadCode === undefined ? undefined : fileOf(fileName ?? said.msgtype ?? 'file', downloadCode);
}

const fileOf = (name: string, fileId: string): EventPayload => ({
  kind: 'file',
  name: name.slice(0, 200),
  fileId: fileId.slice(0, 1_000),
});

/** A moment that the platform names; its text and its number mean milliseconds. */
export function momentOf(ms: number | undefined, otherwise: Temporal.Instant): Temporal.Instant {
  const sane = ms !== undefined && Number.isSafeInteger(ms) && ms > 0 && ms < 8e15;
  return sane ? Temporal.Instant.fromEpochMilliseconds(ms) : otherwise;
}

const params = z.record(z.string(), z.unknown());
const clicked = z.looseObject({
  cardPrivateData: z.looseObject({ params: params.optional() }).optional(),
  params: params.optional(),
});
/** D:event-callback-card (2026-08-04); D:interactive-mode shows `value` for `content`, and `params` outside. */
const cardCallback = z.looseObject({
  outTrackId: z.string().min(1).max(64),
  corpId: z.string().optional(),
  userId: z.string().min(1).max(128),
  content: z.string().max(100_000).optional(),
  value: z.string().max(100_000).optional(),
  spaceType: z.string().optional(),
  spaceId: z.string().max(300).optional(),
});

export interface CardClick {
  outTrackId: string;
  userId: string;
  actionId: string;
  inputs: Record<string, string>;
  /** Where the platform tells it, which it does by stream only. */
  conversationId: string | undefined;
}

const INPUTS = 5;

/** `undefined` for what is no click on a card of ours. */
export function decodeCardClick(data: unknown, corpId: string): CardClick | undefined {
  const parsed = cardCallback.safeParse(data);
  if (!parsed.success) return undefined;
  const { outTrackId, userId, spaceType, spaceId } = parsed.data;
  if (parsed.data.corpId !== undefined && parsed.data.corpId !== corpId) return undefined;
  const content = clicked.safeParse(jsonIn(parsed.data.content ?? parsed.data.value ?? ''));
  if (!content.success) return undefined;
  const given = content.data.cardPrivateData?.params ?? content.data.params ?? {};
  const actionId = given['action'];
  if (typeof actionId !== 'string' || actionId === '') return undefined;
  const inputs: Record<string, string> = {};
  for (let slot = 1; slot <= INPUTS; slot += 1) {
    const name = given[`n${slot}`];
    const value = textOf(given[`v${slot}`]);
    if (typeof name === 'string' && name !== '' && value !== undefined) inputs[name.slice(0, 32)] = value;
  }
  const group = spaceType?.toUpperCase() === 'IM_GROUP' ? spaceId : undefined;
  return { outTrackId, userId, actionId, inputs, conversationId: group };
}

/** Choices come as their value, or as an object that holds it. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && 'value' in value) return textOf(value.value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value.slice(0, MOST_CHARACTERS) : undefined;
}

export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
