import { z } from 'zod';
import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import type { SealedMessage } from '../../chat/message.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type DingtalkClient, parse } from './client.ts';
import { encodeNotice, encodeTalk, type RobotMessage, tooLarge } from './encode.ts';
import { nameOf } from './ids.ts';
import type { Images } from './images.ts';
import { limits, WAYS } from './limits.ts';
import type { Uploaded } from './media.ts';
import type { SendCard } from './send-card.ts';
import type { SendInSession } from './session.ts';
import type { DingtalkSettings } from './settings.ts';
import type { Stores } from './stores.ts';

export interface SendDeps {
  client: DingtalkClient;
  settings: DingtalkSettings;
  stores: Stores;
  upload: (file: Extract<SealedMessage, { kind: 'file' }>) => Promise<Uploaded>;
  images: Images;
  sendCard: SendCard;
  sendInSession: SendInSession;
}

const ids = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const batchAnswer = z.object({
  processQueryKey: z.string().min(1),
  invalidStaffIdList: ids,
  flowControlledStaffIdList: ids,
  filteredStaffIdList: ids,
});
const groupAnswer = z.object({ processQueryKey: z.string().min(1) });
const workAnswer = z.object({ task_id: z.union([z.number(), z.string()]).transform(String) });

/** The platform does not say for how long it holds a person's messages back. */
const FLOW_CONTROL_MS = 60_000;

