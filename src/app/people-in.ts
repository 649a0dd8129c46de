import { departmentIdsOfCodes } from '../features/directory/directory.lists.ts';
import { holderOfSession, liaisonScope } from '../features/directory/index.ts';
import type { HolderOf } from '../http/auth.ts';
import type { OwnDepartments } from '../http/authorise.ts';
import { type Clock, localDay } from '../kernel/time.ts';

/** Who stands behind sessions and how far they reach, by the company's today. */
export function peopleBehindSessions({ clock, zone }: { clock: Clock; zone: string }): {
  holderOf: HolderOf;
  ownDepartments: OwnDepartments;
} {
  const today = () => localDay(clock.now(), zone);
  return {
    holderOf: (db, employeeId) => holderOfSession(db, employeeId, today()),
    ownDepartments: async (db, { employeeId, departmentCodes }) =>
      employeeId === null ? departmentIdsOfCodes(db, departmentCodes) : liaisonScope(db, employeeId, today()),
  };
}
