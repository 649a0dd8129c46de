import { useQuery } from '@tanstack/react-query';
import { AutoComplete, Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import type { TicketDetail } from '../../features/tickets/tickets.api.ts';
import { Problem } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { ticketFiguresQuery } from './tickets.query.ts';
import { useTicketTexts } from './tickets.text.ts';

/** Claim, reply, transfer, solve: what a ticket in this state allows. The server decides again. */
export function TicketDeeds({ ticket }: { ticket: TicketDetail }) {
  const t = useTicketTexts();
  const send = useSend();
  const file = useSend<{ entryId: string }>();
  const [agent, setAgent] = useState('');
  const [words, setWords] = useState('');
  const [solution, setSolution] = useState('');
  const [into, setInto] = useState('');
  const { number, state, priority } = ticket;
  const deed = (name: string, body: object, after: () => void = () => undefined): void =>
    send.mutate({ path: `/tickets/${number}/${name}`, body }, { onSuccess: after });
  const isBusy = send.isPending;
  const isP0 = priority === 'p0';
  if (state === 'withdrawn' || state === 'merged') return null;
  if (state === 'solved') {
    return (
      <div className="ticket-deeds">
        {file.error === null ? null : <Problem error={file.error} />}
        {file.data === undefined ? null : <p role="status">{t.filed(file.data.entryId)}</p>}
        <Button
          disabled={file.isPending}
          onClick={() => file.mutate({ path: `/tickets/${number}/file`, body: {} })}
        >
          {t.file}
        </Button>
      </div>
    );
  }
  return (
    <div className="ticket-deeds">
      {send.error === null ? null : <Problem error={send.error} />}
      {state === 'waiting' ? (
        <Labelled name={t.agent}>
          <Colleague value={agent} onChange={setAgent} name={t.agent} />
          <Button
            type="primary"
            disabled={isBusy || agent.trim() === ''}
            onClick={() => deed('claim', { agent: agent.trim() })}
          >
            {t.claim}
          </Button>
        </Labelled>
      ) : (
        <>
          <Labelled name={t.replyWords}>
            <Input.TextArea
              aria-label={t.replyWords}
              value={words}
              maxLength={2_000}
              autoSize={{ minRows: 2, maxRows: 10 }}
              onChange={(event) => setWords(event.target.value)}
            />
            <Button
              type="primary"
              disabled={isBusy || words.trim() === ''}
              onClick={() => deed('reply', { text: words.trim() }, () => setWords(''))}
            >
              {t.reply}
            </Button>
          </Labelled>
          <Labelled name={t.transferTo}>
            <Colleague value={agent} onChange={setAgent} name={t.transferTo} />
            <Button
              disabled={isBusy || agent.trim() === ''}
              onClick={() => deed('transfer', { to: agent.trim() })}
            >
              {t.transfer}
            </Button>
            <Button disabled={isBusy} onClick={() => deed('take-back', {})}>
              {t.takeBack}
            </Button>
          </Labelled>
          <Labelled name={t.solution}>
            <Input.TextArea
              aria-label={t.solution}
              value={solution}
              maxLength={2_000}
              autoSize={{ minRows: 2, maxRows: 10 }}
              onChange={(event) => setSolution(event.target.value)}
            />
            <Button
              disabled={isBusy || (isP0 && solution.trim() === '')}
              onClick={() => deed('solve', solution.trim() === '' ? {} : { solution: solution.trim() })}
            >
              {t.solve}
            </Button>
          </Labelled>
        </>
      )}
      <Labelled name={t.mergeInto}>
        <Input
          aria-label={t.mergeInto}
          inputMode="numeric"
          value={into}
          maxLength={9}
          onChange={(event) => setInto(event.target.value)}
        />
        <Button
          disabled={isBusy || !/^[1-9]\d*$/.test(into)}
          onClick={() => deed('merge', { into: Number(into) })}
        >
          {t.merge}
        </Button>
        <Button
          danger={!isP0}
          disabled={isBusy}
          onClick={() => deed('priority', { priority: isP0 ? 'technical' : 'p0' })}
        >
          {isP0 ? t.lower : t.raise}
        </Button>
      </Labelled>
    </div>
  );
}

function Labelled({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="muted small">{name}</legend>
      <div className="ticket-actions">{children}</div>
    </fieldset>
  );
}

/** A 工号: of whoever is on duty, or typed. */
function Colleague({
  value,
  onChange,
  name,
}: {
  value: string;
  onChange: (value: string) => void;
  name: string;
}) {
  const figures = useQuery(ticketFiguresQuery);
  const options = (figures.data?.onDuty ?? []).map((one) => ({
    value: one.number,
    label: `${one.number} ${one.name}`,
  }));
  return (
    <AutoComplete
      aria-label={name}
      className="ticket-colleague"
      options={options}
      value={value}
      maxLength={200}
      onChange={onChange}
    />
  );
}
