import { type SQL, sql } from 'drizzle-orm';
import { type Command, oneByOne, type Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { isoOf } from '../../kernel/time.ts';
import { rankingWishes } from './rewards.tables.ts';
import { text } from './rewards.text.ts';

/** 不上榜: others see the place and not the name. Points, ranks and what HR reads stay as they are. */
export const hideCommand = (): Command => wish('rewards.hide', ['不上榜', '隐藏排名', 'hide my name'], true);
export const showCommand = (): Command => wish('rewards.show', ['上榜', '恢复排名', 'show my name'], false);

function wish(name: string, said: readonly string[], hidden: boolean): Command {
  return {
    name,
    permission: 'me.use',
    words: said,
    help: hidden ? { 'zh-CN': text['zh-CN'].helpHide, en: text.en.helpHide } : undefined,
    answer: oneByOne(async (tx, turn) => {
      await keep(tx, turn, hidden);
      const t = text[turn.actor.locale];
      return { messages: [words(hidden ? t.hidden : t.shown)], inPrivate: true };
    }),
  };
}

/** What was said last counts, also when it arrives first. */
async function keep(tx: Db, { actor, at }: Turn, hidden: boolean): Promise<void> {
  await tx
    .insert(rankingWishes)
    .values({ employeeId: actor.employeeId, hidden, changedAt: at })
    .onConflictDoUpdate({
      target: rankingWishes.employeeId,
      set: { hidden, changedAt: at },
      setWhere: sql`${rankingWishes.changedAt} <= ${isoOf(at)}`,
    });
}

/** Whether the person of this column does not want to be named, as a condition of a query. */
export const isHidden = (employeeId: SQL): SQL<boolean> =>
  sql<boolean>`exists (select 1 from ranking_wishes w where w.employee_id = ${employeeId} and w.hidden)`;
