import { eq } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { AuditActor } from '../audit/index.ts';
import { employees } from '../directory/directory.tables.ts';
import { harmless } from './reports.rules.ts';
import type { Column, Table } from './reports.table.ts';

/** What every file says about itself, so that a copy that turns up somewhere leads back to one line of the audit. */
export interface Watermark {
  exportId: string;
  /** Whoever asked for it: `王芳（HR001）`. */
  by: string;
  /** When it was made, on the wall clock of `zone`. */
  at: string;
  purpose: string;
  /** Who else agreed; null where nobody had to. */
  approvedBy: string | null;
  /** The last day on which it can be downloaded. */
  until: string;
}

export interface WatermarkSource {
  exportId: string;
  purpose: string;
  by: AuditActor;
  approvedById: string | null;
  at: Temporal.Instant;
  expiresAt: Temporal.Instant;
  zone: string;
}

/** The watermark of an export that is being made now. */
export async function watermarkOf(tx: Db, source: WatermarkSource): Promise<Watermark> {
  const { exportId, purpose, by, approvedById, at, expiresAt, zone } = source;
  return {
    exportId,
    purpose,
    by: await actorInWords(tx, by),
    approvedBy: approvedById === null ? null : await actorInWords(tx, { kind: 'employee', id: approvedById }),
    at: at
      .toZonedDateTimeISO(zone)
      .toString({ smallestUnit: 'minute', timeZoneName: 'never' })
      .replace('T', ' '),
    until: expiresAt.toZonedDateTimeISO(zone).toPlainDate().toString(),
  };
}

const kinds = { employee: '员工', token: '接口令牌', cli: '服务器命令行', system: '系统' } as const;

/** `王芳（HR001）`; for whoever is not a person, what they are. */
export async function actorInWords(tx: Db, { kind, id }: AuditActor): Promise<string> {
  if (kind !== 'employee') return `${kinds[kind]} ${id}`;
  const [found] = await tx
    .select({ name: employees.name, number: employees.number })
    .from(employees)
    .where(eq(employees.id, id));
  return found === undefined ? `${kinds.employee} ${id}` : `${found.name}（${found.number}）`;
}

const NOTE = '导出说明';

/** The sheet `导出说明`, which stands behind the data. */
export function noteTable(mark: Watermark): Table<readonly [string, string]> {
  const lines: (readonly [string, string])[] = [
    ['导出编号', mark.exportId],
    ['导出人', mark.by],
    ['导出时间', mark.at],
    ['用途', mark.purpose],
    ['复核人', mark.approvedBy ?? '不需要'],
    ['文件保留到', mark.until],
    ['须知', '含个人信息，仅限上述用途，请勿转发；用完请删除。谁导出、谁复核、谁下载都有审计记录。'],
  ];
  const text: Omit<Column<readonly [string, string]>, 'heading' | 'width' | 'of'> = { kind: 'text' };
  return {
    name: NOTE,
    columns: [
      { ...text, heading: '项目', width: 14, of: ([label]) => label },
      { ...text, heading: '内容', width: 80, of: ([, value]) => harmless(value) },
    ],
    rows: once(lines),
  };
}

async function* once<T>(batch: T): AsyncGenerator<T> {
  yield await Promise.resolve(batch);
}

const MOST_OF_PURPOSE = 60;

/**
 * What stands above and below each printed page. `&` begins a code there and is doubled; Excel takes 255 characters
 * for each of the two.
 */
export function pageMarks(mark: Watermark): { oddHeader: string; oddFooter: string } {
  const plain = (text: string, most: number) => cut(text, most).replaceAll('&', '&&');
  return {
    oddHeader: `&L内部资料，含个人信息&R导出编号 ${plain(mark.exportId, 40)}`,
    oddFooter: `&L${plain(mark.by, 40)} ${mark.at}&C用途：${plain(mark.purpose, MOST_OF_PURPOSE)}&R第 &P 页，共 &N 页`,
  };
}

/** By characters as people count them, so that no emoji is cut in two. */
function cut(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}

/**
 * A CSV file has no place beside its table: its last column names the export on every line. Lines above the headings
 * would break whatever reads the file by its first line, and a second file beside it would be lost.
 */
export function markedColumns<Row>(columns: readonly Column<Row>[], mark: Watermark): readonly Column<Row>[] {
  return [...columns, { heading: '导出编号', kind: 'text', width: 36, of: () => mark.exportId }];
}
