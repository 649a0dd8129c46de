import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { isoOf, type Temporal } from '../kernel/time.ts';
import { EVERYTHING } from './batches.ts';
import { type StopScope, sendBatches, sendStops } from './outbox.tables.ts';

export type Stop = typeof sendStops.$inferSelect;
export type Backlog = 'all' | 'latest' | 'skip';

/** What a stop is checked against. */
export interface Stoppable {
  messageId: string;
  campaignId: string | null;
  channel: string;
  departments: readonly string[];
}

/** The stops that hold now. Read before every call, so that one takes effect within the time of a call. */
export async function activeStops(tx: Db): Promise<Stop[]> {
  return tx.select().from(sendStops).where(isNull(sendStops.endedAt)).orderBy(asc(sendStops.since));
}

/** The stop that keeps this back, a kill before a pause. Answers to people's own actions are never stopped. */
export function stopFor(stops: readonly Stop[], what: Stoppable): Stop | undefined {
  const holding = stops.filter((stop) => concerns(stop, what));
  return holding.find(({ kind }) => kind === 'kill') ?? holding[0];
}

function concerns({ scope, subject }: Stop, what: Stoppable): boolean {
  switch (scope) {
    case 'message':
      return what.messageId === subject;
    case 'campaign':
      return what.campaignId === subject;
    case 'channel':
      return what.channel === subject;
    case 'department':
      return what.departments.includes(subject);
    case 'everything':
      return true;
  }
}

/** The reason that a delivery carries while a pause keeps it back. */
export const pausedBy = (stopId: string): string => `paused:${stopId}`;

export interface NewStop {
  kind: 'pause' | 'kill';
  scope: StopScope;
  subject: string;
  reason: string;
  by: string;
  at: Temporal.Instant;
}

/**
 * Stops from now on, in every process, whatever is not with the platform already. A pause keeps the backlog, a kill
 * ends it, and all that is promised into its scope until the stop is ended. The same stop twice is one.
 */
