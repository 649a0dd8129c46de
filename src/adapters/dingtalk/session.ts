import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import type { SealedMessage } from '../../chat/message.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { callPlatform } from '../../kernel/http-client.ts';
import { encodeTalk, tooLarge } from './encode.ts';
import { oapiFailure, toError } from './failures.ts';
import { nameOf } from './ids.ts';
import type { Images } from './images.ts';
import { limits } from './limits.ts';
import type { DingtalkSettings } from './settings.ts';
import type { Stores } from './stores.ts';

export type SendInSession = (dispatch: Pick<Dispatch, 'to' | 'message'>) => Promise<SendResult>;

export const placeOf = (to: Dispatch['to']): string =>
  to.kind === 'person' ? `person:${to.platformId}` : `group:${to.chatId}`;

/**
 * Only the platform's own address is called: in webhook mode the body of a message is not signed, and must not make
 * us call somebody else.
 */
export function isSessionAddress(
  address: string,
  { oapiBaseUrl }: Pick<DingtalkSettings, 'oapiBaseUrl'>,
): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.origin === new URL(oapiBaseUrl).origin && url.pathname === '/robot/sendBySession';
}

/**
 * Replies where somebody has just spoken, which is no API call. The reply leaves no key: it cannot be recalled, nor
 * is it told whether it was read. Answers `refused` with `no-session` when the platform takes no reply any more.
 */
export function createSendInSession(deps: {
  settings: DingtalkSettings;
  stores: Stores;
  images: Images;
}): SendInSession {
  return async ({ to, message }) => {
    if (message.kind === 'file' || message.kind === 'image')
      return { kind: 'refused', reason: 'no-files-in-session' };
    const webhook = await deps.stores.sessionOf(placeOf(to));
    if (webhook === undefined) return { kind: 'refused', reason: 'no-session' };
    const mediaId = await deps.images.of(message);
    if (typeof mediaId === 'object') return { kind: 'refused', reason: mediaId.refused };
    const encoded = encodeTalk(message, to.kind, mediaId);
    const reason = tooLarge(encoded, limits);
    if (reason !== undefined) return { kind: 'refused', reason };
    await deps.stores.keepWords(encoded.spoken);
    const answer = await callPlatform({
      platform: 'dingtalk',
      call: '/robot/sendBySession',
      url: webhook,
      body: sessionBody(message, encoded.msgParam),
    });
    const failure = oapiFailure(answer);
    if (failure === undefined) return { kind: 'accepted', platformMessageId: nameOf({ kind: 'session' }) };
    const error = toError('/robot/sendBySession', failure);
    if (isOver(error, answer.status)) return { kind: 'refused', reason: 'no-session' };
    throw error;
  };
}

/** An expired session is reported to answer HTTP 500; an unknown one has an errcode. */
const isOver = (error: PlatformError, status: number): boolean =>
  status === 500 || ['300005', '400101'].includes(error.platformCode);

function sessionBody(message: SealedMessage, msgParam: Record<string, string>): object {
  return message.kind === 'text'
    ? { msgtype: 'text', text: { content: msgParam['content'] } }
    : { msgtype: 'markdown', markdown: { title: msgParam['title'], text: msgParam['text'] } };
}
