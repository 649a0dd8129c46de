/**
 * How likely a unit is to stay when people put their question in other words, learned from the entries themselves: of the
 * questions of an entry that have it, how many of the others have it too. Names of things stay, 处理 and 会 come and go.
 */
export interface Kept {
  of(unit: string): Staying;
}

export interface Staying {
  /** From 0 to 1. */
  share: number;
  /**
   * How much its absence speaks against one question in two wordings: the logarithm of how unlikely that is, next to
   * nothing for what comes and goes, up to 4 for what always stays.
   */
  loss: number;
}

/** Nothing is so sure to stay that its absence decides alone. */
const CHANCE = 0.02;
const staying = (share: number): Staying => ({ share, loss: -Math.log(1 - share + CHANCE) });

/** So many imagined occasions, on which a unit stays as often as all do on average. */
const DOUBT = 4;
/** What is taken to stay where no entry has a second question to learn from. */
const USUAL = 0.6;
/** Comparing all questions of an entry with all others grows with the square. */
const QUESTIONS_COMPARED = 12;

/** `unitsOf` gives for each entry the units of its questions. */
export function* learnKept(
  unitsOf: readonly (readonly ReadonlySet<string>[])[],
): Generator<void, Kept, void> {
  const seen = new Map<string, { kept: number; all: number }>();
  let kept = 0;
  let all = 0;
  for (const questions of unitsOf) {
    const compared = questions.slice(0, QUESTIONS_COMPARED);
    // However many questions an entry has, one of them counts once.
    const share = 1 / (compared.length - 1);
    for (const one of compared) {
      for (const other of compared) {
        if (other === one) continue;
        for (const unit of one) {
          const count = seen.get(unit) ?? { kept: 0, all: 0 };
          seen.set(unit, count);
          const stays = other.has(unit) ? share : 0;
          count.kept += stays;
          count.all += share;
          kept += stays;
          all += share;
        }
      }
    }
    yield;
  }
  const usual = all === 0 ? USUAL : kept / all;
  const likely = new Map<string, Staying>();
  for (const [unit, count] of seen)
    likely.set(unit, staying((count.kept + DOUBT * usual) / (count.all + DOUBT)));
  const unseen = staying(usual);
  return { of: (unit) => likely.get(unit) ?? unseen };
}
