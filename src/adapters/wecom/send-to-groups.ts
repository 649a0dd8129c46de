import { createHash } from 'node:crypto';
import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import { readPicture } from '../../chat/pictures.ts';
import { withoutDoubt } from '../../kernel/errors.ts';
import { type Reply, refusal, requestUrl, type WecomClient } from './client.ts';
import { encode } from './encode.ts';
import { readForUpload, uploadForm } from './files.ts';
import type { Images } from './images.ts';
import { callIdOf } from './ledger.ts';
import { APPCHAT, WAYS, WEBHOOK } from './limits.ts';
import { mediaOf } from './send-to-people.ts';

interface Deps {
  client: WecomClient;
  images: Images;
  fileRoot: string;
  /** Whole addresses by name. */
  webhooks: Readonly<Record<string, string>>;
}

/** A chat or a push that is gone, or was never ours. */
const UNREACHABLE = [86_008, 86_001, 86_003, 40_050, 49_008, 93_000, 93_004, 93_006, 93_008];

/** One message to a chat that this app created. WeCom gives no id for it: it can be neither recalled nor replaced. */
export async function sendToAppchat(deps: Deps, { key, to, message }: Dispatch): Promise<SendResult> {
  const chatid = to.kind === 'group' ? to.chatId.slice(APPCHAT.length) : '';
  const picture = await deps.images.linked(message);
  if (picture !== undefined && 'refused' in picture) return { kind: 'refused', reason: picture.refused };
  const encoded = encode(message, WAYS.appchat, callIdOf([key]), picture);
  if (encoded.kind === 'refused') return { kind: 'refused', reason: encoded.reason };
  let content = encoded.kind === 'content' ? { msgtype: encoded.msgtype, body: encoded.content } : undefined;
  if (content === undefined) {
    const media = await mediaOf(deps, message);
    if ('reason' in media) return { kind: 'refused', reason: media.reason };
    content = { msgtype: message.kind, body: { media_id: media.mediaId } };
  }
  const { msgtype, body } = content;
  const reply = await deps.client.ask('appchat/send', {
    body: { chatid, msgtype, [msgtype]: body, safe: 0 },
  });
  return resultOf('appchat/send', reply, `appchat-${callIdOf([key])}`);
}

export interface NewGroup {
  name: string;
  owner: string;
  members: readonly string[];
}

/**
 * Makes a chat that only this app can write to; resolves to its address. At most 1,000 a day for the corporation, and
 * only where the app sees the root department. Source: path/90245, read 2026-11-22.
 */
export async function createAppchat(
  client: WecomClient,
  { name, owner, members }: NewGroup,
): Promise<string> {
  const reply = await client.call('appchat/create', { body: { name, owner, userlist: members } });
  return `${APPCHAT}${String(reply['chatid'])}`;
}

/** One message through a group push: no token, whoever has the address may post. */
export async function sendToWebhook(deps: Deps, { key, to, message }: Dispatch): Promise<SendResult> {
  const name = to.kind === 'group' ? to.chatId.slice(WEBHOOK.length) : '';
  const url = deps.webhooks[name];
  if (url === undefined)
    return {
      kind: 'unreachable',
      reason: `no group push is named ${name}; add it to CUHUO_WECOM_GROUP_WEBHOOKS`,
    };
  const picture = await deps.images.linked(message);
  if (picture !== undefined && 'refused' in picture) return { kind: 'refused', reason: picture.refused };
  const encoded = encode(message, WAYS.webhook, callIdOf([key]), picture);
  if (encoded.kind === 'refused') return { kind: 'refused', reason: encoded.reason };
  let content = encoded.kind === 'content' ? { msgtype: encoded.msgtype, body: encoded.content } : undefined;
  if (message.kind === 'file') {
    const bytes = await readForUpload(deps.fileRoot, message.path);
    if (typeof bytes === 'string') return { kind: 'refused', reason: bytes };
    const target = url.replace('/webhook/send?', '/webhook/upload_media?');
    const form = uploadForm(bytes, message.name, message.mime);
    const uploaded = await requestUrl(`${target}&type=file`, 'webhook/upload_media', { body: form }).catch(
      withoutDoubt,
    );
    if (uploaded.errcode !== 0)
      return resultOf('webhook/upload_media', uploaded, `webhook-${callIdOf([key])}`);
    content = { msgtype: 'file', body: { media_id: uploaded['media_id'] } };
  }
  if (message.kind === 'image') {
    const read = await readPicture(deps.fileRoot, message.path);
    if ('refused' in read) return { kind: 'refused', reason: read.refused };
    const md5 = createHash('md5').update(read.bytes).digest('hex');
    content = { msgtype: 'image', body: { base64: read.bytes.toString('base64'), md5 } };
  }
  if (content === undefined) return { kind: 'refused', reason: 'file-missing' };
  const { msgtype, body } = content;
  const reply = await requestUrl(url, 'webhook/send', { body: { msgtype, [msgtype]: body } });
  return resultOf('webhook/send', reply, `webhook-${callIdOf([key])}`);
}

/** `platformMessageId` is our own: WeCom gives none for what goes to groups. */
export function resultOf(call: string, reply: Reply, platformMessageId: string): SendResult {
  if (reply.errcode === 0) return { kind: 'accepted', platformMessageId };
  if (UNREACHABLE.includes(reply.errcode))
    return { kind: 'unreachable', reason: `${reply.errcode}: the group is gone or not ours` };
  throw refusal(call, reply);
}
