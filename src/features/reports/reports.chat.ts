import { sql } from 'drizzle-orm';
import { asksSomething } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, monthDays } from '../../kernel/time.ts';
import { inWords } from './reports.answer.ts';
import { monthOf, type Period } from './reports.rules.ts';
import { requestExport } from './reports.service.ts';
import { text } from './reports.text.ts';

/** From so many rows on it takes longer than a person waits without a word: about a second. */
const LARGE = 20_000;

/** 导出打卡. `begin` is called with the export's id while the transaction is still open; it must not wait. */
export function exportCommand(deps: { begin: (exportId: string) => void; large?: number }): Command {
  return {
    name: 'reports.export',
    words: ['导出打卡', '导出打卡记录', '打卡导出', 'export checkins', 'export check-ins'],
    takesArgument: looksLikeMonth,
    permission: 'exports.make',
    help: { 'zh-CN': text['zh-CN'].help, en: text.en.help },
    answer: oneByOne((tx, turn) => answer(tx, turn, deps)),
  };
}

/** Also what is no month, such as 2026-13 or 十三月: it gets a kind answer. */
const looksLikeMonth = (argument: string): boolean =>
  Array.from(argument).length <= 20 && !asksSomething(argument) && /\d|月|month/.test(argument);

/** The file comes by itself once it is made; only when that takes a while something is said before. */
async function answer(
  tx: Db,
  turn: Turn,
  { begin, large = LARGE }: Parameters<typeof exportCommand>[0],
): Promise<Reply> {
  const { actor, event } = turn;
  const t = text[actor.locale];
  const month = monthOf(turn.argument, localDay(turn.at, actor.zone));
  if (month === undefined) return { messages: [words(t.wrongMonth)], inPrivate: true };
  const period = monthDays(month);
  const { id } = await requestExport(tx, {
    period,
    shape: { format: 'xlsx' },
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
  begin(id);
  if (!(await hasMoreThan(tx, large, period))) return { inPrivate: true };
  return { messages: [words(t.preparing(inWords(period, actor.locale)))], inPrivate: true };
}

async function hasMoreThan(tx: Db, rows: number, { from, to }: Period): Promise<boolean> {
  const found = await tx.execute(sql`
    select 1 from campaigns k join checkins c on c.campaign_id = k.id
    where k.starts_on <= ${to.toString()} and k.ends_on >= ${from.toString()}
      and c.day between ${from.toString()} and ${to.toString()}
    offset ${rows} limit 1`);
  return found.rows.length > 0;
}
