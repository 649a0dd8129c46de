/** Who works here, where, since when, and through which accounts: the door of the slice. */

export { codeIn, dayIn, hasLostDigits, textIn } from './cell-values.ts';
export {
  type Audience,
  type Belonging,
  type DepartmentEntry,
  type DepartmentName,
  departmentOn,
  departmentsOf,
  employeesIn,
  liaisonScope,
  listDepartments,
  subtree,
  zonesInUse,
} from './departments.queries.ts';
export { actorsOf, knownIds } from './directory.actors.ts';
export { type DirectoryFiles, readDirectory } from './directory.columns.ts';
export { departmentIdOf, employeeIdOf, namesOf } from './directory.lists.ts';
export type { Level } from './directory.tables.ts';
export { employeeBehindId, holderOfSession } from './holders.queries.ts';
export { type Address, reachable, zonesAt } from './identities.queries.ts';
export { type ImportOptions, importDirectory } from './import.service.ts';
export type {
  AbsentReport,
  DepartmentReport,
  EmployeeReport,
  ImportReport,
  Outcome,
  Totals,
} from './import-report.ts';
export {
  type EmployeeEntry,
  type EmployeeQuery,
  idsByNumbers,
  listEmployees,
  type SandboxPerson,
  sandboxPeople,
} from './people.queries.ts';
export { type DirectorySync, directorySync } from './sync.jobs.ts';
export { syncRoutes } from './sync.routes.ts';