export async function beginStop(tx: Db, stop: NewStop): Promise<Stop> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`stop ${stop.scope} ${stop.subject}`}, 0))`,
  );
  const [known] = await tx
    .select()
    .from(sendStops)
    .where(
      and(
        isNull(sendStops.endedAt),
        eq(sendStops.kind, stop.kind),
        eq(sendStops.scope, stop.scope),
        eq(sendStops.subject, stop.subject),
      ),
    );
  if (known !== undefined) return known;
  const { kind, scope, subject, reason, by, at } = stop;
  const [made] = await tx
    .insert(sendStops)
    .values({ id: newId(), kind, scope, subject, reason, by, since: at })
    .returning();
  if (kind === 'kill') await cancelScope(tx, stop, 'killed', at);
  return made as Stop;
}

/** Ends a stop. Throws AppError `stop.not-found` and `stop.ended`. `backlog` says what becomes of what a pause kept. */
export async function endStop(
  tx: Db,
  end: { id: string; backlog: Backlog; by: string; at: Temporal.Instant },
): Promise<Stop> {
  const [stop] = await tx.select().from(sendStops).where(eq(sendStops.id, end.id)).for('update');
  if (stop === undefined) throw new AppError('stop.not-found', 'there is no stop of this id');
  if (stop.endedAt !== null) throw new AppError('stop.ended', 'this stop has ended already');
  const backlog = stop.kind === 'pause' ? end.backlog : null;
  const [ended] = await tx
    .update(sendStops)
    .set({ endedAt: end.at, endedBy: end.by, backlog })
    .where(eq(sendStops.id, end.id))
    .returning();
  if (stop.kind === 'pause') await workBacklog(tx, stop, end.backlog, end.at);
  return ended as Stop;
}

async function workBacklog(tx: Db, stop: Stop, backlog: Backlog, at: Temporal.Instant): Promise<void> {
  const kept = sql`(d.state = 'held' and d.reason = ${pausedBy(stop.id)} or d.state = 'planned' and ${inScope(stop)})`;
  if (backlog === 'skip') await exclude(tx, kept, 'skipped', at);
  if (backlog === 'latest') {
    const younger = sql`exists (
      select 1 from deliveries y join outbox_messages ym on ym.id = y.message_id
      where y.employee_id = d.employee_id and y.message_id > d.message_id and ym.purpose = (
        select m.purpose from outbox_messages m where m.id = d.message_id)
        and (y.state = 'held' and y.reason = ${pausedBy(stop.id)} or y.state = 'planned'))`;
    await exclude(tx, sql`${kept} and ${younger}`, 'superseded', at);
  }
  await tx.execute(sql`
    update deliveries set state = 'planned', reason = null, not_before = null, changed_at = ${isoOf(at)}
    where state = 'held' and reason = ${pausedBy(stop.id)}`);
}

/** Which rows of `d` a stop is about; departments are looked up by whoever knows them, so they match nothing here. */
function inScope({ scope, subject }: Pick<Stop, 'scope' | 'subject'>): SQL {
  const ours = sql`exists (select 1 from outbox_messages m where m.id = d.message_id and m.priority <> 'answer')`;
  switch (scope) {
    case 'message':
      return sql`d.message_id = ${subject}::uuid`;
    case 'campaign':
      return sql`d.message_id in (select id from outbox_messages where campaign_id = ${subject}::uuid)`;
    case 'channel':
      return sql`(d.channel = ${subject} and ${ours})`;
    case 'department':
      return sql`false`;
    case 'everything':
      return ours;
  }
}

async function exclude(tx: Db, which: SQL, reason: string, at: Temporal.Instant): Promise<number> {
  const { rowCount } = await tx.execute(sql`
    update deliveries set state = 'excluded', reason = ${reason}, changed_at = ${isoOf(at)}, not_before = null,
      counts_on = null
    where (message_id, recipient) in (
      select d.message_id, d.recipient from deliveries d
      where d.state in ('planned', 'held', 'queued') and ${which}
      order by d.message_id, d.recipient for update)`);
  return rowCount ?? 0;
}

/**
 * Ends what of this message has not left yet. What is with the platform at this moment goes on and says itself what
 * became of it. Answers how many people will not get it.
 */
export async function cancelMessage(
  tx: Db,
  cancel: { messageId: string; reason: string; at: Temporal.Instant },
): Promise<number> {
  return cancelScope(tx, { scope: 'message', subject: cancel.messageId }, cancel.reason, cancel.at);
}

/** Ends everything in a scope that has not left yet. */
export async function cancelScope(
  tx: Db,
  scope: Pick<Stop, 'scope' | 'subject'>,
  reason: string,
  at: Temporal.Instant,
): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${RELEASING}, 0))`);
  await lockOpenBatches(tx, scope);
  const beingSent = sql`exists (
    select 1 from send_batches b where b.id = d.batch_id and b.calling in (d.message_id, ${EVERYTHING}))`;
  return exclude(tx, sql`${inScope(scope)} and not ${beingSent}`, reason, at);
}

const RELEASING = 'outbox releasing';

/**
 * Batches that a cancellation has not seen could be with the platform before it is done, and the record would call
 * them cancelled: releases and cancellations keep out of each other's way, releases not out of one another's.
 */
export async function whileNobodyCancels(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtextextended(${RELEASING}, 0))`);
}

/** A sender locks its batch before it takes rows; whoever takes rows away from batches does so as well. */
async function lockOpenBatches(tx: Db, { scope, subject }: Pick<Stop, 'scope' | 'subject'>): Promise<void> {
  const of =
    scope === 'message'
      ? sql`message_id = ${subject}::uuid`
      : scope === 'channel'
        ? sql`channel = ${subject}`
        : sql`true`;
  await tx.execute(sql`select 1 from send_batches where state = 'queued' and ${of} order by id for update`);
}

/** Locks these batches in the order in which everybody does. */
export async function lockBatches(tx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .select({ id: sendBatches.id })
    .from(sendBatches)
    .where(inArray(sendBatches.id, [...ids]))
    .orderBy(asc(sendBatches.id))
    .for('update');
}
