import chineseDays from 'chinese-days';
import { Temporal } from './time.ts';

/**
 * Says which days are worked. In China a holiday is paid for with 调休: working Saturdays and Sundays.
 * The State Council announces a year late in the year before; a year that is not announced yet counts with plain
 * weekends and is reported by `knows`.
 */
export interface WorkdayCalendar {
  isWorkday(day: Temporal.PlainDate): boolean;
  /** Why a day is off or worked, in Chinese: `国庆节`, `周末`, `调休上班`; empty for an ordinary workday. */
  nameOf(day: Temporal.PlainDate): string;
  /** Whether the holidays of this year are announced. */
  knows(year: number): boolean;
  lastKnownYear: number;
}

export interface CalendarOverrides {
  /** ISO days that are worked although the State Council's calendar says otherwise. */
  workdays?: readonly string[];
  /** ISO days off: company holidays. */
  daysOff?: readonly string[];
  /** Years whose holidays `overrides` gives in full. */
  years?: readonly number[];
}

const FIRST_KNOWN_YEAR = 2004;

export function workdayCalendar(overrides: CalendarOverrides = {}): WorkdayCalendar {
  const worked = new Set(overrides.workdays);
  const off = new Set(overrides.daysOff);
  const extraYears = new Set(overrides.years);
  const lastPackaged = lastPackagedYear();
  return {
    isWorkday(day) {
      const iso = day.toString();
      if (worked.has(iso)) return true;
      if (off.has(iso)) return false;
      return chineseDays.isWorkday(iso);
    },
    nameOf(day) {
      const iso = day.toString();
      const weekend = day.dayOfWeek >= 6;
      if (worked.has(iso)) return weekend ? '调休上班' : '';
      if (off.has(iso)) return '公司休息日';
      const detail = chineseDays.getDayDetail(iso);
      if (detail.work) return weekend ? '调休上班' : '';
      return detail.name.split(',')[1] ?? '周末';
    },
    knows: (year) => extraYears.has(year) || (year >= FIRST_KNOWN_YEAR && year <= lastPackaged),
    lastKnownYear: Math.max(lastPackaged, ...extraYears),
  };
}

/** A year is packaged when its New Year or its National Day is in the data: both are off in every year. */
function lastPackagedYear(): number {
  let year = FIRST_KNOWN_YEAR;
  while (chineseDays.getDayDetail(`${year + 1}-10-01`).name.includes(',')) year += 1;
  return year;
}
