import { type Command, oneByOne } from '../../chat/command.ts';
import { card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import type { Feature } from '../feature.ts';
import { text } from './access.text.ts';

export interface AccessDeps {
  /** Makes the link that lets this employee in once; links made for them before no longer work. */
  linkFor: (tx: Db, employee: { employeeId: string; name: string }) => Promise<string>;
}

/** The way into the console for people with a role: a one-time link, always in a private chat. */
export function access(deps: AccessDeps): Feature {
  return { name: 'access', commands: [consoleCommand(deps)] };
}

function consoleCommand({ linkFor }: AccessDeps): Command {
  return {
    name: 'access.console',
    permission: 'console.use',
    words: ['控制台', '登录控制台', '打开控制台', '管理后台', '后台', 'console', 'sign in', 'login'],
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne(async (tx, { actor: { employeeId, name, locale } }) => {
      const t = text[locale];
      const link = await linkFor(tx, { employeeId, name });
      return { messages: [card({ title: t.title, body: t.body(link), footer: t.footer })], inPrivate: true };
    }),
  };
}
