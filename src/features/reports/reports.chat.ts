import { asksSomething } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, monthDays } from '../../kernel/time.ts';
import { inWords } from './reports.answer.ts';
import { holdsMoreThan } from './reports.approval.ts';
import { askedFor } from './reports.rules.ts';
import { type ExportDeps, requestExport } from './reports.service.ts';
import { text } from './reports.text.ts';

/** From so many rows on it takes longer than a person waits without a word: about a second. */
const LARGE = 20_000;

interface ExportCommandDeps extends Pick<ExportDeps, 'approval' | 'zone'> {
  begin: (exportId: string) => void;
  large?: number;
}

/** 导出打卡. `begin` is called with the export's id while the transaction is still open; it must not wait. */
export function exportCommand(deps: ExportCommandDeps): Command {
  return {
    name: 'reports.export',
    words: ['导出打卡', '导出打卡记录', '打卡导出', 'export checkins', 'export check-ins'],
    takesArgument: looksLikeMonth,
    permission: 'exports.make',
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne((tx, turn) => answer(tx, turn, deps)),
  };
}

const beginsWithMonth =
  /^(?:\d{4}\s?(?:[-‐-―./]|年)\s?\d{1,2}|\d{6}|本月|这个月|当月|上个?月|(?:this|last) month)(?:月份?)?(?=$|[\s,:;、。]|用途|用于|for)/;

/**
 * A month, with what the file is for behind it. Also what is no month, such as 2026-13 or 十三月: it gets a kind answer.
 */
const looksLikeMonth = (argument: string): boolean =>
  beginsWithMonth.test(argument)
    ? Array.from(argument).length <= 300
    : Array.from(argument).length <= 20 && !asksSomething(argument) && /\d|月|month/.test(argument);

/** The file comes by itself once it is made; only when that takes a while something is said before. */
async function answer(tx: Db, turn: Turn, deps: ExportCommandDeps): Promise<Reply> {
  const { begin, large = LARGE } = deps;
  const { actor, event } = turn;
  const t = text[actor.locale];
  const { month, purpose } = askedFor(turn.argument, localDay(turn.at, actor.zone));
  if (month === undefined) return { messages: [words(t.wrongMonth)], inPrivate: true };
  const period = monthDays(month);
  const name = inWords(period, actor.locale);
  const shape = { format: 'xlsx' } as const;
  const { id, approvers } = await requestExport(tx, deps, {
    period,
    shape,
    purpose: purpose ?? t.purpose,
    by: { kind: 'employee', id: actor.employeeId },
    at: turn.at,
    answerTo: {
      employeeId: actor.employeeId,
      channel: event.channel,
      account: event.account,
      platformId: event.actor,
      locale: actor.locale,
      zone: actor.zone,
    },
  });
  if (approvers !== undefined) {
    const sentence = approvers === 0 ? t.approval.nobody(name) : t.approval.waiting(name, approvers);
    return { messages: [words(sentence)], inPrivate: true };
  }
  begin(id);
  if (!(await holdsMoreThan(tx, large, period, { format: 'csv', part: 'detail' })))
    return { inPrivate: true };
  return { messages: [words(t.preparing(name))], inPrivate: true };
}