/** Each is one sending call. All dispatches of a call read the same, or it throws. */
export function createSending(deps: SendDeps) {
  const { client, settings, stores } = deps;

  /** The message as the robot sends it, ready to go, or why it cannot be sent. */
  async function prepared(
    message: SealedMessage,
    place: 'person' | 'group',
  ): Promise<RobotMessage | { refused: string }> {
    if (message.kind === 'file') {
      const uploaded = await deps.upload(message);
      if ('refused' in uploaded) return uploaded;
      const { mediaId, fileType } = uploaded;
      return { msgKey: 'sampleFile', msgParam: { mediaId, fileName: message.name, fileType }, spoken: [] };
    }
    const mediaId = await deps.images.of(message);
    if (typeof mediaId === 'object') return mediaId;
    const encoded = encodeTalk(message, place, mediaId);
    const reason = tooLarge(encoded, limits);
    if (reason !== undefined) return { refused: reason };
    await stores.keepWords(encoded.spoken);
    return encoded;
  }

  async function toPeople(dispatches: readonly Dispatch[]): Promise<SendResult[]> {
    const robot = await prepared(sameMessage(dispatches, 'person'), 'person');
    if ('refused' in robot) return all(dispatches, robot.refused);
    const path = '/v1.0/robot/oToMessages/batchSend';
    const userIds = dispatches.map(receiverOf);
    const body = { robotCode: settings.robotCode, userIds, ...paramsOf(robot) };
    try {
      const answer = parse(batchAnswer, { json: await client.api({ method: 'POST', path, body }) }, path);
      return userIds.map((userId): SendResult => {
        if (answer.invalidStaffIdList.includes(userId))
          return { kind: 'unreachable', reason: 'user-unknown' };
        if (answer.flowControlledStaffIdList.includes(userId))
          return { kind: 'later', reason: 'flow-controlled', waitMs: FLOW_CONTROL_MS };
        if (answer.filteredStaffIdList.includes(userId)) return { kind: 'refused', reason: 'filtered' };
        const { processQueryKey } = answer;
        return { kind: 'accepted', platformMessageId: nameOf({ kind: 'robot', processQueryKey, userId }) };
      });
    } catch (error) {
      // Alone, a person whom the platform does not know may come as an error instead of in the list.
      if (
        dispatches.length === 1 &&
        error instanceof PlatformError &&
        error.platformCode === 'staffId.notExisted'
      )
        return [{ kind: 'unreachable', reason: 'user-unknown' }];
      throw error;
    }
  }

  async function toGroup([dispatch]: readonly Dispatch[]): Promise<SendResult[]> {
    if (dispatch === undefined) return [];
    const robot = await prepared(dispatch.message, 'group');
    if ('refused' in robot) return all([dispatch], robot.refused);
    const path = '/v1.0/robot/groupMessages/send';
    const conversationId = receiverOf(dispatch);
    const body = { robotCode: settings.robotCode, openConversationId: conversationId, ...paramsOf(robot) };
    try {
      const { processQueryKey } = parse(
        groupAnswer,
        { json: await client.api({ method: 'POST', path, body }) },
        path,
      );
      return [
        { kind: 'accepted', platformMessageId: nameOf({ kind: 'group', processQueryKey, conversationId }) },
      ];
    } catch (error) {
      const gone = error instanceof PlatformError && GROUP_GONE.has(error.platformCode);
      if (!gone) throw error;
      return [{ kind: 'unreachable', reason: error.platformCode }];
    }
  }

  async function asWorkNotice(dispatches: readonly Dispatch[]): Promise<SendResult[]> {
    const message = sameMessage(dispatches, 'person');
    if (message.kind !== 'card') throw new TypeError('a work notice is a card without buttons');
    const mediaId = await deps.images.of(message);
    if (typeof mediaId === 'object') return all(dispatches, mediaId.refused);
    const path = '/topapi/message/corpconversation/asyncsend_v2';
    const userIds = dispatches.map(receiverOf);
    const body = {
      agent_id: Number(settings.agentId),
      userid_list: userIds.join(','),
      to_all_user: false,
      msg: encodeNotice(message.card, mediaId),
    };
    const json = await client.oapi({ method: 'POST', path, body });
    const { task_id: taskId } = parse(workAnswer, { json }, path);
    // It says yes to everything; what it dropped is told by `getsendresult`.
    return userIds.map((userId) => ({
      kind: 'accepted',
      platformMessageId: nameOf({ kind: 'work', taskId, userId }),
    }));
  }

  return async function send(dispatches: readonly Dispatch[], way: string): Promise<SendResult[]> {
    if (dispatches.length === 0) return [];
    switch (way) {
      case WAYS.many:
      case WAYS.one:
        return toPeople(dispatches);
      case WAYS.group:
        return toGroup(dispatches);
      case WAYS.work:
        return asWorkNotice(dispatches);
      case WAYS.card:
        return [await deps.sendCard(dispatches[0] as Dispatch)];
      case WAYS.session:
        return [await deps.sendInSession(dispatches[0] as Dispatch)];
      default:
        throw new RangeError(`DingTalk has no way ${way}`);
    }
  };
}

const GROUP_GONE = new Set([
  'invalid.openConversationId',
  'group.disbanded',
  'resource.not.found',
  'conversation.org.notMatch',
  'bot.stopped',
]);

const paramsOf = ({ msgKey, msgParam }: RobotMessage) => ({ msgKey, msgParam: JSON.stringify(msgParam) });

export const receiverOf = ({ to }: Dispatch): string => (to.kind === 'person' ? to.platformId : to.chatId);

const all = (dispatches: readonly Dispatch[], reason: string): SendResult[] =>
  dispatches.map(() => ({ kind: 'refused', reason }));

const pathIn = (message: SealedMessage): string | undefined =>
  message.kind === 'image' ? message.path : message.kind === 'card' ? message.card.image?.path : undefined;

/** What everybody in a call gets. The sealed ids of buttons may differ as long as nobody can tell. */
function sameMessage(dispatches: readonly Dispatch[], place: 'person' | 'group'): SealedMessage {
  const first = (dispatches[0] as Dispatch).message;
  const look = (message: SealedMessage) =>
    JSON.stringify(message.kind === 'file' ? message : encodeTalk(message, place, pathIn(message)));
  if (dispatches.length > 1) {
    const right = look(first);
    if (dispatches.some(({ message }) => look(message) !== right))
      throw new TypeError('one call carries one message for all');
  }
  return first;
}
