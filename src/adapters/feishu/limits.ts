import type { ChannelLimits } from '../../chat/adapter.ts';
import type { BusyMinutes, Quota, Way } from '../../chat/quota.ts';
import { hasStyle } from './markdown.ts';

/** What Feishu allows, as data. All pages below `https://open.feishu.cn/document`, read 2026-05-24. */
const RATES = 'https://open.feishu.cn/document/ukTMukTMukTM/uUzN04SN3QjL1cDN, read 2026-05-24';
const CREATE =
  'https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/create, read 2026-05-24';
const URGENT =
  'https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/urgent_app, read 2026-05-24';
const BATCH = 'https://open.feishu.cn/document/ukTMukTMukTM/ucDO1EjL3gTNx4yN4UTM, read 2026-05-24';

export const SINGLE = 'im/v1/messages';
/** A message to one person, and then 加急 within the app. */
export const RING = 'im/v1/messages/urgent_app';
export const BULK = 'message/v4/batch_send';

/** A request with text may have 150 KB; what a person is sent is cut long before that. Source: CREATE. */
export const TEXT_REQUEST_BYTES = 150_000;
/** Of a card the JSON as it is sent. Source: CREATE. */
export const CARD_BYTES = 30_000;
/** Source: /reference/im-v1/file/create, read 2026-05-24. */
export const FILE_BYTES = 30_000_000;

export const limits: ChannelLimits = { maxTextBytes: 100_000, maxCardBytes: CARD_BYTES };

export const ways: readonly Way[] = [
  {
    name: BULK,
    batchSize: 200,
    // There is no idempotency key, and no question by which a lost answer could be found again.
    repeatsSafely: false,
    serves: 'bulk',
    // It shows no styles in text, and a card that it sent cannot be replaced: plain notices.
    takes: (message, to) =>
      to.kind === 'person' &&
      (message.kind === 'image' ||
        (message.kind === 'text' && !hasStyle(message.text)) ||
        (message.kind === 'card' &&
          message.card.buttons.length === 0 &&
          !(message.card.inputs?.length ?? 0))),
  },
  {
    name: SINGLE,
    batchSize: 1,
    // By `uuid`, which Feishu keeps for one hour.
    repeatsSafely: true,
    repeatsForMs: 3_600_000,
    serves: 'single',
    takes: () => true,
  },
  {
    name: RING,
    batchSize: 1,
    repeatsSafely: true,
    repeatsForMs: 3_600_000,
    serves: 'single',
    rings: true,
    takes: (_message, to) => to.kind === 'person',
  },
];

const calls = { counts: 'calls', per: 'account', beyond: 'refused' } as const;

export const quotas: readonly Quota[] = [
  {
    ...calls,
    name: `${SINGLE} a second`,
    ways: [SINGLE, RING],
    most: 50,
    window: { seconds: 1 },
    source: RATES,
  },
  {
    ...calls,
    name: `${SINGLE} a minute`,
    ways: [SINGLE, RING],
    most: 1_000,
    window: { seconds: 60 },
    source: RATES,
  },
  { ...calls, name: `${RING} a second`, ways: [RING], most: 50, window: { seconds: 1 }, source: URGENT },
  { ...calls, name: `${RING} a minute`, ways: [RING], most: 1_000, window: { seconds: 60 }, source: URGENT },
  { ...calls, name: `${BULK} a second`, ways: [BULK], most: 50, window: { seconds: 1 }, source: BATCH },
  { ...calls, name: `${BULK} a minute`, ways: [BULK], most: 1_000, window: { seconds: 60 }, source: BATCH },
  {
    name: `${BULK} recipients a day`,
    ways: [BULK],
    counts: 'recipients',
    per: 'account',
    most: 500_000,
    window: { calendar: 'day', zone: 'Asia/Shanghai' },
    beyond: 'refused',
    source: BATCH,
  },
  {
    name: `${SINGLE} to one person a second`,
    ways: [SINGLE, RING],
    counts: 'calls',
    per: 'person',
    most: 5,
    window: { seconds: 1 },
    beyond: 'refused',
    source: CREATE,
  },
  {
    name: `${SINGLE} to one group a second`,
    ways: [SINGLE, RING],
    counts: 'calls',
    per: 'group',
    most: 5,
    window: { seconds: 1 },
    beyond: 'refused',
    source: CREATE,
  },
];

/** The platform answers 11232 (busy as a whole) at the full and the half hour. */
export const avoid: BusyMinutes = {
  minutes: [0, 30],
  seconds: 60,
  source: 'https://open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN, read 2026-05-24',
};
