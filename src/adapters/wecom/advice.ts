import type { Fate } from '../../kernel/errors.ts';

interface Advice {
  fate: Fate;
  waitMs?: number;
  /** One sentence for whoever runs the app: what happened, why, what to do. */
  sentence?: string;
}

const MINUTE_MS = 60_000;
/** A wrong secret that is asked with again and again blocks our address for an hour. */
const ALARM_MS = 10 * MINUTE_MS;

const alarm = (sentence: string): Advice => ({ fate: 'wait', waitMs: ALARM_MS, sentence });
const never = (sentence?: string): Advice => ({
  fate: 'give-up',
  ...(sentence === undefined ? {} : { sentence }),
});

/**
 * What to do about a code. What is not in the table is a bug of ours or of the content, and is not repeated.
 * Source: developer.work.weixin.qq.com/document/path/90313, read 2026-11-22.
 */
const TABLE: Record<number, Advice> = {
  [-1]: { fate: 'retry' },
  6000: { fate: 'retry' },
  40001: alarm(
    'WeCom refuses the secret of the app; copy it again from 应用管理 → the app → Secret into CUHUO_WECOM_SECRET',
  ),
  40091: alarm('WeCom refuses the secret because the app is stopped; start the app in 应用管理'),
  40013: alarm('WeCom does not know the corp id; copy 企业ID from 我的企业 into CUHUO_WECOM_CORP_ID'),
  40056: alarm('WeCom does not know the agent id; copy AgentId of the app into CUHUO_WECOM_AGENT_ID'),
  301002: alarm(
    'the secret belongs to another app than the agent id; copy both from the same app in 应用管理 into CUHUO_WECOM_SECRET and CUHUO_WECOM_AGENT_ID',
  ),
  40014: { fate: 'sign-in' },
  42001: { fate: 'sign-in' },
  43012: alarm(
    'cards with buttons need a callback, and the app has none; set 接收消息 → API 接收 of the app to CUHUO_PUBLIC_URL/webhooks/wecom',
  ),
  45009: {
    fate: 'wait',
    waitMs: MINUTE_MS,
    sentence:
      'WeCom says that we call too often; we wait and go on, and wecom.accountLimit in the YAML file must not be larger than 账号上限',
  },
  45033: { fate: 'wait', waitMs: 5_000 },
  45035: { fate: 'wait', waitMs: 5_000 },
  45036: { fate: 'wait', waitMs: MINUTE_MS },
  48002: never(
    'WeCom does not let the app do this; app chats need the whole company (the root department) as the visible range of the app',
  ),
  48006: alarm('the app is suspended because it was not used; start it again in 应用管理'),
  50003: alarm('the app is disabled; enable it in 应用管理'),
  301007: alarm('the corporation is closed; ask WeCom'),
  60011: never(
    'the app may not see this person or department; widen 可见范围 of the app to the root department',
  ),
  60140: never('the card can no longer be changed; a new message says it instead'),
  86008: never('the group chat was not created by this app; only such chats can be written to'),
  93000: never('the group push is gone or its key is wrong; copy its address again from the group'),
  93004: never('the group push is disabled; enable it in the group'),
  93006: never('the robot is not in this group; add it there and mention it once'),
  93008: never('the robot is no longer in this group; add it again and mention it once'),
  846607: never('the robot may only speak where somebody has mentioned it; mention it once in the group'),
  853000: alarm(
    'WeCom refuses the robot; copy Bot ID and Secret again into CUHUO_WECOM_BOT_ID and CUHUO_WECOM_BOT_SECRET',
  ),
};

const IP_ADVICE = (ip: string): Advice => ({
  fate: 'wait',
  waitMs: MINUTE_MS,
  sentence: `WeCom does not let our address ${ip} call; add it in 应用管理 → the app → 企业可信IP, which takes effect after a minute`,
});

/** `errmsg` is used only for the address that it names, never to tell errors apart. */
export function adviceOn(errcode: number, errmsg = ''): Advice {
  if (errcode === 60_020)
    return IP_ADVICE(/from ip: ([\da-f.:]+)/i.exec(errmsg)?.[1] ?? '(see the log of WeCom)');
  return TABLE[errcode] ?? { fate: 'give-up' };
}
