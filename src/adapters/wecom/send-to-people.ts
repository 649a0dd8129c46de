import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import type { SealedMessage } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { type Reply, refusal, type WecomClient } from './client.ts';
import { encode } from './encode.ts';
import { readForUpload, uploadForm } from './files.ts';
import { type OpenCall, sendOnce } from './ledger.ts';
import { keepCode } from './response-codes.ts';

interface Deps {
  db: Db;
  client: WecomClient;
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
  if (BAD_MEDIA.includes(reply.errcode) && first.message.kind === 'file') {
    // It has expired since the first attempt, which therefore did not arrive either.
    const again = await upload(deps, first.message);
    if (typeof again === 'object') {
      await call.keepMedia(again.mediaId);
      reply = await post(deps, call, { msgtype: 'file', body: { media_id: again.mediaId } });
    }
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
  const encoded = encode(message, way, call.callId);
  if (encoded.kind === 'refused') return { reason: encoded.reason };
  if (encoded.kind === 'content') return { msgtype: encoded.msgtype, body: encoded.content };
  if (call.mediaId !== undefined) return { msgtype: 'file', body: { media_id: call.mediaId } };
  if (message.kind !== 'file') return { reason: 'file-missing' };
  const uploaded = await upload(deps, message);
  if (typeof uploaded === 'string') return { reason: uploaded };
  await call.keepMedia(uploaded.mediaId);
  return { msgtype: 'file', body: { media_id: uploaded.mediaId } };
}

/** With a token and the send it must end before the sender gives the call to somebody else, after 30 s. */
const UPLOAD_TIMEOUT_MS = 12_000;

/** Uploads a file for three days, or says why it cannot. Source: path/90253, read 2026-11-22. */
export async function upload(
  { client, fileRoot }: Pick<Deps, 'client' | 'fileRoot'>,
  file: Extract<SealedMessage, { kind: 'file' }>,
): Promise<{ mediaId: string } | string> {
  const bytes = await readForUpload(fileRoot, file.path);
  if (typeof bytes === 'string') return bytes;
  const reply = await client.call('media/upload', {
    query: { type: 'file' },
    body: uploadForm(bytes, file.name, file.mime),
    timeoutMs: UPLOAD_TIMEOUT_MS,
  });
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
