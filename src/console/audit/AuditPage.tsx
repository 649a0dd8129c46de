import { useInfiniteQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useId, useState } from 'react';
import type { AuditView } from '../../features/audit/audit.api.ts';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { Loaded, More, PageHead } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { auditQuery } from './audit.query.ts';
import './audit.css';

const EVERY_ACTION = '';

export default function AuditPage() {
  const text = useTexts();
  const id = useId();
  const [action, setAction] = useState(EVERY_ACTION);
  const lines = useInfiniteQuery(auditQuery(action));
  const actions = Object.entries(text.audit.actions).map(([value, label]) => ({ value, label }));
  return (
    <AntTheme>
      <PageHead title={text.place.audit}>
        <p>{text.audit.about}</p>
      </PageHead>
      <div className="audit-filter">
        <label htmlFor={id}>{text.audit.action}</label>
        <Select
          id={id}
          value={action}
          onChange={setAction}
          options={[{ value: EVERY_ACTION, label: text.audit.all }, ...actions]}
        />
      </div>
      <Loaded query={lines}>
        {({ pages }) => <AuditTable lines={pages.flatMap(({ items }) => items)} />}
      </Loaded>
      <More query={lines} />
    </AntTheme>
  );
}

function AuditTable({ lines }: { lines: readonly AuditView[] }) {
  const text = useTexts();
  if (lines.length === 0) return <p className="panel empty">{text.audit.none}</p>;
  return (
    <div className="panel audit">
      <table>
        <thead>
          <tr>
            <th scope="col">{text.audit.when}</th>
            <th scope="col">{text.audit.who}</th>
            <th scope="col">{text.audit.action}</th>
            <th scope="col">{text.audit.subject}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <AuditLine key={line.id} line={line} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AuditLine({ line: { at, actor, action, subject, detail } }: { line: AuditView }) {
  const text = useTexts();
  const times = useTimes();
  const details = Object.entries(detail);
  return (
    <tr>
      <td className="number">
        <time dateTime={at}>{times.exact(at)}</time>
      </td>
      <td>
        {text.audit.actors[actor.kind]}
        <span className="muted small audit-id">
          {actor.name ?? (actor.id === 'bootstrap' ? text.audit.bootstrap : actor.id)}
        </span>
      </td>
      <td>{text.audit.actions[action] ?? action}</td>
      <td>
        <span className="audit-subject">{subject}</span>
        {details.length === 0 ? null : (
          <details>
            <summary>{text.audit.detail}</summary>
            <dl>
              {details.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </td>
    </tr>
  );
}
