import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ChannelAdapter, Dispatch, SendResult } from '../../chat/adapter.ts';
import type { SealedMessage } from '../../chat/message.ts';
import { PlatformError, withoutDoubt } from '../../kernel/errors.ts';
import { fileBelow } from '../../kernel/files.ts';
import { batchRef } from './batch-ref.ts';
import type { CardPlace } from './card.ts';
import type { FeishuClient } from './client.ts';
import { type Encoded, encode, fileTypeOf, type TooLarge, uuidOf } from './encode.ts';
import { PERSON_LIMIT, verdictOn } from './errors.ts';
import type { Images } from './images.ts';
import { BULK, FILE_BYTES, RING } from './limits.ts';

const created = z.object({ data: z.object({ message_id: z.string() }) });
const batched = z.object({
  data: z.object({ message_id: z.string(), invalid_open_ids: z.array(z.string()).nullish() }),
});
const uploaded = z.object({ data: z.object({ file_key: z.string() }) });

const urged = z.object({ data: z.object({ invalid_user_id_list: z.array(z.string()).nullish() }).nullish() });

/** Recalled, invisible, in no thread, deleted, gone by itself, unknown. Source: /reference/im-v1/message/reply. */
const NOTHING_TO_REPLY_TO = new Set(['230011', '230050', '230071', '230072', '230110', '230111', '99992354']);

/** Large files on slow lines take longer than a word. */
const UPLOAD_MS = 60_000;

export function createSend(client: FeishuClient, images: Images, fileRoot: string): ChannelAdapter['send'] {
  async function one({ key, to, message, replyTo }: Dispatch): Promise<SendResult> {
    const encoded = await prepared(message, to.kind === 'group' ? 'group' : 'private');
    if ('refused' in encoded) return { kind: 'refused', reason: encoded.refused };
    const [receive_id_type, receive_id] =
      to.kind === 'person' ? ['open_id', to.platformId] : ['chat_id', to.chatId];
    const { msg_type, content } = encoded;
    const body = { msg_type, content: JSON.stringify(content), uuid: uuidOf(key) };
    const call = { name: 'im/v1/messages', path: '/im/v1/messages' };
    const isReply = replyTo !== undefined && to.kind === 'group';
    try {
      const answer = isReply ? await reply(replyTo, body) : undefined;
      const { data } =
        answer ??
        (await client.call({ ...call, query: { receive_id_type }, body: { receive_id, ...body } }, created));
      return { kind: 'delivered', platformMessageId: data.message_id };
    } catch (error) {
      return resultOf(error);
    }
  }

  /** Undefined when there is nothing left to reply to: the answer then stands by itself. */
  async function reply(messageId: string, body: object): Promise<z.output<typeof created> | undefined> {
    const path = `/im/v1/messages/${encodeURIComponent(messageId)}/reply`;
    try {
      return await client.call({ name: 'im/v1/messages/reply', path, body }, created);
    } catch (error) {
      if (error instanceof PlatformError && NOTHING_TO_REPLY_TO.has(error.platformCode)) return undefined;
      throw error;
    }
  }

  /** Sends, and then calls the person's attention; what arrived has arrived, whatever becomes of the second. */
  async function ringing(dispatch: Dispatch): Promise<SendResult> {
    const result = await one(dispatch);
    if (result.kind !== 'delivered' || dispatch.to.kind !== 'person') return result;
    const user_id_list = [dispatch.to.platformId];
    const path = `/im/v1/messages/${encodeURIComponent(result.platformMessageId)}/urgent_app`;
    const call = { name: RING, method: 'PATCH', path, query: { user_id_type: 'open_id' } } as const;
    try {
      const { data } = await client.call({ ...call, body: { user_id_list } }, urged);
      const invalid = data?.invalid_user_id_list ?? [];
      return invalid.length === 0 ? result : { ...result, note: 'not-rung invalid' };
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return { ...result, note: `${error.unanswered ? 'ring-unknown' : 'not-rung'} ${error.platformCode}` };
    }
  }

  async function prepared(
    message: SealedMessage,
    place: CardPlace,
  ): Promise<Encoded | TooLarge | { refused: string }> {
    if (message.kind === 'file') return upload(message);
    const imageKey = await images.of(message);
    return typeof imageKey === 'object' ? imageKey : encode(message, place, imageKey);
  }

  /** A file of ours as a key; the same file is uploaded again for the next person, because keys are not ours to keep. */
  async function upload(
    message: Extract<SealedMessage, { kind: 'file' }>,
  ): Promise<Encoded | TooLarge | { refused: string }> {
    const file = await fileBelow(fileRoot, message.path);
    if (file === undefined) return { refused: 'file-missing' };
    if (file.bytes > FILE_BYTES) return { refused: 'file-too-large' };
    if (file.bytes === 0) return { refused: 'file-empty' };
    const form = new FormData();
    form.set('file_type', fileTypeOf(message.name));
    form.set('file_name', message.name);
    form.set('file', new Blob([new Uint8Array(await readFile(file.path))]), message.name);
    const { data } = await client
      .call({ name: 'im/v1/files', path: '/im/v1/files', body: form, timeoutMs: UPLOAD_MS }, uploaded)
      .catch(withoutDoubt);
    return { msg_type: 'file', content: { file_key: data.file_key } };
  }

  /** One message for all of them; who is not named as invalid is on the way. */
  async function many(dispatches: readonly Dispatch[]): Promise<SendResult[]> {
    const [first] = dispatches;
    if (first === undefined || first.message.kind === 'file') throw new RangeError(`${BULK} takes no files`);
    const encoded = await prepared(first.message, 'private');
    if ('refused' in encoded) return dispatches.map(() => ({ kind: 'refused', reason: encoded.refused }));
    const ids = dispatches.map(({ to }) => (to.kind === 'person' ? to.platformId : ''));
    const content =
      encoded.msg_type === 'interactive' ? { card: encoded.content } : { content: encoded.content };
    try {
      const { data } = await client.call(
        {
          name: BULK,
          path: '/message/v4/batch_send/',
          body: { msg_type: encoded.msg_type, ...content, open_ids: ids },
        },
        batched,
      );
      const invalid = new Set(data.invalid_open_ids ?? []);
      const taken = new Set(ids.filter((id) => !invalid.has(id))).size;
      return ids.map((id) =>
        invalid.has(id)
          ? { kind: 'unreachable', reason: 'open-id-invalid' }
          : { kind: 'accepted', platformMessageId: batchRef(data.message_id, taken) },
      );
    } catch (error) {
      const result = resultOf(error);
      return dispatches.map(() => result);
    }
  }

  return async (dispatches, way) => {
    if (dispatches.length === 0) return [];
    if (way === BULK) return many(dispatches);
    const results: SendResult[] = [];
    const send = way === RING ? ringing : one;
    for (const dispatch of dispatches) results.push(await send(dispatch));
    return results;
  };
}

/** What a failure says of whom we wanted to reach; one that says nothing of them is the call's and goes on. */
function resultOf(error: unknown): SendResult {
  if (!(error instanceof PlatformError)) throw error;
  const code = Number(error.platformCode);
  if (code === PERSON_LIMIT)
    return { kind: 'later', reason: error.platformCode, waitMs: error.waitMs ?? 1_000 };
  const verdict = verdictOn(code);
  if (verdict === 'call') throw error;
  return { kind: verdict, reason: error.platformCode };
}
