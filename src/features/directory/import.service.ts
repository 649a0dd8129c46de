import { sql } from 'drizzle-orm';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { type AuditActor, recordAudit } from '../audit/index.ts';
import { type DepartmentRow, type EmployeeRow, employeeColumns } from './directory.columns.ts';
import { directoryTexts } from './directory.text.ts';
import { type EmployeeRecord, readEmployees } from './employee-records.ts';
import { planDepartments } from './import-departments.rules.ts';
import {
  type EmployeePlan,
  type ImportDays,
  outdatedSentence,
  planDeparture,
  planEmployee,
  refusedReport,
} from './import-employees.rules.ts';
import {
  countEmployed,
  employedBeyond,
  knownDepartments,
  knownEmployees,
  zonesUnknown,
} from './import-reads.ts';
import { type AbsentReport, type EmployeeReport, type ImportReport, reportOf } from './import-report.ts';
import { writeDepartments, writeEmployees } from './import-writes.ts';
import { isBefore } from './periods.rules.ts';
import type { Wording } from './row-reader.ts';

/** How many of those employed may be missing from a complete file before somebody has to confirm it. */
const MOST_REMOVED = 0.05;
/** The zone where every day begins first. */
const EARLIEST_ZONE = 'Pacific/Kiritimati';

export interface ImportOptions {
  at: Temporal.Instant;
  /** The day from which the files hold: moves and leavings take effect on it, and nothing before it changes. */
  asOf: Temporal.PlainDate;
  actor: AuditActor;
  /** The file of employees lists everybody: whoever is employed and not in it has left on the eve of `asOf`. */
  complete?: boolean;
  /** Somebody has looked at how many would leave, and it may be more than 5 %. */
  confirmed?: boolean;
  locale?: Locale;
}

/**
 * Imports departments and employees. Rows that can be imported are, whatever is wrong with others; the report says of
 * each row what became of it. The same files again change nothing. Two imports at once go one after the other.
 * Rejects with UserError when `asOf` has not begun anywhere.
 */
export async function importDirectory(
  tx: Db,
  files: { departments: readonly DepartmentRow[]; employees: readonly EmployeeRow[] },
  options: ImportOptions,
): Promise<ImportReport> {
  const locale = options.locale ?? 'zh-CN';
  const wording: Wording = { text: directoryTexts[locale], english: locale === 'en' };
  const days: ImportDays = { asOf: options.asOf, today: localDay(options.at, EARLIEST_ZONE) };
  if (isBefore(days.today, days.asOf)) throw new UserError(wording.text.futureAsOf(days.asOf.toString()));
  return tx.transaction(async (within) => {
    await within.execute(sql`select pg_advisory_xact_lock(hashtext('directory.import'))`);
    const departments = planDepartments(files.departments, await knownDepartments(within), wording, newId);
    const records = readEmployees(files.employees, (code) => departments.byCode.has(code), wording);
    const departmentId = (code: string): string => departments.byCode.get(code)?.id ?? '';
    const present = await planPresent(within, records, { ...days, departmentId, wording });
    const absent = options.complete
      ? await planAbsent(within, records, { ...days, confirmed: options.confirmed ?? false, wording })
      : { plans: [], reports: [], notices: [] };
    await writeDepartments(within, departments, options.at);
    await writeEmployees(within, [...present.plans, ...absent.plans], options.at);
    const report = reportOf(
      {
        departments: departments.reports,
        employees: present.reports,
        absent: absent.reports,
        notices: absent.notices,
      },
      wording.text,
    );
    if (report.changed) await audit(within, report, options);
    return report;
  });
}

async function planPresent(
  tx: Db,
  records: readonly EmployeeRecord[],
  given: ImportDays & { departmentId: (code: string) => string; wording: Wording },
): Promise<{ plans: EmployeePlan[]; reports: EmployeeReport[] }> {
  const known = await knownEmployees(
    tx,
    records.map(({ number }) => number),
    given.asOf,
  );
  const titleOf = (key: 'number' | 'zone'): string =>
    employeeColumns[key].names[given.wording.english ? 1 : 0];
  const zones = new Set(records.flatMap(({ zone }) => zone ?? []));
  const unknownZones = await zonesUnknown(tx, zones);
  const plans: EmployeePlan[] = [];
  const reports = records.map((record): EmployeeReport => {
    const { line, number, warnings } = record;
    if (record.faults.length > 0) return refusedReport(record, record.faults);
    if (record.zone !== undefined && unknownZones.has(record.zone)) {
      const { text } = given.wording;
      return refusedReport(record, [text.at(line, titleOf('zone'), text.badZone(record.zone))]);
    }
    const planned = planEmployee(record, known.get(number), { ...given, newId });
    if (planned.kind === 'outdated') {
      return refusedReport(record, [
        outdatedSentence(record, planned.since, { ...given, column: titleOf('number') }),
      ]);
    }
    plans.push(planned.plan);
    return { line, number, outcome: planned.plan.outcome, problems: warnings };
  });
  return { plans, reports };
}

/** An incomplete or doubtful file never removes anybody. */
async function planAbsent(
  tx: Db,
  records: readonly EmployeeRecord[],
  given: ImportDays & { confirmed: boolean; wording: Wording },
): Promise<{ plans: EmployeePlan[]; reports: AbsentReport[]; notices: string[] }> {
  if (records.length === 0) return { plans: [], reports: [], notices: [] };
  const { text } = given.wording;
  const gone = await employedBeyond(
    tx,
    records.map(({ number }) => number),
    given.asOf,
  );
  const held = gone.map(({ number, name }): AbsentReport => ({ number, name, outcome: 'held' }));
  if (gone.length > 0 && records.some(({ numberIsSure }) => !numberIsSure)) {
    return { plans: [], reports: held, notices: [text.removalsUnsure] };
  }
  const limit = Math.ceil((await countEmployed(tx, given.asOf)) * MOST_REMOVED);
  if (gone.length > limit && !given.confirmed) {
    return { plans: [], reports: held, notices: [text.removalsHeld(gone.length, limit)] };
  }
  const plans: EmployeePlan[] = [];
  const reports = gone.map((known): AbsentReport => {
    const plan = planDeparture(known, given.asOf.subtract({ days: 1 }), given.today);
    if (plan !== null) plans.push(plan);
    return { number: known.number, name: known.name, outcome: plan === null ? 'held' : 'left' };
  });
  return { plans, reports, notices: [] };
}

async function audit(tx: Db, report: ImportReport, { at, actor, asOf }: ImportOptions): Promise<void> {
  const { totals } = report;
  await recordAudit(tx, {
    at,
    actor,
    action: 'directory.import',
    subject: `directory@${asOf.toString()}`,
    detail: { ...totals, absent: report.absent.length },
  });
}
