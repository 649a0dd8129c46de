import type { Campaign } from '#src/features/campaigns/index.ts';
import { performRun, type RunDeps } from '#src/features/periods/periods.runs.ts';
import { openPeriod, type Span } from '#src/features/periods/periods.service.ts';
import { type PerformanceRun, performanceRuns } from '#src/features/periods/periods.tables.ts';
import { newId } from '#src/kernel/ids.ts';

/** Closes these days as if their objections were over; who may is tested elsewhere. */
export async function closePeriod(deps: RunDeps, campaign: Campaign, span: Span): Promise<PerformanceRun> {
  const at = deps.clock.now();
  const period = await deps.db.transaction((tx) => openPeriod(tx, campaign, span, at));
  const id = newId();
  await deps.db.insert(performanceRuns).values({
    id,
    periodId: period.id,
    kind: 'closing',
    revision: 0,
    state: 'requested',
    reason: '',
    preparedBy: 'E4 王知行',
    confirmedBy: 'E9 陈立',
    requestedAt: at,
  });
  await performRun(deps, id);
  const rows = await deps.db.select().from(performanceRuns);
  return rows.find((run) => run.id === id) as PerformanceRun;
}
