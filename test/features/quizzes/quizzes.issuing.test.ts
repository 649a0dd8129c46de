import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { employeeIdOf } from '#src/features/directory/directory.lists.ts';
import { importQuestions } from '#src/features/questions/index.ts';
import {
  certificateJob,
  type IssuingDeps,
  issueCertificate,
  sweepCertificates,
} from '#src/features/quizzes/quizzes.issuing.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { quizCertificateRequests, quizScores } from '#src/features/quizzes/quizzes.tables.ts';
import { newId } from '#src/kernel/ids.ts';
import type { JobCall } from '#src/kernel/jobs.ts';
import type { Temporal } from '#src/kernel/time.ts';
import { bank } from '../../conversations/quiz-rounds.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;
let quizId: string;
let employeeId: string;
const enqueued: JobCall[] = [];
let deps: IssuingDeps;
/** Two days before the application's now: its own sweep looks back for one day and leaves these requests alone. */
let earlier: Temporal.Instant;

beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T01:30:00Z' });
  const { db } = app.database;
  const at = app.app.clock.now();
  earlier = at.subtract({ hours: 48 });
  deps = {
    db,
    clock: { now: () => earlier },
    files: { fileRoot: `${app.dataDir}/files`, zone: 'Asia/Shanghai', secretKey: Buffer.alloc(32, 7) },
    enqueue: async (call) => void enqueued.push(call),
    nudge: () => undefined,
  };
  await importQuestions(
    db,
    bank.map((question, index) => ({ line: index + 1, question })),
    at,
  );
  const file = quizFileSchema.parse({
    id: 'round',
    kind: 'span',
    title: '技巧赛',
    blueprint: [{ count: 2 }],
    startsAt: '2026-09-14T09:00:00+08:00',
    endsAt: '2026-09-16T18:00:00+08:00',
  });
  const { quiz } = await putQuiz(db, { file, campaign: await campaignBy(db, 'small-campaign'), at });
  await publishQuiz(db, quiz.id, at);
  quizId = quiz.id;
  await db.execute(sql`update quizzes set state = 'approved', closed_at = now(), approved_at = now()`);
  employeeId = await employeeIdOf(db, 'E1');
  await db.insert(quizScores).values({
    quizId,
    employeeId,
    attempt: 1,
    score: 200,
    right: 2,
    answered: 2,
    asked: 2,
    takenMs: 4000,
    lastAt: at,
    rank: 1,
  });
});
afterAll(async () => app?.close());

async function request(): Promise<string> {
  const id = newId();
  await app.database.db.insert(quizCertificateRequests).values({
    id,
    quizId,
    employeeId,
    name: '张小满',
    locale: 'zh-CN',
    channel: 'sandbox',
    account: 'sandbox',
    platformId: 'E1',
    askedAt: earlier,
  });
  return id;
}

const promised = async (): Promise<number> => {
  const { rows } = await app.database.db.execute<{ n: number }>(
    sql`select count(*)::int as n from outbox_messages where purpose = 'quizzes.certificate'`,
  );
  return rows[0]?.n ?? 0;
};

describe('a certificate that was asked for', () => {
  it('is promised once, also when two workers draw it at the same time and a third one comes later', async () => {
    const before = await promised();
    const id = await request();
    const both = await Promise.all([issueCertificate(deps, id), issueCertificate(deps, id)]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await issueCertificate(deps, id)).toBe(false);
    expect((await promised()) - before).toBe(1);
  });

  it('is drawn again by the sweep when the worker that drew it was killed before it promised anything', async () => {
    const before = await promised();
    const id = await request();
    // Killed after the page was written: the transaction that closes the request never came.
    const now = (): never => {
      throw new Error('killed');
    };
    const dying = { ...deps, clock: { now } };
    await expect(issueCertificate(dying, id)).rejects.toThrow('killed');
    expect((await promised()) - before).toBe(0);
    enqueued.length = 0;
    const job = certificateJob(deps);
    await sweepCertificates(deps, job);
    expect(enqueued).toEqual([{ job: 'quizzes.certificate', payload: { requestId: id } }]);
    expect(await issueCertificate(deps, id)).toBe(true);
    enqueued.length = 0;
    await sweepCertificates(deps, job);
    expect(enqueued).toEqual([]);
    expect((await promised()) - before).toBe(1);
  });

  it('waits for the event that asked for it, and is not drawn when that was rolled back', async () => {
    expect(await issueCertificate(deps, newId())).toBe(false);
  });

  it('comes as a file after the word, and the number on it is known from then on', async () => {
    await app.app.settled();
    const me = app.as('E1');
    const files = (await me.says('证书')).messages.filter(({ kind }) => kind === 'file');
    expect(files).toMatchObject([{ name: '技巧赛-张小满.pdf', mime: 'application/pdf' }]);
    const { rows } = await app.database.db.execute(sql`select employee_id from quiz_certificates`);
    expect(rows).toEqual([{ employee_id: employeeId }]);
    expect((await app.as('E2').says('证书')).messages).toMatchObject([
      { kind: 'text', text: expect.stringContaining('再等等') },
    ]);
  });
});
