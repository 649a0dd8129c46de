import { recordAudit } from '../features/audit/index.ts';
import { departmentIdsOfCodes } from '../features/directory/directory.lists.ts';
import { employeeBehindId, holderOfSession, liaisonScope } from '../features/directory/index.ts';
import type { HolderOf } from '../http/auth.ts';
import type { OwnDepartments } from '../http/authorise.ts';
import type { EmployeeBehind } from '../http/platform-sign-in.ts';
import type { RecordAccess } from '../http/records.ts';
import { type Clock, localDay } from '../kernel/time.ts';

/** Who stands behind sessions and how far they reach, by the company's today. */
export function peopleBehindSessions({ clock, zone }: { clock: Clock; zone: string }): {
  holderOf: HolderOf;
  ownDepartments: OwnDepartments;
  employeeBehind: EmployeeBehind;
  record: RecordAccess;
} {
  const today = () => localDay(clock.now(), zone);
  return {
    holderOf: (db, employeeId) => holderOfSession(db, employeeId, today()),
    ownDepartments: async (db, { employeeId, departmentCodes }) =>
      employeeId === null ? departmentIdsOfCodes(db, departmentCodes) : liaisonScope(db, employeeId, today()),
    employeeBehind: employeeBehindId,
    record: (tx, { by, ...line }) => recordAudit(tx, { at: clock.now(), actor: by, ...line }),
  };
}
