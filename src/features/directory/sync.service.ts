import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { DirectorySource, PlatformDepartment, PlatformPerson } from '../../chat/directory-source.ts';
import type { Channel } from '../../chat/event.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError, PlatformError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock, Temporal } from '../../kernel/time.ts';
import { recordset } from './bulk.ts';
import { identities } from './directory.tables.ts';
import { type Applying, applyDirectory } from './sync.apply.ts';
import { idForm } from './sync.rules.ts';
import { directoryRuns, directorySeen, type RunFailure } from './sync.tables.ts';

export interface SyncDeps {
  db: Db;
  clock: Clock;
  log: Log;
  /** The company's zone. */
  zone: string;
  sources: readonly DirectorySource[];
  /** New people may live in zones that have no schedules yet. */
  refreshSchedules?: () => Promise<void>;
}

export type Run = typeof directoryRuns.$inferSelect;

const CLAIM = sql`clock_timestamp() + interval '2 minutes'`;
const MOST_FAILURES = 200;

/** Begins a walk, or answers the one that is under way. Call it in a transaction; a job or the sweep does the work. */
export async function startRun(
  tx: Db,
  run: { channel: Channel; account: string; cause: string; at: Run['startedAt'] },
): Promise<{ id: string; isNew: boolean }> {
  const { channel, account, cause, at } = run;
  const id = newId();
  const begun = await tx
    .insert(directoryRuns)
    .values({ id, channel, account, cause, state: 'walking', startedAt: at })
    .onConflictDoNothing()
    .returning({ id: directoryRuns.id });
  if (begun.length > 0) return { id, isNew: true };
  const [open] = await tx
    .select({ id: directoryRuns.id })
    .from(directoryRuns)
    .where(
      and(
        eq(directoryRuns.channel, channel),
        eq(directoryRuns.account, account),
        eq(directoryRuns.state, 'walking'),
      ),
    );
  return { id: open?.id ?? id, isNew: false };
}

/**
 * Walks on from where the run stands and, at its end, applies what was read. Safe to call from several processes: one
 * works, the others return at once. A page is kept together with the place after it, so a crash repeats one page at most.
 * Rejects when the platform does not answer; the run stays `walking` and goes on when called again.
 */
export async function workOn(deps: SyncDeps, runId: string): Promise<void> {
  const { db, clock } = deps;
  const [run] = await db
    .update(directoryRuns)
    .set({ claimedUntil: CLAIM as never })
    .where(
      and(
        eq(directoryRuns.id, runId),
        eq(directoryRuns.state, 'walking'),
        sql`(claimed_until is null or claimed_until < clock_timestamp())`,
      ),
    )
    .returning();
  if (run === undefined) return;
  const source = sourceOf(deps, run);
  if (source === undefined) {
    const failures = [...run.failures, { what: 'directory', reason: 'channel-off' }];
    await end(db, runId, { state: 'failed', failures, endedAt: clock.now() });
    return;
  }
  try {
    await walk(db, source, run);
    await finish(deps, run);
  } catch (error) {
    await release(db, runId);
    if (!(error instanceof PlatformError) || error.fate !== 'give-up') throw error;
    const [now] = await db.select().from(directoryRuns).where(eq(directoryRuns.id, runId));
    const failures = [...(now?.failures ?? []), { what: error.call, reason: error.platformCode }];
    await end(db, runId, { state: 'failed', failures, endedAt: clock.now() });
  }
}

const release = (db: Db, runId: string) =>
  db.update(directoryRuns).set({ claimedUntil: null }).where(eq(directoryRuns.id, runId));

const end = (db: Db, runId: string, values: Partial<Run>) =>
  db
    .update(directoryRuns)
    .set({ ...values, claimedUntil: null })
    .where(eq(directoryRuns.id, runId));

const sourceOf = ({ sources }: SyncDeps, { channel, account }: Pick<Run, 'channel' | 'account'>) =>
  sources.find((source) => source.channel === channel && source.account === account);

