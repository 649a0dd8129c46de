import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import type { TrainingDeps } from './trainings.deps.ts';
import { hasSeat, moveUp } from './trainings.seats.ts';
import {
  clashesWith,
  type Deed,
  signupsOf,
  standingOf,
  type Training,
  trainingById,
} from './trainings.store.ts';
import { type signupEvents, trainingSignupEvents, trainingSignups } from './trainings.tables.ts';
import { stopFor } from './trainings.tell.ts';

export type SignUpOutcome =
  | { kind: 'closed'; training: Training }
  | { kind: 'already'; training: Training; state: 'in' | 'waiting' }
  | { kind: 'conflict'; training: Training; other: Training }
  | { kind: 'in'; training: Training }
  /** `byQuota`: the room has seats, but the department's share is used up. */
  | { kind: 'waiting'; training: Training; place: number; byQuota: boolean };

/** Whether people may still come and go on the list. */
export const takesSignUps = (training: Training, at: Temporal.Instant): boolean =>
  training.state === 'open' && Temporal.Instant.compare(at, training.startsAt) < 0;

/**
 * Signs somebody up, or puts them on the waiting list when there is no seat. The row of the training is locked, so that
 * the last seat goes to one person, whichever processes are at work. An overlap with another class of theirs is told
 * instead, unless `despite`.
 */
export async function signUp(
  tx: Db,
  deps: TrainingDeps,
  { trainingId, employeeId, despite = false }: { trainingId: string; employeeId: string; despite?: boolean },
  { at, by }: Deed,
): Promise<SignUpOutcome> {
  const training = await trainingById(tx, trainingId, { lock: true });
  if (!takesSignUps(training, at)) return { kind: 'closed', training };
  const before = await standingOf(tx, trainingId, employeeId);
  if (before !== undefined && before.state !== 'cancelled')
    return { kind: 'already', training, state: before.state };
  if (!despite) {
    const [other] = (await clashesWith(tx, training, [employeeId], at)).get(employeeId) ?? [];
    if (other !== undefined) return { kind: 'conflict', training, other };
  }
  const seat = await hasSeat(tx, deps, training, employeeId);
  await put(tx, training, employeeId, seat ? 'in' : 'waiting', seat ? 'signed-up' : 'waits', { at, by });
  if (seat) return { kind: 'in', training };
  const list = await signupsOf(tx, trainingId, ['waiting']);
  const place = list.findIndex((one) => one.employeeId === employeeId) + 1;
  const taken = (await signupsOf(tx, trainingId, ['in'])).length;
  return { kind: 'waiting', training, place, byQuota: training.seats === null || taken < training.seats };
}

async function put(
  tx: Db,
  { id: trainingId }: Training,
  employeeId: string,
  state: 'in' | 'waiting' | 'cancelled',
  kind: (typeof signupEvents)[number],
  { at, by }: Deed,
): Promise<void> {
  const row = { state, changedAt: at, ...(state === 'cancelled' ? {} : { turn: newId() }) };
  await tx
    .insert(trainingSignups)
    .values({ trainingId, employeeId, turn: newId(), ...row })
    .onConflictDoUpdate({ target: [trainingSignups.trainingId, trainingSignups.employeeId], set: row });
  await tx.insert(trainingSignupEvents).values({ id: newId(), trainingId, employeeId, kind, at, by });
}

export type CancelOutcome = { kind: 'cancelled' | 'not-in' | 'closed'; training: Training };

/** Gives the seat back; whoever waits first moves up and is told. What was promised about the class is withdrawn. */
export async function cancelSignUp(
  tx: Db,
  deps: TrainingDeps,
  { trainingId, employeeId }: { trainingId: string; employeeId: string },
  { at, by }: Deed,
): Promise<CancelOutcome> {
  const training = await trainingById(tx, trainingId, { lock: true });
  if (!takesSignUps(training, at)) return { kind: 'closed', training };
  const before = await standingOf(tx, trainingId, employeeId);
  if (before === undefined || before.state === 'cancelled') return { kind: 'not-in', training };
  await put(tx, training, employeeId, 'cancelled', 'cancelled', { at, by });
  await stopFor(tx, training, [employeeId], 'acted', at);
  await moveUp(tx, deps, training, at);
  return { kind: 'cancelled', training };
}

export type ChangeOutcome =
  | { kind: 'changed'; from: Training; to: Training }
  /** There is no seat: the old one is kept. */
  | { kind: 'full'; from: Training; to: Training }
  | { kind: 'not-in'; training: Training }
  | { kind: 'closed'; training: Training }
  | { kind: 'already'; training: Training; state: 'in' | 'waiting' }
  | { kind: 'conflict'; training: Training; other: Training };

/** From one class to another, or not at all: nobody gives a seat away without having the other. */
export async function changeSignUp(
  tx: Db,
  deps: TrainingDeps,
  { fromId, toId, employeeId }: { fromId: string; toId: string; employeeId: string },
  deed: Deed,
): Promise<ChangeOutcome> {
  // In one order, so that two who swap in opposite directions do not wait for each other.
  for (const id of [fromId, toId].sort()) await trainingById(tx, id, { lock: true });
  const [from, to] = [await trainingById(tx, fromId), await trainingById(tx, toId)];
  if (!takesSignUps(to, deed.at)) return { kind: 'closed', training: to };
  if (!takesSignUps(from, deed.at)) return { kind: 'closed', training: from };
  const before = await standingOf(tx, fromId, employeeId);
  if (before === undefined || before.state === 'cancelled') return { kind: 'not-in', training: from };
  const there = await standingOf(tx, toId, employeeId);
  if (there?.state === 'in') return { kind: 'already', training: to, state: 'in' };
  const clashes = (await clashesWith(tx, to, [employeeId], deed.at)).get(employeeId) ?? [];
  const other = clashes.find(({ id }) => id !== fromId);
  if (other !== undefined) return { kind: 'conflict', training: to, other };
  if (!(await hasSeat(tx, deps, to, employeeId))) return { kind: 'full', from, to };
  await put(tx, to, employeeId, 'in', 'signed-up', deed);
  await cancelSignUp(tx, deps, { trainingId: fromId, employeeId }, deed);
  return { kind: 'changed', from, to };
}

/** Somebody stands in the room without a seat on the list: they get one if there is one. The training must be locked. */
export async function walkIn(
  tx: Db,
  deps: Pick<TrainingDeps, 'zone'>,
  training: Training,
  employeeId: string,
  deed: Deed,
): Promise<boolean> {
  if (!(await hasSeat(tx, deps, training, employeeId))) return false;
  await put(tx, training, employeeId, 'in', 'walked-in', deed);
  return true;
}

/** Somebody was there, whatever the list says: whoever notes it down vouches for them. */
export async function seatFor(tx: Db, training: Training, employeeId: string, deed: Deed): Promise<void> {
  const before = await standingOf(tx, training.id, employeeId);
  if (before?.state !== 'in') await put(tx, training, employeeId, 'in', 'walked-in', deed);
}
