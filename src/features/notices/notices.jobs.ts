import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import {
  defineJob,
  defineScheduledJob,
  type JobCall,
  type QueueJob,
  type ScheduledJob,
} from '../../kernel/jobs.ts';
import { Temporal } from '../../kernel/time.ts';
import {
  BEGIN_RECALL_JOB,
  CLIMB_JOB,
  lookPayload,
  noticePayload,
  RECALL_JOB,
  rungPayload,
  SEND_JOB,
  WATCH_JOB,
  watch,
} from './notices.calls.ts';
import { sentenceOf } from './notices.check.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { recallSent } from './notices.recall.ts';
import { climbRung } from './notices.remind.ts';
import { sendNow } from './notices.send.ts';
import { changed, lockedNotice, noteStep, noticeById, watchKey } from './notices.service.ts';
import { recipientsOf, underWay } from './notices.standing.ts';
import type { NoticeActor } from './notices.tables.ts';
import { progressCard, tellPreparer, tellWords } from './notices.tell.ts';

const scheduler: NoticeActor = { kind: 'system', id: 'scheduler', name: 'scheduler' };

/** Later than this after its time a notice does not go out by itself: whoever wrote it decides anew. */
const LATEST_MINUTES = 240;

/** How long after each look the next one comes, in minutes; the last goes on until a fortnight is over. */
const LOOKS = [2, 5, 10, 30, 60, 240, 720, 1_440];
const MOST_LOOKS = 24;

export type Enqueue = (call: JobCall, options: { id: string; priority: 'answer' }) => Promise<void>;

export function noticeJobs(deps: NoticeDeps & { enqueue: Enqueue }): ScheduledJob[] {
  const sendScheduled = defineScheduledJob({
    name: SEND_JOB,
    payload: noticePayload,
    async run(tx, { noticeId }, { slot, now }) {
      const deed = { by: scheduler, at: now };
      const notice = await lockedNotice(tx, noticeId, ['scheduled']).catch(stateGone);
      if (notice === undefined) return { kind: 'skipped', reason: 'not-scheduled' };
      const isLate = Temporal.Instant.compare(now, slot.add({ minutes: LATEST_MINUTES })) > 0;
      const stopped = isLate
        ? new AppError('notice.past', 'its time is long over')
        : await refusalOf(() =>
            tx.transaction((inner) => sendNow(inner as unknown as Db, deps, notice, deed)),
          );
      if (stopped === undefined) return { kind: 'fired' };
      const back = await changed(
        tx,
        notice,
        'stopped',
        deed,
        { state: 'draft', approvedBy: null, reviewedBy: null },
        { code: stopped.code },
      );
      const why = (locale: Locale): string => sentenceOf(stopped, locale);
      await tellWords(tx, deps, back, now, (t, locale) => t.approval.toldStopped(notice.no, why(locale)));
      return { kind: 'skipped', reason: stopped.code };
    },
  });

  const lookAtIt = defineScheduledJob({
    name: WATCH_JOB,
    payload: lookPayload,
    async run(tx, { noticeId, look }, { now }) {
      const notice = await noticeById(tx, noticeId);
      if (notice.finishedAt !== null || !['sent', 'closed'].includes(notice.state))
        return { kind: 'skipped', reason: 'not-under-way' };
      if ((await underWay(tx, noticeId)) > 0 && look < MOST_LOOKS) {
        const minutes = LOOKS[look + 1] ?? LOOKS.at(-1) ?? 1_440;
        const next = watch(noticeId, look + 1);
        await deps.schedules.put(tx, {
          key: watchKey(noticeId, look + 1),
          call: next,
          at: now.add({ minutes }),
        });
        return { kind: 'fired' };
      }
      const done = await changed(tx, notice, 'finished', { by: scheduler, at: now }, { finishedAt: now });
      const rows = await recipientsOf(tx, done);
      await tellPreparer(tx, deps, done, now, (_t, locale) => ({
        kind: 'card',
        card: progressCard(done, rows, locale, true),
      }));
      return { kind: 'fired' };
    },
  });

  const climb = defineScheduledJob({
    name: CLIMB_JOB,
    payload: rungPayload,
    async run(tx, { noticeId, rung }, { now }) {
      const notice = await noticeById(tx, noticeId);
      if (notice.state !== 'sent') return { kind: 'skipped', reason: 'not-open' };
      const reached = await climbRung(tx, deps, notice, rung, { by: scheduler, at: now });
      return reached === 0 ? { kind: 'skipped', reason: 'nobody' } : { kind: 'fired' };
    },
  });
  const beginRecall = defineScheduledJob({
    name: BEGIN_RECALL_JOB,
    payload: noticePayload,
    async run(_tx, { noticeId }) {
      await deps.enqueue(
        { job: RECALL_JOB, payload: { noticeId } },
        { id: `recall-${noticeId}`, priority: 'answer' },
      );
      return { kind: 'fired' };
    },
  });
  return [sendScheduled, lookAtIt, climb, beginRecall] as ScheduledJob[];
}

function stateGone(error: unknown): undefined {
  if (error instanceof AppError && ['notice.state', 'notice.not-found'].includes(error.code))
    return undefined;
  throw error;
}

/** What a notice is refused for; anything else goes on up. */
async function refusalOf(work: () => Promise<unknown>): Promise<AppError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('notice.')) return error;
    throw error;
  }
}

/** Takes back what has arrived, call by call, outside of any transaction. */
export function recallJob(deps: NoticeDeps & { db: Db; nudge: () => void }): QueueJob<{ noticeId: string }> {
  const { db, clock, adapters } = deps;
  return defineJob({
    name: RECALL_JOB,
    payload: noticePayload,
    async run({ noticeId }, { log }) {
      const adapterOf = (channel: string, account: string) =>
        adapters.find((one) => one.channel === channel && one.account === account);
      const result = await recallSent(db, adapterOf, noticeId, clock.now());
      await db.transaction(async (tx) => {
        const notice = await noticeById(tx, noticeId);
        await noteStep(tx, notice, 'recall-finished', { by: scheduler, at: clock.now() }, { ...result });
        await tellWords(tx, deps, notice, clock.now(), (t) =>
          t.recall.result(notice.no, result.recalled, result.left),
        );
      });
      log.info({ noticeId, ...result }, 'notice recalled');
      deps.nudge();
    },
  });
}
