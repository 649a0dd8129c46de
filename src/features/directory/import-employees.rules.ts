import { Temporal } from '../../kernel/time.ts';
import type { Level } from './directory.tables.ts';
import type { EmployeeRecord } from './employee-records.ts';
import type { EmployeeReport, Outcome } from './import-report.ts';
import { heldOn, isBefore, isSame, type Period, type PeriodChange, planPeriods } from './periods.rules.ts';
import type { Wording } from './row-reader.ts';

/** A person's columns as they are stored. */
export interface Person {
  id: string;
  number: string;
  name: string;
  position: string | null;
  zone: string;
  locale: string;
  level: Level;
  joinedOn: Temporal.PlainDate | null;
  leftOn: Temporal.PlainDate | null;
}

export interface KnownEmployee extends Person {
  /** Those that reach the day of the import; keys by `membershipKey` and `roleKey`. */
  memberships: Period[];
  roles: Period[];
}

export interface EmployeePlan {
  outcome: Exclude<Outcome, 'refused'>;
  person: Person;
  isNew: boolean;
  /** Whether the person's own columns changed. */
  rewritten: boolean;
  zoneChanged: boolean;
  employed: boolean;
  memberships: PeriodChange;
  roles: PeriodChange;
}

export interface ImportDays {
  /** The day from which the file holds. */
  asOf: Temporal.PlainDate;
  /** The latest day that has begun anywhere. */
  today: Temporal.PlainDate;
}

const DEFAULTS = { zone: 'Asia/Shanghai', locale: 'zh-CN', level: 'beginner' } as const;

export const membershipKey = (departmentId: string, main: boolean): string =>
  `${main ? 'main' : 'second'} ${departmentId}`;
export const roleKey = (role: string, departmentId: string | null): string => `${role} ${departmentId ?? ''}`;

/** What one readable row asks for, or the day since which newer records of the person exist. */
export function planEmployee(
  record: EmployeeRecord,
  known: KnownEmployee | undefined,
  given: ImportDays & { departmentId: (code: string) => string; newId: () => string },
): { kind: 'planned'; plan: EmployeePlan } | { kind: 'outdated'; since: Temporal.PlainDate } {
  const person = personOf(record, known, given.newId);
  const from = firstDay(person, known, given.asOf);
  const when = { from, until: person.leftOn, today: given.today };
  const memberships = planPeriods(
    known?.memberships ?? [],
    wantedMemberships(record, known, from, given),
    when,
  );
  if (memberships.kind === 'outdated') return memberships;
  const roles = planPeriods(known?.roles ?? [], wantedRoles(record, known, from, given), when);
  if (roles.kind === 'outdated') return roles;
  const plan = {
    person,
    isNew: known === undefined,
    rewritten: known !== undefined && !isSamePerson(known, person),
    zoneChanged: known?.zone !== person.zone,
    employed: isEmployed(person, given.asOf),
    memberships,
    roles,
  };
  return { kind: 'planned', plan: { ...plan, outcome: outcomeOf(plan, known, from, given.asOf) } };
}

/** What it takes for somebody to have left at the end of `lastDay`. */
export function planDeparture(
  known: KnownEmployee,
  lastDay: Temporal.PlainDate,
  today: Temporal.PlainDate,
): EmployeePlan | null {
  const when = { from: lastDay.add({ days: 1 }), until: lastDay, today };
  const memberships = planPeriods(known.memberships, new Set(), when);
  const roles = planPeriods(known.roles, new Set(), when);
  if (memberships.kind === 'outdated' || roles.kind === 'outdated') return null;
  const { memberships: _m, roles: _r, ...person } = known;
  return {
    outcome: 'left',
    person: { ...person, leftOn: lastDay },
    isNew: false,
    rewritten: true,
    zoneChanged: false,
    employed: false,
    memberships,
    roles,
  };
}

export function isEmployed(person: Pick<Person, 'leftOn'>, day: Temporal.PlainDate): boolean {
  return person.leftOn === null || !isBefore(person.leftOn, day);
}

