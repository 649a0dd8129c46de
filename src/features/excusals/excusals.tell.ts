import { sql } from 'drizzle-orm';
import { dayInWords } from '../../chat/dates.ts';
import { type Locale, localeOf } from '../../chat/locale.ts';
import { text as words } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { promiseAll } from '../../outbox/outbox.ts';
import { reachable } from '../directory/index.ts';
import type { ExcusalReason } from '../performance/performance.schema.ts';
import { excusalName } from './excusals.schema.ts';
import type { Outcome } from './excusals.service.ts';
import { text } from './excusals.text.ts';

/** What became of somebody's days. */
export interface Change {
  employeeId: string;
  from: string;
  /** Included. */
  to: string;
  reason: ExcusalReason;
  outcome: Outcome;
}

const MOST_LINES = 10;
const PEOPLE_AT_ONCE = 5_000;

/**
 * Tells everybody whose days changed: which days, why and by whom, one message a person however many rows; what did not
 * change is not told. It waits for the morning like all that we start. Who is told the same words gets the same message,
 * so an outage of 100,000 people is a few of them. Whoever has left is not written to.
 */
export async function tellChanges(
  tx: Db,
  changes: readonly Change[],
  { byName, at }: { byName: string; at: Temporal.Instant },
): Promise<void> {
  const own = groupBy(
    changes.filter(({ outcome }) => outcome !== 'unchanged'),
    ({ employeeId }) => employeeId,
  );
  const ids = [...own.keys()];
  for (let from = 0; from < ids.length; from += PEOPLE_AT_ONCE) {
    const people = await stillHere(tx, ids.slice(from, from + PEOPLE_AT_ONCE), at);
    const addresses = await reachable(tx, [...people.keys()]);
    const said = groupBy([...people], ([id, locale]) => sentenceOf(own.get(id) ?? [], byName, locale));
    await promiseAll(
      tx,
      [...said].map(([sentence, some]) => ({
        purpose: 'excusals.told',
        priority: 'campaign' as const,
        content: words(sentence),
        recipients: some.map(([employeeId]) => ({ employeeId, address: addresses.get(employeeId) })),
        at,
      })),
    );
  }
}

async function stillHere(tx: Db, ids: readonly string[], at: Temporal.Instant): Promise<Map<string, Locale>> {
  const { rows } = await tx.execute<{ id: string; locale: string }>(sql`
    select id, locale from employees where id = any(${sql.param([...ids])}::uuid[])
      and (left_on is null or left_on >= ${localDay(at, 'UTC').toString()})`);
  return new Map(rows.map(({ id, locale }) => [id, localeOf(locale)]));
}

function sentenceOf(changes: readonly Change[], byName: string, locale: Locale): string {
  const t = text[locale].told;
  const day = (iso: string): string => dayInWords(Temporal.PlainDate.from(iso), locale);
  const inOrder = [...changes].sort((a, b) => (a.from < b.from ? -1 : 1));
  const lines = inOrder.slice(0, MOST_LINES).map(({ from, to, reason, outcome }) => {
    const span = from === to ? day(from) : t.span(day(from), day(to));
    const line = t.line(span, excusalName(reason, locale));
    return outcome === 'revoked' ? t.revoked(line) : line;
  });
  const more = inOrder.length - lines.length;
  const granted = changes.some(({ outcome }) => outcome !== 'revoked');
  return [
    granted ? t.title : t.titleRevoked,
    ...lines.map((line) => `· ${line}`),
    ...(more > 0 ? [t.more(more)] : []),
    t.by(byName.slice(0, 60)),
    granted ? t.meaning : t.meaningRevoked,
  ].join('\n');
}
