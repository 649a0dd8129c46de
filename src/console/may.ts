import { createContext, useContext } from 'react';
import type { Access, Permission } from '../http/session.api.ts';

/** What whoever is signed in may do. The server decides again at every request. */
export const AccessContext = createContext<Access | undefined>(undefined);

export function useMay(): (permission: Permission) => boolean {
  const access = useContext(AccessContext);
  return (permission) => access?.permissions.includes(permission) ?? false;
}
