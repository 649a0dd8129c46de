import { useQuery } from '@tanstack/react-query';
import type { TicketDetail } from '../../features/tickets/tickets.api.ts';
import { useMay } from '../may.ts';
import { Loaded, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { TicketDeeds } from './TicketDeeds.tsx';
import { ticketQuery } from './tickets.query.ts';
import { useTicketTexts } from './tickets.text.ts';

/** One ticket: who asks, what was said before, what happened, what can be done. */
export function Ticket({ number }: { number: number }) {
  const may = useMay();
  const ticket = useQuery(ticketQuery(number));
  return (
    <Loaded query={ticket}>
      {(found) => (
        <>
          <Head ticket={found} />
          {may('tickets.write') ? <TicketDeeds ticket={found} /> : null}
          <Transcript ticket={found} />
          <Events ticket={found} />
        </>
      )}
    </Loaded>
  );
}

function Head({ ticket }: { ticket: TicketDetail }) {
  const t = useTicketTexts();
  const { number, question, asker, department, state, priority, assignee, facts, merged } = ticket;
  const known = Object.entries(facts);
  return (
    <>
      <h2>
        {t.ticket(number)} <Tag tone={priority === 'p0' ? 'danger' : 'plain'}>{t.priorities[priority]}</Tag>{' '}
        <Tag tone="notice">{t.states[state]}</Tag>
      </h2>
      <p className="ticket-question">{question === '' ? t.noQuestion : question}</p>
      <p className="muted small">
        {t.asker} {asker.name} {asker.number} {department ?? ''}
        {assignee === null ? '' : ` · ${t.held(assignee.name)}`}
        {ticket.score === null ? '' : ` · ${t.score(ticket.score)}`} {ticket.comment ?? ''}
      </p>
      {ticket.mergedInto === null ? null : <p className="small">{t.into(ticket.mergedInto)}</p>}
      {merged.length === 0 ? null : (
        <p className="small">
          {t.merged}: {merged.join(', ')}
        </p>
      )}
      {known.length === 0 ? null : (
        <p className="small">
          {t.facts}: {known.map(([name, value]) => `${t.factNames[name] ?? name} ${value}`).join(' · ')}
        </p>
      )}
    </>
  );
}

function Transcript({ ticket: { transcript } }: { ticket: TicketDetail }) {
  const t = useTicketTexts();
  const times = useTimes();
  return (
    <>
      <h3>{t.transcript}</h3>
      {transcript.length === 0 ? <p className="muted small">{t.noTranscript}</p> : null}
      <ol className="ticket-lines">
        {transcript.map(({ at, text, outcome, entries }) => (
          <li key={`${at} ${text}`}>
            <span className="muted small">{times.short(at)}</span> {text}{' '}
            <Tag>{t.outcomes[outcome] ?? outcome}</Tag>
            {entries.length === 0 ? null : (
              <p className="muted small">
                {t.shown}: {entries.map(({ question }) => question).join(' / ')}
              </p>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function Events({ ticket: { events } }: { ticket: TicketDetail }) {
  const t = useTicketTexts();
  const times = useTimes();
  return (
    <>
      <h3>{t.events}</h3>
      <ol className="ticket-lines">
        {events.map(({ kind, actor, text, at }, place) => (
          <li key={`${at} ${kind} ${place}`}>
            <span className="muted small">
              {times.short(at)} {actor ?? t.system}
            </span>{' '}
            <Tag>{t.eventNames[kind] ?? kind}</Tag> {text ?? ''}
          </li>
        ))}
      </ol>
    </>
  );
}
