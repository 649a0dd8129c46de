import { text as words } from '../../chat/message.ts';
import { defineScheduledJob, type ScheduledJob } from '../../kernel/jobs.ts';
import { localDay } from '../../kernel/time.ts';
import type { TicketDeps } from './tickets.deps.ts';
import { dutyBegins, ticketDue } from './tickets.jobs.names.ts';
import { callForHelp } from './tickets.open.ts';
import { peopleWith, presenceAt } from './tickets.roster.ts';
import { takeBack } from './tickets.service.ts';
import { isOpen, lockTicket, note } from './tickets.store.ts';
import { tellAsker } from './tickets.tell.ts';
import { text } from './tickets.text.ts';

/** What silence leads to. */
export function ticketJobs(deps: TicketDeps): ScheduledJob[] {
  /**
   * At half of the time a silent holder loses the ticket and the others are called again; at the end it is escalated
   * to operators and administrators, and the asker is told.
   */
  const due = defineScheduledJob({
    ...ticketDue,
    async run(tx, { ticketId, step }, { now }) {
      const ticket = await lockTicket(tx, { id: ticketId });
      if (!isOpen(ticket)) return { kind: 'skipped', reason: 'closed' };
      if (ticket.firstReplyAt !== null) return { kind: 'skipped', reason: 'answered' };
      if (step === 'remind') {
        if (ticket.assigneeId !== null) {
          await takeBack(tx, deps, ticket, { id: undefined, at: now });
        } else {
          const reminded = await note(tx, ticket, { kind: 'reminded', at: now });
          await callForHelp(tx, deps, reminded, await presenceAt(tx, deps, now), now, 'remindTitle');
        }
        return { kind: 'fired' };
      }
      const escalated = await note(tx, ticket, { kind: 'escalated', at: now }, { escalatedAt: now });
      const presence = await presenceAt(tx, deps, now);
      const inCharge = await peopleWith(tx, ['operator', 'admin'], localDay(now, deps.zone));
      const holder = ticket.assigneeId === null ? [] : [ticket.assigneeId];
      await callForHelp(tx, deps, escalated, presence, now, 'escalatedTitle', [...inCharge, ...holder]);
      await tellAsker(
        tx,
        escalated,
        'tickets.escalated',
        (locale) => words(text[locale].escalatedFor(ticket.number)),
        now,
      );
      return { kind: 'fired' };
    },
  });

  /** Somebody comes on duty: what was asked in the night is theirs to see. */
  const duty = defineScheduledJob({
    ...dutyBegins,
    async run(tx, { ticketId }, { now }) {
      const ticket = await lockTicket(tx, { id: ticketId });
      if (ticket.state !== 'waiting') return { kind: 'skipped', reason: 'closed' };
      const presence = await presenceAt(tx, deps, now);
      await callForHelp(tx, deps, ticket, presence, now, 'dutyTitle');
      return presence.now.length === 0 ? { kind: 'skipped', reason: 'nobody' } : { kind: 'fired' };
    },
  });
  return [due as ScheduledJob, duty as ScheduledJob];
}
