import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StreakView } from '../../features/checkins/checkins.api.ts';
import type { Evidence } from '../../features/evidence/evidence.api.ts';
import { call } from '../api.ts';
import { ListTable } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { Loaded, PageHead } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useWorkTexts } from '../use-work-texts.ts';

interface Chosen {
  number: string;
  name: string;
  day: string;
}

export default function StreaksPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const may = useMay();
  const [chosen, setChosen] = useState<Chosen>();
  const evidence = {
    title: t.streaks.evidence,
    cell: ({ employee, lastDay }: StreakView) => (
      <button
        type="button"
        className="plain-button"
        aria-label={`${t.open} ${t.streaks.evidence} ${employee.name}`}
        onClick={() => setChosen({ number: employee.number, name: employee.name, day: lastDay })}
      >
        {t.open}
      </button>
    ),
  };
  return (
    <>
      <PageHead title={text.place.streaks}>
        <p>{t.streaks.about}</p>
      </PageHead>
      {chosen === undefined ? null : <Trail chosen={chosen} onDay={(day) => setChosen({ ...chosen, day })} />}
      <ListTable<StreakView>
        path="/streaks"
        none={t.none}
        keyOf={({ campaign, employee }) => `${campaign.id} ${employee.number}`}
        columns={[
          { title: t.number, cell: ({ employee }) => <span className="number">{employee.number}</span> },
          { title: t.name, cell: ({ employee }) => employee.name },
          { title: t.department, cell: ({ employee }) => employee.department?.name ?? t.noDepartment },
          { title: t.streaks.current, cell: ({ current }) => t.streaks.days(current) },
          { title: t.streaks.best, cell: ({ best }) => t.streaks.days(best) },
          { title: t.streaks.counted, cell: ({ counted }) => t.streaks.days(counted) },
          { title: t.streaks.last, cell: ({ lastDay }) => <span className="number">{lastDay}</span> },
          ...(may('evidence.read') ? [evidence] : []),
        ]}
      />
    </>
  );
}

/** From the tap to the ledger: everything about one person on one day. */
function Trail({ chosen: { number, name, day }, onDay }: { chosen: Chosen; onDay: (day: string) => void }) {
  const t = useWorkTexts();
  const times = useTimes();
  const trail = useQuery({
    queryKey: ['evidence', number, day],
    queryFn: ({ signal }) =>
      call<Evidence>(`/employees/${encodeURIComponent(number)}/evidence?day=${day}`, { signal }),
  });
  return (
    <section className="panel form" aria-live="polite">
      <h2>{t.streaks.of(name, day)}</h2>
      <input
        className="field"
        type="date"
        aria-label={t.time}
        value={day}
        onChange={(event) => (event.target.value === '' ? undefined : onDay(event.target.value))}
      />
      <Loaded query={trail}>
        {({ completions, checkins, points, deliveries }) => {
          const parts = [
            {
              title: t.streaks.completions,
              lines: [...completions, ...checkins].map(
                ({ at, grade, channel, tip }) =>
                  `${times.exact(at)} · ${channel} · ${grade}${tip === null ? '' : ` · ${tip.title}`}`,
              ),
            },
            {
              title: t.streaks.points,
              lines: points.map(
                ({ at, amount, reason, ruleVersion }) =>
                  `${times.exact(at)} · ${amount} · ${reason}${ruleVersion === null ? '' : ` · v${ruleVersion}`}`,
              ),
            },
            {
              title: t.streaks.deliveries,
              lines: deliveries.map(
                ({ plannedAt, purpose, state }) => `${times.exact(plannedAt)} · ${purpose} · ${state}`,
              ),
            },
          ].filter(({ lines }) => lines.length > 0);
          if (parts.length === 0) return <p className="muted">{t.streaks.nothing}</p>;
          return parts.map(({ title, lines }) => (
            <div key={title}>
              <h3>{title}</h3>
              <ul>
                {lines.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </div>
          ));
        }}
      </Loaded>
    </section>
  );
}
