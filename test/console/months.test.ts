import { expect, it } from '@jest/globals';
import { monthsToExport } from '#src/console/exports/months.ts';

it.each<[string, [string, string][], string, string[]]>([
  ['this month without a campaign', [], '2026-11-22', ['2026-11']],
  ['up to this month while it runs', [['2026-11-22', '2027-01-20']], '2026-12-01', ['2026-12', '2026-11']],
  [
    'only its own months when it is over',
    [['2026-01-30', '2026-02-02']],
    '2026-12-01',
    ['2026-02', '2026-01'],
  ],
  ['across a year', [['2025-12-31', '2026-12-31']], '2026-01-01', ['2026-01', '2025-12']],
  [
    'months of two campaigns once',
    [
      ['2026-03-01', '2026-03-31'],
      ['2026-03-15', '2026-04-10'],
    ],
    '2026-05-01',
    ['2026-04', '2026-03'],
  ],
  [
    'this month when the campaign is still to come',
    [['2027-02-01', '2027-03-01']],
    '2026-11-22',
    ['2026-11'],
  ],
])('%s', (_name, campaigns, today, months) => {
  const spans = campaigns.map(([startsOn, endsOn]) => ({ startsOn, endsOn }));
  expect(monthsToExport(spans, today)).toEqual(months);
});
