import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import { promiseFailure, promiseFile } from './reports.answer.ts';
import { type ApprovalSettings, askApprovers, holdsMoreThan } from './reports.approval.ts';
import { buildCheckinExport } from './reports.build.ts';
import { fileNameOf, type Period, periodName, type Shape } from './reports.rules.ts';
import { type AnswerTo, type DoneExport, type Export, exports } from './reports.tables.ts';
import { watermarkOf } from './reports.watermark.ts';

export interface ExportDeps {
  db: Db;
  clock: Clock;
  /** The folder that message paths are relative to, the one that the senders read from. */
  fileRoot: string;
  keepDays: number;
  /** On whose wall clock the files say when they were made. */
  zone: string;
  /** Absent where nobody else has to agree: on the server itself, whose shell reads the database anyway. */
  approval?: ApprovalSettings;
}

export interface ExportRequest {
  period: Period;
  shape: Shape;
  /** What the data is for. */
  purpose: string;
  by: AuditActor;
  at: Temporal.Instant;
  /** Who gets the file as a message; nobody for the API and the command line. */
  answerTo?: AnswerTo;
}

const MOST_DAYS = 3 * 366;
/** An export that ended its process so often is not tried again. */
const MOST_ATTEMPTS = 5;

/**
 * Writes down that an export is wanted; the job `reports.export` makes it. The lock that belongs to it is held until
 * the caller's transaction ends, so a job that is faster than the commit waits for it. Throws UserError for a period
 * that ends before it begins or is longer than three years. One with many rows waits for a second person first, who is
 * asked in chat; `approvers` says how many were, and is undefined where nobody has to be.
 */
export async function requestExport(
  tx: Db,
  deps: Pick<ExportDeps, 'approval' | 'zone'>,
  request: ExportRequest,
): Promise<Export & { approvers: number | undefined }> {
  const { period, shape, purpose, at } = request;
  const { approval } = deps;
  const days = period.from.until(period.to).total('days') + 1;
  if (days < 1 || days > MOST_DAYS) {
    throw new UserError(
      `${period.from.toString()} – ${period.to.toString()}: give a period of 1 to ${MOST_DAYS} days`,
    );
  }
  const waits = approval !== undefined && (await holdsMoreThan(tx, approval.above, period, shape));
  const id = newId();
  await lock(tx, id);
  const [requested] = await tx
    .insert(exports)
    .values({
      id,
      kind: 'checkins',
      format: shape.format,
      part: shape.format === 'csv' ? shape.part : null,
      fromDay: period.from,
      toDay: period.to,
      purpose,
      state: waits ? 'waiting' : 'requested',
      requestedByKind: request.by.kind,
      requestedBy: request.by.id,
      answerTo: request.answerTo ?? null,
      fileName: fileNameOf(period, shape),
      createdAt: at,
    })
    .returning();
  const row = requested as Export;
  const approvers = waits ? await askApprovers(tx, approval, row, deps.zone, at) : undefined;
  await recordAudit(tx, {
    at,
    actor: request.by,
    action: 'export.request',
    subject: `export:${id}`,
    detail: { what: row.kind, period: periodName(period), file: row.fileName, purpose, state: row.state },
  });
  return { ...row, approvers };
}

/**
 * Makes a requested export: the file, its row, the audit line and the message to whoever waits, the last three in one
 * transaction. Run again, or twice at once, it still gives one row, one line and one message. Answers whether it was
 * this run that finished it. After five runs that did not, the export ends as `failed` and the person is told.
 */
export async function runExport(deps: ExportDeps, id: string): Promise<boolean> {
  const wanted = await begin(deps, id);
  if (wanted === undefined) return false;
  const folder = join(deps.fileRoot, FOLDER);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${id}.${newId()}${DRAFT}`);
  try {
    const asOf = deps.clock.now();
    const expiresAt = asOf.add({ hours: 24 * deps.keepDays });
    const { purpose, decidedBy } = wanted;
    const mark = await watermarkOf(deps.db, {
      exportId: id,
      purpose,
      by: actorOf(wanted),
      approvedById: decidedBy,
      at: asOf,
      expiresAt,
      zone: deps.zone,
    });
    const built = await buildCheckinExport({
      db: deps.db,
      period: { from: wanted.fromDay, to: wanted.toDay },
      shape: shapeOf(wanted),
      mark,
      asOf,
      out: createWriteStream(draft, { mode: 0o600, flush: true }),
    });
    return await deps.db.transaction(async (tx) => {
      const path = `${FOLDER}/${id}.${wanted.format}`;
      const [done] = await tx
        .update(exports)
        .set({
          state: 'done',
          path,
          ...built,
          finishedAt: asOf,
          expiresAt,
        })
        .where(and(eq(exports.id, id), eq(exports.state, 'requested')))
        .returning();
      if (done === undefined) return false;
      // Whoever holds the row holds the name: two runs at once cannot mix up file and checksum.
      await rename(draft, join(deps.fileRoot, path));
      await recordAudit(tx, {
        at: asOf,
        actor: actorOf(done),
        action: 'export.create',
        subject: `export:${id}`,
        detail: {
          what: done.kind,
          period: periodName({ from: done.fromDay, to: done.toDay }),
          file: done.fileName,
          purpose,
          approvedBy: decidedBy,
          ...built,
        },
      });
      await promiseFile(tx, done as DoneExport, asOf);
      return true;
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Makes an export here and now, without a queue: for the command line. */
export async function exportNow(deps: ExportDeps, request: Omit<ExportRequest, 'at'>): Promise<DoneExport> {
  const { id } = await deps.db.transaction((tx) =>
    requestExport(tx, deps, { ...request, at: deps.clock.now() }),
  );
  await runExport(deps, id);
  const [done] = await deps.db.select().from(exports).where(eq(exports.id, id));
  if (done?.state !== 'done') throw new Error(`export ${id} did not finish`);
  return done as DoneExport;
}

export const FOLDER = 'exports';
export const DRAFT = '.part';

/** Waits for the request to be committed, and counts the attempt before it can do harm. */
async function begin(deps: ExportDeps, id: string): Promise<Export | undefined> {
  return deps.db.transaction(async (tx) => {
    await lock(tx, id);
    const [wanted] = await tx
      .update(exports)
      .set({ attempts: sql`${exports.attempts} + 1` })
      .where(and(eq(exports.id, id), eq(exports.state, 'requested')))
      .returning();
    if (wanted === undefined || wanted.attempts <= MOST_ATTEMPTS) return wanted;
    const now = deps.clock.now();
    await tx.update(exports).set({ state: 'failed', finishedAt: now }).where(eq(exports.id, id));
    await promiseFailure(tx, wanted, now);
    return undefined;
  });
}

async function lock(tx: Db, id: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`export:${id}`}, 0))`);
}

function shapeOf({ format, part }: Export): Shape {
  return format === 'csv' ? { format, part: part ?? 'detail' } : { format };
}

function actorOf({ requestedByKind, requestedBy }: Export): AuditActor {
  return { kind: requestedByKind, id: requestedBy };
}
