import type { Given } from '../questions/index.ts';

export interface ItemAnswer {
  employeeId: string;
  position: number;
  share: number;
  takenMs: number;
  given: Given;
}

export interface ItemStatistics {
  position: number;
  answers: number;
  /** Mean share of what was right, from 0 (nobody) to 1 (everybody). */
  easiness: number;
  /**
   * How well it tells those who know from those who do not: the correlation of the answer with everything else of the
   * same people, from −1 to 1. Null where nothing varies.
   */
  discrimination: number | null;
  /** How many chose each option, by its index in the bank. */
  chosen: number[];
  medianMs: number;
  /** What an editor should look at. */
  signals: ('too-easy' | 'too-hard' | 'misleading' | 'unused-option')[];
}

const FEW = 20;

/** One line per question, in order of position; `optionsOf` says how many options one has. */
export function itemStatistics(
  answers: readonly ItemAnswer[],
  optionsOf: (position: number) => number,
): ItemStatistics[] {
  const totals = new Map<string, number>();
  const byPosition = new Map<number, ItemAnswer[]>();
  for (const answer of answers) {
    totals.set(answer.employeeId, (totals.get(answer.employeeId) ?? 0) + answer.share);
    const those = byPosition.get(answer.position);
    if (those === undefined) byPosition.set(answer.position, [answer]);
    else those.push(answer);
  }
  return [...byPosition]
    .sort(([a], [b]) => a - b)
    .map(([position, those]) => {
      const easiness = mean(those.map(({ share }) => share));
      const discrimination = correlation(
        those.map(({ share }) => share),
        those.map(({ employeeId, share }) => (totals.get(employeeId) ?? 0) - share),
      );
      const chosen = Array.from({ length: optionsOf(position) }, () => 0);
      for (const { given } of those) {
        if (given.kind !== 'options') continue;
        for (const one of given.options) if (one < chosen.length) chosen[one] = (chosen[one] ?? 0) + 1;
      }
      const times = those.map(({ takenMs }) => takenMs).sort((a, b) => a - b);
      const signals: ItemStatistics['signals'] = [];
      if (those.length >= FEW) {
        if (easiness > 0.95) signals.push('too-easy');
        if (easiness < 0.2) signals.push('too-hard');
        if (discrimination !== null && discrimination < 0) signals.push('misleading');
        if (chosen.length > 2 && chosen.includes(0)) signals.push('unused-option');
      }
      return {
        position,
        answers: those.length,
        easiness,
        discrimination,
        chosen,
        medianMs: times[Math.floor(times.length / 2)] ?? 0,
        signals,
      };
    });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Pearson's r; null when one side does not vary. */
function correlation(xs: readonly number[], ys: readonly number[]): number | null {
  const mx = mean(xs);
  const my = mean(ys);
  let both = 0;
  let onlyX = 0;
  let onlyY = 0;
  for (const [place, x] of xs.entries()) {
    const dx = x - mx;
    const dy = (ys[place] ?? 0) - my;
    both += dx * dy;
    onlyX += dx * dx;
    onlyY += dy * dy;
  }
  if (onlyX < 1e-12 || onlyY < 1e-12) return null;
  return Math.max(-1, Math.min(1, both / Math.sqrt(onlyX * onlyY)));
}
