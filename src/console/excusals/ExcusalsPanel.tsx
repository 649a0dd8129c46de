import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { ExcusalReportView, ExcusalView } from '../../features/excusals/excusals.api.ts';
import { ListTable } from '../ListTable.tsx';
import { Problem } from '../parts.tsx';
import { sendFile } from '../send-file.ts';
import { useSend } from '../use-send.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import { Deciding } from './Deciding.tsx';
import { useExcusalTexts } from './excusals.text.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MOST_SHOWN = 50;

/** Who is excused when and why; new ones by hand or by a file. */
export function ExcusalsPanel() {
  const t = useExcusalTexts();
  const work = useWorkTexts();
  return (
    <section aria-labelledby="excusals">
      <h2 className="tools" id="excusals">
        {t.excusals}
      </h2>
      <ImportForm />
      <AddForm />
      <ListTable<ExcusalView>
        path="/excusals"
        none={t.noExcusals}
        keyOf={({ id }) => id}
        columns={[
          { title: work.number, cell: ({ employee }) => <span className="number">{employee.number}</span> },
          { title: work.name, cell: ({ employee }) => employee.name },
          { title: t.from, cell: ({ from }) => <span className="number">{from}</span> },
          { title: t.to, cell: ({ to }) => <span className="number">{to}</span> },
          { title: t.reason, cell: ({ reason }) => t.reasons[reason] },
          { title: t.source, cell: ({ incident, reference }) => incident ?? reference },
          {
            title: work.state,
            cell: ({ id, employee, revoked }) =>
              revoked === null ? (
                <Deciding
                  about={employee.name}
                  choices={[
                    {
                      label: t.revoke,
                      sent: (reason) => ({
                        method: 'DELETE',
                        path: `/excusals/${id}?reason=${encodeURIComponent(reason)}`,
                      }),
                    },
                  ]}
                />
              ) : (
                t.revoked
              ),
          },
        ]}
      />
    </section>
  );
}

function ImportForm() {
  const t = useExcusalTexts();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const sending = useMutation({
    mutationFn: (chosen: File) =>
      sendFile<ExcusalReportView>(
        '/excusals:import',
        chosen.name.toLowerCase().endsWith('.xlsx') ? XLSX : 'text/csv',
        chosen,
      ),
    onSuccess: () => client.invalidateQueries(),
  });
  const refused = sending.data?.rows.filter(({ problems }) => problems.length > 0) ?? [];
  return (
    <details className="panel form">
      <summary>{t.import}</summary>
      <div className="tools">
        <input
          type="file"
          accept=".csv,.xlsx"
          aria-label={t.file}
          onChange={(event) => setFile(event.target.files?.[0])}
        />
        <button
          type="button"
          className="fill-button"
          disabled={file === undefined || sending.isPending}
          onClick={() => (file === undefined ? undefined : sending.mutate(file))}
        >
          {t.send}
        </button>
      </div>
      <p className="muted">{t.file}</p>
      {sending.error === null ? null : <Problem error={sending.error} />}
      {sending.data === undefined ? null : (
        <div aria-live="polite">
          <p>{sending.data.summary}</p>
          <ul>
            {refused.slice(0, MOST_SHOWN).map(({ line, number, problems }) => (
              <li key={line}>
                {t.line} {line} {number}: {problems.join(' ')}
              </li>
            ))}
          </ul>
        </div>
      )}
    </details>
  );
}

const byHand = ['leave', 'trip', 'shift', 'new-joiner', 'other'] as const;

function AddForm() {
  const t = useExcusalTexts();
  const { mutate, isPending, error } = useSend();
  const empty = { employee: '', from: '', to: '', reason: 'leave', note: '' };
  const [given, setGiven] = useState(empty);
  const change = (part: Partial<typeof empty>): void => setGiven({ ...given, ...part });
  const { employee, from, to, reason, note } = given;
  const isFull = employee.trim() !== '' && from !== '' && to !== '';
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const body = { employee, from, to, reason, ...(note.trim() === '' ? {} : { note }) };
    if (isFull && !isPending) mutate({ path: '/excusals', body }, { onSuccess: () => setGiven(empty) });
  };
  return (
    <details className="panel form">
      <summary>{t.add}</summary>
      <form className="tools" onSubmit={onSubmit}>
        <input
          className="field"
          aria-label={t.employee}
          placeholder={t.employee}
          value={employee}
          onChange={(event) => change({ employee: event.target.value })}
        />
        <input
          className="field"
          type="date"
          aria-label={t.from}
          value={from}
          onChange={(event) => change({ from: event.target.value })}
        />
        <input
          className="field"
          type="date"
          aria-label={t.to}
          value={to}
          onChange={(event) => change({ to: event.target.value })}
        />
        <select
          className="field"
          aria-label={t.reason}
          value={reason}
          onChange={(event) => change({ reason: event.target.value })}
        >
          {byHand.map((one) => (
            <option key={one} value={one}>
              {t.reasons[one]}
            </option>
          ))}
        </select>
        <input
          className="field"
          aria-label={t.note}
          placeholder={t.note}
          maxLength={300}
          value={note}
          onChange={(event) => change({ note: event.target.value })}
        />
        <button type="submit" className="fill-button" disabled={!isFull || isPending}>
          {t.save}
        </button>
      </form>
      {error === null ? null : <Problem error={error} />}
    </details>
  );
}
