import type { Policy } from './quizzes.schema.ts';

export interface AnswerFacts {
  position: number;
  /** From 0 to 1, as it was judged. */
  share: number;
  takenMs: number;
  /** In milliseconds since 1970. */
  answeredAt: number;
}

/** One attempt of one person. */
export interface PaperFacts {
  employeeId: string;
  attempt: number;
  /** Positions of the questions that were put to them. */
  asked: readonly number[];
  answers: readonly AnswerFacts[];
}

export interface Score {
  employeeId: string;
  attempt: number;
  score: number;
  right: number;
  answered: number;
  asked: number;
  takenMs: number;
  /** When the last answer came, in milliseconds since 1970; null without one. */
  lastAt: number | null;
}

export type Ranked = Score & { rank: number };

export interface Counting {
  policy: Policy;
  /** The time in which an answer loses all of the speed share. */
  limitMs: number;
  /** Positions that do not count. */
  withdrawn: ReadonlySet<number>;
}

/** What one answer brings: a whole number, never below nought. */
export function worthOf(
  { share, takenMs }: Pick<AnswerFacts, 'share' | 'takenMs'>,
  { policy, limitMs }: Counting,
): number {
  const credit = policy.parts ? share : share >= 1 ? 1 : 0;
  if (policy.method !== 'speed') return Math.round(policy.perRight * credit);
  const used = Math.min(1, Math.max(0, takenMs / limitMs));
  return Math.round(policy.perRight * credit * (1 - policy.speedShare * used));
}

export function scoreOf(paper: PaperFacts, counting: Counting): Score {
  const counted = paper.answers.filter(({ position }) => !counting.withdrawn.has(position));
  const sum = (of: (answer: AnswerFacts) => number): number =>
    counted.reduce((total, answer) => total + of(answer), 0);
  return {
    employeeId: paper.employeeId,
    attempt: paper.attempt,
    score: sum((answer) => worthOf(answer, counting)),
    right: counted.filter(({ share }) => share >= 1).length,
    answered: counted.length,
    asked: paper.asked.filter((position) => !counting.withdrawn.has(position)).length,
    takenMs: sum(({ takenMs }) => Math.max(0, takenMs)),
    lastAt: counted.length === 0 ? null : Math.max(...counted.map(({ answeredAt }) => answeredAt)),
  };
}

/** Each person's best attempt, in order; those who are equal in everything that counts share a rank. */
export function standingsOf(papers: readonly PaperFacts[], counting: Counting): Ranked[] {
  return ranked(
    papers.map((paper) => scoreOf(paper, counting)),
    counting.policy,
  );
}

/** Ranks scores; of several attempts of one person the best stays. */
export function ranked(scores: readonly Score[], policy: Policy): Ranked[] {
  const better = comparison(policy);
  const best = new Map<string, Score>();
  for (const score of scores) {
    const other = best.get(score.employeeId);
    const apart = other === undefined ? -1 : better(score, other) || score.attempt - other.attempt;
    if (apart < 0) best.set(score.employeeId, score);
  }
  const order = [...best.values()].sort((a, b) => better(a, b) || (a.employeeId < b.employeeId ? -1 : 1));
  let rank = 0;
  return order.map((score, place) => {
    const above = order[place - 1];
    if (above === undefined || better(above, score) !== 0) rank = place + 1;
    return { ...score, rank };
  });
}

/** Below nought when `a` stands before `b`. */
function comparison({ method, ties }: Policy): (a: Score, b: Score) => number {
  return (a, b) => {
    const byScore = b.score - a.score;
    if (byScore !== 0) return byScore;
    if (method === 'completion') return b.answered - a.answered || a.takenMs - b.takenMs || tie(a, b);
    return tie(a, b);
  };
  function tie(a: Score, b: Score): number {
    switch (ties) {
      case 'shared':
        return 0;
      case 'faster':
        return a.takenMs - b.takenMs;
      case 'earlier':
        return (a.lastAt ?? Number.MAX_SAFE_INTEGER) - (b.lastAt ?? Number.MAX_SAFE_INTEGER);
    }
  }
}

/**
 * The same scores with one question less, from what each answer to it had brought: without looking at the other
 * answers again. Equal to counting from scratch, which a property test proves.
 */
export function withoutQuestion(
  scores: readonly Score[],
  papers: readonly PaperFacts[],
  position: number,
  counting: Counting,
): Score[] {
  if (counting.withdrawn.has(position)) return [...scores];
  const paperOf = new Map(papers.map((paper) => [`${paper.employeeId} ${paper.attempt}`, paper]));
  return scores.map((score) => {
    const paper = paperOf.get(`${score.employeeId} ${score.attempt}`);
    const answer = paper?.answers.find((one) => one.position === position);
    const asked = score.asked - (paper?.asked.includes(position) ? 1 : 0);
    if (paper === undefined || answer === undefined) return { ...score, asked };
    const rest = paper.answers.filter(
      (one) => one.position !== position && !counting.withdrawn.has(one.position),
    );
    return {
      ...score,
      asked,
      score: score.score - worthOf(answer, counting),
      right: score.right - (answer.share >= 1 ? 1 : 0),
      answered: score.answered - 1,
      takenMs: score.takenMs - Math.max(0, answer.takenMs),
      lastAt: rest.length === 0 ? null : Math.max(...rest.map(({ answeredAt }) => answeredAt)),
    };
  });
}

/** Whoever wins: the best ranks, all of those who share the last of them, and nobody without a point. */
export const wins = ({ rank, score }: Pick<Ranked, 'rank' | 'score'>, policy: Policy): boolean =>
  rank <= policy.winners && score > 0;

export function winnersOf(standings: readonly Ranked[], policy: Policy): Ranked[] {
  return standings.filter((one) => wins(one, policy));
}
