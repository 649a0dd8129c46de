import type { Handler } from './calls.ts';
import { ApiRefusal, invalid, OapiRefusal } from './refusals.ts';
import { DAY_MS } from './settings.ts';
import { opaque, put, type SimulatedMessage, type State } from './state.ts';
import { listOf, objectIn, recordOf, say, textOf } from './values.ts';

/** Keys that the parameters of each kind of robot message must have. */
const TEMPLATES: Record<string, readonly string[]> = {
  sampleText: ['content'],
  sampleMarkdown: ['title', 'text'],
  sampleImageMsg: ['photoURL'],
  sampleLink: ['title', 'text', 'picUrl', 'messageUrl'],
  sampleActionCard: ['title', 'text', 'singleTitle', 'singleURL'],
  sampleFile: ['mediaId', 'fileName', 'fileType'],
};
const FILE_TYPES = ['xlsx', 'pdf', 'zip', 'rar', 'doc', 'docx'];
const MOST_RECEIVERS = 20;
const MOST_PARAM_BYTES = 15_000;

function checkRobot(state: State, body: Record<string, unknown>): void {
  if (textOf(body, 'robotCode', 'invalidParameter.robotCode.empty') !== state.settings.robotCode)
    throw invalid('invalidParameter.robotCode.notExsit', '机器人不存在');
}

function messageIn(state: State, body: Record<string, unknown>): Pick<SimulatedMessage, 'type' | 'content'> {
  const msgKey = textOf(body, 'msgKey', 'invalidParameter.msgKey.empty');
  const needed = TEMPLATES[msgKey];
  if (needed === undefined) throw invalid('invalidParameter.msgKey.invalid', 'msgKey不合法');
  const content = objectIn(body['msgParam']);
  if (content === undefined) throw invalid('invalidParameter.msgParam.invalid', 'msgParam不是合法的JSON');
  if (Buffer.byteLength(say(body['msgParam'])) > MOST_PARAM_BYTES)
    throw invalid('invalidParameter.msgParam.tooLong', 'msgParam过长');
  for (const key of needed)
    if (typeof content[key] !== 'string' || content[key] === '')
      throw invalid(`miss.param.${key}`, `缺少${key}`);
  checkPictures(state, msgKey, content);
  if (msgKey === 'sampleFile') {
    if (!FILE_TYPES.includes(say(content['fileType'])) || !state.media.has(say(content['mediaId'])))
      throw invalid('invalidParameter.msgParam.invalid', '文件不合法');
  }
  return { type: msgKey, content };
}

/** A picture is named by an address on the web or by the media id of an upload. */
function checkPictures(state: State, msgKey: string, content: Record<string, unknown>): void {
  const named =
    msgKey === 'sampleImageMsg' ? [say(content['photoURL'])] : picturesIn(say(content['text'] ?? ''));
  for (const name of named)
    if (!isPicture(state, name)) throw invalid('invalidParameter.msgParam.invalid', '图片不合法');
}

export const picturesIn = (markdown: string): string[] =>
  [...markdown.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, target = '']) => target);

export const isPicture = (state: State, name: string): boolean =>
  /^https?:\/\//.test(name) || state.media.get(name)?.type === 'image';

