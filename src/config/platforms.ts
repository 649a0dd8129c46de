import type { Environment, VariableName } from './environment.ts';

export interface FeishuSettings {
  appId: string;
  appSecret: string;
  encryptKey: string | undefined;
  verificationToken: string | undefined;
  baseUrl: string;
  mode: 'websocket' | 'webhook';
}

export interface WecomSettings {
  corpId: string;
  agentId: string;
  secret: string;
  token: string;
  aesKey: string;
  baseUrl: string;
  contactSecret: string | undefined;
  /** Whole addresses of group pushes by the name that addresses give them. */
  groupWebhooks: Record<string, string>;
}

export interface WecomBotSettings {
  id: string;
  secret: string;
  wsUrl: string;
}

export interface DingtalkSettings {
  clientId: string;
  clientSecret: string;
  corpId: string;
  robotCode: string;
  agentId: string;
  cardTemplateId: string | undefined;
  token: string | undefined;
  aesKey: string | undefined;
  baseUrl: string;
  oapiBaseUrl: string;
  mode: 'stream' | 'webhook';
  /** What the organisation's plan allows in a natural month: metered calls, and stream and webhook messages. */
  callsAMonth: number;
  messagesAMonth: number;
}

/** A platform is either absent or has everything it needs. */
export interface Platforms {
  feishu: FeishuSettings | undefined;
  wecom: WecomSettings | undefined;
  wecomBot: WecomBotSettings | undefined;
  dingtalk: DingtalkSettings | undefined;
}

type Given = Partial<Record<VariableName, string>>;

interface Group {
  platform: keyof Platforms;
  label: string;
  needs: readonly VariableName[];
  /** Needed as well where this variable says `webhook`: what arrives over HTTP must be verified. */
  webhook?: { mode: VariableName; needs: readonly VariableName[] };
  mayHave: readonly VariableName[];
  addresses: readonly VariableName[];
}

const groups: readonly Group[] = [
  {
    platform: 'feishu',
    label: 'Feishu',
    needs: ['CUHUO_FEISHU_APP_ID', 'CUHUO_FEISHU_APP_SECRET'],
    webhook: {
      mode: 'CUHUO_FEISHU_MODE',
      needs: ['CUHUO_FEISHU_ENCRYPT_KEY', 'CUHUO_FEISHU_VERIFICATION_TOKEN'],
    },
    mayHave: [],
    addresses: ['CUHUO_FEISHU_BASE_URL'],
  },
  {
    platform: 'wecom',
    label: 'the WeCom app',
    needs: [
      'CUHUO_WECOM_CORP_ID',
      'CUHUO_WECOM_AGENT_ID',
      'CUHUO_WECOM_SECRET',
      'CUHUO_WECOM_TOKEN',
      'CUHUO_WECOM_AES_KEY',
    ],
    mayHave: ['CUHUO_WECOM_CONTACT_SECRET', 'CUHUO_WECOM_GROUP_WEBHOOKS'],
    addresses: ['CUHUO_WECOM_BASE_URL'],
  },
  {
    platform: 'wecomBot',
    label: 'the WeCom robot',
    needs: ['CUHUO_WECOM_BOT_ID', 'CUHUO_WECOM_BOT_SECRET'],
    mayHave: [],
    addresses: ['CUHUO_WECOM_BOT_WS_URL'],
  },
  {
    platform: 'dingtalk',
    label: 'DingTalk',
    needs: [
      'CUHUO_DINGTALK_CLIENT_ID',
      'CUHUO_DINGTALK_CLIENT_SECRET',
      'CUHUO_DINGTALK_CORP_ID',
      'CUHUO_DINGTALK_ROBOT_CODE',
      'CUHUO_DINGTALK_AGENT_ID',
    ],
    webhook: { mode: 'CUHUO_DINGTALK_MODE', needs: ['CUHUO_DINGTALK_TOKEN', 'CUHUO_DINGTALK_AES_KEY'] },
    mayHave: [
      'CUHUO_DINGTALK_CARD_TEMPLATE_ID',
      'CUHUO_DINGTALK_CALLS_A_MONTH',
      'CUHUO_DINGTALK_MESSAGES_A_MONTH',
    ],
    addresses: ['CUHUO_DINGTALK_BASE_URL', 'CUHUO_DINGTALK_OAPI_BASE_URL'],
  },
];

/** One line for each variable that a half-given platform still needs. */
export function groupProblems(env: Given): string[] {
  return groups.filter((group) => isGiven(group, env)).flatMap((group) => missingFrom(group, env));
}