async function walk(db: Db, source: DirectorySource, run: Run): Promise<void> {
  const failures: RunFailure[] = [...run.failures];
  for await (const page of source.walk(run.cursor ?? undefined)) {
    if (page.failed !== undefined && failures.length < MOST_FAILURES) failures.push(page.failed);
    const seen = new Map(
      [
        ...page.departments.map((data) => ({ kind: 'department', id: data.id, data })),
        ...page.people.map((data) => ({ kind: 'person', id: idForm(source.channel, data.platformId), data })),
      ].map((one) => [`${one.kind} ${one.id}`, one]),
    );
    await db.transaction(async (tx) => {
      await tx.execute(sql`
        insert into ${directorySeen} (run_id, kind, platform_id, data)
        select ${run.id}, r.kind, r.id, r.data from ${recordset([...seen.values()], 'kind text, id text, data jsonb')}
        on conflict (run_id, kind, platform_id) do update set data = excluded.data`);
      await tx
        .update(directoryRuns)
        .set({ cursor: page.cursor, failures, claimedUntil: CLAIM as never })
        .where(eq(directoryRuns.id, run.id));
    });
  }
}

async function finish(deps: SyncDeps, { id }: Run): Promise<void> {
  const { db, clock } = deps;
  await db.transaction(async (tx) => {
    const [run] = await tx.select().from(directoryRuns).where(eq(directoryRuns.id, id)).for('update');
    if (run === undefined || run.state !== 'walking') return;
    const isComplete = run.failures.length === 0;
    const seen = await seenBy(tx, id);
    // A directory in which nobody is left is no news but a wrong scope.
    const remove = isComplete && seen.people.length > 0 ? 'few' : 'nobody';
    const applied = await applyDirectory(tx, { ...given(deps, run), ...seen, remove });
    if (remove === 'few') await markHidden(tx, run, seen.people, clock.now());
    const { held, failures, ...counts } = applied;
    const state = !isComplete ? 'partial' : held > 0 ? 'held' : 'done';
    await tx
      .update(directoryRuns)
      .set({
        ...counts,
        held,
        state,
        failures: [...run.failures, ...failures],
        endedAt: clock.now(),
        claimedUntil: null,
      })
      .where(eq(directoryRuns.id, id));
    await forgetOlder(tx, run);
  });
  await deps.refreshSchedules?.();
}

const given = (
  { clock, zone }: SyncDeps,
  { channel, account }: Run,
): Pick<Applying, 'channel' | 'account' | 'at' | 'zone'> => ({
  channel,
  account,
  at: clock.now(),
  zone,
});

async function seenBy(tx: Db, runId: string) {
  const rows = await tx.select().from(directorySeen).where(eq(directorySeen.runId, runId));
  return {
    departments: rows.flatMap(({ kind, data }) =>
      kind === 'department' ? [data as PlatformDepartment] : [],
    ),
    people: rows.flatMap(({ kind, data }) => (kind === 'person' ? [data as PlatformPerson] : [])),
  };
}

/** What earlier walks read is of no use once a later one has ended. */
async function forgetOlder(tx: Db, { id, channel, account }: Run): Promise<void> {
  await tx.execute(sql`
    delete from ${directorySeen} s using ${directoryRuns} r
    where r.id = s.run_id and r.channel = ${channel} and r.account = ${account} and r.id < ${id} and r.state <> 'walking'`);
}

/**
 * Somebody has looked at a held run: those who are not in it leave now. Rejects with AppError `directory.run-not-held`
 * when it is not held, or is not the newest any more.
 */
