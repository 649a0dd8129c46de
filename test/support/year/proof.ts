import { createReadStream } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Campaign } from '#src/features/campaigns/index.ts';
import {
  type PackageDay,
  type PackagePerson,
  packageLine,
  ruleVersion,
} from '#src/features/performance/index.ts';
import { evaluate, readingStill } from '#src/features/periods/periods.evaluate.ts';
import { calendarDays, type RunDeps } from '#src/features/periods/periods.runs.ts';
import { periodById } from '#src/features/periods/periods.service.ts';
import { type PerformanceRun, performanceResults } from '#src/features/periods/periods.tables.ts';
import { readWhole } from '#src/features/reports/index.ts';
import type { Db } from '#src/kernel/db.ts';
import { linesOf } from '#src/verify-export/lines.ts';

export interface Comparison {
  rows: number;
  /** How many differ, and the first few in words. */
  wrong: number;
  named: string[];
}

const MOST_NAMED = 5;

/** What a closed period kept for each person, against everybody evaluated once more from the tables. */
export async function evaluatedAgain(
  deps: RunDeps,
  campaign: Campaign,
  run: PerformanceRun,
): Promise<Comparison> {
  const period = await periodById(deps.db, run.periodId);
  const rule = (await ruleVersion(deps.db, campaign.id, run.ruleVersion ?? 0))?.rule;
  if (rule === undefined) throw new Error(`there is no rule ${run.ruleVersion}`);
  const people = await deps.db.transaction(async (tx) => {
    await readWhole(tx);
    const calendar = await calendarDays(tx, campaign.id, period);
    const workdays = calendar.filter(({ workday }) => workday).map(({ day }) => day);
    const days = { from: period.fromDay.toString(), to: period.toDay.toString(), workdays };
    return evaluate(tx, { campaign, rule, ...days });
  }, readingStill);
  const comparison: Comparison = { rows: 0, wrong: 0, named: [] };
  for await (const batch of keptRows(deps.db, run.id)) {
    for (const { place, employeeId, row, receipt } of batch) {
      const again = people[place - 1];
      // The digest is the one of the line in the package, so a row that was changed in the table differs as well.
      const digest = again === undefined ? '' : packageLine('results', place, again.row).split(' ', 3)[2];
      const same =
        again?.employeeId === employeeId && digest === receipt && isDeepStrictEqual(row, again.row);
      note(
        comparison,
        same,
        () => `${row.number}: ${JSON.stringify(row)}, not ${JSON.stringify(again?.row)}`,
      );
    }
  }
  for (const one of people.slice(comparison.rows)) note(comparison, false, () => `${one.row.number}: no row`);
  return comparison;
}

const ROWS_AT_ONCE = 5_000;

async function* keptRows(db: Db, runId: string) {
  for (let after = 0; ; after += ROWS_AT_ONCE) {
    const rows = await db
      .select()
      .from(performanceResults)
      .where(and(eq(performanceResults.runId, runId), gt(performanceResults.place, after)))
      .orderBy(asc(performanceResults.place))
      .limit(ROWS_AT_ONCE);
    if (rows.length === 0) return;
    yield rows;
  }
}

function note(comparison: Comparison, same: boolean, inWords: () => string): void {
  comparison.rows += 1;
  if (same) return;
  comparison.wrong += 1;
  if (comparison.named.length < MOST_NAMED) comparison.named.push(inWords());
}

interface Replayed {
  current: number;
  best: number;
  counted: number;
  lastDay: string;
  lastOrdinal: number;
  /** Excused workdays since the last one that counts. */
  excused: number;
}

/**
 * Everybody's streak of the year from nothing but the events in the packages, which follow one another: written out
 * once more, with no function of the product.
 */
export function streakReplay() {
  const streaks = new Map<string, Replayed>();
  let ordinal = 0;

  function replay(person: PackagePerson, workdays: ReadonlyMap<string, number>): void {
    const tapped = new Set(person.evidence.filter(([, kind]) => kind === 'tap').map(([day]) => day));
    const corrected = new Map(
      person.corrections.map(([day, effect, cause]) => [day, effect === 'counts' && cause !== 'revoked']),
    );
    const excused = new Set(person.excusals.map(([day]) => day));
    const days = [...new Set([...tapped, ...corrected.keys(), ...excused])].sort();
    for (const day of days) {
      const at = workdays.get(day);
      if (at === undefined) continue;
      const old = streaks.get(person.number);
      if (corrected.get(day) ?? tapped.has(day)) {
        const follows = old !== undefined && at - old.lastOrdinal - old.excused === 1;
        const current = follows ? old.current + 1 : 1;
        streaks.set(person.number, {
          current,
          best: Math.max(old?.best ?? 0, current),
          counted: (old?.counted ?? 0) + 1,
          lastDay: day,
          lastOrdinal: at,
          excused: 0,
        });
      } else if (excused.has(day) && old !== undefined) old.excused += 1;
    }
  }

  return {
    async read(path: string): Promise<void> {
      const workdays = new Map<string, number>();
      for await (const line of linesOf(createReadStream(path))) {
        const text = Buffer.from(line).toString();
        const json = (): unknown => JSON.parse(text.slice(text.indexOf('{')));
        if (text.startsWith('calendar ')) {
          const day = json() as PackageDay;
          if (day.workday) {
            ordinal += 1;
            workdays.set(day.day, ordinal);
          }
        } else if (text.startsWith('people ')) replay(json() as PackagePerson, workdays);
      }
    },

    /** Against the streaks as they are stored: those that check-ins, excusals and corrections kept one by one. */
    async compare(db: Db, campaignId: string): Promise<Comparison> {
      type Row = { number: string; current: number; best: number; counted: number; last_day: string };
      const { rows } = await db.execute<Row>(sql`
        select e.number, s.current, s.best, s.counted, s.last_day
        from streaks s join employees e on e.id = s.employee_id where s.campaign_id = ${campaignId}`);
      const comparison: Comparison = { rows: 0, wrong: 0, named: [] };
      const unseen = new Set(streaks.keys());
      for (const { number, current, best, counted, last_day } of rows) {
        const again = streaks.get(number);
        unseen.delete(number);
        const stored = [current, best, counted, last_day];
        const replayed = again === undefined ? [] : [again.current, again.best, again.counted, again.lastDay];
        const same = isDeepStrictEqual(stored, replayed);
        note(comparison, same, () => `${number}: ${stored.join(' ')}, not ${replayed.join(' ')}`);
      }
      for (const number of unseen) note(comparison, false, () => `${number}: no streak is stored`);
      return comparison;
    },
  };
}
