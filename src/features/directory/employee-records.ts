import type { Locale } from '../../chat/locale.ts';
import type { Role } from '../../chat/role.ts';
import type { Temporal } from '../../kernel/time.ts';
import { codeIn, dayIn, levelIn, listIn, localeIn, roleIn, textIn, zoneIn } from './cell-values.ts';
import { type EmployeeColumn, type EmployeeRow, employeeColumns } from './directory.columns.ts';
import type { Level } from './directory.tables.ts';
import { isBefore } from './periods.rules.ts';
import { type RowReader, readRow, repeated, textualColumns, type Wording } from './row-reader.ts';

/** What one row says of a person. Undefined is what it does not say: that stays as it is. */
export interface EmployeeRecord {
  line: number;
  number: string;
  /** Whether `number` can be trusted to be the one that was meant; a fault says why not. */
  numberIsSure: boolean;
  name: string;
  position: string | null | undefined;
  zone: string | undefined;
  locale: Locale | undefined;
  level: Level | undefined;
  joinedOn: Temporal.PlainDate | undefined;
  /** Last day in the company; null says that the person is employed. */
  leftOn: Temporal.PlainDate | null;
  /** Code of the main department; null without one. */
  department: string | null;
  secondPosts: string[] | undefined;
  roles: RoleGrant[] | undefined;
  faults: string[];
  warnings: string[];
}

export interface RoleGrant {
  role: Role;
  /** Code of the department that a liaison serves. */
  department: string | null;
}

type Reader = RowReader<EmployeeColumn>;

/** Reads the rows; whatever cannot be understood is a fault of its row. `isDepartment` knows the codes in use. */
export function readEmployees(
  rows: readonly EmployeeRow[],
  isDepartment: (code: string) => boolean,
  wording: Wording,
): EmployeeRecord[] {
  const textual = textualColumns(rows, ['number', 'department']);
  const twice = repeated(rows.map(({ line, cells }) => ({ line, code: codeIn(cells.number) })));
  const { text } = wording;
  return rows.map((row) => {
    const reader = readRow(row, employeeColumns, textual, wording);
    const number = reader.code('number', true);
    const numberIsSure = reader.faults.length === 0;
    const lines = twice.get(number);
    if (lines !== undefined) reader.fault('number', text.duplicate(number, lines));
    const department = departmentIn(reader, isDepartment, wording);
    const joinedOn = day(reader, 'joinedOn', wording);
    const leftOn = day(reader, 'leftOn', wording) ?? null;
    if (joinedOn !== undefined && leftOn !== null && isBefore(leftOn, joinedOn)) {
      reader.fault('leftOn', text.leftBeforeJoined(joinedOn.toString()));
    }
    return {
      line: row.line,
      number,
      numberIsSure,
      name: reader.text('name', true),
      position: reader.has('position') ? reader.text('position') || null : undefined,
      zone: word(reader, 'zone', zoneIn, text.badZone),
      locale: word(reader, 'locale', localeIn, text.badLocale),
      level: word(reader, 'level', levelIn, text.badLevel),
      joinedOn,
      leftOn,
      department,
      secondPosts: secondPostsIn(reader, department, isDepartment, wording),
      roles: rolesIn(reader, isDepartment, wording),
      faults: reader.faults,
      warnings: reader.warnings,
    };
  });
}

function departmentIn(
  reader: Reader,
  isDepartment: (code: string) => boolean,
  { text }: Wording,
): string | null {
  const code = reader.code('department');
  if (code === '') {
    reader.warn('department', text.noDepartment);
    return null;
  }
  if (!isDepartment(code)) reader.fault('department', text.unknownDepartment(code));
  return code;
}

function secondPostsIn(
  reader: Reader,
  main: string | null,
  isDepartment: (code: string) => boolean,
  { text }: Wording,
): string[] | undefined {
  if (!reader.has('secondPosts')) return undefined;
  const codes = listIn(reader.cell('secondPosts'));
  for (const code of codes) {
    if (!isDepartment(code)) reader.fault('secondPosts', text.unknownDepartment(code));
    if (code === main) reader.warn('secondPosts', text.secondPostIsMain(code));
  }
  return codes.filter((code) => code !== main);
}

function rolesIn(
  reader: Reader,
  isDepartment: (code: string) => boolean,
  { text }: Wording,
): RoleGrant[] | undefined {
  const scope = listIn(reader.cell('liaisonFor'));
  for (const code of scope) {
    if (!isDepartment(code)) reader.fault('liaisonFor', text.unknownDepartment(code));
  }
  if (!reader.has('roles')) return undefined;
  const named = new Set<Role>();
  for (const word of listIn(reader.cell('roles'))) {
    const role = roleIn(word);
    if (role === undefined) reader.fault('roles', text.badRole(word));
    else named.add(role);
  }
  if (named.has('liaison') && scope.length === 0) reader.fault('liaisonFor', text.liaisonWithoutScope);
  if (!named.has('liaison') && scope.length > 0) reader.warn('liaisonFor', text.scopeWithoutLiaison);
  return [...named].flatMap((role): RoleGrant[] =>
    role === 'liaison' ? scope.map((department) => ({ role, department })) : [{ role, department: null }],
  );
}

function word<Value>(
  reader: Reader,
  key: EmployeeColumn,
  read: (text: string) => Value | undefined,
  complaint: (text: string) => string,
): Value | undefined {
  const text = textIn(reader.cell(key)).normalize('NFKC');
  if (text === '') return undefined;
  const value = read(text);
  if (value === undefined) reader.fault(key, complaint(text));
  return value;
}

function day(reader: Reader, key: EmployeeColumn, { text }: Wording): Temporal.PlainDate | undefined {
  const cell = reader.cell(key) ?? '';
  if (textIn(cell) === '') return undefined;
  const value = dayIn(cell);
  if (value === undefined) reader.fault(key, text.badDate(textIn(cell)));
  return value;
}
