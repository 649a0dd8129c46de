import { createContext, useContext } from 'react';
import type { Language } from './console.text.ts';
import { useLanguage } from './language.ts';

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone in which the console shows moments: that of the newest campaign, else the browser's. */
export const ZoneContext = createContext(browserZone);

export function useTimes() {
  return times(useLanguage(), useContext(ZoneContext));
}

/** Moments come as ISO instants and show in `zone`; days come as ISO dates and have none. */
export function times(language: Language, zone: string) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { hourCycle: 'h23', timeZone: zone, ...options });
  const clockTime = { hour: '2-digit', minute: '2-digit' } as const;
  const monthDay = { month: language === 'en' ? 'short' : 'long', day: 'numeric' } as const;
  const moment = (options: Intl.DateTimeFormatOptions) => {
    const made = format(options);
    return (iso: string): string => made.format(new Date(iso));
  };
  const dayFormat = format({ ...monthDay, weekday: 'short', timeZone: 'UTC' });
  const longDayFormat = format({ dateStyle: 'full', timeZone: 'UTC' });
  const monthFormat = format({ year: 'numeric', month: 'long', timeZone: 'UTC' });
  const wallFormat = format({ ...clockTime, second: '2-digit' });
  const isoDayFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
  return {
    zone,
    /** 09:10 */
    time: moment(clockTime),
    /** 3月2日周一 09:10 */
    short: moment({ ...monthDay, weekday: 'short', ...clockTime }),
    /** With the year. */
    full: moment({ year: 'numeric', ...monthDay, weekday: 'short', ...clockTime }),
    /** To the second, as a record needs it. */
    exact: moment({ year: 'numeric', month: '2-digit', day: '2-digit', ...clockTime, second: '2-digit' }),
    /** The day in `zone`, as an ISO date. */
    isoDay: (iso: string): string => isoDayFormat.format(new Date(iso)),
    /** Real time, also while the rehearsal clock stands elsewhere: 09:10:00 */
    wallTime: (ms: number): string => wallFormat.format(ms),
    day: (iso: string): string => dayFormat.format(new Date(iso)),
    longDay: (iso: string): string => longDayFormat.format(new Date(iso)),
    /** `2026-11` → 2026年11月 */
    month: (iso: string): string => monthFormat.format(new Date(`${iso}-01`)),
  };
}
