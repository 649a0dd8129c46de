import { type Config, loadConfig } from '#src/config.ts';
import { UserError } from '#src/kernel/errors.ts';

export const FEISHU = { CUHUO_FEISHU_APP_ID: 'cli_1', CUHUO_FEISHU_APP_SECRET: 's1' };
export const WECOM = {
  CUHUO_WECOM_CORP_ID: 'ww1',
  CUHUO_WECOM_AGENT_ID: '1000002',
  CUHUO_WECOM_SECRET: 's2',
  CUHUO_WECOM_TOKEN: 't2',
  CUHUO_WECOM_AES_KEY: 'a'.repeat(43),
};
export const WECOM_BOT = { CUHUO_WECOM_BOT_ID: 'b1', CUHUO_WECOM_BOT_SECRET: 's3' };
export const DINGTALK = {
  CUHUO_DINGTALK_CLIENT_ID: 'ding1',
  CUHUO_DINGTALK_CLIENT_SECRET: 's4',
  CUHUO_DINGTALK_CORP_ID: 'dingcorp',
  CUHUO_DINGTALK_ROBOT_CODE: 'ding1',
  CUHUO_DINGTALK_AGENT_ID: '42',
};

export function missing(path: string): never {
  throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
}

/** The config of these variables and, where it is given, this YAML at the default path. */
export function load(env: NodeJS.ProcessEnv, yaml?: string): Config {
  return loadConfig(env, { readFile: (path) => yaml ?? missing(path) });
}

/** The lines of the one message that these settings get; fails when they are accepted. */
export function problemsOf(env: NodeJS.ProcessEnv, yaml?: string): string[] {
  try {
    load(env, yaml);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [title, ...lines] = error.message.split('\n');
    if (title !== 'Invalid configuration:') throw error;
    return lines.map((line) => line.trim());
  }
  throw new Error('these settings were accepted');
}
