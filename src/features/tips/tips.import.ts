import { isDeepStrictEqual } from 'node:util';
import { eq, inArray } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { Temporal } from '../../kernel/time.ts';
import type { TipFile } from './tips.schema.ts';
import { tips } from './tips.tables.ts';

export interface TipsImported {
  created: number;
  updated: number;
  unchanged: number;
}

/** Writes tips by their keys. The same file again changes nothing; a tip that is missing from it stays as it is. */
export async function importTips(tx: Db, files: readonly TipFile[]): Promise<TipsImported> {
  const report: TipsImported = { created: 0, updated: 0, unchanged: 0 };
  const known = new Map(
    (
      await tx
        .select()
        .from(tips)
        .where(
          inArray(
            tips.key,
            files.map(({ id }) => id),
          ),
        )
    ).map((tip) => [tip.key, tip]),
  );
  for (const [position, file] of files.entries()) {
    const row = rowOf(file, position);
    const old = known.get(file.id);
    if (old === undefined) {
      await tx.insert(tips).values({ id: newId(), ...row });
      report.created += 1;
    } else if (isDeepStrictEqual(comparable(row), comparable(old))) {
      report.unchanged += 1;
    } else {
      await tx.update(tips).set(row).where(eq(tips.id, old.id));
      report.updated += 1;
    }
  }
  return report;
}

type TipRow = Omit<typeof tips.$inferSelect, 'id'>;

function rowOf(file: TipFile, position: number): TipRow {
  return {
    key: file.id,
    title: file.title,
    body: file.body,
    tryNow: file.try,
    feature: file.feature,
    area: file.area,
    scene: file.scene,
    tags: file.tags,
    level: file.level,
    version: file.version ?? null,
    departments: file.departments,
    question: file.question ?? null,
    owner: file.owner ?? null,
    validUntil: file.validUntil === undefined ? null : Temporal.PlainDate.from(file.validUntil),
    retiredAt: null,
    position,
  };
}

/** Without what the file does not say, and with days as text: Temporal values have no enumerable parts to compare. */
function comparable(row: TipRow): Record<string, unknown> {
  const { id: _id, ...rest } = row as TipRow & { id?: string };
  return {
    ...rest,
    validUntil: row.validUntil?.toString() ?? null,
    retiredAt: row.retiredAt?.toString() ?? null,
  };
}
