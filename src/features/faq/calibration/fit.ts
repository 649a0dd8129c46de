import {
  type Calibration,
  confidenceFrom,
  ENGINE,
  type Signals,
  usualCalibration,
} from '../engine/weights.ts';
import type { Sample } from './samples.ts';

/** A sample with how much it counts: in company, so many of a hundred questions are out of scope. */
export interface Weighted {
  sample: Sample;
  weight: number;
}

/**
 * Weights the samples so that the questions out of scope have the given share; where real ones were given they make up
 * half of it, because questions whose entry is hidden stand for those that merely lie near. Of the others one half is
 * asked as it stands in an entry, which is how people ask once similar questions are kept up, and one half in words
 * that no entry has.
 */
export function weighted(samples: readonly Sample[], outOfScope: number): Weighted[] {
  const count = (kind: Sample['kind']) => samples.filter((sample) => sample.kind === kind).length;
  const split = (share: number, first: Sample['kind'], second: Sample['kind']) => ({
    [first]: count(second) === 0 ? share : share / 2,
    [second]: count(first) === 0 ? share : share / 2,
  });
  const share: Partial<Record<Sample['kind'], number>> = {
    ...split(1 - outOfScope, 'as-written', 'left-out'),
    ...split(outOfScope, 'held-out', 'outside'),
  };
  return samples.map((sample) => ({ sample, weight: (share[sample.kind] ?? 0) / count(sample.kind) }));
}

const TURNS = 50;
/** Pulls the weights gently towards nought, which matters only where there are few samples. */
const PULL = 1e-4;

/**
 * The logistic regression of "the best candidate is right" on its signals, by Newton's method. A signal whose weight
 * would come out against its sign is left out. With fewer than 30 samples nothing is learned: the usual ones stay.
 */
export function fitCalibration(samples: readonly Weighted[]): Calibration {
  const usable = samples.filter(({ sample }) => sample.found.length > 0);
  const rights = usable.filter(({ sample }) => sample.found[0]?.right === true).length;
  if (rights < 15 || usable.length - rights < 15) return usualCalibration;
  let names: (keyof Signals)[] = ['sum', 'gap'];
  for (;;) {
    const fitted = regress(usable, names);
    const against = names.filter((_, at) => (fitted[at + 1] ?? 0) < 0);
    if (against.length === 0 || names.length === 1) {
      const weightOf = (name: keyof Signals) => Math.max(0, fitted[names.indexOf(name) + 1] ?? 0);
      return { even: fitted[0] ?? 0, sum: weightOf('sum'), gap: weightOf('gap'), engine: ENGINE };
    }
    names = names.filter((name) => !against.includes(name));
  }
}

function regress(samples: readonly Weighted[], names: readonly (keyof Signals)[]): number[] {
  const size = names.length + 1;
  let fitted = Array.from({ length: size }, () => 0);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const slope = fitted.map((weight) => -PULL * weight);
    const curve = fitted.map((_, row) => fitted.map((_unused, column) => (row === column ? PULL : 0)));
    for (const { sample, weight } of samples) {
      const best = sample.found[0];
      if (best === undefined) continue;
      const x = [1, ...names.map((name) => best.signals[name])];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, at) => sum + value * (fitted[at] ?? 0), 0)));
      const miss = (best.right ? 1 : 0) - p;
      for (let row = 0; row < size; row += 1) {
        slope[row] = (slope[row] ?? 0) + weight * miss * (x[row] ?? 0);
        const line = curve[row] as number[];
        for (let column = 0; column < size; column += 1)
          line[column] = (line[column] ?? 0) + weight * p * (1 - p) * (x[row] ?? 0) * (x[column] ?? 0);
      }
    }
    const step = solve(curve, slope);
    fitted = fitted.map((value, at) => value + (step[at] ?? 0));
    if (Math.max(...step.map(Math.abs)) < 1e-7) break;
  }
  return fitted;
}

/** Gauss–Jordan for the few equations of a Newton step; `matrix` is symmetric and positive. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((line, at) => [...line, right[at] ?? 0]);
  for (let at = 0; at < rows.length; at += 1) {
    const pivot = rows[at] as number[];
    const by = pivot[at] ?? 1;
    for (let column = 0; column < pivot.length; column += 1) pivot[column] = (pivot[column] ?? 0) / by;
    for (const [other, line] of rows.entries()) {
      const times = line[at] ?? 0;
      if (other === at || times === 0) continue;
      for (let column = 0; column < line.length; column += 1)
        line[column] = (line[column] ?? 0) - times * (pivot[column] ?? 0);
    }
  }
  return rows.map((line) => line.at(-1) ?? 0);
}

/** How far stated and observed shares lie apart, on average over ten classes of confidence (ECE). */
export function calibrationError(samples: readonly Weighted[], calibration: Calibration): number {
  const classes = Array.from({ length: 10 }, () => ({ weight: 0, stated: 0, right: 0 }));
  let total = 0;
  for (const { sample, weight } of samples) {
    const best = sample.found[0];
    const confidence = best === undefined ? 0 : confidenceFrom(best.signals, calibration);
    const at = classes[Math.min(9, Math.floor(confidence * 10))];
    if (at === undefined) continue;
    at.weight += weight;
    at.stated += weight * confidence;
    at.right += best?.right === true ? weight : 0;
    total += weight;
  }
  return total === 0
    ? 0
    : classes.reduce((sum, { stated, right }) => sum + Math.abs(stated - right), 0) / total;
}
