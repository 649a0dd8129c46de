/** Short links and QR codes of posters and stickers, and what they bring: the door of the slice. */
import { type Command, oneByOne } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Feature } from '../feature.ts';
import { linkByCode, noteArrival } from './links.service.ts';
import { text } from './links.text.ts';

export { linkProblems } from './links.problems.ts';

/** 扫码 K7Q2MF3: somebody came by a poster. */
function scanCommand(): Command {
  return {
    name: 'links.scan',
    words: ['扫码', 'scan'],
    // Seven signs, or what may be a slip of them; 扫码登录失败 is a question.
    takesArgument: (argument) =>
      /^(?=.*\d|[a-hj-km-np-z]{7}$)[a-z\d]{6,8}$/.test(argument.replace(/\s/g, '')),
    permission: 'me.use',
    help: undefined,
    answer: oneByOne(async (tx, { actor, argument, at }) => {
      const t = text[actor.locale];
      const link = await linkByCode(tx, argument.replace(/\s/g, ''));
      if (link === undefined) return { messages: [words(t.unknown)] };
      if (link.retiredAt !== null) return { messages: [words(t.over)] };
      const isFirst = await noteArrival(tx, link.code, actor.employeeId, at);
      return { messages: [words(isFirst ? t.welcome : t.again)] };
    }),
  };
}

export function links(): Feature {
  return { name: 'links', commands: [scanCommand()] };
}
