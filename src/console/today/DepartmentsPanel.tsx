import { useState } from 'react';
import type { Overview } from '../../features/overview/overview.api.ts';
import { useTexts } from '../language.ts';
import { percentOf } from './Figures.tsx';

const SHOWN_FIRST = 15;

/** Departments with their share as bars, the largest first. */
export function DepartmentsPanel({ departments }: { departments: Overview['departments'] }) {
  const text = useTexts();
  const [all, setAll] = useState(false);
  const ordered = departments.filter(({ members }) => members > 0).sort((a, b) => b.members - a.members);
  const shown = all ? ordered : ordered.slice(0, SHOWN_FIRST);
  return (
    <section className="panel" aria-labelledby="departments">
      <h2 id="departments">{text.today.departments}</h2>
      <table className="bars">
        <thead className="unseen">
          <tr>
            <th scope="col">{text.today.department}</th>
            <th scope="col">{text.today.share}</th>
            <th scope="col">{text.today.checkedIn}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ code, name, members: everybody, checkedIn, excused }) => {
            const members = everybody - excused;
            const percent = percentOf(checkedIn, members);
            return (
              <tr key={code ?? ''}>
                <th scope="row">{name ?? text.today.noDepartment}</th>
                <td>
                  <span className="bar" aria-hidden="true">
                    <span style={{ width: `${percent}%` }} />
                  </span>
                  <span className="unseen">{percent}%</span>
                </td>
                <td className="number">
                  {checkedIn}
                  <span className="muted"> / {members}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length < ordered.length ? (
        <p className="more">
          <button type="button" className="plain-button" onClick={() => setAll(true)}>
            {text.today.showAll(ordered.length)}
          </button>
        </p>
      ) : null}
    </section>
  );
}
