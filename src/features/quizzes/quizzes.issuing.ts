import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Turn } from '../../chat/command.ts';
import { type Message, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { defineJob, type JobCall, type QueueJob } from '../../kernel/jobs.ts';
import type { Clock } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { type CertificateFiles, certificateWords, noteIssued } from './quizzes.certificate.ts';
import { drawCertificate } from './quizzes.certificate-page.ts';
import { quizzesById } from './quizzes.store.ts';
import { quizCertificateRequests } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

/**
 * A certificate that somebody asked for in chat: the request is written with the event, drawn by a job outside of any
 * transaction, and sent by the transaction that closes the request. A job that is lost or killed is made again from the
 * row; one that runs twice finds the row closed.
 */
export interface IssuingDeps {
  db: Db;
  clock: Clock;
  files: CertificateFiles;
  enqueue: (call: JobCall, options: { id: string; priority: 'answer' }) => Promise<void>;
  /** Called when a message was promised. */
  nudge: () => void;
}

export type CertificateRequest = typeof quizCertificateRequests.$inferSelect;
export type CertificateJob = QueueJob<{ requestId: string }>;

const FOLDER = 'certificates';
/** What could not be drawn for so long is not tried by itself any more; asking again is a new request. */
const TRIED_FOR_HOURS = 24;

/** Writes down who wants it and where. Whoever works on it waits until this transaction has ended. */
export async function requestCertificate(tx: Db, turn: Turn, quizId: string): Promise<string> {
  const { actor, event } = turn;
  const id = newId();
  await lock(tx, id);
  await tx.insert(quizCertificateRequests).values({
    id,
    quizId,
    employeeId: actor.employeeId,
    name: actor.name,
    locale: actor.locale,
    channel: event.channel,
    account: event.account,
    platformId: event.actor,
    askedAt: event.receivedAt,
  });
  return id;
}

export function certificateJob(deps: IssuingDeps): CertificateJob {
  return defineJob({
    name: 'quizzes.certificate',
    payload: z.object({ requestId: z.uuid() }),
    run: async ({ requestId }, { log }) => {
      const issued = await issueCertificate(deps, requestId);
      log.info({ requestId, issued }, 'certificate worked on');
      deps.nudge();
    },
  });
}

/** Draws and promises what a request is for. Answers whether it was this call that did it. */
export async function issueCertificate(deps: IssuingDeps, requestId: string): Promise<boolean> {
  const { db, clock, files } = deps;
  const asked = await db.transaction(async (tx) => {
    await lock(tx, requestId);
    return openRequest(tx, requestId);
  });
  if (asked === undefined) return false;
  const quiz = (await quizzesById(db, [asked.quizId])).get(asked.quizId);
  const of = quiz === undefined ? undefined : await certificateWords(db, { quiz, ...asked }, files);
  const t = text[asked.locale];
  const drawn =
    quiz === undefined || of === undefined
      ? undefined
      : { quiz, code: of.code, file: await keep(files, asked, await drawCertificate(of.words)) };
  return db.transaction(async (tx) => {
    const at = clock.now();
    const closed = await tx
      .update(quizCertificateRequests)
      .set({ doneAt: at })
      .where(and(eq(quizCertificateRequests.id, requestId), isNull(quizCertificateRequests.doneAt)))
      .returning({ id: quizCertificateRequests.id });
    if (closed.length === 0) return false;
    if (drawn === undefined) {
      await answer(tx, asked, words(t.certificateNone), at);
      return true;
    }
    const { quizId, employeeId } = asked;
    await noteIssued(tx, { code: drawn.code, quizId, employeeId, at });
    const name = t.certificateFile(drawn.quiz.file.title, asked.name).replace(/[\\/:*?"<>|]/g, '_');
    await answer(tx, asked, { kind: 'file', name, mime: 'application/pdf', ...drawn.file }, at);
    return true;
  });
}

/** Enqueues what is still to be drawn: at start and by a chore. */
export async function sweepCertificates(deps: IssuingDeps, job: CertificateJob): Promise<void> {
  const since = deps.clock.now().subtract({ hours: TRIED_FOR_HOURS });
  const open = await deps.db
    .select({ id: quizCertificateRequests.id })
    .from(quizCertificateRequests)
    .where(and(isNull(quizCertificateRequests.doneAt), gt(quizCertificateRequests.askedAt, since)))
    .orderBy(asc(quizCertificateRequests.id));
  for (const { id } of open) await deps.enqueue(job.with({ requestId: id }), { id, priority: 'answer' });
}

async function openRequest(tx: Db, id: string): Promise<CertificateRequest | undefined> {
  const [found] = await tx
    .select()
    .from(quizCertificateRequests)
    .where(and(eq(quizCertificateRequests.id, id), isNull(quizCertificateRequests.doneAt)));
  return found;
}

/** Under one name for a person and language; whoever comes second writes the same page. */
async function keep(
  { fileRoot }: CertificateFiles,
  { quizId, employeeId, locale }: CertificateRequest,
  bytes: Buffer,
): Promise<{ path: string; bytes: number }> {
  const path = `${FOLDER}/${quizId}-${employeeId}-${locale}.pdf`;
  await mkdir(join(fileRoot, FOLDER), { recursive: true });
  const draft = join(fileRoot, FOLDER, `${newId()}.part`);
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    // What is promised must be there after a power cut as well.
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(fileRoot, path));
  return { path, bytes: bytes.length };
}

async function answer(
  tx: Db,
  { employeeId, channel, account, platformId }: CertificateRequest,
  content: Message,
  at: ReturnType<Clock['now']>,
): Promise<void> {
  await promise(tx, {
    purpose: 'quizzes.certificate',
    priority: 'answer',
    content,
    recipients: [{ employeeId, address: { channel, account, platformId } }],
    at,
  });
}

const lock = (tx: Db, id: string) =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`certificate ${id}`}, 0))`);
