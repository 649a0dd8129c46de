import { sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { calendarOf, campaignById } from '../campaigns/index.ts';
import { departmentsOf, employeesIn } from '../directory/index.ts';
import { type LeaguePlace, leagueOf, type Team } from './quizzes.league.ts';
import { currentStandings } from './quizzes.settle.ts';
import type { Quiz } from './quizzes.store.ts';

/**
 * Who of these people was excused on every workday of a round (leave, a trip, an outage) and therefore does not lower their
 * department's score. One workday on which somebody could have answered, and they count.
 */
async function awayAllAlong(
  tx: Db,
  quiz: Quiz,
  employeeIds: readonly string[],
  { from, to }: { from: Temporal.PlainDate; to: Temporal.PlainDate },
): Promise<ReadonlySet<string>> {
  const campaign = await campaignById(tx, quiz.campaignId);
  if (campaign === undefined || employeeIds.length === 0) return new Set();
  const calendar = await calendarOf(tx, campaign);
  const workdays: string[] = [];
  for (let day = from; day.until(to).days >= 0; day = day.add({ days: 1 }))
    if (calendar.isWorkday(day)) workdays.push(day.toString());
  if (workdays.length === 0) return new Set();
  const { rows } = await tx.execute<{ employee_id: string }>(sql`
    select employee_id from excused_days
    where employee_id = any(${sql.param([...employeeIds])}::uuid[]) and day = any(${sql.param(workdays)}::date[])
    group by employee_id having count(*) = ${workdays.length}`);
  return new Set(rows.map(({ employee_id }) => employee_id));
}

/**
 * The departments of a round by score per head, as it follows from the answers now: its members are those of the audience on the
 * round's last day.
 */
export async function leagueFor(tx: Db, quiz: Quiz, zone: string): Promise<LeaguePlace[]> {
  const from = localDay(quiz.startsAt, zone);
  const to = localDay(quiz.endsAt, zone);
  const invited = await employeesIn(tx, quiz.file.audience, { day: to });
  const absent = await awayAllAlong(tx, quiz, invited, { from, to });
  const scores = await scoresOf(tx, quiz);
  // Whoever answered counts, also on leave and also when they have left since.
  const counted = new Set([...invited.filter((id) => !absent.has(id)), ...scores.keys()]);
  const belonging = await departmentsOf(tx, [...counted], to);
  const teams = new Map<string, Team>();
  for (const [employeeId, { main }] of belonging) {
    if (main === null) continue;
    const team = teams.get(main.code) ?? { code: main.code, name: main.name, people: 0, took: 0, score: 0 };
    const score = scores.get(employeeId);
    team.people += 1;
    team.took += score === undefined ? 0 : 1;
    team.score += score ?? 0;
    teams.set(main.code, team);
  }
  return leagueOf([...teams.values()], quiz.file.policy.leastPeople);
}

/** The scores of whoever answered. They stand in a table of their own once the round is over. */
async function scoresOf(tx: Db, quiz: Quiz): Promise<ReadonlyMap<string, number>> {
  if (quiz.state === 'published') {
    const took = (await currentStandings(tx, quiz)).filter(({ answered }) => answered > 0);
    return new Map(took.map(({ employeeId, score }) => [employeeId, score]));
  }
  const { rows } = await tx.execute<{ employee_id: string; score: number }>(sql`
    select employee_id, score from quiz_scores where quiz_id = ${quiz.id} and answered > 0`);
  return new Map(rows.map((row) => [row.employee_id, row.score]));
}
