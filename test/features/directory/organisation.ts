import type { Actor } from '#src/chat/command.ts';
import type { Channel, ChatEvent } from '#src/chat/event.ts';
import {
  actorsOf,
  type ImportOptions,
  type ImportReport,
  importDirectory,
  readDirectory,
} from '#src/features/directory/index.ts';
import type { Db } from '#src/kernel/db.ts';
import { Temporal } from '#src/kernel/time.ts';

export const day = (iso: string): Temporal.PlainDate => Temporal.PlainDate.from(iso);
export const instant = (iso: string): Temporal.Instant => Temporal.Instant.from(iso);

export const DEPARTMENTS = `部门编码,部门名称,上级部门编码
ROOT,云帆集团,
SALES,销售部,ROOT
EAST,华东大区,SALES
RD,研发部,ROOT
`;

export const HEADINGS =
  '工号,姓名,部门编码,兼职部门编码,职务,时区,语言,角色,接口部门编码,入职日期,离职日期,水平';

/** Imports CSV texts as a person would hand them in; `asOf` also is the day of the import. */
export async function imports(
  db: Db,
  files: { departments?: string; employees?: string },
  asOf: string,
  more: Partial<ImportOptions> = {},
): Promise<ImportReport> {
  const bytes = (text: string | undefined, kind: 'departments' | 'employees') =>
    text === undefined ? {} : { [kind]: Buffer.from(text) };
  const tables = await readDirectory({
    ...bytes(files.departments, 'departments'),
    ...bytes(files.employees, 'employees'),
  });
  return importDirectory(db, tables, {
    at: instant(`${asOf}T04:00:00Z`),
    asOf: day(asOf),
    actor: { kind: 'cli', id: 'test' },
    ...more,
  });
}

/** A file of employees with only these columns. */
export function people(columns: string, ...rows: string[]): string {
  return `${columns}\n${rows.join('\n')}\n`;
}

/** Outcome and problems per row, short enough to read in a test. */
export function told(reports: readonly { line: number; outcome: string; problems: string[] }[]): string[] {
  return reports.map(({ line, outcome, problems }) => [`${line} ${outcome}`, ...problems].join(' | '));
}

/** Who stood behind this sandbox account at that moment. */
export async function actorAt(db: Db, platformId: string, at: string): Promise<Actor | undefined> {
  const [actor] = await actorsOf(db, [tapOf(platformId, at)]);
  return actor;
}

export function tapOf(platformId: string, at: string, channel: Channel = 'sandbox'): ChatEvent {
  return {
    channel,
    account: 'sandbox',
    key: `${platformId} ${at}`,
    actor: platformId,
    place: { kind: 'private' },
    payload: { kind: 'text', text: '打卡' },
    occurredAt: instant(at),
    receivedAt: instant(at),
  };
}
