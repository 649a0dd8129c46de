import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadConfig } from '../config.ts';
import { performanceExport, signerFrom } from '../features/periods/index.ts';
import { exportNow, monthOf, type OtherShape, type Shape } from '../features/reports/index.ts';
import { loadSecrets } from '../kernel/secrets.ts';
import { localDay, monthDays, systemClock } from '../kernel/time.ts';
import { filesFolder, print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

interface ExportOptions {
  format: string;
  sheet: string;
  purpose: string;
  supplement?: string;
  out?: string;
}

/** Writes the export to `--out`, beside the audited copy that the server keeps. */
export async function exportCommand(
  kind: string,
  month: string | undefined,
  options: ExportOptions,
): Promise<void> {
  if (kind === 'key') return printKey();
  if (kind !== 'checkins' && kind !== 'performance')
    throw new UsageError(`cannot export ${kind}; give checkins, performance or key`);
  if (month === undefined) throw new UsageError('give a month such as 2026-11');
  const wanted = monthOf(month, localDay(systemClock.now(), 'UTC'));
  if (wanted === undefined) throw new UsageError(`${month} is not a month; give one such as 2026-11`);
  const purpose = options.purpose.trim();
  if (purpose === '' || purpose.length > 200) throw new UsageError('give --purpose, at most 200 characters');
  const shape = kind === 'checkins' ? shapeOf(options.format, options.sheet) : performanceShape(options);
  await withDatabase(async ({ database, config }) => {
    const fileRoot = filesFolder(config.dataDir);
    const done = await exportNow(
      {
        db: database.db,
        clock: systemClock,
        fileRoot,
        keepDays: config.behaviour.exports.keepDays,
        zone: config.behaviour.zone,
        others: { performance: performanceExport({ db: database.db }) },
      },
      {
        kind,
        period: monthDays(wanted),
        shape,
        purpose,
        by: { kind: 'cli', id: process.env['USER'] ?? 'cli' },
      },
    );
    const out = resolve(options.out ?? done.fileName);
    await copyFile(join(fileRoot, done.path), out);
    print(`${out}: ${done.rows} ${kind === 'checkins' ? 'check-ins' : 'people'}, SHA-256 ${done.sha256}`);
  });
}

/** The public key that packages of closed periods are signed with: what an auditor gives to the verifier. */
async function printKey(): Promise<void> {
  const config = loadConfig(process.env);
  await mkdir(config.dataDir, { recursive: true });
  const { secretKey } = await loadSecrets(config.dataDir, config);
  print(signerFrom(secretKey).publicKey);
}

function performanceShape({ format, supplement }: ExportOptions): OtherShape {
  if (format !== 'xlsx' && format !== 'csv' && format !== 'json')
    throw new UsageError('give --format xlsx, csv or json');
  if (supplement === undefined) return { format };
  const no = Number(supplement);
  if (!Number.isInteger(no) || no < 1) throw new UsageError('--supplement takes a number from 1');
  return { format, supplement: no };
}

function shapeOf(format: string, sheet: string): Shape {
  if (format === 'xlsx') return { format };
  if (format === 'csv' && (sheet === 'detail' || sheet === 'summary')) return { format, part: sheet };
  throw new UsageError('give --format xlsx, or --format csv with --sheet detail or summary');
}
