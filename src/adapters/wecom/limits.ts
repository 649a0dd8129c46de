import type { ChannelLimits } from '../../chat/adapter.ts';
import type { Address, SealedMessage } from '../../chat/message.ts';
import type { BusyMinutes, Quota, Way } from '../../chat/quota.ts';

const read = (page: number | string): string =>
  `developer.work.weixin.qq.com/document/path/${page}, read 2026-11-22`;

/** Text and markdown of message/send and appchat/send: 2,048 bytes. Source: path/90236. */
export const TEXT_BYTES = 2048;
/** Markdown of a group push: 4,096 bytes, refused beyond. Source: path/99110. */
export const WEBHOOK_BYTES = 4096;
/** Markdown of the robot: 20,480 bytes. Source: path/101463. */
export const ROBOT_BYTES = 20_480;
/** Every file has more than 5 bytes and at most 20 MB. Source: path/90253. */
export const FILE_BYTES = { moreThan: 5, atMost: 20 * 1024 * 1024 } as const;

export const limits: ChannelLimits = { maxTextBytes: TEXT_BYTES, maxCardBytes: TEXT_BYTES };

/** One call takes so many members. Source: path/90236. */
export const MEMBERS_A_CALL = 1000;

export const WAYS = {
  many: 'message/send',
  one: 'message/send to one',
  robot: 'aibot_send_msg',
  appchat: 'appchat/send',
  webhook: 'webhook/send',
} as const;

/** Chats of the robot keep the id that WeCom gives them; the two others say what they are. */
export const APPCHAT = 'appchat:';
export const WEBHOOK = 'webhook:';

export function groupWayOf(chatId: string): string {
  if (chatId.startsWith(APPCHAT)) return WAYS.appchat;
  return chatId.startsWith(WEBHOOK) ? WAYS.webhook : WAYS.robot;
}

/** A person is reached by the app; a group by whatever its address says. */
export function waysOf(options: { robot: boolean; webhooks: readonly string[] }): Way[] {
  const toPerson = (_message: SealedMessage, to: Address) => to.kind === 'person';
  const toGroup = (name: string) => (_message: SealedMessage, to: Address) =>
    to.kind === 'group' && groupWayOf(to.chatId) === name;
  const group = { batchSize: 1, repeatsSafely: false, serves: 'bulk' } as const;
  const person = { repeatsSafely: true, takes: toPerson } as const;
  return [
    { name: WAYS.many, batchSize: MEMBERS_A_CALL, serves: 'bulk', ...person },
    { name: WAYS.one, batchSize: 1, serves: 'single', ...person },
    ...(options.robot ? [{ name: WAYS.robot, ...group, takes: toGroup(WAYS.robot) }] : []),
    { name: WAYS.appchat, ...group, takes: toGroup(WAYS.appchat) },
    ...(options.webhooks.length > 0 ? [{ name: WAYS.webhook, ...group, takes: toGroup(WAYS.webhook) }] : []),
  ];
}

/**
 * What one member may get from the app: 30 a minute and 1,000 an hour; the rest is dropped without a word. We plan
 * with less, because an answer to a press (which WeCom cannot show as a toast) goes out at once, beside the queue.
 */
export const MEMBER = {
  minute: { most: 30, forTaps: 5 },
  hour: { most: 1000, forTaps: 100 },
} as const;

/** One call to a thousand people counts a thousand times. Source: path/90312. */
const TIMES_A_DAY_PER_ACCOUNT = 200;

export function quotasOf(accountLimit: number): Quota[] {
  const app = [WAYS.many, WAYS.one];
  const perMember = { ways: app, counts: 'recipients', per: 'person', beyond: 'dropped' } as const;
  const robot = { ways: [WAYS.robot], counts: 'calls', per: 'group', beyond: 'refused' } as const;
  return [
    {
      name: 'message/send to a member a minute',
      ...perMember,
      most: MEMBER.minute.most - MEMBER.minute.forTaps,
      window: { seconds: 60 },
      source: `${read(90236)}: 30, of which 5 are kept for answers to presses`,
    },
    {
      name: 'message/send to a member an hour',
      ...perMember,
      most: MEMBER.hour.most - MEMBER.hour.forTaps,
      window: { seconds: 3600 },
      source: `${read(90236)}: 1,000, of which 100 are kept for answers to presses`,
    },
    {
      name: 'message/send a day',
      ways: app,
      counts: 'recipients',
      per: 'account',
      most: accountLimit * TIMES_A_DAY_PER_ACCOUNT,
      window: { calendar: 'day', zone: 'Asia/Shanghai' },
      beyond: 'refused',
      source: `${read(90312)}: account limit × 200`,
    },
    {
      name: 'aibot_send_msg to a chat a minute',
      ...robot,
      most: 30,
      window: { seconds: 60 },
      source: read(101463),
    },
    {
      name: 'aibot_send_msg to a chat an hour',
      ...robot,
      most: 1000,
      window: { seconds: 3600 },
      source: read(101463),
    },
    {
      name: 'webhook/send a minute',
      ways: [WAYS.webhook],
      counts: 'calls',
      per: 'group',
      most: 20,
      window: { seconds: 60 },
      beyond: 'refused',
      source: read(99110),
    },
    {
      name: 'appchat/send to a chat a minute',
      ways: [WAYS.appchat],
      counts: 'calls',
      per: 'group',
      most: 200,
      window: { seconds: 60 },
      beyond: 'dropped',
      source: `${read(90248)}: 200 to one member over all chats of the app`,
    },
    {
      name: 'appchat/send calls a minute',
      ways: [WAYS.appchat],
      counts: 'calls',
      per: 'account',
      most: 10,
      window: { seconds: 60 },
      beyond: 'refused',
      source: `${read(90248)}: 20,000 person-times, and a chat may have 2,000 members`,
    },
  ];
}

/** Source: path/90236: sends at the full and half hour are delayed by the rush. */
export const avoid: BusyMinutes = { minutes: [0, 30], seconds: 60, source: read(90236) };
