/** Every sentence about getting into the console. */
const zh = {
  help: '`控制台`：领取登录控制台的一次性链接',
  title: '登录控制台',
  body: (link: string) => `[点这里打开控制台](${link})\n\n链接只能用一次，15 分钟内有效。请不要转发给别人。`,
  footer: '不是你要的？忽略就好，链接会自己失效。',
};

const en: typeof zh = {
  help: '`console`: a one-time link into the console',
  title: 'Sign in to the console',
  body: (link: string) =>
    `[Open the console](${link})\n\nThe link works once, within 15 minutes. Please do not pass it on.`,
  footer: 'Not you? Leave it be: the link ends by itself.',
};

export const text = { 'zh-CN': zh, en };
