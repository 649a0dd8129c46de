import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { ImportReportView } from '../../features/directory/directory.api.ts';
import { newKey, type Problem as ProblemDocument, Refusal } from '../api.ts';
import { Problem } from '../parts.tsx';
import { useWorkTexts } from '../use-work-texts.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
type Kind = 'employees' | 'departments' | 'workbook';

/** Sends the file as it is; a dry run reports exactly what would happen. */
async function send(file: File, kind: Kind, dryRun: boolean): Promise<ImportReportView> {
  const query = new URLSearchParams({ dryRun: String(dryRun), ...(kind === 'workbook' ? {} : { kind }) });
  const answer = await fetch(`/api/v1/employees:import?${query}`, {
    method: 'POST',
    headers: {
      'content-type': file.name.endsWith('.xlsx') ? XLSX : 'text/csv',
      'accept-language': document.documentElement.lang,
      'x-cuhuo-csrf': '1',
      'idempotency-key': newKey(),
    },
    body: file,
  });
  if (!answer.ok) throw new Refusal((await answer.json()) as ProblemDocument);
  return (await answer.json()) as ImportReportView;
}

/** Importing people and departments: first what would happen, then the same for real. */
export function ImportPanel() {
  const t = useWorkTexts();
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<File>();
  const [kind, setKind] = useState<Kind>('employees');
  const work = useMutation({
    mutationFn: (dryRun: boolean) => {
      if (file === undefined) throw new Error('no file');
      return send(file, kind, dryRun);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['/employees'] }),
  });
  const report = work.data;
  return (
    <details className="panel form">
      <summary>{t.people.import}</summary>
      <div className="tools">
        <label htmlFor={`${id}-kind`}>{t.people.kind}</label>
        <select
          id={`${id}-kind`}
          className="field"
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind)}
        >
          {(Object.keys(t.people.kinds) as Kind[]).map((one) => (
            <option key={one} value={one}>
              {t.people.kinds[one]}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}-file`}>{t.people.file}</label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".csv,.xlsx"
          onChange={(event) => {
            setFile(event.target.files?.[0]);
            work.reset();
          }}
        />
        <button
          type="button"
          className="plain-button"
          disabled={file === undefined}
          onClick={() => work.mutate(true)}
        >
          {t.people.dry}
        </button>
        <button
          type="button"
          className="fill-button"
          disabled={report?.dryRun !== true}
          onClick={() => work.mutate(false)}
        >
          {t.people.apply}
        </button>
      </div>
      {work.error === null ? null : <Problem error={work.error} />}
      {report === undefined ? null : <Report report={report} />}
    </details>
  );
}

const MOST_SHOWN = 50;

function Report({ report }: { report: ImportReportView }) {
  const t = useWorkTexts();
  const rows = [...report.departments, ...report.employees].filter(({ problems }) => problems.length > 0);
  return (
    <section aria-live="polite">
      <h2>{t.people.report}</h2>
      <p>{report.summary}</p>
      <ul>
        {rows.slice(0, MOST_SHOWN).map((row) => (
          <li key={`${'code' in row ? 'd' : 'e'}${row.line}`}>
            {t.people.line} {row.line}: {row.problems.join('; ')}
          </li>
        ))}
      </ul>
    </section>
  );
}
