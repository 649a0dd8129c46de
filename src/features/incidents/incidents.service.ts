import { and, eq } from 'drizzle-orm';
import type { Channel } from '../../chat/event.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { incidents } from '../excusals/excusals.tables.ts';
import { excuseForIncident, tellChanges } from '../excusals/index.ts';
import { nextNumber } from './incidents.health.ts';
import { peopleHit } from './incidents.people.ts';
import type { AmnestyRule } from './incidents.rules.ts';

export type Incident = typeof incidents.$inferSelect;

export interface Deciding {
  rule: AmnestyRule;
  by: string;
  /** Whom people are told to have declared it. */
  byName: string;
  reason: string;
  at: Temporal.Instant;
}

/** A week is longer than any outage that one decision should excuse. */
const LONGEST_HOURS = 7 * 24;

/** Writes an incident that somebody knows of and no record shows. It excuses nobody before `declare`. */
export async function report(
  tx: Db,
  given: { title: string; startsAt: Temporal.Instant; endsAt: Temporal.Instant; channel: Channel | null },
  { zone, rule, at }: { zone: string; rule: AmnestyRule; at: Temporal.Instant },
): Promise<Incident> {
  const hours = given.startsAt.until(given.endsAt).total('hours');
  if (hours <= 0 || hours > LONGEST_HOURS)
    throw new AppError('incident.time', `an outage ends after it begins, within ${LONGEST_HOURS} hours`);
  const number = await nextNumber(tx, localDay(given.startsAt, zone));
  const row = {
    id: newId(),
    number,
    ...given,
    source: 'declared' as const,
    state: 'found' as const,
    expected: (await peopleHit(tx, given, rule)).length,
    createdAt: at,
  };
  const [written] = await tx.insert(incidents).values(row).returning();
  return written as Incident;
}

/**
 * Declares an outage: everybody whose check-in window it hit for the share that the rule asks for, and who did not
 * check in on that day, is excused from it under the incident's number; whoever was reached through other channels
 * alone is not. Streaks follow in the same transaction. A tap that a platform delivers later makes the day count, and
 * is stronger. Everybody is told. Answers how many people are excused. Rejects with AppError `incident.not-found` or `incident.decided`.
 */
export async function declare(
  tx: Db,
  id: string,
  deciding: Deciding,
): Promise<{ incident: Incident; people: number }> {
  const incident = await decide(tx, id, 'declared', deciding);
  const { rule, by, byName, at } = deciding;
  const people = await peopleHit(tx, incident, rule);
  await excuseForIncident(tx, { id: incident.id, number: incident.number }, people, { by, at });
  const changes = people.map((one) => ({ ...one, reason: 'outage' as const, outcome: 'created' as const }));
  await tellChanges(tx, changes, { byName, at });
  return { incident, people: people.length };
}

/** Nobody was hit, or the record was wrong. */
export async function dismiss(
  tx: Db,
  id: string,
  deciding: Omit<Deciding, 'rule' | 'byName'>,
): Promise<Incident> {
  return decide(tx, id, 'dismissed', deciding);
}

async function decide(
  tx: Db,
  id: string,
  state: 'declared' | 'dismissed',
  { by, reason, at }: Omit<Deciding, 'rule' | 'byName'>,
): Promise<Incident> {
  const [decided] = await tx
    .update(incidents)
    .set({ state, decidedBy: by, decidedReason: reason, decidedAt: at })
    .where(and(eq(incidents.id, id), eq(incidents.state, 'found')))
    .returning();
  if (decided !== undefined) return decided;
  await incidentBy(tx, id);
  throw new AppError('incident.decided', `incident ${id} is decided`, { details: { id } });
}

/** Rejects with AppError `incident.not-found`. */
export async function incidentBy(tx: Db, id: string): Promise<Incident> {
  const [found] = await tx.select().from(incidents).where(eq(incidents.id, id));
  if (found === undefined)
    throw new AppError('incident.not-found', `there is no incident ${id}`, { details: { id } });
  return found;
}
