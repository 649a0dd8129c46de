import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type Clock, Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import { promiseFailure, promiseFile } from './reports.answer.ts';
import { type ApprovalSettings, askApprovers, holdsMoreThan } from './reports.approval.ts';
import { type Built, buildCheckinExport } from './reports.build.ts';
import { lockExport } from './reports.lock.ts';
import { fileNameOf, type OtherShape, type Period, periodName, type Shape } from './reports.rules.ts';
import { type AnswerTo, type DoneExport, type Export, type ExportKind, exports } from './reports.tables.ts';
import { type Watermark, watermarkOf } from './reports.watermark.ts';

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
  /** What other slices have exported by this one, by their kind. */
  others?: Partial<Record<Exclude<ExportKind, 'checkins'>, OtherExport>>;
}

/** A file of people, one a row, that another slice writes. */
export interface OtherExport {
  fileNameOf(period: Period, shape: OtherShape): string;
  /** Writes the file; a name of it that could not be known before goes into the answer. */
  build(options: {
    period: Period;
    shape: OtherShape;
    mark: Watermark;
    asOf: Temporal.Instant;
    out: Writable;
  }): Promise<Built & { fileName?: string }>;
  /** The sentence that goes with the file. */
  sentence(done: DoneExport): string;
}

export interface ExportRequest {
  period: Period;
  /** Check-ins unless given. */
  kind?: ExportKind;
  shape: Shape | OtherShape;
  /** What the data is for. */
  purpose: string;
  by: AuditActor;
  /** The employee who asks, or made the token that does. */
  person?: string | null;
  at: Temporal.Instant;
  /** Who gets the file as a message; nobody for the API and the command line. */
  answerTo?: AnswerTo;
}

export type RequestDeps = Pick<ExportDeps, 'approval' | 'zone' | 'others'>;

/** What other slices have exported lists people. */
function heldBy({ kind, shape }: ExportRequest): Shape {
  return kind === undefined || kind === 'checkins' ? (shape as Shape) : { format: 'csv', part: 'summary' };
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
  deps: RequestDeps,
  request: ExportRequest,
): Promise<Export & { approvers: number | undefined }> {
  const { period, shape, purpose, at } = request;
  const { approval } = deps;
  const other = request.kind === 'performance' ? deps.others?.performance : undefined;
  const days = period.from.until(period.to).total('days') + 1;
  if (days < 1 || days > MOST_DAYS) {
    throw new UserError(
      `${period.from.toString()} – ${period.to.toString()}: give a period of 1 to ${MOST_DAYS} days`,
    );
  }
  const waits = approval !== undefined && (await holdsMoreThan(tx, approval.above, period, heldBy(request)));
  const id = newId();
  await lockExport(tx, id);
  const [requested] = await tx
    .insert(exports)
    .values({
      id,
      kind: request.kind ?? 'checkins',
      format: shape.format,
      part: 'part' in shape ? shape.part : null,
      supplement: 'supplement' in shape ? shape.supplement : null,
      fromDay: period.from,
      toDay: period.to,
      purpose,
      state: waits ? 'waiting' : 'requested',
      person: request.person ?? null,
      requestedByKind: request.by.kind,
      requestedBy: request.by.id,
      answerTo: request.answerTo ?? null,
      fileName: other?.fileNameOf(period, shape) ?? fileNameOf(period, shape as Shape),
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
    const out = createWriteStream(draft, { mode: 0o600, flush: true });
    const built = await build(deps, wanted, { mark, asOf, out });
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
      await promiseFile(tx, done as DoneExport, asOf, otherOf(deps, done)?.sentence(done as DoneExport));
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

/** Waits for the request or the approval to be committed, and counts the attempt before it can do harm. */
async function begin(deps: ExportDeps, id: string): Promise<Export | undefined> {
  return deps.db.transaction(async (tx) => {
    await lockExport(tx, id);
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

function otherOf(deps: ExportDeps, { kind }: Export): OtherExport | undefined {
  return kind === 'checkins' ? undefined : deps.others?.[kind];
}

async function build(
  deps: ExportDeps,
  wanted: Export,
  made: { mark: Watermark; asOf: Temporal.Instant; out: Writable },
): Promise<Built & { fileName?: string }> {
  const period = { from: wanted.fromDay, to: wanted.toDay };
  if (wanted.kind === 'checkins')
    return buildCheckinExport({ db: deps.db, period, shape: shapeOf(wanted), ...made });
  const other = otherOf(deps, wanted);
  if (other === undefined) throw new Error(`nobody makes exports of ${wanted.kind}`);
  const { format, supplement } = wanted;
  const shape = { format, ...(supplement === null ? {} : { supplement }) };
  return other.build({ period, shape, ...made });
}

function shapeOf({ format, part }: Export): Shape {
  return format === 'csv' ? { format, part: part ?? 'detail' } : { format: 'xlsx' };
}

function actorOf({ requestedByKind, requestedBy }: Export): AuditActor {
  return { kind: requestedByKind, id: requestedBy };
}
