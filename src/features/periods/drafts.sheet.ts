import type { Db } from '../../kernel/db.ts';
import { type Column, harmless, type Table } from '../reports/index.ts';
import { draftRows } from './drafts.service.ts';
import type { ruleDraftRows, Verdict } from './periods.tables.ts';

type Row = typeof ruleDraftRows.$inferSelect;

const verdicts: Record<Verdict, string> = { better: '变好', worse: '变差', same: '不变', new: '新增' };

const text = (heading: string, width: number, of: (row: Row) => string): Column<Row> => ({
  heading,
  kind: 'text',
  width,
  of: (row) => harmless(of(row)),
});
const number = (heading: string, of: (row: Row) => number | null): Column<Row> => ({
  heading,
  kind: 'number',
  width: 12,
  of,
});

const columns: readonly Column<Row>[] = [
  text('工号', 22, (row) => row.number),
  text('姓名', 14, (row) => row.name),
  text('部门', 22, (row) => row.department ?? ''),
  text('周期', 14, (row) => row.period),
  text('变化', 8, (row) => verdicts[row.verdict]),
  number('原计入天数', (row) => row.before?.counted ?? null),
  number('新计入天数', (row) => row.after.counted),
  number('原需要天数', (row) => row.before?.needed ?? null),
  number('新需要天数', (row) => row.after.needed),
  number('原达成率%', (row) => row.before?.reached ?? null),
  number('新达成率%', (row) => row.after.reached),
  text('原档位', 12, (row) => row.before?.band ?? ''),
  text('新档位', 12, (row) => row.after.band),
  number('原得分', (row) => row.before?.score ?? null),
  number('新得分', (row) => row.after.score),
];

const ROWS_AT_ONCE = 1_000;

/** Old against new as a sheet, read as it is written. */
export function differencesTable(db: Db, draftId: string): Table<Row> {
  async function* rows(): AsyncGenerator<Row[]> {
    for (let after = 0; ; ) {
      const batch = await draftRows(db, draftId, { after, limit: ROWS_AT_ONCE });
      if (batch.length === 0) return;
      yield batch;
      after = batch.at(-1)?.place ?? after;
    }
  }
  return { name: '新旧对比', columns, rows: rows() };
}
