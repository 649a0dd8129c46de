import { useInfiniteQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import type { TicketView } from '../../features/tickets/tickets.api.ts';
import { Loaded, More, Tag, type Tone } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { Ticket } from './Ticket.tsx';
import { type Filter, states, ticketsQuery } from './tickets.query.ts';
import { useTicketTexts } from './tickets.text.ts';

const tones: Record<TicketView['state'], Tone> = {
  waiting: 'warm',
  claimed: 'notice',
  solved: 'good',
  withdrawn: 'plain',
  merged: 'plain',
};

/** The tickets, and beside them the chosen one with everything that can be done to it. */
export function Queue() {
  const t = useTicketTexts();
  const [filter, setFilter] = useState<Filter>('open');
  const [chosen, setChosen] = useState<number>();
  const tickets = useInfiniteQuery(ticketsQuery(filter));
  return (
    <>
      <div className="ticket-actions">
        <Select
          aria-label={t.filter}
          value={filter}
          onChange={setFilter}
          options={states.map((state) => ({ value: state, label: t.states[state] }))}
        />
      </div>
      <div className="ticket-library">
        <div>
          <Loaded query={tickets}>
            {({ pages }) => (
              <List items={pages.flatMap(({ items }) => items)} chosen={chosen} onChoose={setChosen} />
            )}
          </Loaded>
          <More query={tickets} />
        </div>
        <section className="panel" aria-label={chosen === undefined ? t.choose : t.ticket(chosen)}>
          {chosen === undefined ? (
            <p className="empty">{t.choose}</p>
          ) : (
            <Ticket key={chosen} number={chosen} />
          )}
        </section>
      </div>
    </>
  );
}

function List({
  items,
  chosen,
  onChoose,
}: {
  items: readonly TicketView[];
  chosen: number | undefined;
  onChoose: (number: number) => void;
}) {
  const t = useTicketTexts();
  const times = useTimes();
  if (items.length === 0) return <p className="panel empty">{t.none}</p>;
  return (
    <ul className="panel ticket-list">
      {items.map(({ number, question, state, priority, asker, assignee, dueAt, firstReplyAt }) => (
        <li key={number}>
          <button
            type="button"
            className="ticket-row"
            aria-pressed={number === chosen}
            onClick={() => onChoose(number)}
          >
            <span>
              {number}. {question === '' ? t.noQuestion : question}
            </span>
            <span className="muted small">
              {priority === 'p0' ? <Tag tone="danger">{t.priorities.p0}</Tag> : null}{' '}
              <Tag tone={tones[state]}>{t.states[state]}</Tag> {asker.name}
              {assignee === null ? '' : ` · ${t.held(assignee.name)}`}
              {firstReplyAt === null && (state === 'waiting' || state === 'claimed')
                ? ` · ${t.due(times.short(dueAt))}`
                : ''}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
