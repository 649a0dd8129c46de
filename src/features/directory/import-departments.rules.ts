import { codeIn } from './cell-values.ts';
import { type DepartmentRow, departmentColumns } from './directory.columns.ts';
import type { DepartmentReport } from './import-report.ts';
import { type RowReader, readRow, repeated, textualColumns, type Wording } from './row-reader.ts';

export interface KnownDepartment {
  id: string;
  code: string;
  name: string;
  parentId: string | null;
}

export interface DepartmentPlan {
  reports: DepartmentReport[];
  create: KnownDepartment[];
  update: KnownDepartment[];
  /** Every department after the import, by code. */
  byCode: Map<string, KnownDepartment>;
}

interface Candidate {
  row: DepartmentRow;
  code: string;
  name: string;
  /** Absent when the file has no such column; empty at the top. */
  parent: string | undefined;
  reader: RowReader<keyof typeof departmentColumns>;
}

/**
 * What the rows ask for. Refused are rows that cannot be read, whose parent neither exists nor is imported, and that
 * take part in a circle, be it with departments that stand only in the database.
 */
export function planDepartments(
  rows: readonly DepartmentRow[],
  known: readonly KnownDepartment[],
  wording: Wording,
  newId: () => string,
): DepartmentPlan {
  const candidates = candidatesIn(rows, wording);
  const knownByCode = new Map(known.map((department) => [department.code, department]));
  refuseBadParents(candidates, known, wording);
  const byCode = new Map(knownByCode);
  const accepted = candidates.filter(({ reader }) => reader.faults.length === 0);
  for (const { code, name } of accepted) {
    const before = knownByCode.get(code);
    byCode.set(code, { id: before?.id ?? newId(), code, name, parentId: before?.parentId ?? null });
  }
  for (const { code, parent } of accepted) {
    const department = byCode.get(code);
    if (department !== undefined && parent !== undefined)
      department.parentId = byCode.get(parent)?.id ?? null;
  }
  const plan: DepartmentPlan = { reports: [], create: [], update: [], byCode };
  for (const { row, code, reader } of candidates) {
    const outcome = reader.faults.length > 0 ? 'refused' : change(knownByCode.get(code), byCode.get(code));
    const after = byCode.get(code);
    if (outcome === 'created' && after !== undefined) plan.create.push(after);
    if ((outcome === 'updated' || outcome === 'moved') && after !== undefined) plan.update.push(after);
    plan.reports.push({ line: row.line, code, outcome, problems: [...reader.faults, ...reader.warnings] });
  }
  return plan;
}

function candidatesIn(rows: readonly DepartmentRow[], wording: Wording): Candidate[] {
  const textual = textualColumns(rows, ['code', 'parent']);
  const twice = repeated(rows.map(({ line, cells }) => ({ line, code: codeIn(cells.code) })));
  return rows.map((row) => {
    const reader = readRow(row, departmentColumns, textual, wording);
    const code = reader.code('code', true);
    const name = reader.text('name', true);
    const parent = reader.has('parent') ? reader.code('parent') : undefined;
    const lines = twice.get(code);
    if (lines !== undefined) reader.fault('code', wording.text.duplicate(code, lines));
    return { row, code, name, parent, reader };
  });
}

/** Refusing one row can orphan another or reveal a circle through the database, so it goes on until nothing falls. */
function refuseBadParents(
  candidates: readonly Candidate[],
  known: readonly KnownDepartment[],
  { text }: Wording,
): void {
  const inFile = new Set(candidates.map(({ code }) => code));
  const knownCodes = new Map(known.map(({ id, code }) => [id, code]));
  const knownParents = new Map(
    known.map(({ code, parentId }) => [code, knownCodes.get(parentId ?? '') ?? '']),
  );
  for (let fell = true; fell; ) {
    fell = false;
    const standing = candidates.filter(({ reader }) => reader.faults.length === 0);
    const parents = new Map(knownParents);
    for (const { code, parent } of standing) parents.set(code, parent ?? knownParents.get(code) ?? '');
    const circles = circlesIn(parents);
    for (const { code, parent, reader } of standing) {
      const circle = circles.get(code);
      if (parent !== undefined && parent !== '' && !parents.has(parent)) {
        reader.fault(
          'parent',
          inFile.has(parent) ? text.refusedParent(parent) : text.unknownDepartment(parent),
        );
        fell = true;
      } else if (circle !== undefined) {
        reader.fault('parent', text.circle(circle));
        fell = true;
      }
    }
  }
}

/** For each code that lies on a circle, the way round it, beginning and ending with that code. */
function circlesIn(parents: ReadonlyMap<string, string>): Map<string, string[]> {
  const circles = new Map<string, string[]>();
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const way = new Map<string, number>();
    let code = start;
    while (parents.has(code) && !done.has(code) && !way.has(code)) {
      way.set(code, way.size);
      code = parents.get(code) ?? '';
    }
    const entrance = done.has(code) ? undefined : way.get(code);
    for (const passed of way.keys()) done.add(passed);
    if (entrance === undefined) continue;
    const round = [...way.keys()].slice(entrance);
    round.forEach((member, index) => {
      circles.set(member, [...round.slice(index), ...round.slice(0, index), member]);
    });
  }
  return circles;
}

function change(before: KnownDepartment | undefined, after: KnownDepartment | undefined) {
  if (before === undefined || after === undefined) return 'created';
  if (before.parentId !== after.parentId) return 'moved';
  return before.name === after.name ? 'unchanged' : 'updated';
}
