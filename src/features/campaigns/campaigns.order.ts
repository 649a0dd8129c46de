import { eq } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { campaigns } from './campaigns.tables.ts';

/**
 * Puts the order of tips by hand. It holds for days whose tip is not chosen yet, and through restarts, until the
 * campaign's file names another order than it does now. Answers the order before; undefined when there is no campaign.
 */
export async function setTipOrder(
  tx: Db,
  campaignId: string,
  order: (before: readonly string[]) => readonly string[],
): Promise<{ before: readonly string[]; after: readonly string[] } | undefined> {
  const [found] = await tx.select().from(campaigns).where(eq(campaigns.id, campaignId)).for('update');
  if (found === undefined) return undefined;
  const before = found.tipOrder;
  const after = [...order(before)];
  const tipOrderInFile = found.tipOrderInFile ?? before;
  await tx.update(campaigns).set({ tipOrder: after, tipOrderInFile }).where(eq(campaigns.id, campaignId));
  return { before, after };
}
