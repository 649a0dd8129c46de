import { z } from 'zod';
import { nearest } from '../kernel/nearest.ts';

/** What is wrong with a variable, then what would be right. A message never repeats the value: it may be a secret. */
const must = (wrong: string, right: string) => `is not ${wrong}; give ${right}`;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: must('one of its words', words.join(', ')) });

const word = z.string().regex(/^\S+$/, must('one word', 'a value without spaces'));
const digits = z.string().regex(/^\d+$/, must('a number', 'the digits that the platform shows'));
const aesKey = z
  .string()
  .regex(/^[A-Za-z0-9]{43}$/, must('an AES key', 'the 43 letters and digits that the platform shows'));

/** An address with one of these protocols. */
const address = (protocols: readonly string[], example: string) =>
  z.string().refine((text) => hasProtocol(text, protocols), must('such an address', `one like ${example}`));

const base = (example: string) => address(['http:', 'https:'], example).transform(withoutSlash);

const count = z
  .string()
  .refine((text) => /^[1-9]\d{0,11}$/.test(text), { error: must('a count', 'a whole number from 1') })
  .transform(Number);

/** `name=https://…?key=…`, one or more, separated by blanks or line breaks. */
const webhooks = z
  .string()
  .transform((text) => text.split(/\s+/).filter((part) => part !== ''))
  .refine((parts) => parts.every((part) => /^[^=\s]{1,64}=https?:\/\/\S+[?&]key=\S+$/.test(part)), {
    error: must(
      'a list of group pushes',
      'name=address pairs separated by blanks, each address with its key',
    ),
  })
  .transform((parts) => Object.fromEntries(parts.map(namedAddress)));

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535, {
    error: must('a port', 'a whole number from 1 to 65535'),
  })
  .transform(Number);

const publicUrl = z
  .string()
  .refine((text) => hasProtocol(text, ['http:', 'https:']) && isOrigin(new URL(text)), {
    error: must('the address of a site', 'protocol, host and port only, such as https://cuhuo.example.com'),
  })
  .transform((text) => new URL(text).origin);

const secretKey = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]{43}=?$/.test(text), {
    error: must('32 bytes in base64', 'the output of: openssl rand -base64 32'),
  })
  .transform((text) => Buffer.from(text, 'base64'));

/** Every variable by name. What is absent here and starts with CUHUO_ stops the start. */
export const environmentSchema = z.object({
  HOST: word.default('127.0.0.1'),
  PORT: port.default(8787),
  DATABASE_URL: address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/cuhuo').optional(),
  REDIS_URL: address(['redis:', 'rediss:'], 'redis://host:6379').optional(),
  CUHUO_ROLE: oneOf(['all', 'web', 'worker']).default('all'),
  CUHUO_CONFIG: z.string().optional(),
  CUHUO_DATA_DIR: z.string().default('./var'),
  CUHUO_PUBLIC_URL: publicUrl.optional(),
  CUHUO_ADMIN_TOKEN: word.optional(),
  CUHUO_SECRET_KEY: secretKey.optional(),
  CUHUO_LOG_LEVEL: oneOf(logLevels).default('info'),
  CUHUO_CLOCK: oneOf(['system', 'manual']).default('system'),
  CUHUO_SANDBOX: oneOf(['on', 'off']).optional(),
  CUHUO_FAQ_EMBEDDING_KEY: word.optional(),
  CUHUO_FAQ_MODEL_KEY: word.optional(),
  CUHUO_FEISHU_APP_ID: word.optional(),
  CUHUO_FEISHU_APP_SECRET: word.optional(),
  CUHUO_FEISHU_ENCRYPT_KEY: word.optional(),
  CUHUO_FEISHU_VERIFICATION_TOKEN: word.optional(),
  CUHUO_FEISHU_BASE_URL: base('https://open.feishu.cn').default('https://open.feishu.cn'),
  CUHUO_FEISHU_MODE: oneOf(['websocket', 'webhook']).default('websocket'),
  CUHUO_WECOM_CORP_ID: word.optional(),
  CUHUO_WECOM_AGENT_ID: digits.optional(),
  CUHUO_WECOM_SECRET: word.optional(),
  CUHUO_WECOM_TOKEN: word.optional(),
  CUHUO_WECOM_AES_KEY: aesKey.optional(),
  CUHUO_WECOM_BASE_URL: base('https://qyapi.weixin.qq.com').default('https://qyapi.weixin.qq.com'),
  CUHUO_WECOM_CONTACT_SECRET: word.optional(),
  CUHUO_WECOM_GROUP_WEBHOOKS: webhooks.optional(),
  CUHUO_WECOM_BOT_ID: word.optional(),
  CUHUO_WECOM_BOT_SECRET: word.optional(),
  CUHUO_WECOM_BOT_WS_URL: address(['ws:', 'wss:'], 'wss://openws.work.weixin.qq.com')
    .transform(withoutSlash)
    .default('wss://openws.work.weixin.qq.com'),
  CUHUO_DINGTALK_CLIENT_ID: word.optional(),
  CUHUO_DINGTALK_CLIENT_SECRET: word.optional(),
  CUHUO_DINGTALK_CORP_ID: word.optional(),
  CUHUO_DINGTALK_ROBOT_CODE: word.optional(),
  CUHUO_DINGTALK_AGENT_ID: digits.optional(),
  CUHUO_DINGTALK_CARD_TEMPLATE_ID: word.optional(),
  CUHUO_DINGTALK_TOKEN: word.optional(),
  CUHUO_DINGTALK_AES_KEY: aesKey.optional(),
  CUHUO_DINGTALK_BASE_URL: base('https://api.dingtalk.com').default('https://api.dingtalk.com'),
  CUHUO_DINGTALK_OAPI_BASE_URL: base('https://oapi.dingtalk.com').default('https://oapi.dingtalk.com'),
  CUHUO_DINGTALK_MODE: oneOf(['stream', 'webhook']).default('stream'),
  // The standard (free) edition since 2025-11-19.
  CUHUO_DINGTALK_CALLS_A_MONTH: count.default(5_000),
  CUHUO_DINGTALK_MESSAGES_A_MONTH: count.default(3_000),
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;
export const variableNames = Object.keys(environmentSchema.shape) as VariableName[];

/** The variables that are set. An empty one counts as absent, because compose files pass `${NAME:-}` on. */
export function given(env: NodeJS.ProcessEnv): Partial<Record<VariableName, string>> {
  const names = variableNames.filter((name) => env[name] !== undefined && env[name] !== '');
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

export function unknownNameProblems(env: NodeJS.ProcessEnv): string[] {
  const names = Object.keys(env).filter((name) => name.startsWith('CUHUO_') && !isKnown(name));
  return names.map((name) => {
    const guess = guessFor(name);
    return `${name}: is not a known name${guess === undefined ? '' : `; the nearest is ${guess}`}`;
  });
}

/** `CUHUO_PORT` is no typo of `CUHUO_ROLE`: there the prefix is what is wrong. */
function guessFor(name: string): string | undefined {
  const bare = name.replace(/^CUHUO_/, '');
  return isKnown(bare) ? bare : nearest(name, variableNames);
}

function isKnown(name: string): name is VariableName {
  return (variableNames as readonly string[]).includes(name);
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

function namedAddress(part: string): [string, string] {
  const at = part.indexOf('=');
  return [part.slice(0, at), part.slice(at + 1)];
}

function isOrigin(url: URL): boolean {
  return (
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  );
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
