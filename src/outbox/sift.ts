import { sql } from 'drizzle-orm';
import { groupBy } from '../kernel/collections.ts';
import type { Db } from '../kernel/db.ts';
import { localDay, type Temporal } from '../kernel/time.ts';
import type { Priority } from './priority.ts';
import { type End, isPast, type Row } from './settle.ts';
import { pausedBy, type Stop, stopFor } from './stops.ts';
import { type Budget, type PersonRules, type Used, verdictOn, weekStart } from './suppression.rules.ts';

/**
 * The rules of these people, as they hold now; under the empty id those for groups. Whoever is missing gets what we
 * start at any time.
 */
export type RulesOf = (
  tx: Db,
  employeeIds: readonly string[],
  now: Temporal.Instant,
) => Promise<ReadonlyMap<string, PersonRules>>;

export interface SiftDeps {
  rulesOf: RulesOf;
  budget: Budget;
}

export interface Sifted {
  /** May leave now; `countsOn` is the person's own day on which it uses up budget. */
  send: { row: Row; countsOn: Temporal.PlainDate | null }[];
  kept: { row: Row; end: End }[];
}

export interface SiftedMessage {
  id: string;
  campaignId: string | null;
  priority: Priority;
}

/** A single message that the budget held and that makes no digest by itself. */
export const AFTER_BUDGET = 'after-budget';

/** Looks at rows of one message before they leave: the stops, then what each person's rules say at this moment. */
export async function sift(
  tx: Db,
  deps: SiftDeps,
  message: SiftedMessage,
  rows: readonly Row[],
  { stops, now }: { stops: readonly Stop[]; now: Temporal.Instant },
): Promise<Sifted> {
  const ids = rows.flatMap(({ employeeId }) => employeeId ?? []);
  const rules = await deps.rulesOf(tx, ids, now);
  const used = message.priority === 'campaign' ? await usedBy(tx, ids, rules, now) : new Map<string, Used>();
  const sifted: Sifted = { send: [], kept: [] };
  for (const row of rows) {
    const of = rules.get(row.employeeId ?? '');
    const end = isPast(row.expiresAt, now)
      ? { state: 'expired' as const, reason: null }
      : stopEnd(stops, message, row, of);
    if (end !== undefined) {
      sifted.kept.push({ row, end });
      continue;
    }
    if (of === undefined) {
      sifted.send.push({ row, countsOn: null });
      continue;
    }
    const candidate = { priority: message.priority, afterBudget: row.reason === AFTER_BUDGET };
    const verdict = verdictOn(candidate, of, used.get(row.employeeId ?? '') ?? NONE, deps.budget, now);
    switch (verdict.kind) {
      case 'send':
        sifted.send.push({
          row,
          countsOn: verdict.counts && row.employeeId !== null ? localDay(now, of.zone) : null,
        });
        break;
      case 'hold':
        sifted.kept.push({ row, end: holdEnd(row, verdict) });
        break;
      case 'exclude':
        sifted.kept.push({ row, end: { state: 'excluded', reason: verdict.reason } });
    }
  }
  return sifted;
}

const NONE: Used = { today: 0, week: 0 };

function stopEnd(
  stops: readonly Stop[],
  message: SiftedMessage,
  row: Row,
  rules: PersonRules | undefined,
): End | undefined {
  const stop = stopFor(stops, {
    messageId: message.id,
    campaignId: message.campaignId,
    channel: row.channel,
    departments: rules?.departments ?? [],
  });
  if (stop === undefined) return undefined;
  return stop.kind === 'kill'
    ? { state: 'excluded', reason: 'killed' }
    : { state: 'held', reason: pausedBy(stop.id) };
}

/** What would be too late after the wait is not kept for it: it expires now, and the record says why. */
function holdEnd(row: Row, { until, reason }: { until: Temporal.Instant; reason: string }): End {
  const tooLate = row.expiresAt !== null && until.epochNanoseconds >= row.expiresAt.epochNanoseconds;
  if (tooLate && reason !== 'budget') return { state: 'expired', reason };
  return { state: 'held', reason, notBefore: until };
}

/** How much of their budget these people have used, each on their own calendar. */
export async function usedBy(
  tx: Db,
  ids: readonly string[],
  rules: ReadonlyMap<string, PersonRules>,
  now: Temporal.Instant,
): Promise<Map<string, Used>> {
  const used = new Map<string, Used>();
  const byZone = groupBy(
    ids.filter((id) => rules.has(id)),
    (id) => rules.get(id)?.zone ?? '',
  );
  for (const [zone, people] of byZone) {
    const today = localDay(now, zone);
    const { rows } = await tx.execute<{ id: string; today: number; week: number }>(sql`
      select p.id, u.today, u.week from json_array_elements_text(${JSON.stringify(people)}::json) as p(id)
      cross join lateral (
        select count(*)::int as week, count(*) filter (where d.counts_on = ${today.toString()})::int as today
        from deliveries d where d.employee_id = p.id::uuid
          and d.counts_on between ${weekStart(today).toString()} and ${today.toString()}
      ) u
      where u.week > 0`);
    for (const row of rows) used.set(row.id, row);
  }
  return used;
}