export async function confirmRun(deps: SyncDeps, runId: string): Promise<Run> {
  return deps.db.transaction(async (tx) => {
    const [run] = await tx.select().from(directoryRuns).where(eq(directoryRuns.id, runId)).for('update');
    if (run === undefined) throw new AppError('directory.run-not-found', `there is no run ${runId}`);
    const [newest] = await tx
      .select({ id: directoryRuns.id })
      .from(directoryRuns)
      .where(and(eq(directoryRuns.channel, run.channel), eq(directoryRuns.account, run.account)))
      .orderBy(desc(directoryRuns.id))
      .limit(1);
    if (run.state !== 'held' || newest?.id !== run.id) {
      throw new AppError('directory.run-not-held', `run ${runId} is ${run.state} and waits for nobody`);
    }
    const applied = await applyDirectory(tx, {
      ...given(deps, run),
      ...(await seenBy(tx, runId)),
      remove: 'all',
    });
    const [after] = await tx
      .update(directoryRuns)
      .set({ state: 'done', held: 0, removed: run.removed + applied.removed })
      .where(eq(directoryRuns.id, runId))
      .returning();
    return after as Run;
  });
}

/** Newest first. */
export async function listRuns(
  tx: Db,
  { limit, before }: { limit: number; before: string | undefined },
): Promise<Run[]> {
  return tx
    .select()
    .from(directoryRuns)
    .where(before === undefined ? undefined : lt(directoryRuns.id, before))
    .orderBy(desc(directoryRuns.id))
    .limit(limit);
}

export async function runById(tx: Db, id: string): Promise<Run | undefined> {
  return (await tx.select().from(directoryRuns).where(eq(directoryRuns.id, id)))[0];
}

/** A hint says that something happened to somebody: they are read again, and alone. Whoever is hidden stays as they are. */
export async function refetch(
  deps: SyncDeps,
  who: { channel: Channel; account: string; platformId: string },
): Promise<'changed' | 'gone' | 'hidden'> {
  const source = sourceOf(deps, who);
  if (source === undefined) return 'hidden';
  const person = await source.person(who.platformId);
  if (person === 'hidden') {
    await showOrHide(deps, who, true);
    return 'hidden';
  }
  // That somebody has left is for the walk to say, which sees how many have: a hint alone removes nobody.
  if (person === 'gone' || !person.active) return 'gone';
  const { clock, zone, db } = deps;
  await db.transaction(async (tx) => {
    const { channel, account } = who;
    await applyDirectory(tx, {
      channel,
      account,
      at: clock.now(),
      zone,
      departments: [],
      people: [person],
      remove: 'nobody',
    });
  });
  await showOrHide(deps, who, false);
  await deps.refreshSchedules?.();
  return 'changed';
}

async function showOrHide(
  { db, clock }: SyncDeps,
  { channel, account, platformId }: { channel: Channel; account: string; platformId: string },
  isHidden: boolean,
): Promise<void> {
  const hiddenSince = isHidden
    ? sql`coalesce(hidden_since, ${clock.now().toString()}::timestamptz)`
    : sql`null`;
  await db.execute(sql`
    update ${identities} set hidden_since = ${hiddenSince}
    where channel = ${channel} and account = ${account} and platform_id = ${platformId}`);
}

/** After a whole walk: who was not in it, or not active, is out of the app's range until a walk or a hint shows them. */
async function markHidden(
  tx: Db,
  { channel, account }: Run,
  people: readonly PlatformPerson[],
  at: Temporal.Instant,
): Promise<void> {
  const seen = people
    .filter(({ active }) => active)
    .map(({ platformId }) => ({ p: idForm(channel, platformId) }));
  const form = channel === 'wecom' ? sql`lower(o.platform_id)` : sql`o.platform_id`;
  await tx.execute(sql`
    update ${identities} i set hidden_since = case when r.p is null then coalesce(i.hidden_since, ${at.toString()}::timestamptz) end
    from ${identities} o left join ${recordset(seen, 'p text')} on r.p = ${form}
    where o.channel = ${channel} and o.account = ${account}
      and i.channel = o.channel and i.account = o.account and i.platform_id = o.platform_id
      and (r.p is null) <> (i.hidden_since is not null)`);
}
