import type { Db } from '../kernel/db.ts';

/** Something about signing in that the audit should know. */
export interface AccessRecord {
  /** The employee who signed in, else the id of the credential that acted. */
  by: { kind: 'employee' | 'token' | 'system'; id: string };
  /** `session.open`, `session.end`, `token.create`. */
  action: string;
  subject: string;
  detail?: Record<string, unknown>;
}

/** Writes the line in the transaction of the deed; `http/` knows no audit of its own. */
export type RecordAccess = (tx: Db, record: AccessRecord) => Promise<void>;
