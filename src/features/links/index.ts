/** Short links and QR codes of posters and stickers, and what they bring: the door of the slice. */
import { type Command, oneByOne, type Turn } from '../../chat/command.ts';
import { type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import type { Feature } from '../feature.ts';
import { linkByCode, noteArrival } from './links.service.ts';
import { text } from './links.text.ts';

export { linkProblems } from './links.problems.ts';
export { createLink, funnelsOf } from './links.service.ts';

export interface LinksDeps {
  /** What else somebody gets who came by this code, such as the class that a poster is about. */
  cardsFor?: (tx: Db, turn: Turn, code: string) => Promise<Message[]>;
}

/** 扫码 K7Q2MF3: somebody came by a poster. */
function scanCommand({ cardsFor }: LinksDeps): Command {
  return {
    name: 'links.scan',
    words: ['扫码', 'scan'],
    // Seven signs, or what may be a slip of them; 扫码登录失败 is a question.
    takesArgument: (argument) =>
      /^(?=.*\d|[a-hj-km-np-z]{7}$)[a-z\d]{6,8}$/.test(argument.replace(/\s/g, '')),
    permission: 'me.use',
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const { actor, argument, at } = turn;
      const t = text[actor.locale];
      const link = await linkByCode(tx, argument.replace(/\s/g, ''));
      if (link === undefined) return { messages: [words(t.unknown)] };
      if (link.retiredAt !== null) return { messages: [words(t.over)] };
      const isFirst = await noteArrival(tx, link.code, actor.employeeId, at);
      const more = (await cardsFor?.(tx, turn, link.code)) ?? [];
      return { messages: [words(isFirst ? t.welcome : t.again), ...more] };
    }),
  };
}

export function links(deps: LinksDeps = {}): Feature {
  return { name: 'links', commands: [scanCommand(deps)] };
}
