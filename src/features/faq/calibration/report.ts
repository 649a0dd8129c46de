import type { Point } from './thresholds.ts';

/** What a calibration was fitted on, and what it promised. */
export interface CalibrationReport {
  /** How many questions of each kind were asked. */
  samples: { 'as-written': number; 'left-out': number; 'held-out': number; outside: number };
  entries: number;
  /** The share of wrong answers that was allowed, and whether it could be kept. */
  mostWrong: number;
  kept: boolean;
  /** The share of all questions that was taken to be out of scope. */
  outOfScope: number;
  point: Point;
  curve: Point[];
  /** How far stated and observed shares lay apart on the half of the entries that was not fitted on, before and after. */
  error: { before: number; after: number };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);

/** The curve as people read it. */
export function reportLines(report: CalibrationReport): string[] {
  const { samples, point } = report;
  return [
    `${report.entries} entries; asked ${samples['as-written']} questions as written, ${samples['left-out']} left out of their entry,`,
    `${samples['held-out']} with their entry hidden, ${samples.outside} from outside. Taken to be out of scope: ${percent(report.outOfScope).trim()}.`,
    'Confidence against what came true, on the half that was not fitted on: ' +
      `off by ${percent(report.error.before).trim()} before, ${percent(report.error.after).trim()} after.`,
    '',
    'answer from  coverage  wrong of answers  answered though out of scope',
    ...report.curve.map(
      (one) =>
        `${one.answer.toFixed(2).padStart(11)}  ${percent(one.coverage)}  ${percent(one.wrong).padStart(16)}  ${percent(one.outOfScope).padStart(28)}`,
    ),
    '',
    `Fitted: answer from ${point.answer.toFixed(2)}, and ${point.gap.toFixed(2)} ahead of the second: ` +
      `coverage ${percent(point.coverage).trim()}, wrong ${percent(point.wrong).trim()} of the answers.`,
    ...(report.kept
      ? []
      : [
          `No thresholds keep wrong answers within ${percent(report.mostWrong).trim()}; these are the most careful ones that still answer.`,
        ]),
  ];
}
