import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Column } from '#src/features/reports/reports.table.ts';
import { writeXlsx } from '#src/features/reports/reports.xlsx.ts';
import { collector, openWorkbook, sheetOf } from './workbook.ts';

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
});
