/** A department with its people as they count for one round. */
export interface Team {
  code: string;
  name: string;
  /** Who belongs to it as their main department and was not away the whole time. */
  people: number;
  /** Who of them answered anything. */
  took: number;
  score: number;
}

export interface LeaguePlace extends Team {
  /** Score by head: everybody counts, also who did not take part. */
  perHead: number;
  /** Null for a department that is too small to be ranked. */
  rank: number | null;
}

/** Departments by score per head; equal ones share a rank. Those with fewer than `leastPeople` stand behind, unranked. */
export function leagueOf(teams: readonly Team[], leastPeople: number): LeaguePlace[] {
  const places = teams.map((team) => ({
    ...team,
    perHead: team.people === 0 ? 0 : Math.round((team.score / team.people) * 10) / 10,
  }));
  const order = (a: (typeof places)[number], b: (typeof places)[number]): number =>
    b.perHead - a.perHead ||
    b.took / Math.max(1, b.people) - a.took / Math.max(1, a.people) ||
    (a.code < b.code ? -1 : 1);
  const large = places.filter(({ people }) => people >= leastPeople).sort(order);
  const small = places.filter(({ people }) => people < leastPeople).sort(order);
  let rank = 0;
  return [
    ...large.map((place, index) => {
      if (large[index - 1]?.perHead !== place.perHead) rank = index + 1;
      return { ...place, rank };
    }),
    ...small.map((place) => ({ ...place, rank: null })),
  ];
}
