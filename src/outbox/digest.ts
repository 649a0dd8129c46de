import { sql } from 'drizzle-orm';
import { type Card, card, type Message } from '../chat/message.ts';
import { groupBy } from '../kernel/collections.ts';
import { newId } from '../kernel/ids.ts';
import { promiseAll } from './outbox.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { Row } from './settle.ts';
import { AFTER_BUDGET } from './sift.ts';

const PEOPLE_A_STEP = 1_000;

/**
 * What the budget held back until now goes to each person as one digest; a single message goes as itself. Digest and
 * lines are written in one transaction: a crash leaves neither half of it, and two processes never take one person.
 */
export async function composeDigests(deps: RelayDeps): Promise<void> {
  while ((await composeStep(deps)) === PEOPLE_A_STEP);
}

async function composeStep({ db, clock, digestCards }: RelayDeps): Promise<number> {
  const now = clock.now();
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{
      message_id: string;
      employee_id: string;
      channel: Row['channel'];
      account: string;
      platform_id: string;
      content: Message;
      expired: boolean;
    }>(sql`
      with due as (
        select distinct employee_id from deliveries
        where state = 'held' and reason = 'budget' and not_before <= ${now.toString()} limit ${PEOPLE_A_STEP}
      ), whole as (
        select d.* from deliveries d join due using (employee_id)
        where d.state = 'held' and d.reason = 'budget'
        order by d.message_id, d.recipient for update of d
      )
      select w.message_id, w.employee_id, w.channel, w.account, w.platform_id, m.content,
             coalesce(w.expires_at <= ${now.toString()}, false) as expired
      from whole w join outbox_messages m on m.id = w.message_id order by w.employee_id, w.message_id`);
    if (rows.length === 0) return 0;
    const people = groupBy(
      rows.filter(({ expired }) => !expired),
      ({ employee_id }) => employee_id,
    );
    const digests = [...people].filter(([, items]) => items.length > 1);
    const ids = new Map(digests.map(([employeeId]) => [employeeId, newId()]));
    const cards = await digestCards(
      tx,
      new Map(
        digests.map(([employeeId, items]) => [
          employeeId,
          items.map(({ message_id: messageId, content }) => ({ messageId, title: titleOf(content) })),
        ]),
      ),
    );
    await promiseAll(
      tx,
      digests.map(([employeeId, items]) => {
        const to = items.at(-1) as (typeof items)[number];
        return {
          id: ids.get(employeeId) as string,
          purpose: 'digest',
          priority: 'digest' as const,
          content: card(cards.get(employeeId) as Card),
          recipients: [
            {
              employeeId,
              address: { channel: to.channel, account: to.account, platformId: to.platform_id },
            },
          ],
          at: now,
        };
      }),
    );
    const ends = JSON.stringify(
      rows.map(({ message_id, employee_id, expired }) => {
        const digest = ids.get(employee_id) ?? null;
        const state = expired ? 'expired' : digest === null ? 'planned' : 'digested';
        return { m: message_id, e: employee_id, s: state, g: expired ? null : digest };
      }),
    );
    await tx.execute(sql`
      update deliveries d set state = x.s, digest_id = x.g, not_before = null, changed_at = ${now.toString()},
        reason = case x.s when 'planned' then ${AFTER_BUDGET} else null end
      from json_to_recordset(${ends}::json) as x(m uuid, e text, s text, g uuid)
      where d.message_id = x.m and d.recipient = x.e and d.state = 'held'`);
    return new Set(rows.map(({ employee_id }) => employee_id)).size;
  });
}

const TITLE_CHARACTERS = 40;

function wordsOf(content: Message): string {
  switch (content.kind) {
    case 'card':
      return content.card.title;
    case 'text':
      return content.text;
    case 'file':
      return content.name;
    case 'image':
      return content.alt;
  }
}

/** What a message is about, in one line. */
export function titleOf(content: Message): string {
  const line = wordsOf(content).trim().split('\n', 1)[0] ?? '';
  const letters = Array.from(line);
  return letters.length > TITLE_CHARACTERS ? `${letters.slice(0, TITLE_CHARACTERS - 1).join('')}…` : line;
}
