import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { DirectoryHint, DirectorySource } from '../../chat/directory-source.ts';
import { channels } from '../../chat/event.ts';
import { messageOf } from '../../kernel/errors.ts';
import { defineJob, defineScheduledJob, type JobCall } from '../../kernel/jobs.ts';
import type { Feature } from '../feature.ts';
import { refetch, type SyncDeps, startRun, workOn } from './sync.service.ts';
import { directoryRuns } from './sync.tables.ts';

export interface DirectorySync extends Feature {
  deps: SyncDeps;
  /** Has this run worked on soon. Returns at once; what the queue lost is brought back by `sweep`. */
  begin(runId: string): void;
  /** Enqueues every run that is under way: at start and by a chore. */
  sweep(): Promise<void>;
  /** The call of the nightly schedule. */
  nightly: JobCall;
  /** From now on hints lead to another look. */
  listen(): void;
}

type Enqueue = (call: JobCall, options: { id: string; priority: 'campaign' }) => Promise<void>;

/** Everything that makes the directory follow the platforms: nightly, on demand, and on their hints. */
export function directorySync(deps: SyncDeps & { enqueue: Enqueue }): DirectorySync {
  const { db, clock, log, sources } = deps;

  const walk = defineJob({
    name: 'directory.walk',
    payload: z.object({ runId: z.uuid() }),
    run: ({ runId }) => workOn(deps, runId),
  });
  const look = defineJob({
    name: 'directory.look',
    payload: z.object({ channel: z.enum(channels), account: z.string(), platformId: z.string() }),
    run: async (who) => void (await refetch(deps, who)),
  });
  const nightly = defineScheduledJob({
    name: 'directory.nightly',
    payload: z.object({}),
    async run(tx, _payload, { now }) {
      if (sources.length === 0) return { kind: 'skipped', reason: 'no-directory' };
      for (const { channel, account } of sources)
        await startRun(tx, { channel, account, cause: 'nightly', at: now });
      return { kind: 'fired' };
    },
  });

  const enqueue = (call: JobCall, id: string): void => {
    deps.enqueue(call, { id, priority: 'campaign' }).catch((error: unknown) => {
      log.warn({ job: call.job, reason: messageOf(error) }, 'directory job could not be queued');
    });
  };
  const begin = (runId: string): void => enqueue(walk.with({ runId }), `directory.${runId}`);

  function onHint({ channel, account }: DirectorySource, hint: DirectoryHint): void {
    if (hint.kind === 'person') {
      const who = { channel, account, platformId: hint.platformId };
      enqueue(
        look.with(who),
        `directory.look.${channel}.${Buffer.from(hint.platformId).toString('base64url')}`,
      );
      return;
    }
    startRun(db, { channel, account, cause: 'hint', at: clock.now() })
      .then(({ id }) => begin(id))
      .catch((error: unknown) => log.warn({ channel, reason: messageOf(error) }, 'hint was not followed'));
  }

  return {
    name: 'directory',
    queueJobs: [walk, look],
    scheduledJobs: [nightly],
    deps,
    begin,
    nightly: nightly.with({}),
    listen() {
      for (const source of sources) source.onHint((hint) => onHint(source, hint));
    },
    async sweep() {
      const open = await db
        .select({ id: directoryRuns.id })
        .from(directoryRuns)
        .where(eq(directoryRuns.state, 'walking'));
      for (const { id } of open) begin(id);
    },
  };
}
