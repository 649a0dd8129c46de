import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import {
  type OtherExport,
  type OtherShape,
  readWhole,
  summing,
  type Table,
  type Watermark,
  writeCsv,
  writeXlsx,
} from '../reports/index.ts';
import { aboutColumns, resultColumns, supplementColumns } from './periods.columns.ts';
import { readingStill } from './periods.evaluate.ts';
import { type Exported, type ExportedPeriod, type ExportedRow, exported } from './periods.exported.ts';
import { periodsOfMonth } from './periods.service.ts';
import { text } from './periods.text.ts';

/**
 * 导出绩效, in every format. What is closed comes from the results that were kept, so the same export is the same file
 * to the byte: nothing in it depends on who asks, when, or how often. Purpose, asker, second person and expiry of one
 * download stand beside the file, in the row of the export and in the audit; a preview carries them as its watermark.
 */
export function performanceExport({ db }: { db: Db }): OtherExport {
  return {
    fileNameOf: (period, shape) => nameOf(period.from.toPlainYearMonth(), shape, true),
    async build({ period, shape, mark, asOf, out }) {
      const month = period.from.toPlainYearMonth();
      const periods = await db.transaction((tx) => periodsOfMonth(tx, month, asOf));
      const closed = periods.length > 0 && periods.every(({ state }) => state === 'closed');
      const { through, sum } = summing();
      const stored = pipeline(through, out);
      stored.catch(() => undefined);
      try {
        const tally = await db.transaction(async (tx) => {
          await readWhole(tx);
          const { supplement } = shape;
          const what = await exported(tx, periods, {
            asOf,
            ...(supplement === undefined ? {} : { supplement }),
          });
          const tallied = counted(what.rows);
          await Promise.race([
            write({ ...what, rows: tallied.rows }, shape, { asOf, mark: closed ? undefined : mark }, through),
            stored,
          ]);
          return tallied.count();
        }, readingStill);
        await stored;
        return { people: tally, rows: tally, ...sum(), fileName: nameOf(month, shape, closed) };
      } catch (error) {
        through.destroy(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
    },
    sentence: (done) => {
      const locale = done.answerTo?.locale ?? 'zh-CN';
      const t = text[locale];
      const month = done.fromDay.toPlainYearMonth();
      if (done.supplement !== null) return t.exportedSupplement(t.month(month), done.supplement, done.people);
      const preview = done.fileName.includes(PREVIEW);
      return done.people === 0
        ? t.exportedNobody(t.month(month))
        : preview
          ? t.exportedPreview(t.month(month), done.people)
          : t.exported(t.month(month), done.people);
    },
  };
}

const PREVIEW = '预览';

/** `绩效-2026-11.xlsx`, `绩效-2026-11-预览.csv`, `绩效-2026-11-补充1.json`. */
function nameOf(month: Temporal.PlainYearMonth, { format, supplement }: OtherShape, closed: boolean): string {
  const what = supplement === undefined ? (closed ? '' : `-${PREVIEW}`) : `-补充${supplement}`;
  return `绩效-${month.toString()}${what}.${format}`;
}

async function write(
  what: Exported,
  { format, supplement }: OtherShape,
  { asOf, mark }: { asOf: Temporal.Instant; mark: Watermark | undefined },
  out: Writable,
): Promise<void> {
  const marked = mark === undefined ? {} : { mark };
  const columns = supplement === undefined ? resultColumns : supplementColumns;
  const table: Table<ExportedRow> = { name: '绩效', columns, rows: what.rows };
  if (format === 'json') return writeJson(what, mark, out);
  if (format === 'csv') return writeCsv(table, out, marked);
  const madeAt = new Date(latestOf(what.periods, asOf).epochMilliseconds);
  return writeXlsx([table, aboutTable(what.periods)], out, { madeAt, ...marked });
}

/** When what is in the file was so: for a closed period the moment of its closing. */
function latestOf(periods: readonly ExportedPeriod[], asOf: Temporal.Instant): Temporal.Instant {
  const moments = periods.map((period) => Temporal.Instant.from(period.asOf));
  return moments.sort(Temporal.Instant.compare).at(-1) ?? asOf;
}

function aboutTable(periods: readonly ExportedPeriod[]): Table<readonly [string, string]> {
  const lines = periods.flatMap((period): [string, string][] => [
    ['周期', `${period.campaign}，${period.from} 至 ${period.to}`],
    [
      '状态',
      period.receipt === null
        ? '预览，未关账'
        : period.supplement === null
          ? '已关账'
          : `补充 ${period.supplement}`,
    ],
    ['规则版本', String(period.rule)],
    ['日历版本', period.calendar],
    ['数据截至', period.asOf],
    ['回执（结果的 SHA-256）', period.receipt ?? ''],
    ...(period.corrects === null ? [] : ([['更正的回执', period.corrects]] as [string, string][])),
    ...(period.reason === '' ? [] : ([['原因', period.reason]] as [string, string][])),
    ['准备人', period.preparedBy],
    ['复核人', period.confirmedBy],
    ['证据包的 SHA-256', period.packageSha256 ?? ''],
  ]);
  return { name: '说明', columns: aboutColumns, rows: oneBatch(lines) };
}

async function* oneBatch<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}

async function writeJson(
  { periods, rows }: Exported,
  mark: Watermark | undefined,
  out: Writable,
): Promise<void> {
  const put = async (piece: string): Promise<void> => {
    if (!out.write(piece)) await once(out, 'drain');
  };
  const about = mark === undefined ? '' : `"export":${JSON.stringify(mark)},`;
  await put(`{"format":"cuhuo-performance-export-1",${about}"periods":${JSON.stringify(periods)},"rows":[`);
  let separator = '\n';
  for await (const batch of rows) {
    const pieces = batch.map(({ period, row, receipt, before }) => {
      const own = { period: period.name, campaign: period.campaign, ...inOrder(row), receipt };
      return JSON.stringify(before === undefined ? own : { ...own, before: inOrder(before) });
    });
    if (pieces.length === 0) continue;
    await put(separator + pieces.join(',\n'));
    separator = ',\n';
  }
  await put('\n]}\n');
  out.end();
}

/** The database keeps keys in an order of its own. */
function inOrder(row: ExportedRow['row']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function counted(source: AsyncIterable<ExportedRow[]>) {
  let count = 0;
  async function* rows(): AsyncGenerator<ExportedRow[]> {
    for await (const batch of source) {
      count += batch.length;
      yield batch;
    }
  }
  return { rows: rows(), count: () => count };
}
