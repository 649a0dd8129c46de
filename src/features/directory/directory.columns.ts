import type { Locale } from '../../chat/locale.ts';
import { type Columns, type Row, readTable, type Table } from '../../content/tables.ts';

/** The columns of the file of departments. */
export const departmentColumns = {
  code: { names: ['部门编码', 'Department code', '部门编号', '部门代码', 'code'], required: true },
  name: { names: ['部门名称', 'Department name', '部门', '名称', 'name', 'department'], required: true },
  parent: {
    names: [
      '上级部门编码',
      'Parent code',
      '上级部门编号',
      '上级编码',
      '上级部门',
      'parent',
      'parent department code',
    ],
  },
} as const satisfies Columns<string>;
export type DepartmentColumn = keyof typeof departmentColumns;

/** The columns of the file of employees. A column that is absent leaves what is known as it is. */
export const employeeColumns = {
  number: {
    names: ['工号', 'Employee no.', '员工编号', '员工号', 'employee number', 'number'],
    required: true,
  },
  name: { names: ['姓名', 'Name', '员工姓名', 'full name'], required: true },
  department: {
    names: ['部门编码', 'Department code', '部门编号', '主部门编码', 'department'],
    required: true,
  },
  secondPosts: { names: ['兼职部门编码', 'Second department codes', '兼职部门', 'second posts'] },
  position: { names: ['职务', 'Position', '岗位', '职位', 'title'] },
  zone: { names: ['时区', 'Time zone', 'zone'] },
  locale: { names: ['语言', 'Language', 'locale'] },
  roles: { names: ['角色', 'Roles', 'role'] },
  liaisonFor: { names: ['接口部门编码', 'Liaison for', '接口部门', 'liaison department codes'] },
  joinedOn: { names: ['入职日期', 'Joined on', 'joining date', 'hire date'] },
  leftOn: { names: ['离职日期', 'Left on', 'leaving date', 'last day'] },
  level: { names: ['水平', 'Level', '级别'] },
} as const satisfies Columns<string>;
export type EmployeeColumn = keyof typeof employeeColumns;

export type DepartmentRow = Row<DepartmentColumn>;
export type EmployeeRow = Row<EmployeeColumn>;

const departmentSheets = ['部门', 'departments'];
const employeeSheets = ['员工', 'employees'];

type Source = string | Uint8Array;

export interface DirectoryFiles {
  departments: DepartmentRow[];
  employees: EmployeeRow[];
  /** Headings that were not read, by file. */
  unknownColumns: { departments: string[]; employees: string[] };
}

/**
 * Reads an organisation from two files, or from one workbook with the sheets 部门 and 员工. With only one of the
 * files the other part stays as it is. Rejects with UserError when a file is broken or lacks a required column.
 */
export async function readDirectory(
  files: { departments?: Source; employees?: Source; workbook?: Source },
  options: { locale?: Locale; names?: { departments?: string; employees?: string; workbook?: string } } = {},
): Promise<DirectoryFiles> {
  const fromWorkbook = files.workbook !== undefined;
  const read = async <Key extends string>(
    kind: 'departments' | 'employees',
    columns: Columns<Key>,
    names: readonly string[],
  ): Promise<Table<Key>> => {
    const source = files[kind] ?? files.workbook;
    if (source === undefined) return { rows: [], unknownColumns: [] };
    const name = options.names?.[files[kind] === undefined ? 'workbook' : kind];
    return readTable(source, {
      columns,
      sheet: { names, onlyNamed: fromWorkbook && files[kind] === undefined },
      ...(name === undefined ? {} : { name }),
      ...(options.locale === undefined ? {} : { locale: options.locale }),
    });
  };
  const departments = await read('departments', departmentColumns, departmentSheets);
  const employees = await read('employees', employeeColumns, employeeSheets);
  return {
    departments: departments.rows,
    employees: employees.rows,
    unknownColumns: { departments: departments.unknownColumns, employees: employees.unknownColumns },
  };
}
