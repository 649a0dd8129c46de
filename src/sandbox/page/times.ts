import { createContext, useContext } from 'react';
import { catalogue, type Language, useLanguage } from './text.ts';

/** The server's clock as far as the page shows it: the zone, and "now" while the clock moves only by hand. */
export interface ShownClock {
  zone: string | undefined;
  /** Milliseconds since the epoch; `undefined` for real time. */
  manualNow: number | undefined;
}

export const ClockContext = createContext<ShownClock>({ zone: undefined, manualNow: undefined });

export function useTimes() {
  return times(useLanguage(), useContext(ClockContext));
}

export function times(language: Language, { zone, manualNow }: ShownClock) {
  const options = zone === undefined ? {} : { timeZone: zone };
  const format = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...parts, ...options });
  const wall = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const date = format({ month: language === 'en' ? 'short' : 'numeric', day: 'numeric' });
  const isoDay = new Intl.DateTimeFormat('sv-SE', options);
  const dayOf = (at: Date | number): number => Date.parse(isoDay.format(at)) / 86_400_000;
  const text = catalogue[language];

  function day(at: Date): string {
    const age = dayOf(manualNow ?? Date.now()) - dayOf(at);
    if (age === 0) return text.today;
    return age === 1 ? text.yesterday : date.format(at);
  }

  return {
    time: (iso: string) => wall.format(new Date(iso)),
    /** Above a run of messages: the day unless it is today, and the time. */
    separator: (iso: string): string => {
      const at = new Date(iso);
      const name = day(at);
      return name === text.today ? wall.format(at) : `${name} ${wall.format(at)}`;
    },
    /** In the list of chats: the time today, else the day. */
    short: (iso: string): string => {
      const at = new Date(iso);
      const name = day(at);
      return name === text.today ? wall.format(at) : name;
    },
    full: (at: number) => format({ dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' }).format(at),
  };
}
