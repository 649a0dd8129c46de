/** Units whose order is compared; beyond it the order of a text says nothing. */
const LONGEST = 80;

/** The longest common subsequence: how many units stand in the same order in both texts. */
export function commonOrder(a: readonly string[], b: readonly string[]): number {
  const width = Math.min(b.length, LONGEST);
  let above = new Uint16Array(width + 1);
  let here = new Uint16Array(width + 1);
  for (let row = 0; row < Math.min(a.length, LONGEST); row += 1) {
    const unit = a[row];
    for (let column = 0; column < width; column += 1) {
      const up = above[column + 1] ?? 0;
      const left = here[column] ?? 0;
      here[column + 1] = unit === b[column] ? (above[column] ?? 0) + 1 : up > left ? up : left;
    }
    [above, here] = [here, above];
  }
  return above[width] ?? 0;
}
