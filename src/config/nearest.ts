/** The known name that takes the fewest edits to reach from `name`; the first one where several are as near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  // `CUHUO_PORT` is no typo of `CUHUO_ROLE`: the prefix is what is wrong.
  const bare = name.replace(/^CUHUO_/, '');
  if (known.includes(bare)) return bare;
  const byDistance = known.map((candidate) => ({ candidate, edits: editDistance(name, candidate) }));
  return byDistance.toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** How many letters must be added, removed or replaced to get from `from` to `to` (Levenshtein). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replace));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
