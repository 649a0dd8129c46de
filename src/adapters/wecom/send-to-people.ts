import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import type { SealedMessage } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { withoutDoubt } from '../../kernel/errors.ts';
import { type Reply, refusal, type WecomClient } from './client.ts';
import { encode } from './encode.ts';
import { readForUpload, uploadForm } from './files.ts';
import type { Images } from './images.ts';
import { type OpenCall, sendOnce } from './ledger.ts';
import { keepCode } from './response-codes.ts';

interface Deps {
  db: Db;
  client: WecomClient;
  images: Images;
  agentId: string;
  fileRoot: string;
}

/** What WeCom says of single people although the call went well, as a sentence for the delivery. */
export const INVALID =
  'invaliduser: WeCom knows nobody of this id in the visible range of the app; correct the id, or widen 可见范围';
export const UNLICENSED =
  'unlicenseduser: the person has no basic interface licence (基础接口许可); assign one in the admin console';

/** Nobody but whom we cannot reach was named. */
const ALL_INVALID = 81_013;
const BAD_MEDIA = [40_007, 40_145];

/**
 * One call of message/send for up to 1,000 people who get the same message.
 *
 * Resolves to `accepted` for each person whom WeCom did not name: it says nothing of those whose client did not fetch
 * the message. Rejects with PlatformError; `unanswered` when it may have been sent, and a repeat is then harmless.
 * Source: developer.work.weixin.qq.com/document/path/90236, read 2026-11-22.
 */
export async function sendToPeople(
  deps: Deps,
  dispatches: readonly Dispatch[],
  way: string,
): Promise<SendResult[]> {
  return sendOnce(deps.db, dispatches, (call) => sendCall(deps, call, way));
}

async function sendCall(deps: Deps, call: OpenCall, way: string): Promise<SendResult[]> {
  const [first] = call.dispatches;
  if (first === undefined) return [];
  const everybody = (result: SendResult) => call.dispatches.map(() => result);
  const content = await contentOf(deps, first.message, way, call);
  if ('reason' in content) return everybody({ kind: 'refused', reason: content.reason });

  let reply = await post(deps, call, content);
  const mediaId = content.body['media_id'];
  if (BAD_MEDIA.includes(reply.errcode) && typeof mediaId === 'string') {
    // It has expired since the first attempt, which therefore did not arrive either.
    await deps.images.forget(mediaId);
    const again = await uploaded(deps, first.message, call);
    if ('msgtype' in again) reply = await post(deps, call, again);
  }
  if (reply.errcode === ALL_INVALID) {
    const unlicensed = namesIn(reply['unlicenseduser']);
    return call.dispatches.map(({ to }) =>
      unlicensed.has(idOf(to))
        ? { kind: 'refused', reason: UNLICENSED }
        : { kind: 'unreachable', reason: INVALID },
    );
  }
  if (reply.errcode !== 0) throw refusal('message/send', reply);
  return resultsOf(deps, call, reply);
}

async function resultsOf(deps: Deps, call: OpenCall, reply: Reply): Promise<SendResult[]> {
  const invalid = namesIn(reply['invaliduser']);
  const unlicensed = namesIn(reply['unlicenseduser']);
  const { msgid, response_code: code } = reply;
  // A suppressed repeat may be answered without an id; the message is there, and cannot be touched any more.
  const platformMessageId = typeof msgid === 'string' && msgid !== '' ? msgid : `unnamed-${call.callId}`;
  if (typeof code === 'string' && code !== '')
    await keepCode(deps.db, { code, taskId: call.callId, msgid: platformMessageId });
  return call.dispatches.map(({ to }) => {
    if (invalid.has(idOf(to))) return { kind: 'refused', reason: INVALID };
    if (unlicensed.has(idOf(to))) return { kind: 'refused', reason: UNLICENSED };
    return { kind: 'accepted', platformMessageId };
  });
}

interface Content {
  msgtype: string;
  body: Record<string, unknown>;
}

async function contentOf(
  deps: Deps,
  message: SealedMessage,
  way: string,
  call: OpenCall,
): Promise<Content | { reason: string }> {
  const picture = await deps.images.linked(message);
  if (picture !== undefined && 'refused' in picture) return { reason: picture.refused };
  const encoded = encode(message, way, call.callId, picture);
  if (encoded.kind === 'refused') return { reason: encoded.reason };
  if (encoded.kind === 'content') return { msgtype: encoded.msgtype, body: encoded.content };
  if (call.mediaId !== undefined) return { msgtype: message.kind, body: { media_id: call.mediaId } };
  return uploaded(deps, message, call);
}

/** A file or a picture of its own, noted with the call so that a repeat names the same. */
async function uploaded(
  deps: Deps,
  message: SealedMessage,
  call: OpenCall,
): Promise<Content | { reason: string }> {
  const taken = await mediaOf(deps, message);
  if ('reason' in taken) return taken;
  await call.keepMedia(taken.mediaId);
  return { msgtype: message.kind, body: { media_id: taken.mediaId } };
}

/** The media id of a message that is a file or a picture, or why there is none. */
export async function mediaOf(
  deps: Pick<Deps, 'client' | 'fileRoot' | 'images'>,
  message: SealedMessage,
): Promise<{ mediaId: string } | { reason: string }> {
  if (message.kind === 'image') {
    const taken = await deps.images.mediaIdOf(message.path);
    return 'refused' in taken ? { reason: taken.refused } : taken;
  }
  if (message.kind !== 'file') return { reason: 'file-missing' };
  const taken = await upload(deps, message);
  return typeof taken === 'string' ? { reason: taken } : taken;
}

/** With a token and the send it must end before the sender gives the call to somebody else, after 30 s. */
const UPLOAD_TIMEOUT_MS = 12_000;

/** Uploads a file for three days, or says why it cannot. Source: path/90253, read 2026-11-22. */
async function upload(
  { client, fileRoot }: Pick<Deps, 'client' | 'fileRoot'>,
  file: Extract<SealedMessage, { kind: 'file' }>,
): Promise<{ mediaId: string } | string> {
  const bytes = await readForUpload(fileRoot, file.path);
  if (typeof bytes === 'string') return bytes;
  const reply = await client
    .call('media/upload', {
      query: { type: 'file' },
      body: uploadForm(bytes, file.name, file.mime),
      timeoutMs: UPLOAD_TIMEOUT_MS,
    })
    .catch(withoutDoubt);
  return typeof reply['media_id'] === 'string' ? { mediaId: reply['media_id'] } : 'file-not-taken';
}

function post({ client, agentId }: Deps, call: OpenCall, { msgtype, body }: Content): Promise<Reply> {
  return client.ask('message/send', {
    body: {
      touser: call.dispatches.map(({ to }) => idOf(to)).join('|'),
      agentid: Number(agentId),
      msgtype,
      [msgtype]: body,
      safe: 0,
      enable_id_trans: 0,
      enable_duplicate_check: 1,
      duplicate_check_interval: call.intervalS,
    },
  });
}

const idOf = (to: Dispatch['to']): string => (to.kind === 'person' ? to.platformId.toLowerCase() : to.chatId);

/** Ids joined by `|`, in lower case whatever we wrote. */
function namesIn(list: unknown): Set<string> {
  return new Set(typeof list === 'string' ? list.toLowerCase().split('|') : []);
}
