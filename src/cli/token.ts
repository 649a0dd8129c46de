import { and, desc, eq, isNull } from 'drizzle-orm';
import { recordAudit } from '../features/audit/index.ts';
import { createApiToken, createSignInLink, endCredential } from '../http/credentials.ts';
import { credentials } from '../http/http.tables.ts';
import type { Db } from '../kernel/db.ts';
import { UserError } from '../kernel/errors.ts';
import { type Role, roles } from '../kernel/permissions.ts';
import { systemClock } from '../kernel/time.ts';
import { print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

const HOURS_A_DAY = 24;

interface TokenOptions {
  days?: string;
  role?: string[];
  department?: string[];
}

/** Roles as they were typed; an administrator's unless there are any. */
function rolesIn({ role = [], department = [] }: TokenOptions): { roles: Role[]; departmentCodes: string[] } {
  const given = role.map((word) => {
    const known = roles.find((one) => one === word.toLowerCase());
    if (known === undefined) throw new UsageError(`--role: ${word} is none; give ${roles.join(', ')}`);
    return known;
  });
  if (given.includes('liaison') && department.length === 0)
    throw new UsageError('--department: a liaison needs the codes of their departments');
  return { roles: given.length === 0 ? ['admin'] : given, departmentCodes: department };
}

export async function tokenCommand(
  deed: string,
  name: string | undefined,
  options: TokenOptions,
): Promise<void> {
  const days = options.days === undefined ? undefined : Number(options.days);
  if (days !== undefined && !(Number.isInteger(days) && days > 0))
    throw new UsageError('--days: give a whole number above 0');
  const scope = rolesIn(options);
  await withDatabase(async ({ database: { db }, config }) => {
    const now = systemClock.now();
    switch (deed) {
      case 'create': {
        if (name === undefined)
          throw new UsageError('give the token a name, such as: cuhuo token create reporting');
        const expires = days === undefined ? {} : { expiresAt: now.add({ hours: days * HOURS_A_DAY }) };
        const secret = await db.transaction(async (tx) => {
          const token = await createApiToken(tx, { name, now, ...scope, ...expires });
          await record(tx, 'token.create', token.id, { name, ...scope });
          return token.secret;
        });
        print(secret);
        return;
      }
      case 'list': {
        const rows = await db
          .select()
          .from(credentials)
          .where(and(eq(credentials.kind, 'api-token'), isNull(credentials.endedAt)))
          .orderBy(desc(credentials.createdAt));
        for (const row of rows)
          print(
            `${row.id}  ${row.name}  ${row.roles.join('+')}${row.departmentCodes.length === 0 ? '' : ` for ${row.departmentCodes.join(', ')}`}  ${row.expiresAt === null ? 'until it is revoked' : `until ${row.expiresAt.toString()}`}`,
          );
        print(`Beside the token of the first administrator: ${rows.length}.`);
        return;
      }
      case 'revoke': {
        const [row] = await db
          .select()
          .from(credentials)
          .where(
            and(
              eq(credentials.kind, 'api-token'),
              eq(credentials.name, name ?? ''),
              isNull(credentials.endedAt),
            ),
          );
        if (row === undefined)
          throw new UserError(`there is no token named ${name ?? ''}; see: cuhuo token list`);
        await db.transaction(async (tx) => {
          await endCredential(tx, row.id, now);
          await record(tx, 'token.revoke', row.id, { name: row.name });
        });
        print(`The token ${row.name} no longer works.`);
        return;
      }
      case 'link':
        print(
          await createSignInLink(db, { publicUrl: config.publicUrl, name: name ?? 'administrator', now }),
        );
        return;
      default:
        throw new UsageError(`cannot ${deed} a token; give create, list, revoke or link`);
    }
  });
}

function record(tx: Db, action: string, id: string, detail: Record<string, unknown>): Promise<void> {
  const at = systemClock.now();
  return recordAudit(tx, { at, actor: { kind: 'cli', id: 'cuhuo' }, action, subject: `token:${id}`, detail });
}
