import { type Locale, localeOf } from '../../chat/locale.ts';
import { type Role, roles } from '../../chat/role.ts';
import type { Cell } from '../../content/tables.ts';
import { isZone, Temporal } from '../../kernel/time.ts';
import { type Level, levels } from './directory.tables.ts';

/** Pure readings of what people put into cells. Each returns undefined for what it cannot make sense of. */

/** The text of a cell without invisible characters, blanks in a row as one. */
export function textIn(cell: Cell | undefined): string {
  return String(cell ?? '')
    .replace(/[\p{Cc}\p{Cf}]/gu, (character) => (/\s/.test(character) ? ' ' : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

/** A code such as 工号: full-width letters and digits made half-width, no blanks, leading zeros kept. */
export function codeIn(cell: Cell | undefined): string {
  return textIn(cell).normalize('NFKC').replace(/\s/g, '');
}

/** Several codes or words in one cell, joined by `;` or one of its cousins. Without repeats. */
export function listIn(cell: Cell | undefined): string[] {
  const parts = textIn(cell)
    .normalize('NFKC')
    .split(/[;,、|/]/);
  return [...new Set(parts.map((part) => part.replace(/\s/g, '')).filter((part) => part !== ''))];
}

/** `#N/A` and its kin, which a workbook holds where a formula failed. */
export function isExcelError(text: string): boolean {
  return /^#(N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!)$/i.test(text);
}

/** Whether Excel made a number of a long code: it keeps 15 digits and shows the rest as 1.23E+17. */
export function hasLostDigits(cell: Cell | undefined): boolean {
  if (typeof cell === 'number') return !Number.isInteger(cell) || Math.abs(cell) >= 1e15;
  return typeof cell === 'string' && /^\s*\d(\.\d+)?E\+?\d+\s*$/i.test(cell) && /[.+]/.test(cell);
}

const EXCEL_EPOCH = Temporal.PlainDate.from('1899-12-30');
/** 1982 to 2119: a number outside is not a day that somebody joined or left. */
const SERIALS = { first: 30_000, last: 80_000 };

/** A day in any of the forms that HR files hold, an Excel serial included. */
export function dayIn(cell: Cell): Temporal.PlainDate | undefined {
  if (cell instanceof Temporal.PlainDate) return cell;
  const text = codeIn(cell);
  const digits =
    /^(\d{4})(\d\d)(\d\d)$/.exec(text) ??
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:T?00?:00(:00)?)?$/.exec(text);
  if (digits !== null) {
    const [, year, month, day] = digits.map(Number);
    try {
      return Temporal.PlainDate.from(
        { year: year ?? 0, month: month ?? 0, day: day ?? 0 },
        { overflow: 'reject' },
      );
    } catch {
      return undefined;
    }
  }
  const serial = /^\d{5}(\.\d+)?$/.test(text) ? Math.floor(Number(text)) : 0;
  return serial >= SERIALS.first && serial <= SERIALS.last ? EXCEL_EPOCH.add({ days: serial }) : undefined;
}

/** A zone by its IANA name. An offset such as +08:00 is none: it knows no clock change. */
export function zoneIn(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text) || !isZone(text)) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
}

export function localeIn(text: string): Locale | undefined {
  if (/^(中文|汉语|简体中文|chinese)$/i.test(text)) return 'zh-CN';
  if (/^(英文|英语|english)$/i.test(text)) return 'en';
  return /^(zh|en)([-_]\w+)*$/i.test(text) ? localeOf(text) : undefined;
}

const levelNames: Record<string, Level> = {
  初级: 'beginner',
  入门: 'beginner',
  中级: 'intermediate',
  高级: 'advanced',
};

export function levelIn(text: string): Level | undefined {
  return levelNames[text] ?? levels.find((level) => level === text.toLowerCase());
}

const roleNames: Record<string, Role> = {
  接口人: 'liaison',
  人事: 'hr',
  运营: 'operator',
  审核: 'reviewer',
  审核人: 'reviewer',
  客服: 'support',
  驻场: 'support',
  高管: 'executive',
  领导: 'executive',
  审计: 'auditor',
  管理员: 'admin',
};

export function roleIn(text: string): Role | undefined {
  return roleNames[text] ?? roles.find((role) => role === text.toLowerCase());
}
