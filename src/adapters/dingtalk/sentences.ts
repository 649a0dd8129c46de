import type { PlatformError } from '../../kernel/errors.ts';

/** What happened, why, and what to do, for the codes that an administrator can mend. */
const SENTENCES: readonly [RegExp, string][] = [
  [
    /^(invalidClientIdOrSecret|authFailed|40089)$/,
    'DingTalk does not know this app, because the client id or the secret is wrong or has a stray blank; copy both again from 凭证与基础信息 into CUHUO_DINGTALK_CLIENT_ID and _CLIENT_SECRET',
  ],
  [
    /^(InvalidAuthentication|40001|40014|42001)$/,
    'DingTalk refuses our token, because the app was disabled or its secret was reset; look at the app in the developer console',
  ],
  [
    /(AccessTokenPermissionDenied|^60011$|^43007$)/,
    'the app lacks a permission; apply for the permissions of docs/dingtalk.md under 权限管理, and publish the app again',
  ],
  [
    /(IpNotInWhiteList|^60020$)/,
    "DingTalk refuses calls from this server's address; add the outgoing address of this server to 服务器出口IP under 安全设置 of the app",
  ],
  [
    /^(50002|50004)$/,
    'somebody or some department is outside of what the app may see; widen 通讯录权限范围 under 权限管理 of the app',
  ],
  [
    /(ApiCountLimitForOrg|^90020$|^daily\.call\.limit$)/,
    'the organisation has used up its API calls of this month, with all its apps together; buy more in the developer console, or wait for the first of the month',
  ],
  [
    /^ip-blocked$/,
    'DingTalk blocks this address for five minutes, because it called too often; look for something else that calls DingTalk from here',
  ],
  [
    /notExsit$|^robot\.oto\.notExist$/,
    'DingTalk does not know the robot; copy its code from the page of the robot into CUHUO_DINGTALK_ROBOT_CODE, and publish the app',
  ],
  [
    /^40056$/,
    'DingTalk does not know this agent id; copy AgentId from 凭证与基础信息 into CUHUO_DINGTALK_AGENT_ID',
  ],
  [
    /^param\.template(NotExist|Unpublished)$/,
    'the card template does not exist or is not published; publish it in the card builder, and copy its id into CUHUO_DINGTALK_CARD_TEMPLATE_ID',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|TIMEOUT|NO_ANSWER)$/,
    'DingTalk cannot be reached from here; allow this server to connect to api.dingtalk.com, oapi.dingtalk.com and wss-open-connection.dingtalk.com on port 443',
  ],
];

export function sentenceOf({ platformCode, call }: Pick<PlatformError, 'platformCode' | 'call'>): string {
  const known = SENTENCES.find(([code]) => code.test(platformCode))?.[1];
  return known === undefined
    ? `DingTalk refuses ${call} with ${platformCode}; look the code up at open.dingtalk.com`
    : `${known} (${platformCode})`;
}
