/**
 * The months that any of the campaigns touches up to `today`, newest first; this month when there are none. Days are
 * ISO dates, months such as `2026-11`.
 */
export function monthsToExport(
  campaigns: readonly { startsOn: string; endsOn: string }[],
  today: string,
): string[] {
  const months = new Set<string>();
  for (const { startsOn, endsOn } of campaigns) {
    const last = endsOn < today ? endsOn : today;
    for (let month = startsOn.slice(0, 7); month <= last.slice(0, 7); month = monthAfter(month))
      months.add(month);
  }
  return months.size === 0 ? [today.slice(0, 7)] : [...months].sort().reverse();
}

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
