import type { Db } from '../../kernel/db.ts';
import { isZone, localDay, type Temporal } from '../../kernel/time.ts';
import type { Campaign } from '../campaigns/index.ts';
import {
  addToTeam,
  dayCounts,
  type IsoDay,
  type PackagePerson,
  type PersonResult,
  type ResultRow,
  recordOf,
  resultOf,
  resultRow,
  type Team,
  teamKey,
} from '../performance/index.ts';
import type { PerformanceRule } from '../performance/performance.schema.ts';
import { readByCursor } from '../reports/index.ts';
import { type ParticipantRow, participantsQuery, personOf } from './periods.people.sql.ts';

export interface Evaluation {
  campaign: Pick<Campaign, 'id' | 'audience'>;
  rule: PerformanceRule;
  from: IsoDay;
  to: IsoDay;
  /** The workdays of the period, by the campaign's frozen calendar. */
  workdays: readonly IsoDay[];
  /** Days that are not over at this moment are due only once something was done; without it all are. */
  asOf?: Temporal.Instant | undefined;
  /** Called for each person in turn, before anybody's team is known: for the package. */
  onPerson?: (person: PackagePerson, employeeId: string) => void | Promise<void>;
}

export interface EvaluatedPerson {
  employeeId: string;
  row: ResultRow;
}

type Waiting = Omit<EvaluatedPerson, 'row'> &
  Pick<PackagePerson, 'number' | 'name' | 'department'> & { result: Omit<PersonResult, 'days'> };

/**
 * The result of everybody. Evidence passes through person by person; only the figures of each are kept until the shares
 * of the departments are known. Reads within the caller's transaction, which should see the database as of one moment.
 */
export async function evaluate(tx: Db, evaluation: Evaluation): Promise<EvaluatedPerson[]> {
  const { rule, onPerson } = evaluation;
  const due = dueDays(evaluation);
  const teams = new Map<string, Team>();
  const waiting: Waiting[] = [];
  for await (const batch of readByCursor<ParticipantRow>(tx, 'participants', participantsQuery(evaluation))) {
    for (const row of batch) {
      const person = personOf(row);
      await onPerson?.(person, row.employee_id);
      const record = recordOf(person);
      const { days: _days, ...result } = resultOf(rule, { workdays: due(row.zone, person) }, record);
      addToTeam(teams, teamKey(person), result);
      const { number, name, department } = person;
      waiting.push({ employeeId: row.employee_id, number, name, department, result });
    }
  }
  return waiting.map((one) => ({
    employeeId: one.employeeId,
    row: resultRow(rule, one, one.result, teams.get(teamKey(one)) as Team),
  }));
}

/** The workdays that are due for somebody: those that are over where they live, and today's once it counts. */
export function dueDays({
  workdays,
  asOf,
  rule,
}: Pick<Evaluation, 'workdays' | 'asOf' | 'rule'>): (
  zone: string,
  person: PackagePerson,
) => readonly IsoDay[] {
  if (asOf === undefined) return () => workdays;
  const known = new Map<string, { today: IsoDay; over: readonly IsoDay[]; withToday: readonly IsoDay[] }>();
  return (zone, person) => {
    let one = known.get(zone);
    if (one === undefined) {
      const today = localDay(asOf, isZone(zone) ? zone : 'UTC').toString();
      const upTo = (holds: (day: IsoDay) => boolean) => workdays.filter(holds);
      one = { today, over: upTo((day) => day < today), withToday: upTo((day) => day <= today) };
      known.set(zone, one);
    }
    const { today } = one;
    const shown = new Set(
      recordOf(person).evidence.flatMap(({ day, kind }) => (day === today ? [kind] : [])),
    );
    return shown.size > 0 && dayCounts(rule, shown) ? one.withToday : one.over;
  };
}

/** One person, with their days: for their own eyes and for the trail of a day. */
export async function recordsOf(
  tx: Db,
  { campaign, from, to }: Pick<Evaluation, 'campaign' | 'from' | 'to'>,
  employeeId: string,
): Promise<{ person: PackagePerson; zone: string } | undefined> {
  const query = participantsQuery({ campaign, from, to, employeeIds: [employeeId] });
  const [row] = (await tx.execute<ParticipantRow>(query)).rows;
  return row === undefined ? undefined : { person: personOf(row), zone: row.zone };
}

/** `evaluate` in a transaction of its own that sees one moment and bears large sorts. */
export const readingStill = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;
