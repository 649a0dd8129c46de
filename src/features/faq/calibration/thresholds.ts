import { type Calibration, confidenceFrom } from '../engine/weights.ts';
import type { Thresholds } from '../faq.rules.ts';
import type { Weighted } from './fit.ts';

/** What happens at one pair of thresholds, as shares. */
export interface Point {
  answer: number;
  gap: number;
  /** Of the questions that an entry answers: how many get the right one at once. */
  coverage: number;
  /** Of the answers given: how many are wrong, whether another entry was right or none. */
  wrong: number;
  /** Of the questions out of scope: how many get an answer nevertheless. */
  outOfScope: number;
}

interface Case {
  inside: boolean;
  weight: number;
  best: number;
  second: number;
  /** Confidence of the three together. */
  three: number;
  right: boolean;
  /** The right one is among the three. */
  offered: boolean;
}

function casesOf(samples: readonly Weighted[], calibration: Calibration): Case[] {
  return samples.map(({ sample, weight }) => {
    const found = sample.found.map(({ signals }) => confidenceFrom(signals, calibration));
    const [best = 0, second = 0] = found;
    const three = found.reduce((sum, one) => sum + one, 0);
    const right = sample.found[0]?.right === true;
    const offered = sample.found.some((one) => one.right);
    return {
      inside: sample.kind === 'as-written' || sample.kind === 'left-out',
      weight,
      best,
      second,
      three,
      right,
      offered,
    };
  });
}

function pointAt(cases: readonly Case[], answer: number, gap: number): Point {
  let inside = 0;
  let outside = 0;
  let right = 0;
  let given = 0;
  let givenOutside = 0;
  for (const one of cases) {
    if (one.inside) inside += one.weight;
    else outside += one.weight;
    if (one.best < answer || one.best - one.second < gap) continue;
    given += one.weight;
    if (one.right) right += one.weight;
    if (!one.inside) givenOutside += one.weight;
  }
  return {
    answer,
    gap,
    coverage: inside === 0 ? 0 : right / inside,
    wrong: given === 0 ? 0 : (given - right) / given,
    outOfScope: outside === 0 ? 0 : givenOutside / outside,
  };
}

const GAPS = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6];
/** From 0.30 to 0.99. */
const ANSWERS = Array.from({ length: 70 }, (_, step) => (30 + step) / 100);
/** Offering three is worth it when the right one is among them in one case of so many. */
const OFFER_FROM = 1 / 4;

/** The curve of coverage against wrong answers at this gap, the boldest point first. */
export function curve(samples: readonly Weighted[], calibration: Calibration, gap: number): Point[] {
  const cases = casesOf(samples, calibration);
  return [0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98].map((answer) =>
    pointAt(cases, answer, gap),
  );
}

/**
 * The two thresholds that give most right answers while at most the share `mostWrong` of the answers is wrong. When no
 * pair keeps that, the most careful one that still answers, and `kept` is false.
 */
export function fitThresholds(
  samples: readonly Weighted[],
  calibration: Calibration,
  mostWrong: number,
): { thresholds: Thresholds; point: Point; kept: boolean } {
  const cases = casesOf(samples, calibration);
  const points = GAPS.flatMap((gap) => ANSWERS.map((answer) => pointAt(cases, answer, gap)));
  const answering = points.filter(({ coverage }) => coverage > 0);
  const careful = answering.filter(({ wrong }) => wrong <= mostWrong);
  const better = (a: Point, b: Point) => b.coverage - a.coverage || a.wrong - b.wrong || b.answer - a.answer;
  const safer = (a: Point, b: Point) => a.wrong - b.wrong || b.coverage - a.coverage;
  const point = careful.sort(better)[0] ?? answering.sort(safer)[0] ?? pointAt(cases, 0.95, 0);
  const choices = Math.min(offerFrom(cases), point.answer);
  return {
    thresholds: { answer: point.answer, gap: point.gap, choices, rephrase: Math.min(0.02, choices / 4) },
    point,
    kept: careful.length > 0,
  };
}

/** The lowest confidence of three together around which the right entry is still among the three often enough. */
function offerFrom(cases: readonly Case[]): number {
  const sorted = [...cases].sort((a, b) => b.three - a.three);
  const WINDOW = Math.max(20, Math.floor(sorted.length / 25));
  for (let end = WINDOW; end <= sorted.length; end += Math.ceil(WINDOW / 2)) {
    const window = sorted.slice(end - WINDOW, end);
    const all = window.reduce((sum, { weight }) => sum + weight, 0);
    const offered = window.reduce((sum, { weight, offered: has }) => sum + (has ? weight : 0), 0);
    if (offered / all < OFFER_FROM)
      return Math.max(0.02, Math.round((window[0]?.three ?? 0) * 1_000) / 1_000);
  }
  return 0.05;
}
