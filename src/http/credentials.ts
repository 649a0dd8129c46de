import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, or } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import { newId } from '../kernel/ids.ts';
import type { Role } from '../kernel/permissions.ts';
import type { Temporal } from '../kernel/time.ts';
import { credentials } from './http.tables.ts';

export type CredentialKind = typeof credentials.$inferSelect.kind;
export type Credential = Pick<
  typeof credentials.$inferSelect,
  'id' | 'name' | 'roles' | 'employeeId' | 'departmentCodes' | 'madeBy'
>;

/** On whose behalf a credential works: an employee with the roles of the moment, or roles of its own. */
export interface Holder {
  employeeId?: string | null;
  roles?: readonly Role[];
  /** Codes of departments: a token with only scoped roles reaches no further. */
  departmentCodes?: readonly string[];
  /** The employee who makes a token. */
  madeBy?: string | null;
  /** How a session begins. */
  way?: string;
}

const LINK_MINUTES = 15;
export const SESSION_HOURS = 12;

/** 32 random bytes: nobody can try them all, so that a fast hash is enough. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Makes an API token. Its secret is in the answer and nowhere else.
 *
 * `now` is the time of the wall clock here and below, also where a manual clock stands somewhere else.
 */
export async function createApiToken(
  tx: Db,
  token: { name: string; now: Temporal.Instant; expiresAt?: Temporal.Instant } & Holder,
): Promise<{ id: string; secret: string }> {
  return insert(tx, { kind: 'api-token', expiresAt: null, ...token });
}

/** Makes a link that opens the console once, within 15 minutes. */
export async function createSignInLink(
  tx: Db,
  { publicUrl, ...link }: { publicUrl: string; name: string; now: Temporal.Instant } & Holder,
): Promise<string> {
  const expiresAt = link.now.add({ minutes: LINK_MINUTES });
  const { secret } = await insert(tx, { kind: 'sign-in-link', ...link, expiresAt });
  return `${publicUrl}/console/sign-in?token=${secret}`;
}

/**
 * Makes a link for somebody who asked for it in chat; those they asked for before no longer work. Its token stands
 * behind a `#`, which no server, proxy or preview of a chat ever gets; the page asks for a tap before it is used up.
 */
export async function createChatLink(
  tx: Db,
  { publicUrl, ...link }: { publicUrl: string; name: string; employeeId: string; now: Temporal.Instant },
): Promise<string> {
  await tx
    .update(credentials)
    .set({ endedAt: link.now })
    .where(and(usable('sign-in-link', link.now), eq(credentials.employeeId, link.employeeId)));
  const expiresAt = link.now.add({ minutes: LINK_MINUTES });
  const { secret } = await insert(tx, { kind: 'sign-in-link', ...link, way: 'chat', expiresAt });
  return `${publicUrl}/console/enter#${secret}`;
}

/** Turns the token of a sign-in link into a session. Of two clicks at once one gets it; the other gets undefined. */
export async function openSession(
  db: Db,
  secret: string,
  now: Temporal.Instant,
): Promise<OpenedSession | undefined> {
  return db.transaction(async (tx) => {
    const [link] = await tx
      .update(credentials)
      .set({ endedAt: now })
      .where(and(usable('sign-in-link', now), eq(credentials.hash, hashOf(secret))))
      .returning({
        name: credentials.name,
        employeeId: credentials.employeeId,
        roles: credentials.roles,
        way: credentials.way,
      });
    return link === undefined ? undefined : startSession(tx, { ...link, now });
  });
}

/** Whether this was ever the secret of a link, used or not. */
export async function wasLink(db: Db, secret: string): Promise<boolean> {
  const found = await db
    .select({ id: credentials.id })
    .from(credentials)
    .where(and(eq(credentials.kind, 'sign-in-link'), eq(credentials.hash, hashOf(secret))));
  return found.length > 0;
}

export interface OpenedSession {
  id: string;
  secret: string;
  employeeId: string | null;
  way: string;
}

/** Begins a session of twelve hours. Its secret is in the answer and nowhere else. */
export async function startSession(
  tx: Db,
  session: { name: string; now: Temporal.Instant } & Holder,
): Promise<OpenedSession> {
  const expiresAt = session.now.add({ hours: SESSION_HOURS });
  const made = await insert(tx, { kind: 'session', ...session, expiresAt });
  return { ...made, employeeId: session.employeeId ?? null, way: session.way ?? 'server' };
}

/** Who this secret stands for, unless it has ended. */
export async function findCredential(
  db: Db,
  sought: { kind: CredentialKind; secret: string; now: Temporal.Instant },
): Promise<Credential | undefined> {
  const [found] = await db
    .select({
      id: credentials.id,
      name: credentials.name,
      roles: credentials.roles,
      employeeId: credentials.employeeId,
      departmentCodes: credentials.departmentCodes,
      madeBy: credentials.madeBy,
    })
    .from(credentials)
    .where(and(usable(sought.kind, sought.now), eq(credentials.hash, hashOf(sought.secret))));
  return found;
}

/** Ends a token or session. A second time changes nothing. */
export async function endCredential(tx: Db, id: string, now: Temporal.Instant): Promise<void> {
  await tx
    .update(credentials)
    .set({ endedAt: now })
    .where(and(eq(credentials.id, id), isNull(credentials.endedAt)));
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

async function insert(
  tx: Db,
  made: {
    kind: CredentialKind;
    name: string;
    now: Temporal.Instant;
    expiresAt: Temporal.Instant | null;
  } & Holder,
): Promise<{ id: string; secret: string }> {
  const id = newId();
  const secret = newSecret();
  const { kind, name, now, expiresAt, employeeId = null, departmentCodes = [], way = 'server' } = made;
  const { madeBy = null } = made;
  // Made on the server, by whoever may read its secrets: an administrator's unless it says otherwise.
  const { roles = employeeId === null ? ['admin'] : [] } = made;
  await tx.insert(credentials).values({
    id,
    kind,
    name,
    hash: hashOf(secret),
    employeeId,
    madeBy,
    way,
    roles: [...roles],
    departmentCodes: [...departmentCodes],
    createdAt: now,
    expiresAt,
  });
  return { id, secret };
}

export function usable(kind: CredentialKind, now: Temporal.Instant) {
  const notExpired = or(isNull(credentials.expiresAt), gt(credentials.expiresAt, now));
  return and(eq(credentials.kind, kind), isNull(credentials.endedAt), notExpired);
}
