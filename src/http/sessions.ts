import { and, desc, eq, isNull, or } from 'drizzle-orm';
import type { Db } from '../kernel/db.ts';
import type { Temporal } from '../kernel/time.ts';
import { type Credential, endCredential, hashOf, newSecret, usable } from './credentials.ts';
import { credentials } from './http.tables.ts';

const RENEWED_AFTER = { hours: 1 };
/** Requests that were under way when the secret changed. */
const GRACE = { seconds: 60 };
const SEEN_EVERY = { minutes: 1 };
/** Nobody asked for anything for so long: a page left open on somebody's desk. */
const IDLE = { hours: 2 };

export interface FoundSession extends Credential {
  /** The secret from now on, when it was time for another. */
  renewed: string | undefined;
}

/**
 * The session behind a cookie. Its secret is replaced every hour. One that was replaced and comes back after its
 * moment of grace was copied by somebody: the session ends for both. It also ends when nobody used it for two hours.
 */
export async function findSession(
  db: Db,
  secret: string,
  now: Temporal.Instant,
): Promise<FoundSession | undefined> {
  const hash = hashOf(secret);
  const [found] = await db
    .select()
    .from(credentials)
    .where(and(usable('session', now), or(eq(credentials.hash, hash), eq(credentials.previousHash, hash))));
  if (found === undefined) return undefined;
  if (isPast((found.seenAt ?? found.createdAt).add(IDLE), now)) {
    await endCredential(db, found.id, now);
    return undefined;
  }
  const renewedAt = found.renewedAt ?? found.createdAt;
  if (found.hash !== hash) {
    if (isPast(renewedAt.add(GRACE), now)) {
      await endCredential(db, found.id, now);
      return undefined;
    }
    return { ...found, renewed: undefined };
  }
  if (isPast(renewedAt.add(RENEWED_AFTER), now))
    return { ...found, renewed: await renew(db, found.id, hash, now) };
  if (found.seenAt === null || isPast(found.seenAt.add(SEEN_EVERY), now)) {
    await db.update(credentials).set({ seenAt: now }).where(eq(credentials.id, found.id));
  }
  return { ...found, renewed: undefined };
}

/** Of two requests at once one renews; the other goes on with the old secret for a moment. */
async function renew(db: Db, id: string, hash: string, now: Temporal.Instant): Promise<string | undefined> {
  const secret = newSecret();
  const renewed = await db
    .update(credentials)
    .set({ hash: hashOf(secret), previousHash: hash, renewedAt: now, seenAt: now })
    .where(and(eq(credentials.id, id), eq(credentials.hash, hash)))
    .returning({ id: credentials.id });
  return renewed.length > 0 ? secret : undefined;
}

function isPast(moment: Temporal.Instant, now: Temporal.Instant): boolean {
  return moment.epochNanoseconds <= now.epochNanoseconds;
}

export type OpenCredential = Omit<typeof credentials.$inferSelect, 'hash' | 'previousHash'>;

/** Sessions or tokens that still work, the youngest first; those of one employee, or everybody's. */
export async function openCredentials(
  db: Db,
  {
    kind,
    employeeId,
    now,
  }: { kind: 'session' | 'api-token'; employeeId?: string | undefined; now: Temporal.Instant },
): Promise<OpenCredential[]> {
  return db
    .select(shown)
    .from(credentials)
    .where(
      and(usable(kind, now), employeeId === undefined ? undefined : eq(credentials.employeeId, employeeId)),
    )
    .orderBy(desc(credentials.createdAt))
    .limit(500);
}

/** Ends one of these; says whether there was one. With `employeeId` only their own. */
export async function endOpen(
  db: Db,
  sought: {
    kind: 'session' | 'api-token';
    id: string;
    employeeId?: string | undefined;
    now: Temporal.Instant;
  },
): Promise<{ name: string } | undefined> {
  const [ended] = await db
    .update(credentials)
    .set({ endedAt: sought.now })
    .where(
      and(
        eq(credentials.kind, sought.kind),
        eq(credentials.id, sought.id),
        isNull(credentials.endedAt),
        sought.employeeId === undefined ? undefined : eq(credentials.employeeId, sought.employeeId),
      ),
    )
    .returning({ name: credentials.name });
  return ended;
}

/** Everything but the hashes. */
const shown = {
  id: credentials.id,
  kind: credentials.kind,
  name: credentials.name,
  employeeId: credentials.employeeId,
  roles: credentials.roles,
  departmentCodes: credentials.departmentCodes,
  madeBy: credentials.madeBy,
  way: credentials.way,
  createdAt: credentials.createdAt,
  expiresAt: credentials.expiresAt,
  renewedAt: credentials.renewedAt,
  seenAt: credentials.seenAt,
  endedAt: credentials.endedAt,
};
