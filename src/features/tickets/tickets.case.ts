import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { importEntries } from '../faq/index.ts';
import { eventsOf, lockTicket, mergedInto, note } from './tickets.store.ts';

/**
 * Puts a solved ticket into the case library: a draft entry `ticket-12`, which an editor reviews before it answers
 * anybody. Filing it again changes nothing: by then it is the editor's. Rejects with `ticket.closed` when it was not solved.
 */
export async function fileCase(
  tx: Db,
  number: number,
  by: { id: string | undefined; at: Temporal.Instant },
): Promise<string> {
  const ticket = await lockTicket(tx, { number });
  if (ticket.solvedAt === null || ticket.question === '')
    throw new AppError('ticket.not-found', `ticket ${number} is no solved case`);
  const events = await eventsOf(tx, ticket.id);
  const key = `ticket-${number}`;
  if (events.some(({ kind }) => kind === 'filed')) return key;
  const said = events.flatMap(({ kind, text }) => (kind === 'support-said' && text !== null ? [text] : []));
  const same = await mergedInto(tx, ticket.id);
  const short = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 300);
  const similar = same.map(({ question }) => short(question)).filter((question) => question !== '');
  const { rows } = await importEntries(
    tx,
    [
      {
        line: 1,
        entry: {
          id: key,
          question: short(ticket.question),
          similar: [...new Set(similar)].filter((one) => one !== short(ticket.question)).slice(0, 50),
          answer: (ticket.solution ?? said.join('\n\n')).slice(0, 3_500),
          tags: ticket.priority === 'p0' ? ['case', 'incident'] : ['case'],
          review: 'draft',
        },
      },
    ],
    by.at,
  );
  if (rows[0]?.outcome === 'refused')
    throw new AppError('ticket.not-found', (rows[0].problems ?? []).join('; '));
  await note(tx, ticket, { kind: 'filed', actorId: by.id, detail: { key }, at: by.at });
  const actor =
    by.id === undefined
      ? { kind: 'system' as const, id: 'tickets' }
      : { kind: 'employee' as const, id: by.id };
  await recordAudit(tx, { at: by.at, actor, action: 'faq.draft', subject: key, detail: { ticket: number } });
  return key;
}
