/** The list with the item at `from` moved to `to`; the same list when nothing moves. */
export function movedTo<Item>(list: readonly Item[], from: number, to: number): readonly Item[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length || from === to) return list;
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

/**
 * The whole order after some of it was put anew: these take, in their new order, the places that they had between the
 * others, which stay where they are.
 */
export function withReordered(whole: readonly string[], some: readonly string[]): string[] {
  const moved = new Set(some);
  const next = some.values();
  return whole.map((key) => (moved.has(key) ? (next.next().value ?? key) : key));
}