export function refusedReport(record: EmployeeRecord, faults: string[]): EmployeeReport {
  return {
    line: record.line,
    number: record.number,
    outcome: 'refused',
    problems: [...faults, ...record.warnings],
  };
}

export function outdatedSentence(
  record: EmployeeRecord,
  since: Temporal.PlainDate,
  { asOf, wording, column }: { asOf: Temporal.PlainDate; wording: Wording; column: string },
): string {
  return wording.text.at(record.line, column, wording.text.outdated(since.toString(), asOf.toString()));
}

function personOf(record: EmployeeRecord, known: KnownEmployee | undefined, newId: () => string): Person {
  return {
    id: known?.id ?? newId(),
    number: record.number,
    name: record.name,
    position: record.position === undefined ? (known?.position ?? null) : record.position,
    zone: record.zone ?? known?.zone ?? DEFAULTS.zone,
    locale: record.locale ?? known?.locale ?? DEFAULTS.locale,
    level: record.level ?? known?.level ?? DEFAULTS.level,
    joinedOn: record.joinedOn ?? known?.joinedOn ?? null,
    leftOn: record.leftOn,
  };
}

/**
 * The day from which the row holds: that of the import, or of joining when that is yet to come. Of somebody new
 * nothing was recorded before, so the row holds since they joined.
 */
function firstDay(
  person: Person,
  known: KnownEmployee | undefined,
  asOf: Temporal.PlainDate,
): Temporal.PlainDate {
  if (person.joinedOn === null) return asOf;
  return known === undefined || isBefore(asOf, person.joinedOn) ? person.joinedOn : asOf;
}

function wantedMemberships(
  record: EmployeeRecord,
  known: KnownEmployee | undefined,
  from: Temporal.PlainDate,
  { departmentId }: { departmentId: (code: string) => string },
): Set<string> {
  const wanted = new Set<string>();
  const main = record.department === null ? null : departmentId(record.department);
  if (main !== null) wanted.add(membershipKey(main, true));
  if (record.secondPosts !== undefined) {
    for (const code of record.secondPosts) wanted.add(membershipKey(departmentId(code), false));
  } else {
    const kept = heldOn(known?.memberships ?? [], from).filter((key) => key.startsWith('second '));
    for (const key of kept) if (main === null || key !== membershipKey(main, false)) wanted.add(key);
  }
  return wanted;
}

function wantedRoles(
  record: EmployeeRecord,
  known: KnownEmployee | undefined,
  from: Temporal.PlainDate,
  { departmentId }: { departmentId: (code: string) => string },
): Set<string> {
  if (record.roles === undefined) return new Set(heldOn(known?.roles ?? [], from));
  return new Set(
    record.roles.map(({ role, department }) =>
      roleKey(role, department === null ? null : departmentId(department)),
    ),
  );
}

function isSamePerson(a: Person, b: Person): boolean {
  const same = ['name', 'position', 'zone', 'locale', 'level'] as const;
  return (
    same.every((key) => a[key] === b[key]) && isSame(a.joinedOn, b.joinedOn) && isSame(a.leftOn, b.leftOn)
  );
}

function outcomeOf(
  plan: Omit<EmployeePlan, 'outcome'>,
  known: KnownEmployee | undefined,
  from: Temporal.PlainDate,
  asOf: Temporal.PlainDate,
): EmployeePlan['outcome'] {
  if (known === undefined) return 'created';
  if (known.leftOn === null && plan.person.leftOn !== null) return 'left';
  if (!isEmployed(known, asOf) && plan.employed) return 'rejoined';
  const mainBefore = heldOn(known.memberships, from).find((key) => key.startsWith('main '));
  if (mainBefore !== undefined && plan.memberships.open.some(({ key }) => key.startsWith('main ')))
    return 'moved';
  const touched = [plan.memberships, plan.roles].some(
    ({ end, drop, open }) => end.length + drop.length + open.length > 0,
  );
  return plan.rewritten || touched ? 'updated' : 'unchanged';
}
