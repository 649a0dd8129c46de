import { eq } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import { calibrationError, fitCalibration, weighted } from './calibration/fit.ts';
import type { CalibrationReport } from './calibration/report.ts';
import { leaveOneOut, type Sample } from './calibration/samples.ts';
import { curve, fitThresholds } from './calibration/thresholds.ts';
import { type Calibration, ENGINE, usualCalibration } from './engine/weights.ts';
import { countRevision, lockEntries } from './faq.import.ts';
import { calibrationIn, engineEntries } from './faq.knowledge.ts';
import type { Thresholds } from './faq.rules.ts';
import { faqCalibrations, faqMisses } from './faq.tables.ts';

export interface CalibrateOptions {
  /** The share of wrong answers, among those given, that may be. */
  mostWrong: number;
  /** The share of all questions that no entry answers. */
  outOfScope: number;
  /** Questions that no entry answers, beside the misses that an editor has called so. */
  outside: readonly string[];
}

export interface Calibrated {
  calibration: Calibration;
  thresholds: Thresholds;
  report: CalibrationReport;
}

const FEWEST_ENTRIES = 10;

/**
 * Fits confidence and thresholds to the entries in use, and changes nothing. Takes a second for some hundred entries.
 * Rejects with UserError when there are fewer than ten.
 */
export async function calibrate(db: Db, options: CalibrateOptions): Promise<Calibrated> {
  const entries = await engineEntries(db);
  if (entries.length < FEWEST_ENTRIES) {
    throw new UserError(
      `${entries.length} entries in use are too few to calibrate on; ${FEWEST_ENTRIES} are needed`,
    );
  }
  const misses = await db
    .select({ text: faqMisses.text })
    .from(faqMisses)
    .where(eq(faqMisses.state, 'outside'));
  const outside = [...new Set([...options.outside, ...misses.map(({ text }) => text)])];
  const samples = await leaveOneOut(entries, outside);
  const all = weighted(samples, options.outOfScope);
  const calibration = fitCalibration(all);
  const { thresholds, point, kept } = fitThresholds(all, calibration, options.mostWrong);
  const count = (kind: Sample['kind']) => samples.filter((sample) => sample.kind === kind).length;
  return {
    calibration,
    thresholds,
    report: {
      samples: {
        'as-written': count('as-written'),
        'left-out': count('left-out'),
        'held-out': count('held-out'),
        outside: count('outside'),
      },
      entries: entries.length,
      mostWrong: options.mostWrong,
      kept,
      outOfScope: options.outOfScope,
      point,
      curve: curve(all, calibration, point.gap),
      error: errorOnOtherHalf(samples, options.outOfScope),
    },
  };
}

/** Fits on the questions of every other entry and looks at the rest, so that the figure is no flattery. */
function errorOnOtherHalf(samples: readonly Sample[], outOfScope: number): CalibrationReport['error'] {
  const ids = [...new Set(samples.map(({ entry }) => entry))];
  const place = new Map(ids.map((id, at) => [id, at]));
  let given = 0;
  const halves: [Sample[], Sample[]] = [[], []];
  for (const sample of samples) {
    const at = sample.kind === 'outside' ? (given += 1) : (place.get(sample.entry) ?? 0);
    halves[at % 2 === 0 ? 0 : 1].push(sample);
  }
  const fitted = fitCalibration(weighted(halves[0], outOfScope));
  const judged = weighted(halves[1], outOfScope);
  return { before: calibrationError(judged, usualCalibration), after: calibrationError(judged, fitted) };
}

/** Puts a calibration into use as a new version; every process follows within seconds. Resolves to the version. */
export async function putCalibration(
  tx: Db,
  { calibration, thresholds, report }: Calibrated,
  by: { actor: AuditActor; at: Temporal.Instant },
): Promise<number> {
  await lockEntries(tx);
  const version = (await calibrationIn(tx)).version + 1;
  await tx.insert(faqCalibrations).values({ version, calibration, thresholds, report, at: by.at });
  await recordAudit(tx, {
    ...by,
    action: 'faq.calibrate',
    subject: `version ${version}`,
    detail: { ...thresholds },
  });
  await countRevision(tx);
  return version;
}

/** Puts an earlier version into use again, as a new one. Rejects with UserError when there is none. */
export async function useCalibration(
  tx: Db,
  version: number,
  by: { actor: AuditActor; at: Temporal.Instant },
): Promise<number> {
  const [row] = await tx.select().from(faqCalibrations).where(eq(faqCalibrations.version, version));
  if (row === undefined) throw new UserError(`there is no calibration with the version ${version}`);
  if (row.calibration.engine !== ENGINE)
    throw new UserError(`version ${version} was fitted to an earlier search; calibrate anew instead`);
  return putCalibration(tx, row, by);
}
