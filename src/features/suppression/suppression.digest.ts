import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { type Command, oneByOne } from '../../chat/command.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import type { Card } from '../../chat/message.ts';
import { deliveries, outboxMessages } from '../../outbox/outbox.tables.ts';
import type { DigestCards, DigestItem } from '../../outbox/relay-deps.ts';
import { employees } from '../directory/directory.tables.ts';
import { text } from './suppression.text.ts';

const MOST_BUTTONS = 6;
const MOST_LINES = 20;

/** One card for each person, in their language. */
export const digestCards: DigestCards = async (tx, people) => {
  if (people.size === 0) return new Map();
  const rows = await tx
    .select({ id: employees.id, locale: employees.locale })
    .from(employees)
    .where(inArray(employees.id, [...people.keys()]));
  const locales = new Map(rows.map(({ id, locale }) => [id, localeOf(locale)]));
  return new Map([...people].map(([id, items]) => [id, digestCard(locales.get(id) ?? 'zh-CN', items)]));
};

/** What the budget held back, as one card; each line can be opened. */
function digestCard(locale: Locale, items: readonly DigestItem[]): Card {
  const t = text[locale];
  const lines = items.slice(0, MOST_LINES).map(({ title }, index) => `${index + 1}. ${title}`);
  const more = items.length - lines.length;
  return {
    title: t.digestTitle(items.length),
    body: [t.digestBody, '', ...lines].join('\n'),
    buttons: items.slice(0, MOST_BUTTONS).map(({ messageId }, index) => ({
      label: t.digestOpen(index + 1),
      action: { name: 'messages.open', data: { m: messageId } },
    })),
    ...(more > 0 ? { footer: t.digestMore(more) } : {}),
  };
}

const openData = z.object({ m: z.uuid() });

/** A line of a digest, opened: only what was meant for this person. */
export function openCommand(): Command {
  return {
    name: 'messages.open',
    permission: 'me.use',
    words: [],
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const t = text[turn.actor.locale];
      const asked = openData.safeParse(turn.action?.data);
      if (!asked.success) return { toast: t.digestGone };
      const [found] = await tx
        .select({ content: outboxMessages.content })
        .from(outboxMessages)
        .innerJoin(deliveries, eq(deliveries.messageId, outboxMessages.id))
        .where(and(eq(outboxMessages.id, asked.data.m), eq(deliveries.employeeId, turn.actor.employeeId)));
      return found === undefined ? { toast: t.digestGone } : { messages: [found.content], inPrivate: true };
    }),
  };
}