function missingFrom(group: Group, env: Given): string[] {
  const forWebhook =
    group.webhook !== undefined && env[group.webhook.mode] === 'webhook' ? group.webhook.needs : [];
  return [...group.needs, ...forWebhook]
    .filter((name) => env[name] === undefined)
    .map((name) => `${name}: is missing; ${group.label} is set up in part, so give this too or none of it`);
}

function isGiven(group: Group, env: Given): boolean {
  const webhook = group.webhook === undefined ? [] : [group.webhook.mode, ...group.webhook.needs];
  return [...group.needs, ...webhook, ...group.mayHave, ...group.addresses].some(
    (name) => env[name] !== undefined,
  );
}

/** Hosts where real people are: a clock that jumps must not speak to them. */
const PRODUCTION = /(^|\.)(feishu\.cn|larksuite\.com|weixin\.qq\.com|dingtalk\.com)$/;

/** The address variables of set-up platforms that lead to real people. */
export function productionAddresses(env: Given, parsed: Environment): VariableName[] {
  return groups
    .filter((group) => isGiven(group, env))
    .flatMap((group) => group.addresses)
    .filter((name) => {
      const address = parsed[name];
      return typeof address === 'string' && PRODUCTION.test(new URL(address).hostname);
    });
}

/** Call it only when `groupProblems` found none: a platform without its names is then one that nobody asked for. */
export function platformsOf(env: Environment): Platforms {
  return { feishu: feishuOf(env), wecom: wecomOf(env), wecomBot: wecomBotOf(env), dingtalk: dingtalkOf(env) };
}

function feishuOf(env: Environment): FeishuSettings | undefined {
  const { CUHUO_FEISHU_APP_ID: appId, CUHUO_FEISHU_APP_SECRET: appSecret } = env;
  if (appId === undefined || appSecret === undefined) return undefined;
  return {
    appId,
    appSecret,
    encryptKey: env.CUHUO_FEISHU_ENCRYPT_KEY,
    verificationToken: env.CUHUO_FEISHU_VERIFICATION_TOKEN,
    baseUrl: env.CUHUO_FEISHU_BASE_URL,
    mode: env.CUHUO_FEISHU_MODE,
  };
}

function wecomOf(env: Environment): WecomSettings | undefined {
  const { CUHUO_WECOM_CORP_ID: corpId, CUHUO_WECOM_AGENT_ID: agentId, CUHUO_WECOM_SECRET: secret } = env;
  const { CUHUO_WECOM_TOKEN: token, CUHUO_WECOM_AES_KEY: aesKey } = env;
  if (corpId === undefined || agentId === undefined || secret === undefined) return undefined;
  if (token === undefined || aesKey === undefined) return undefined;
  const { CUHUO_WECOM_BASE_URL: baseUrl, CUHUO_WECOM_CONTACT_SECRET: contactSecret } = env;
  const groupWebhooks = env.CUHUO_WECOM_GROUP_WEBHOOKS ?? {};
  return { corpId, agentId, secret, token, aesKey, baseUrl, contactSecret, groupWebhooks };
}

function wecomBotOf(env: Environment): WecomBotSettings | undefined {
  const { CUHUO_WECOM_BOT_ID: id, CUHUO_WECOM_BOT_SECRET: secret } = env;
  if (id === undefined || secret === undefined) return undefined;
  return { id, secret, wsUrl: env.CUHUO_WECOM_BOT_WS_URL };
}

function dingtalkOf(env: Environment): DingtalkSettings | undefined {
  const { CUHUO_DINGTALK_CLIENT_ID: clientId, CUHUO_DINGTALK_CLIENT_SECRET: clientSecret } = env;
  const { CUHUO_DINGTALK_CORP_ID: corpId, CUHUO_DINGTALK_ROBOT_CODE: robotCode } = env;
  const { CUHUO_DINGTALK_AGENT_ID: agentId } = env;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  if (corpId === undefined || robotCode === undefined || agentId === undefined) return undefined;
  return {
    clientId,
    clientSecret,
    corpId,
    robotCode,
    agentId,
    cardTemplateId: env.CUHUO_DINGTALK_CARD_TEMPLATE_ID,
    token: env.CUHUO_DINGTALK_TOKEN,
    aesKey: env.CUHUO_DINGTALK_AES_KEY,
    baseUrl: env.CUHUO_DINGTALK_BASE_URL,
    oapiBaseUrl: env.CUHUO_DINGTALK_OAPI_BASE_URL,
    mode: env.CUHUO_DINGTALK_MODE,
    callsAMonth: env.CUHUO_DINGTALK_CALLS_A_MONTH,
    messagesAMonth: env.CUHUO_DINGTALK_MESSAGES_A_MONTH,
  };
}
