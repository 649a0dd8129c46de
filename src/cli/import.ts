import { join } from 'node:path';
import { importTipFiles, loadCampaignFile, loadContent } from '../app/content.ts';
import { type ImportReport, importDirectory, readDirectory } from '../features/directory/index.ts';
import { importExcusals, readExcusals } from '../features/excusals/index.ts';
import { importUsage, readUsage, type UsageOptions } from '../features/usage/index.ts';
import type { Db } from '../kernel/db.ts';
import { UserError } from '../kernel/errors.ts';
import { localDay, systemClock, Temporal } from '../kernel/time.ts';
import { workdayCalendar } from '../kernel/workdays.ts';
import { print, withDatabase } from './context.ts';
import { UsageError } from './usage.ts';

interface Options {
  asOf?: string;
  dryRun?: boolean;
  source?: string;
}

/** Resolves to whether every row was taken. */
export async function importCommand(
  kind: string,
  files: readonly string[],
  options: Options,
): Promise<boolean> {
  return withDatabase(async ({ database, config }) => {
    const at = systemClock.now();
    const loading = {
      at,
      zone: config.behaviour.zone,
      calendar: workdayCalendar(config.behaviour.calendar),
      actor: { kind: 'cli' as const, id: process.env['USER'] ?? 'cli' },
      fileRoot: join(config.dataDir, 'files'),
    };
    if (kind === 'usage') return importUsageFiles(database.db, files, options, loading);
    return orRollBack(database.db, options.dryRun === true, async (tx) => {
      switch (kind) {
        case 'directory': {
          const asOf = options.asOf === undefined ? localDay(at, config.behaviour.zone) : dayOf(options.asOf);
          const report = await importDirectory(tx, await filesOf(files), { ...loading, asOf });
          return printReport(report);
        }
        case 'tips': {
          const report = await importTipFiles(tx, files, loading);
          print(`Tips: ${report.created} created, ${report.updated} updated, ${report.unchanged} unchanged.`);
          return true;
        }
        case 'campaign': {
          for (const file of files) {
            const loaded = await loadCampaignFile(tx, file, loading);
            if (loaded === undefined) throw new UserError(`${file}: there is no such file`);
            print(`${file}: ${loaded.outcome}.`);
            if (loaded.unknownYears.length > 0) {
              print(
                `  The holidays of ${loaded.unknownYears.join(', ')} are not announced; only weekends are off there.`,
              );
            }
          }
          return true;
        }
        case 'content': {
          for (const folder of files) {
            const loaded = await loadContent(tx, folder, loading);
            print(
              `${folder}: ${loaded.directory?.summary ?? 'no organisation'}; ` +
                `${loaded.tips?.created ?? 0} tips created; campaign ${loaded.campaign?.outcome ?? 'absent'}.`,
            );
          }
          return true;
        }
        case 'excusals': {
          let whole = true;
          for (const file of files) {
            const table = await readExcusals(file, { locale: 'zh-CN' });
            const report = await importExcusals(tx, table, { ...loading, locale: 'zh-CN' });
            for (const row of report.rows) printRow(report.file, row.line, row.number, row);
            print(`${report.file}: ${report.summary}`);
            whole &&= report.totals.refused === 0;
          }
          return whole;
        }
        default:
          throw new UsageError(
            `cannot import ${kind}; give directory, tips, campaign, content, excusals or usage`,
          );
      }
    });
  });
}

/** In sets that commit one by one, so that a file of any length may be imported beside everybody's check-ins. */
async function importUsageFiles(
  db: Db,
  files: readonly string[],
  { dryRun, source = 'file' }: Options,
  loading: Pick<UsageOptions, 'at' | 'zone' | 'actor'>,
): Promise<boolean> {
  if (dryRun === true)
    throw new UsageError('--dry-run: usage may be imported twice, so there is nothing to try first');
  let whole = true;
  for (const path of files) {
    const { file, rows } = await readUsage(path, { locale: 'zh-CN' });
    const report = await importUsage(db, rows, { ...loading, locale: 'zh-CN', source });
    for (const row of report.rows) printRow(file, row.line, row.number, row);
    print(`${file}: ${report.summary}`);
    whole &&= report.totals.refused === 0;
  }
  return whole;
}

class RolledBack extends Error {}

/** With `dryRun` everything is done and then undone, so that the report is exactly what would happen. */
async function orRollBack(db: Db, dryRun: boolean, work: (tx: Db) => Promise<boolean>): Promise<boolean> {
  let result = false;
  try {
    await db.transaction(async (tx) => {
      result = await work(tx);
      if (dryRun) throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
    print('Dry run: nothing was changed.');
  }
  if (!dryRun) print('A running server picks up new people and campaigns within a minute.');
  return result;
}

function dayOf(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    throw new UsageError(`--as-of: ${text} is not a day; give one such as 2026-11-22`);
  }
}

async function filesOf(files: readonly string[]) {
  const [first, second] = files;
  if (first === undefined)
    throw new UsageError('give an XLSX with both sheets, or departments and employees');
  if (second !== undefined) return readDirectory({ departments: first, employees: second });
  return /\.xlsx$/i.test(first) ? readDirectory({ workbook: first }) : readDirectory({ employees: first });
}

function printReport(report: ImportReport): boolean {
  for (const row of report.departments) printRow('departments', row.line, row.code, row);
  for (const row of report.employees) printRow('employees', row.line, row.number, row);
  for (const notice of report.notices) print(notice);
  print(report.summary);
  return report.totals.departments.refused + report.totals.employees.refused === 0;
}

function printRow(
  file: string,
  line: number,
  key: string,
  { outcome, problems }: { outcome: string; problems: readonly string[] },
): void {
  if (outcome === 'unchanged' && problems.length === 0) return;
  print(`${file}:${line}: ${key} ${outcome}${problems.length === 0 ? '' : `: ${problems.join(' ')}`}`);
}
