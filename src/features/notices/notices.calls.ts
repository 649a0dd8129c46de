import { z } from 'zod';
import type { JobCall } from '../../kernel/jobs.ts';

/** Jobs by name with their payloads: what puts them on the schedule need not know what they do. */
export const SEND_JOB = 'notices.send-scheduled';
export const WATCH_JOB = 'notices.watch';
export const CLIMB_JOB = 'notices.remind';
export const RECALL_JOB = 'notices.recall';
export const BEGIN_RECALL_JOB = 'notices.begin-recall';

export const noticePayload = z.object({ noticeId: z.uuid() });
export const lookPayload = noticePayload.extend({ look: z.int() });
export const rungPayload = noticePayload.extend({ rung: z.int() });

export const sendScheduled = (noticeId: string): JobCall => ({ job: SEND_JOB, payload: { noticeId } });
export const watch = (noticeId: string, look: number): JobCall => ({
  job: WATCH_JOB,
  payload: { noticeId, look },
});
export const climb = (noticeId: string, rung: number): JobCall => ({
  job: CLIMB_JOB,
  payload: { noticeId, rung },
});

export const beginRecall = (noticeId: string): JobCall => ({ job: BEGIN_RECALL_JOB, payload: { noticeId } });
