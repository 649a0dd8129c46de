import { createHash } from 'node:crypto';
import { bandOf, type PersonRecord, type PersonResult, scoreOf, teamReached } from './performance.rules.ts';
import type { CorrectionCause, EvidenceKind, ExcusalReason, PerformanceRule } from './performance.schema.ts';

/**
 * The event package of a closed period: lines of UTF-8 text, each `section number digest json`, then the manifest and
 * the signature. Plain text on purpose: whoever has the file reads it with any editor, and one altered byte shows
 * in the line in which it stands. This file is all that writer and verifier share beside the rules.
 */
export const packageFormat = 'cuhuo-performance-1' as const;
export const packageSections = ['head', 'rule', 'calendar', 'people', 'results'] as const;
export type PackageSection = (typeof packageSections)[number];

export interface PackageHead {
  format: typeof packageFormat;
  campaign: { key: string; name: string };
  from: string;
  to: string;
  ruleVersion: number;
  calendar: string;
  kind: 'closing' | 'supplement';
  /** 0 for the closing, then 1, 2 … */
  revision: number;
  /** The receipt of the one before; null for the closing. */
  corrects: string | null;
  reason: string;
  asOf: string;
  preparedBy: string;
  confirmedBy: string;
}

export interface PackageDay {
  day: string;
  workday: boolean;
  name: string;
}

/** Somebody with everything that decides about them. */
export interface PackagePerson {
  number: string;
  name: string;
  /** Code and name of the main department on their last day in the period. */
  department: [code: string, name: string] | null;
  stretches: [from: string, to: string][];
  /** Day, kind, when they acted, when we heard of it, channel or source. */
  evidence: [day: string, kind: EvidenceKind, at: string | null, receivedAt: string, by: string][];
  /** In the order in which they were made. */
  corrections: [
    day: string,
    effect: 'counts' | 'does-not-count',
    cause: CorrectionCause,
    at: string,
    id: string,
  ][];
  excusals: [day: string, reason: ExcusalReason, id: string][];
}

/** What the export says of one person; shares in percent, cut to two places. */
export interface ResultRow {
  number: string;
  name: string;
  departmentCode: string | null;
  department: string | null;
  due: number;
  counted: number;
  current: number;
  best: number;
  excused: number;
  madeUp: number;
  earnedBack: number;
  appealed: number;
  frozen: number;
  grades: Record<EvidenceKind, number>;
  needed: number;
  reached: number;
  band: string;
  teamReached: number;
  teamBand: string;
  score: number;
}

export interface PackageManifest {
  format: typeof packageFormat;
  sections: Record<PackageSection, { lines: number; sha256: string }>;
  /** SHA-256 of the results: what an export cites. */
  receipt: string;
}

/** The line with its end. Its digest covers everything else that stands in it. */
export function packageLine(section: PackageSection | 'manifest', number: number, value: unknown): string {
  const json = JSON.stringify(value);
  return `${section} ${number} ${lineDigest(section, number, json)} ${json}\n`;
}

/** 16 hexadecimal digits: enough to find a slip; forging is what the signature prevents. */
export function lineDigest(section: string, number: number, json: string | Uint8Array): string {
  return createHash('sha256').update(`${section} ${number} `).update(json).digest('hex').slice(0, 16);
}

/**
 * What decides about a person, out of what the package holds. Whoever said or answered something did so by a deed in
 * the chat, so such a day shows a tap as well; what a server saw, or a page that was open, is no tap.
 */
export function recordOf({ stretches, evidence, corrections, excusals }: PackagePerson): PersonRecord {
  return {
    stretches: stretches.map(([from, to]) => ({ from, to })),
    evidence: evidence.flatMap(([day, kind]): { day: string; kind: EvidenceKind }[] =>
      kind === 'declared' || kind === 'question'
        ? [
            { day, kind },
            { day, kind: 'tap' },
          ]
        : [{ day, kind }],
    ),
    corrections: corrections.map(([day, effect, cause]) => ({ day, effect, cause })),
    excusals: excusals.map(([day, reason]) => ({ day, reason })),
  };
}

/** Due and counted days of a department's people, added up. */
export interface Team {
  due: number;
  counted: number;
}

/** The key of somebody's team: their department; those without one are a team as well. */
export const teamKey = ({ department }: Pick<PackagePerson, 'department'>): string => department?.[0] ?? '';

export function addToTeam(
  teams: Map<string, Team>,
  key: string,
  { due, counted }: Pick<PersonResult, 'due' | 'counted'>,
): void {
  const team = teams.get(key);
  if (team === undefined) teams.set(key, { due, counted });
  else {
    team.due += due;
    team.counted += counted;
  }
}

/** The row of a person whose team is known whole. */
export function resultRow(
  rule: PerformanceRule,
  person: Pick<PackagePerson, 'number' | 'name' | 'department'>,
  result: Omit<PersonResult, 'days'>,
  team: Team,
): ResultRow {
  const reached = { individual: result.reached, team: teamReached([team]) };
  const { due, counted, current, best, excused, madeUp, earnedBack, appealed, frozen, grades, needed } =
    result;
  return {
    number: person.number,
    name: person.name,
    departmentCode: person.department?.[0] ?? null,
    department: person.department?.[1] ?? null,
    due,
    counted,
    current,
    best,
    excused,
    madeUp,
    earnedBack,
    appealed,
    frozen,
    grades,
    needed,
    reached: cut(reached.individual),
    band: bandOf(rule, reached.individual).name,
    teamReached: cut(reached.team),
    teamBand: bandOf(rule, reached.team).name,
    score: scoreOf(rule, reached),
  };
}

/** Cut, not rounded: 99.996 is not 100. */
const cut = (share: number): number => Math.floor(share * 100 + 1e-9) / 100;
