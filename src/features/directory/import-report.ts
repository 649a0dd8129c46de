import type { DirectoryTexts } from './directory.text.ts';

export const outcomes = ['created', 'updated', 'unchanged', 'left', 'rejoined', 'moved', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];
export type Totals = Record<Outcome, number>;

interface RowReport {
  line: number;
  outcome: Outcome;
  /** Why the row was refused; with any other outcome, what somebody should look at. */
  problems: string[];
}
export interface DepartmentReport extends RowReport {
  code: string;
}
export interface EmployeeReport extends RowReport {
  number: string;
}

/** Somebody employed whom a complete file does not mention: gone, or kept because too many would have gone. */
export interface AbsentReport {
  number: string;
  name: string;
  outcome: 'left' | 'held';
}

export interface ImportReport {
  /** One sentence for a person. */
  summary: string;
  changed: boolean;
  departments: DepartmentReport[];
  employees: EmployeeReport[];
  absent: AbsentReport[];
  totals: { departments: Totals; employees: Totals };
  /** What concerns the file as a whole. */
  notices: string[];
}

export function reportOf(
  parts: Pick<ImportReport, 'departments' | 'employees' | 'absent' | 'notices'>,
  text: DirectoryTexts,
): ImportReport {
  const departments = totalsOf(parts.departments);
  const employees = totalsOf(parts.employees);
  employees.left += parts.absent.filter(({ outcome }) => outcome === 'left').length;
  const changed = [departments, employees].some((totals) =>
    outcomes.some((outcome) => outcome !== 'unchanged' && outcome !== 'refused' && totals[outcome] > 0),
  );
  const refused = departments.refused + employees.refused;
  const summary =
    changed || refused > 0 ? text.done(inWords(departments, text), inWords(employees, text)) : text.unchanged;
  return { ...parts, summary, changed, totals: { departments, employees } };
}

function totalsOf(reports: readonly RowReport[]): Totals {
  const totals: Totals = { created: 0, updated: 0, unchanged: 0, left: 0, rejoined: 0, moved: 0, refused: 0 };
  for (const { outcome } of reports) totals[outcome] += 1;
  return totals;
}

function inWords(totals: Totals, text: DirectoryTexts): string {
  const counted = outcomes.filter((outcome) => totals[outcome] > 0);
  return counted.map((outcome) => `${text.outcomes[outcome]} ${totals[outcome]}`).join(', ') || text.nothing;
}
