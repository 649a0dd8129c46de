import { and, desc, eq, isNull } from 'drizzle-orm';
import { createApiToken, createSignInLink, endCredential } from '../http/credentials.ts';
import { credentials } from '../http/http.tables.ts';
import { UserError } from '../kernel/errors.ts';
import { systemClock } from '../kernel/time.ts';
import { print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

const HOURS_A_DAY = 24;

export async function tokenCommand(
  deed: string,
  name: string | undefined,
  options: { days?: string },
): Promise<void> {
  const days = options.days === undefined ? undefined : Number(options.days);
  if (days !== undefined && !(Number.isInteger(days) && days > 0))
    throw new UsageError('--days: give a whole number above 0');
  await withDatabase(async ({ database: { db }, config }) => {
    const now = systemClock.now();
    switch (deed) {
      case 'create': {
        if (name === undefined)
          throw new UsageError('give the token a name, such as: cuhuo token create reporting');
        const expires = days === undefined ? {} : { expiresAt: now.add({ hours: days * HOURS_A_DAY }) };
        const { secret } = await createApiToken(db, { name, now, ...expires });
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
            `${row.id}  ${row.name}  ${row.expiresAt === null ? 'until it is revoked' : `until ${row.expiresAt.toString()}`}`,
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
        await endCredential(db, row.id, now);
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
