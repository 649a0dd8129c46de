import { createHash } from 'node:crypto';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import { writeCsv } from './reports.csv.ts';
import { readByCursor, readWhole } from './reports.cursor.ts';
import { type DetailRow, detailColumns, detailQuery } from './reports.detail.ts';
import type { Period, Shape } from './reports.rules.ts';
import { type SummaryRow, summaryColumns, summaryQuery } from './reports.summary.ts';
import type { Watermark } from './reports.watermark.ts';
import { writeXlsx } from './reports.xlsx.ts';
import { zonePeriods } from './reports.zones.ts';

export interface Built {
  /** Everybody in the summary; for a file without one, everybody who checked in. */
  people: number;
  /** Check-ins; for a file without them, lines of the summary. */
  rows: number;
  bytes: number;
  /** SHA-256 of the file, in hex. */
  sha256: string;
}

export interface BuildOptions {
  db: Db;
  period: Period;
  shape: Shape;
  mark: Watermark;
  /** What is not over at this moment is not due yet. */
  asOf: Temporal.Instant;
  /** Takes the file; ended when done, destroyed when that fails. */
  out: Writable;
  /** Rows on one sheet, below the limit of the format. */
  mostRows?: number;
}

/**
 * Writes the check-ins of a period as a file: the one way for chat, API and command line. Both tables see the database
 * as it was at one moment, and nothing is held in memory but the batch at hand.
 */
export async function buildCheckinExport(options: BuildOptions): Promise<Built> {
  const { db, period, shape, mark, asOf, out, mostRows } = options;
  const { through, sum } = summing();
  const broken = new AbortController();
  const stored = pipeline(through, out).catch((error: unknown) => {
    broken.abort(error);
    throw error;
  });
  stored.catch(() => undefined);
  try {
    const tallied = await db.transaction(
      async (tx) => {
        await readWhole(tx);
        const zones = await zonePeriods(tx, period, asOf);
        const summary = counted(
          readByCursor<SummaryRow>(tx, 'export_summary', summaryQuery(period, zones)),
          (row) => row.employee_id,
        );
        const detail = counted(
          readByCursor<DetailRow>(tx, 'export_detail', detailQuery(period)),
          (row) => row.number,
        );
        const sheets = {
          summary: { name: '汇总', columns: summaryColumns, rows: summary.batches },
          detail: { name: '明细', columns: detailColumns(), rows: detail.batches },
        };
        const { signal } = broken;
        if (shape.format === 'xlsx') {
          const limits = mostRows === undefined ? { signal, mark } : { signal, mark, mostRows };
          await Promise.race([writeXlsx([sheets.summary, sheets.detail], through, limits), stored]);
          return { people: summary.people(), rows: detail.rows() };
        }
        const [table, tally] = shape.part === 'detail' ? [sheets.detail, detail] : [sheets.summary, summary];
        await Promise.race([writeCsv(table, through, { signal, mark }), stored]);
        return { people: tally.people(), rows: tally.rows() };
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    );
    await stored;
    return { ...tallied, ...sum() };
  } catch (error) {
    through.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Passes batches on and counts their rows, and the people as they change: the rows of one stand together. */
function counted<Row>(source: AsyncIterable<Row[]>, personOf: (row: Row) => string) {
  let rows = 0;
  let people = 0;
  let last: string | undefined;
  async function* batches(): AsyncGenerator<Row[]> {
    for await (const batch of source) {
      for (const row of batch) {
        const person = personOf(row);
        if (person !== last) people += 1;
        last = person;
      }
      rows += batch.length;
      yield batch;
    }
  }
  return { batches: batches(), rows: () => rows, people: () => people };
}

/** Measures and hashes what goes through. */
export function summing(): { through: Transform; sum: () => Pick<Built, 'bytes' | 'sha256'> } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, sum: () => ({ bytes, sha256: hash.digest('hex') }) };
}
