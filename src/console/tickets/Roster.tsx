import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import type { RosterView } from '../../features/tickets/tickets.api.ts';
import { useMay } from '../may.ts';
import { Loaded, Problem } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { rosterQuery } from './tickets.query.ts';
import { useTicketTexts } from './tickets.text.ts';

type Duty = RosterView['duties'][number] & { key: number };
type Days = Duty['days'];

/** Who is on duty when; saved as a whole. */
export function Roster() {
  const t = useTicketTexts();
  const roster = useQuery({ ...rosterQuery, refetchOnWindowFocus: false });
  return (
    <section className="panel">
      <p className="muted small">{t.rosterAbout}</p>
      <Loaded query={roster}>{({ duties }) => <RosterForm known={duties} />}</Loaded>
    </section>
  );
}

function RosterForm({ known }: { known: RosterView['duties'] }) {
  const t = useTicketTexts();
  const may = useMay()('tickets.roster');
  const [duties, setDuties] = useState<Duty[]>(known.map((duty, key) => ({ ...duty, key })));
  const save = useSend<RosterView>();
  const change = (key: number, part: Partial<Duty>): void =>
    setDuties(duties.map((duty) => (duty.key === key ? { ...duty, ...part } : duty)));
  const add = (): void => {
    const key = Math.max(-1, ...duties.map((duty) => duty.key)) + 1;
    const days = 'workdays' as const;
    setDuties([
      ...duties,
      { key, agent: '', name: '', days, from: '09:00', to: '18:00', fromDay: null, toDay: null },
    ]);
  };
  const body = {
    duties: duties.map(({ key: _key, name: _name, agent, ...rest }) => ({ ...rest, agent: agent.trim() })),
  };
  const isWhole = body.duties.every(({ agent, from, to }) => agent !== '' && from !== '' && to !== '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ method: 'PUT', path: '/tickets/roster', body });
      }}
    >
      {duties.length === 0 ? (
        <p className="empty">{t.noDuties}</p>
      ) : (
        <div className="ticket-roster">
          <table>
            <thead>
              <tr>
                {Object.values(t.columns).map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {duties.map((duty) => (
                <Row key={duty.key} duty={duty} may={may} onChange={(part) => change(duty.key, part)}>
                  <Button
                    disabled={!may}
                    onClick={() => setDuties(duties.filter(({ key }) => key !== duty.key))}
                  >
                    {t.remove}
                  </Button>
                </Row>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {save.error === null ? null : <Problem error={save.error} />}
      {save.data === undefined ? null : <p role="status">{t.saved}</p>}
      {may ? (
        <p className="ticket-actions">
          <Button onClick={add}>{t.add}</Button>
          <Button type="primary" htmlType="submit" disabled={!isWhole} loading={save.isPending}>
            {t.save}
          </Button>
        </p>
      ) : null}
    </form>
  );
}

function Row({
  duty,
  may,
  onChange,
  children,
}: {
  duty: Duty;
  may: boolean;
  onChange: (part: Partial<Duty>) => void;
  children: ReactNode;
}) {
  const { days, columns } = useTicketTexts();
  const field = (name: 'from' | 'to' | 'fromDay' | 'toDay', type: 'time' | 'date') => (
    <td>
      <Input
        type={type}
        aria-label={columns[name]}
        disabled={!may}
        value={duty[name] ?? ''}
        onChange={({ target: { value } }) =>
          onChange({ [name]: type === 'date' && value === '' ? null : value })
        }
      />
    </td>
  );
  return (
    <tr>
      <td>
        <Input
          aria-label={columns.agent}
          disabled={!may}
          value={duty.agent}
          maxLength={200}
          onChange={({ target }) => onChange({ agent: target.value, name: '' })}
        />
        {duty.name === '' ? null : <span className="muted small">{duty.name}</span>}
      </td>
      <td>
        <Select<Days>
          aria-label={columns.days}
          disabled={!may}
          value={duty.days}
          onChange={(value) => onChange({ days: value })}
          options={(Object.entries(days) as [Days, string][]).map(([value, label]) => ({ value, label }))}
        />
      </td>
      {field('from', 'time')}
      {field('to', 'time')}
      {field('fromDay', 'date')}
      {field('toDay', 'date')}
      <td>{children}</td>
    </tr>
  );
}
