import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Column } from '#src/features/reports/reports.table.ts';
import { pageMarks } from '#src/features/reports/reports.watermark.ts';
import { writeXlsx } from '#src/features/reports/reports.xlsx.ts';
import { mark } from './company.ts';
import { collector, openWorkbook, rowsOf, sheetOf } from './workbook.ts';

const noise: Column<string> = { heading: '噪声', kind: 'text', width: 10, of: (row) => row };

describe('writing a workbook', () => {
  it('takes no more rows than the disk does, so that memory does not grow with the file', async () => {
    const stuck = new Writable({ write: () => undefined });
    const stop = new AbortController();
    let batches = 0;
    async function* rows(): AsyncGenerator<string[]> {
      for (;;) {
        batches += 1;
        // What cannot be packed: a megabyte in each batch.
        yield Array.from({ length: 500 }, () => randomBytes(1_500).toString('base64'));
        await sleep(1);
      }
    }
    const writing = writeXlsx([{ name: '明细', columns: [noise], rows: rows() }], stuck, {
      signal: stop.signal,
    });
    let before = -1;
    for (let tries = 0; tries < 100 && batches !== before; tries += 1) {
      before = batches;
      await sleep(200);
    }
    expect(batches).toBe(before);
    expect(batches).toBeLessThan(20);
    stop.abort(new Error('enough'));
    await expect(writing).rejects.toThrow();
  });

  it('keeps what a cell cannot hold out of it, and leaves nothing else away', async () => {
    const { out, bytes } = collector();
    async function* rows(): AsyncGenerator<string[]> {
      yield ['a\u0000b', '<&>"', '第一行\n第二行', '😀'];
    }
    await writeXlsx([{ name: '明细', columns: [noise], rows: rows() }], out);
    const sheet = sheetOf(await openWorkbook(bytes()), '明细');
    expect([2, 3, 4, 5].map((row) => sheet.getRow(row).getCell(1).value)).toEqual([
      'ab',
      '<&>"',
      '第一行\n第二行',
      '😀',
    ]);
  });

  it('carries who, when and what for on every page that is printed, and on a sheet of its own', async () => {
    const { out, bytes } = collector();
    async function* rows(): AsyncGenerator<string[]> {
      yield ['a', 'b', 'c'];
    }
    await writeXlsx([{ name: '明细', columns: [noise], rows: rows() }], out, { mark, mostRows: 2 });
    const workbook = await openWorkbook(bytes());
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['明细', '明细 2', '导出说明']);
    for (const { headerFooter } of workbook.worksheets) {
      expect(headerFooter.oddHeader).toContain(mark.exportId);
      expect(headerFooter.oddFooter).toContain('人事（HR1） 2026-12-01 09:00+08:00');
      // One `&` would begin a code of the header.
      expect(headerFooter.oddFooter).toContain('用途：年终考核 && 评优');
    }
    const note = rowsOf(sheetOf(workbook, '导出说明'));
    expect(note.map((row) => [row['项目'], row['内容']])).toEqual(
      expect.arrayContaining([
        ['导出编号', mark.exportId],
        ['导出人', '人事（HR1）'],
        ['导出时间', '2026-12-01 09:00+08:00'],
        ['用途', '年终考核 & 评优'],
        ['复核人', '不需要'],
        ['文件保留到', '2026-12-31'],
      ]),
    );
  });

  it('keeps header and footer within the 255 characters that Excel takes, whatever was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.string({ maxLength: 120 }),
        (purpose, by) => {
          const { oddHeader, oddFooter } = pageMarks({ ...mark, purpose, by });
          expect(oddHeader.length).toBeLessThanOrEqual(255);
          expect(oddFooter.length).toBeLessThanOrEqual(255);
          // Nothing but our own codes.
          expect(oddFooter.replaceAll('&&', '').match(/&./gu)).toEqual(['&L', '&C', '&R', '&P', '&N']);
        },
      ),
    );
  });
});
