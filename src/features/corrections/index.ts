import { and, desc, eq } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { dayCorrections } from './corrections.tables.ts';

/** What a correction says; its id and the row that it replaces are found here. */
export type NewCorrection = Omit<typeof dayCorrections.$inferInsert, 'id' | 'corrects'>;
export type CorrectDays = (tx: Db, rows: readonly NewCorrection[]) => Promise<void>;

/** Writes corrections, each naming the one of the same day that it replaces. */
export const correctDays: CorrectDays = async (tx, rows) => {
  for (const row of rows) {
    const [before] = await tx
      .select({ id: dayCorrections.id })
      .from(dayCorrections)
      .where(
        and(
          eq(dayCorrections.campaignId, row.campaignId),
          eq(dayCorrections.employeeId, row.employeeId),
          eq(dayCorrections.day, row.day),
        ),
      )
      .orderBy(desc(dayCorrections.id))
      .limit(1);
    await tx.insert(dayCorrections).values({ ...row, id: newId(), corrects: before?.id ?? null });
  }
};
