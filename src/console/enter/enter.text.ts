const zh = {
  title: '进入控制台',
  about: '链接只能用一次。点下面的按钮，就登录好了。',
  enter: '进入控制台',
  again: '回到登录页',
  with: { feishu: '用飞书登录', wecom: '用企业微信登录', dingtalk: '用钉钉登录' } as Record<string, string>,
  problems: {
    expired: '链接用过或过期了。私聊促活机器人发“控制台”，再领一个就好。',
    'unknown-person': '通讯录里没有找到你，请联系管理员。',
    'no-role': '你还没有控制台的角色，请联系管理员开通。',
    cancelled: '登录已取消，可以重新来一次。',
    'platform-failed': '平台暂时没有回应，请稍后再试。',
    locked: '错误次数太多，请十分钟后再试。',
    unreachable: '连不上服务器，请稍后再试。',
  },
};

const en: typeof zh = {
  title: 'Enter the console',
  about: 'The link works once. Press the button and you are in.',
  enter: 'Enter the console',
  again: 'Back to signing in',
  with: { feishu: 'Sign in with Feishu', wecom: 'Sign in with WeCom', dingtalk: 'Sign in with DingTalk' },
  problems: {
    expired: 'The link was used or is too old. Say “console” to the bot in a private chat and get another.',
    'unknown-person': 'You were not found in the directory; please ask an administrator.',
    'no-role': 'You have no role in the console yet; please ask an administrator.',
    cancelled: 'Signing in was cancelled; you can try again.',
    'platform-failed': 'The platform did not answer; please try again later.',
    locked: 'Too many wrong tries; please wait ten minutes.',
    unreachable: 'The server cannot be reached; please try again later.',
  },
};

export const enterTexts = { 'zh-CN': zh, en };
