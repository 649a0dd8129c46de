import type { ChannelLimits } from '../../chat/adapter.ts';
import type { BusyMinutes, Quota, Way } from '../../chat/quota.ts';
import { fitsWorkNotice } from './encode.ts';
import { fitsTemplate } from './encode-card.ts';
import type { DingtalkSettings } from './settings.ts';

/** The endpoints that send, by the platform's names; one-to-one messages go to twenty at once, or to one alone. */
export const WAYS = {
  work: 'corpconversation/asyncsend_v2',
  many: 'robot/oToMessages/batchSend',
  one: 'robot/oToMessages/batchSend to one',
  group: 'robot/groupMessages/send',
  card: 'card/instances/createAndDeliver',
  session: 'robot/sendBySession',
} as const;

export interface DingtalkWay extends Way {
  /** Only for the answer to what somebody has just said: it needs their session and leaves no key behind. */
  answersOnly?: true;
}

/** A card that does not fit a template goes as a robot's message, whose parameters take 15,000 bytes as JSON. */
export const limits: ChannelLimits = {
  // D:the-robot-sends-a-group-message, page of 2025-10-21; one-to-one messages name no number.
  maxTextBytes: 12_000,
  maxCardBytes: 12_000,
};

/** Sources of batch sizes: see each. The robot's error text says 100, its parameter table and the global one say 20. */
export function waysOf({ cardTemplateId }: DingtalkSettings): DingtalkWay[] {
  const hasTemplate = cardTemplateId !== undefined;
  const asTemplate: Way['takes'] = (message) =>
    hasTemplate && message.kind === 'card' && message.card.buttons.length > 0 && fitsTemplate(message.card);
  const toPerson: Way['takes'] = (message, to) => to.kind === 'person' && !asTemplate(message, to);
  return [
    {
      // ≤ 20 userIds. D:chatbots-send-one-on-one-chat-messages-in-batches, page of 2026-04-22.
      name: WAYS.many,
      batchSize: 20,
      repeatsSafely: false,
      serves: 'bulk',
      takes: toPerson,
      saysWords: true,
    },
    {
      name: WAYS.one,
      batchSize: 1,
      repeatsSafely: false,
      serves: 'single',
      takes: toPerson,
      saysWords: true,
    },
    {
      name: WAYS.card,
      batchSize: 1,
      // The outTrackId is ours; a second card of the same id is refused as `param.cardAlreadyExist`.
      repeatsSafely: true,
      serves: 'single',
      takes: asTemplate,
    },
    {
      name: WAYS.group,
      batchSize: 1,
      repeatsSafely: false,
      serves: 'single',
      takes: (message, to) => to.kind === 'group' && !asTemplate(message, to),
      saysWords: true,
    },
    {
      // ≤ 100 userids. D:asynchronous-sending-of-enterprise-session-messages, page of 2026-05-29. What people can
      // answer belongs into the chat with the bot; a notice without buttons does not. Never for an answer: nobody looks
      // for one among the work notices, and the same words reach a person only once a day.
      name: WAYS.work,
      batchSize: 100,
      repeatsSafely: false,
      serves: 'bulk',
      takes: (message, to) => to.kind === 'person' && fitsWorkNotice(message),
    },
    {
      name: WAYS.session,
      batchSize: 1,
      repeatsSafely: false,
      serves: 'bulk',
      takes: (message, to) => message.kind !== 'file' && message.kind !== 'image' && !asTemplate(message, to),
      answersOnly: true,
      saysWords: true,
    },
  ];
}

const ZONE = 'Asia/Shanghai';
const BILLING =
  'D:dingtalk-application-development-platform-billing-model, page of 2026-05-09, read 2026-11-22';
const QPS = 'D:how-to-process-api-throttling-on-the-dingtalk-server, standard edition, read 2026-11-22';
const NOTICES = 'D:asynchronous-sending-of-enterprise-session-messages, page of 2026-05-29, read 2026-11-22';

const CALLS_A_SECOND = 20;

/** The name of the month's quota, to which calls that send nothing are added as well. */
export const METERED_CALLS = 'metered calls a month';
export const METERED_MESSAGES = 'webhook and stream messages a month';

export function quotasOf({ callsAMonth, messagesAMonth }: DingtalkSettings): Quota[] {
  const aSecond = (name: string, ways: readonly string[]): Quota => ({
    name,
    ways,
    counts: 'calls',
    per: 'account',
    most: CALLS_A_SECOND,
    window: { seconds: 1 },
    beyond: 'refused',
    source: QPS,
  });
  const month = { calendar: 'month', zone: ZONE } as const;
  const day = { calendar: 'day', zone: ZONE } as const;
  return [
    aSecond('batchSend a second', [WAYS.many, WAYS.one]),
    aSecond('groupMessages/send a second', [WAYS.group]),
    aSecond('createAndDeliver a second', [WAYS.card]),
    aSecond('asyncsend_v2 a second', [WAYS.work]),
    {
      name: METERED_CALLS,
      ways: [WAYS.work, WAYS.many, WAYS.one, WAYS.card, WAYS.group],
      counts: 'calls',
      per: 'account',
      most: callsAMonth,
      window: month,
      beyond: 'refused',
      source: BILLING,
    },
    {
      // What people send counts here too; the inbox knows how much that was.
      name: METERED_MESSAGES,
      ways: [WAYS.session],
      counts: 'calls',
      per: 'account',
      most: messagesAMonth,
      window: month,
      beyond: 'refused',
      source: BILLING,
    },
    {
      name: 'work notices of the same content to a person a day',
      ways: [WAYS.work],
      counts: 'same-content',
      per: 'person',
      most: 1,
      window: day,
      beyond: 'dropped',
      source: NOTICES,
    },
    {
      name: 'work notices to a person a day',
      ways: [WAYS.work],
      counts: 'calls',
      per: 'person',
      most: 500,
      window: day,
      beyond: 'dropped',
      source: NOTICES,
    },
    {
      name: 'receivers of work notices a minute',
      ways: [WAYS.work],
      counts: 'recipients',
      per: 'account',
      most: 5_000,
      window: { seconds: 60 },
      beyond: 'dropped',
      source: NOTICES,
    },
  ];
}

/** Not at the full hour, when every system of the country sends. */
export const avoid: BusyMinutes = {
  minutes: [0],
  seconds: 30,
  source: 'D:call-frequency-limit, read 2026-11-22: avoid the full hour',
};
