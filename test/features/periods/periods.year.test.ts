import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { signerFrom } from '#src/features/periods/periods.keys.ts';
import type { RunDeps } from '#src/features/periods/periods.runs.ts';
import { monthSpan, type Span } from '#src/features/periods/periods.service.ts';
import { type PerformanceRun, performanceResults } from '#src/features/periods/periods.tables.ts';
import { summaryQuery } from '#src/features/reports/reports.summary.ts';
import { manualClock, monthDays, Temporal } from '#src/kernel/time.ts';
import { linesOf } from '#src/verify-export/lines.ts';
import { verifyPackage } from '#src/verify-export/verify.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { closePeriod } from '../../support/year/close.ts';
import { liveAYear, type Year } from '../../support/year/live.ts';
import { rules } from '../../support/year/organisation.ts';
import { evaluatedAgain, streakReplay } from '../../support/year/proof.ts';

const PEOPLE = 300;
const months = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`);

let database: TestDatabase;
let deps: RunDeps;
let year: Year;
/** The closings, each made when its month was over and the next one not begun. */
const runs = new Map<string, PerformanceRun>();
const wrongStreaks: unknown[] = [];
beforeAll(async () => {
  database = await testDatabase();
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-year-'));
  deps = {
    db: database.db,
    clock: manualClock('2027-01-10T02:00:00Z'),
    fileRoot,
    signer: signerFrom(Buffer.alloc(32, 3)),
  };
  year = await liveAYear(database.db, PEOPLE, async (campaign, month) => {
    wrongStreaks.push(...(await verifyStreaks(database.db)).wrong);
    const span = monthSpan(campaign, Temporal.PlainYearMonth.from(month)) as Span;
    runs.set(month, await closePeriod(deps, campaign, span));
  });
}, 180_000);
afterAll(async () => {
  await database.close();
  await rm(deps.fileRoot, { recursive: true, force: true });
}, 60_000);

const pathOf = (run: PerformanceRun): string => join(deps.fileRoot, run.packagePath ?? '');

/** As somebody would count it with a pen, from the tables alone and a day at a time. */
async function byHand(month: string) {
  const { from, to } = monthDays(Temporal.PlainYearMonth.from(month));
  const rule = rules.findLast(({ fromDay }) => fromDay <= from.toString())?.rule;
  type Day = { number: string; day: string; kinds: string[]; effect: string | null; excused: boolean };
  const { rows } = await database.db.execute<Day>(sql`
    select e.number, d.day,
      array(select distinct kind from (
        select case grade when 'answered' then 'question' when 'self-declared' then 'declared' else 'tap' end as kind
          from task_completions c where c.campaign_id = d.campaign_id and c.employee_id = e.id and c.day = d.day
        union all select 'tap' from task_completions c where c.campaign_id = d.campaign_id and c.employee_id = e.id and c.day = d.day
        union all select 'usage' from usage_days u where u.employee_id = e.id and u.day = d.day) k) as kinds,
      (select effect from day_corrections x where x.campaign_id = d.campaign_id and x.employee_id = e.id and x.day = d.day order by x.id desc limit 1) as effect,
      exists (select from excused_days x where x.employee_id = e.id and x.day = d.day) as excused
    from employees e cross join campaign_days d
    where d.day between ${from.toString()} and ${to.toString()} and d.workday
      and (e.left_on is null or e.left_on >= d.day)
      and exists (select from memberships m where m.employee_id = e.id and m.from_day <= d.day and coalesce(m.to_day, 'infinity') >= d.day)
    order by e.number, d.day`);
  const found = new Map<
    string,
    { due: number; counted: number; excused: number; best: number; frozen: number }
  >();
  const runs = new Map<string, number>();
  for (const { number, kinds, effect, excused } of rows) {
    const one = found.get(number) ?? { due: 0, counted: 0, excused: 0, best: 0, frozen: 0 };
    found.set(number, one);
    const met = rule?.day.every((group) => group.some((kind) => kinds.includes(kind))) ?? false;
    const counts = effect === 'counts' || (effect === null && met);
    if (!counts && excused) {
      one.excused += 1;
      continue;
    }
    one.due += 1;
    if (counts) {
      one.counted += 1;
      runs.set(number, (runs.get(number) ?? 0) + 1);
    } else if (effect === null && one.frozen < (rule?.freezes ?? 0)) one.frozen += 1;
    else runs.set(number, 0);
    one.best = Math.max(one.best, runs.get(number) ?? 0);
  }
  return found;
}

describe('a year of an organisation with two changes of its rule', () => {
  it('had all that a year brings', () => {
    const { taps, ...rest } = year.lived;
    expect(taps).toBeGreaterThan(PEOPLE * 25);
    for (const [what, many] of Object.entries(rest)) expect([what, many > 20]).toEqual([what, true]);
  });

  it('keeps every streak as the record says at the end of each month, one by one and from the evidence', async () => {
    expect(wrongStreaks).toEqual([]);
    const { checked, wrong } = await verifyStreaks(database.db);
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(PEOPLE * 0.95);
  });

  it('keeps every streak as the events in the signed packages alone say', async () => {
    const replay = streakReplay();
    for (const run of runs.values()) await replay.read(pathOf(run));
    const { rows, wrong, named } = await replay.compare(database.db, year.campaign.id);
    expect([wrong, named]).toEqual([0, []]);
    expect(rows).toBeGreaterThan(PEOPLE * 0.95);
  });

  it.each(months)(
    'closes %s with what a pen finds, what is evaluated again, and what the package proves, for every row',
    async (month) => {
      const run = runs.get(month) as PerformanceRun;
      const stored = await database.db
        .select()
        .from(performanceResults)
        .where(eq(performanceResults.runId, run.id))
        .orderBy(performanceResults.place);
      const expected = await byHand(month);
      expect(run.ruleVersion).toBe(month < '2026-04' ? 1 : month < '2026-10' ? 2 : 3);
      for (const { row } of stored) {
        const { due, counted, excused, best, frozen } = row;
        expect([row.number, { due, counted, excused, best, frozen }]).toEqual([
          row.number,
          // Whoever takes part on days off alone has a row with nothing in it.
          expected.get(row.number) ?? { due: 0, counted: 0, excused: 0, best: 0, frozen: 0 },
        ]);
      }
      expect(stored.length).toBeGreaterThanOrEqual(expected.size);
      // The year has gone on since: nothing of that changed what was closed.
      const again = await evaluatedAgain(deps, year.campaign, run);
      expect(again).toEqual({ rows: stored.length, wrong: 0, named: [] });
      const verified = await verifyPackage(linesOf(createReadStream(pathOf(run))), {
        expectedKey: deps.signer.publicKey,
      });
      expect(verified).toMatchObject({ found: 0, equal: stored.length, receipt: run.receipt });
    },
    60_000,
  );

  it('would notice a streak and a result that are not what they were', async () => {
    const replay = streakReplay();
    for (const run of runs.values()) await replay.read(pathOf(run));
    await database.db
      .transaction(async (tx) => {
        await tx.execute(
          sql`update streaks set best = best + 1 where employee_id = (select min(employee_id::text)::uuid from streaks)`,
        );
        expect((await replay.compare(tx, year.campaign.id)).wrong).toBe(1);
        const run = runs.get('2026-06') as PerformanceRun;
        await tx.execute(
          sql`update performance_results set row = row || '{"score": 99}' where run_id = ${run.id} and place = 7`,
        );
        const spoilt = { ...deps, db: tx };
        expect(await evaluatedAgain(spoilt, year.campaign, run)).toMatchObject({ wrong: 1 });
        tx.rollback();
      })
      .catch((error: Error) => expect(error.message).toContain('Rollback'));
  });

  it('has the people and the workdays of each that the export of check-ins has', async () => {
    const { from, to } = monthDays(Temporal.PlainYearMonth.from('2026-06'));
    const over = to.toString();
    const zones = ['Asia/Shanghai', 'Asia/Urumqi', 'America/New_York', 'Pacific/Auckland'].map((zone) => ({
      zone,
      over,
      starts: `${from.toString()}T00:00:00Z`,
      ends: `${to.add({ days: 1 }).toString()}T00:00:00Z`,
    }));
    type Line = { number: string; due: number; excused: number; department: string };
    const summary = await database.db.execute<Line>(summaryQuery({ from, to }, zones));
    const rows = await database.db.execute<Line>(sql`
      select row ->> 'number' as number, (row ->> 'due')::int as due, (row ->> 'excused')::int as excused,
             row ->> 'department' as department
      from performance_results r join performance_runs n on n.id = r.run_id
      join performance_periods p on p.id = n.period_id where p.name = '2026-06' order by 1`);
    const comparable = (list: typeof rows.rows) =>
      list
        // The export also names whom only a correction brought in.
        .map(({ number, due, excused, department }) => ({ number, workdays: due + excused, department }))
        .filter(({ workdays }) => workdays > 0);
    expect(comparable(rows.rows)).toEqual(comparable(summary.rows));
  });
});