/** Messages of the robot: to people, to groups, and back within a session. */
export function robotHandlers(state: State): Record<string, Handler> {
  const { now } = state.settings;

  function known(key: string): SimulatedMessage[] {
    const messages = state.byKey.get(key);
    const first = messages?.[0];
    if (messages === undefined || first === undefined) throw invalid('invalid.processQueryKey', 'key不合法');
    if (now() - first.sentAt > DAY_MS) throw invalid('processQueryKey.expireTime', 'key已过期');
    return messages;
  }

  const recall: Handler = ({ body }) => {
    checkRobot(state, body);
    const successResult: string[] = [];
    const failedResult: Record<string, string> = {};
    const keys = listOf(body, 'processQueryKeys', 'invalidParameter.processQueryKeys.empty');
    if (keys.length > MOST_RECEIVERS) throw invalid('invalidParameter.processQueryKeys.overMax', '超过20个');
    for (const key of keys) {
      const messages = state.byKey.get(key) ?? [];
      const sentAt = messages[0]?.sentAt;
      if (sentAt === undefined) failedResult[key] = 'invalid.processQueryKey';
      else if (now() - sentAt > DAY_MS) failedResult[key] = 'robot.processQueryKey.expired';
      else {
        for (const message of messages) message.recalled = true;
        successResult.push(key);
      }
    }
    return { successResult, failedResult };
  };

  return {
    'POST /v1.0/robot/oToMessages/batchSend': ({ body }) => {
      checkRobot(state, body);
      const userIds = listOf(body, 'userIds', 'invalidParameter.userIds.empty');
      if (userIds.length > MOST_RECEIVERS)
        throw invalid('invalidParameter.userIds.overMax', '用户数超过上限');
      const message = messageIn(state, body);
      const key = opaque('');
      const invalidStaffIdList = userIds.filter((id) => !state.people.has(id));
      const flowControlledStaffIdList = userIds.filter((id) => state.flowControlled.has(id));
      for (const userid of new Set(userIds)) {
        if (invalidStaffIdList.includes(userid) || flowControlledStaffIdList.includes(userid)) continue;
        put(state, {
          ...message,
          key,
          shelf: `chat:${userid}`,
          kind: 'robot',
          sentAt: now(),
          readBy: new Set(),
          recalled: false,
        });
      }
      if (!state.byKey.has(key)) state.byKey.set(key, []);
      return { processQueryKey: key, invalidStaffIdList, flowControlledStaffIdList };
    },

    'GET /v1.0/robot/oToMessages/readStatus': ({ query }) => {
      checkRobot(state, { robotCode: query.get('robotCode') });
      const messages = known(query.get('processQueryKey') ?? '');
      return {
        sendStatus: messages.every(({ recalled }) => recalled) ? 'RECALLED' : 'SUCCESS',
        messageReadInfoList: messages.map(({ shelf, readBy }) => {
          const userId = shelf.slice('chat:'.length);
          const readStatus = readBy.has(userId) ? 'READ' : 'UNREAD';
          return { name: state.people.get(userId)?.name ?? '', userId, readStatus, readTimestamp: 0 };
        }),
      };
    },

    'POST /v1.0/robot/otoMessages/batchRecall': recall,
    'POST /v1.0/robot/groupMessages/recall': recall,

    'POST /v1.0/robot/groupMessages/send': ({ body }) => {
      checkRobot(state, body);
      const id = textOf(body, 'openConversationId', 'miss.openConversationId');
      const group = state.groups.get(id);
      if (group === undefined) throw invalid('invalid.openConversationId', '群不存在');
      if (!group.hasBot) throw invalid('resource.not.found', '机器人不在群内');
      const key = opaque('');
      const message = messageIn(state, body);
      put(state, {
        ...message,
        key,
        shelf: `group:${id}`,
        kind: 'robot',
        sentAt: now(),
        readBy: new Set(),
        recalled: false,
      });
      return { processQueryKey: key };
    },

    'POST /v1.0/robot/groupMessages/query': ({ body }) => {
      checkRobot(state, body);
      const [message] = known(textOf(body, 'processQueryKey', 'invalid.processQueryKey'));
      const readUserIds = [...(message?.readBy ?? [])];
      return { sendStatus: message?.recalled ? 'RECALLED' : 'SUCCESS', readUserIds, hasMore: false };
    },

    'POST /robot/sendBySession': ({ query, body }) => {
      const session = state.sessions.get(query.get('session') ?? '');
      if (session === undefined) throw new OapiRefusal(300005, 'session 不存在');
      if (session.until <= now()) throw new ApiRefusal(500, 'session.expired', 'session expired');
      const type = say(body['msgtype']);
      const content = recordOf(body[type]);
      const needed: Record<string, string> = { text: 'content', markdown: 'text' };
      if (typeof content[needed[type] ?? ''] !== 'string') throw new OapiRefusal(40035, '不合法的参数');
      put(state, {
        key: opaque('session'),
        shelf: session.shelf,
        kind: 'session',
        type,
        content,
        sentAt: now(),
        readBy: new Set(),
        recalled: false,
      });
      return {};
    },
  };
}
