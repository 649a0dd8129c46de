import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { PointsView } from './rewards.api.ts';
import { pointEntries } from './rewards.tables.ts';

/** One person's entries in the ledger, the newest first. */
export async function entriesBefore(
  tx: Db,
  query: {
    employeeId: string;
    campaignId: string | undefined;
    after: { at: string; transferId: string } | undefined;
    limit: number;
  },
): Promise<PointsView[]> {
  const { after } = query;
  const rows = await tx
    .select({
      transferId: pointEntries.transferId,
      key: pointEntries.key,
      campaignId: pointEntries.campaignId,
      amount: pointEntries.amount,
      reason: pointEntries.reason,
      reverses: pointEntries.reverses,
      ruleVersion: pointEntries.ruleVersion,
      at: pointEntries.at,
    })
    .from(pointEntries)
    .where(
      and(
        eq(pointEntries.accountId, query.employeeId),
        eq(pointEntries.accountKind, 'employee'),
        query.campaignId === undefined ? undefined : eq(pointEntries.campaignId, query.campaignId),
        after === undefined
          ? undefined
          : sql`(${pointEntries.at}, ${pointEntries.transferId}) < (${after.at}::timestamptz, ${after.transferId}::uuid)`,
      ),
    )
    .orderBy(desc(pointEntries.at), desc(pointEntries.transferId))
    .limit(query.limit);
  return rows.map(({ at, ...entry }) => ({ ...entry, at: at.toString() }));
}
