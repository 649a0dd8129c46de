import type { z } from 'zod';
import type { PeriodView, resultShape } from '../../features/periods/periods.api.ts';
import { type Column, ListTable } from '../ListTable.tsx';
import { usePerformanceTexts } from './performance.text.ts';

type Result = z.infer<typeof resultShape>;

/** What the last evaluation found of each person. */
export function Results({ period }: { period: PeriodView }) {
  const { periods: t, columns: c } = usePerformanceTexts();
  const run = period.runs.findLast(({ state }) => state === 'done');
  if (run === undefined) return <p className="panel empty">{t.noResults}</p>;
  const columns: Column<Result>[] = [
    { title: c.number, cell: ({ number }) => number },
    { title: c.name, cell: ({ name }) => name },
    { title: c.department, cell: ({ department }) => department ?? '–' },
    { title: c.counted, cell: ({ counted, due }) => `${counted} / ${due}` },
    { title: c.needed, cell: ({ needed }) => needed },
    { title: c.streak, cell: ({ best }) => best },
    { title: c.excused, cell: ({ excused }) => excused },
    { title: c.repaired, cell: ({ madeUp, earnedBack, appealed }) => madeUp + earnedBack + appealed },
    { title: c.reached, cell: ({ reached }) => `${reached}%` },
    { title: c.band, cell: ({ band }) => band },
    { title: c.team, cell: ({ teamReached, teamBand }) => `${teamReached}% ${teamBand}` },
    { title: c.score, cell: ({ score }) => score },
  ];
  return (
    <>
      <h2>{t.results}</h2>
      <ListTable<Result>
        key={run.id}
        path={`/performance/periods/${period.id}/results`}
        filters={{ run: run.id }}
        columns={columns}
        keyOf={({ number }) => number}
        none={t.noResults}
      />
    </>
  );
}
