import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import type { ReactNode } from 'react';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { Loaded, PageHead } from '../parts.tsx';
import { Queue } from './Queue.tsx';
import { Roster } from './Roster.tsx';
import { ticketFiguresQuery } from './tickets.query.ts';
import { useTicketTexts } from './tickets.text.ts';
import './tickets.css';

/** What people answer: how the queue stands, the tickets, who is on duty. */
export default function TicketsPage() {
  const text = useTexts();
  const t = useTicketTexts();
  return (
    <AntTheme>
      <PageHead title={text.place.tickets}>
        <p>{t.about}</p>
      </PageHead>
      <FiguresStrip />
      <Tabs
        items={[
          { key: 'queue', label: t.tabs.queue, children: <Queue /> },
          { key: 'roster', label: t.tabs.roster, children: <Roster /> },
        ]}
      />
    </AntTheme>
  );
}

function FiguresStrip() {
  const { figures: t, nobody } = useTicketTexts();
  const figures = useQuery(ticketFiguresQuery);
  return (
    <Loaded query={figures}>
      {({ waiting, claimed, overdue, solved, answeredInTime, score, scored, onDuty }) => (
        <dl className="panel ticket-figures">
          <Figure name={t.waiting}>{waiting}</Figure>
          <Figure name={t.claimed}>{claimed}</Figure>
          <Figure name={t.overdue}>{overdue}</Figure>
          <Figure name={t.solved}>{solved}</Figure>
          <Figure name={t.inTime}>
            {answeredInTime === null ? '–' : `${Math.round(answeredInTime * 100)}%`}
          </Figure>
          <Figure name={t.score}>{score === null ? '–' : `${score.toFixed(1)} (${scored})`}</Figure>
          <Figure name={t.onDuty}>
            {onDuty.length === 0 ? nobody : onDuty.map(({ name }) => name).join(' · ')}
          </Figure>
        </dl>
      )}
    </Loaded>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="muted small">{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}
