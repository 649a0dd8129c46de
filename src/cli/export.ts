import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exportNow, monthOf, type Shape } from '../features/reports/index.ts';
import { localDay, monthDays, systemClock } from '../kernel/time.ts';
import { filesFolder, print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

/** Writes the export to `--out`, beside the audited copy that the server keeps. */
export async function exportCommand(
  kind: string,
  month: string,
  options: { format: string; sheet: string; purpose: string; out?: string },
): Promise<void> {
  if (kind !== 'checkins') throw new UsageError(`cannot export ${kind}; give checkins`);
  const wanted = monthOf(month, localDay(systemClock.now(), 'UTC'));
  if (wanted === undefined) throw new UsageError(`${month} is not a month; give one such as 2026-11`);
  const purpose = options.purpose.trim();
  if (purpose === '' || purpose.length > 200) throw new UsageError('give --purpose, at most 200 characters');
  const shape = shapeOf(options.format, options.sheet);
  await withDatabase(async ({ database, config }) => {
    const fileRoot = filesFolder(config.dataDir);
    const done = await exportNow(
      {
        db: database.db,
        clock: systemClock,
        fileRoot,
        keepDays: config.behaviour.exports.keepDays,
        zone: config.behaviour.zone,
      },
      { period: monthDays(wanted), shape, purpose, by: { kind: 'cli', id: process.env['USER'] ?? 'cli' } },
    );
    const out = resolve(options.out ?? done.fileName);
    await copyFile(join(fileRoot, done.path), out);
    print(`${out}: ${done.rows} check-ins, SHA-256 ${done.sha256}`);
  });
}

function shapeOf(format: string, sheet: string): Shape {
  if (format === 'xlsx') return { format };
  if (format === 'csv' && (sheet === 'detail' || sheet === 'summary')) return { format, part: sheet };
  throw new UsageError('give --format xlsx, or --format csv with --sheet detail or summary');
}
