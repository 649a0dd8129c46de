import { messageOf, PlatformError } from '../../kernel/errors.ts';

/** Where an administrator finds what is to be done, in the words of Feishu's developer console. */
const CONSOLE = 'open.feishu.cn/app';

/** One sentence a code: what happened, why, what to do. */
const ADVICE: Readonly<Record<string, string>> = {
  '10003': 'Feishu does not know the app id; copy it from 凭证与基础信息 into CUHUO_FEISHU_APP_ID',
  '10014': 'Feishu refuses the app secret; copy it from 凭证与基础信息 into CUHUO_FEISHU_APP_SECRET',
  '514': 'Feishu refuses app id and secret for the long connection; copy both from 凭证与基础信息',
  '1000040350':
    'more than 50 processes hold a long connection of this app; stop those that are not needed, or use another app for tests',
  '1000040351':
    'the app belongs to Lark, the address to Feishu, or the other way round; mend CUHUO_FEISHU_BASE_URL',
  '99991401':
    'Feishu refuses our IP address; add the address by which this server reaches the internet to 安全设置 → IP 白名单',
  '99991672':
    'the app lacks an API scope; add it under 权限管理, then create and publish a version under 版本管理与发布',
  '99991662': 'the app is switched off; switch it on in the admin console under 应用管理',
  '99991673': 'the app is not usable at present; look at its state in the admin console under 应用管理',
  '99991403':
    'the calls that the tenant may make this month are used up; more come with a larger plan or next month',
  '230006':
    'the app has no bot, or the version that has it is not published; add 机器人 under 添加应用能力 and publish a version',
  '40004': 'the app may not see any department; widen 权限管理 → 通讯录权限范围, then publish a version',
  '40014':
    'the app may not see the whole company; widen 权限管理 → 通讯录权限范围, or leave it at single departments',
  '41050': 'the app may not see this person; widen 权限管理 → 通讯录权限范围',
};

/** The sentence for whatever stopped us. */
export function adviceOn(error: unknown): string {
  if (!(error instanceof PlatformError)) return messageOf(error);
  return adviceForCode(error.platformCode) ?? unknown(error);
}

export const adviceForCode = (code: string): string | undefined => ADVICE[code];

function unknown({ call, platformCode, fate }: PlatformError): string {
  const noAnswer = fate === 'retry' && !/^-?\d+$/.test(platformCode);
  return noAnswer
    ? `Feishu does not answer (${platformCode}); check CUHUO_FEISHU_BASE_URL and the way to it`
    : `Feishu answers ${call} with ${platformCode}; look the code up at ${CONSOLE}`;
}
