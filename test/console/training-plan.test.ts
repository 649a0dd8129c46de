import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyPlan, inputOf, instantOf, wallOf } from '../../src/console/trainings/plan.ts';

describe('the form of a class', () => {
  it.each([
    ['2026-09-22T14:00', 'Asia/Shanghai', '2026-09-22T06:00:00.000Z'],
    ['2026-10-31T10:00', 'America/New_York', '2026-10-31T14:00:00.000Z'],
    ['2026-11-02T10:00', 'America/New_York', '2026-11-02T15:00:00.000Z'],
    // Twice on that wall: the earlier.
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ])('%s on the wall of %s is %s', (wall, zone, iso) => {
    expect(instantOf(wall, zone)).toBe(iso);
  });

  it('shows the moment that it was given, in every zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 }),
        fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland'),
        (minute, zone) => {
          const iso = new Date(minute * 60_000).toISOString();
          const wall = wallOf(iso, zone);
          expect(wallOf(instantOf(wall, zone), zone)).toBe(wall);
        },
      ),
    );
  });

  it('reads lines of shares and of material', () => {
    const plan = {
      ...emptyPlan('Asia/Shanghai'),
      startsAt: '2026-09-22T14:00',
      endsAt: '2026-09-22T15:00',
      quotas: 'SALES 10\nRD，5\n\n',
      links: '操作 手册 https://intra.example.com/a\nhttps://intra.example.com/b',
    };
    const { quotas, materialLinks, place } = inputOf(plan);
    expect(place).toBeNull();
    expect(quotas).toEqual([
      { department: 'SALES', seats: 10 },
      { department: 'RD', seats: 5 },
    ]);
    expect(materialLinks).toEqual([
      { label: '操作 手册', url: 'https://intra.example.com/a' },
      { label: 'https://intra.example.com/b', url: 'https://intra.example.com/b' },
    ]);
  });

  it('gives back the material that it was given, commas included', () => {
    const kept = [
      { label: '表格, 进阶', url: 'https://intra.example.com/c?pages=1,2' },
      { label: '讲义', url: 'https://intra.example.com/d' },
    ];
    const links = kept.map(({ label, url }) => `${label} ${url}`).join('\n');
    const plan = {
      ...emptyPlan('Asia/Shanghai'),
      startsAt: '2026-09-22T14:00',
      endsAt: '2026-09-22T15:00',
    };
    expect(inputOf({ ...plan, links }).materialLinks).toEqual(kept);
    expect(inputOf({ ...plan, links: '讲义，https://intra.example.com/d' }).materialLinks).toEqual([kept[1]]);
  });
});
