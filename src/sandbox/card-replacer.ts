import { sql } from 'drizzle-orm';
import type { SealedCard } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import { BOT } from './im.ts';
import { sandboxMessages } from './sandbox.tables.ts';

export interface Replacement {
  messageId: string;
  chatId: string;
  card: SealedCard;
}

/** Resolves to whether the bot's card stood in that chat and shows the new one now. */
export type ReplaceCard = (replacement: Replacement) => Promise<boolean>;

interface Waiting {
  replacement: Replacement;
  settle: { resolve(changed: boolean): void; reject(error: unknown): void };
}

const MAX_SET = 200;

/**
 * Replaces pressed cards as sets. When everybody taps at nine, a commit for each card would cost more than the taps:
 * while one set is being written the next one gathers, so a lone tap waits for nobody.
 */
export function createCardReplacer(db: Db): ReplaceCard {
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const set = waiting.slice(0, MAX_SET);
      waiting = waiting.slice(MAX_SET);
      try {
        const changed = await replaceSet(db, set);
        for (const { replacement, settle } of set) settle.resolve(changed.has(nameOf(replacement)));
      } catch (error) {
        for (const { settle } of set) settle.reject(error);
      }
    }
    writing = false;
  }

  return (replacement) =>
    new Promise((resolve, reject) => {
      waiting.push({ replacement, settle: { resolve, reject } });
      if (!writing) void writeAll();
    });
}

const nameOf = ({ chatId, messageId }: { chatId: string; messageId: string }): string =>
  `${messageId} ${chatId}`;

/** One statement for the set; of two cards for one message the later one stays. Answers what was replaced. */
async function replaceSet(db: Db, set: readonly Waiting[]): Promise<Set<string>> {
  const last = new Map(set.map(({ replacement }) => [nameOf(replacement), replacement]));
  const rows = [...last]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, replacement]) => replacement);
  const { rows: changed } = await db.execute<{ messageId: string; chatId: string }>(sql`
    update ${sandboxMessages} as m set content = jsonb_build_object('kind', 'card', 'card', r.card)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("messageId" uuid, "chatId" text, card jsonb)
    where m.id = r."messageId" and m.chat_id = r."chatId" and m.sender = ${BOT}
      and m.recalled_at is null and m.content->>'kind' = 'card'
    returning m.id as "messageId", m.chat_id as "chatId"`);
  return new Set(changed.map(nameOf));
}
