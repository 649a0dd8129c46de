import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import { LAPSED } from '../campaigns/index.ts';
import { calendarDays } from './periods.runs.ts';
import type { PerformancePeriod } from './periods.tables.ts';

/** What HR should know of the frozen calendar of a period before they close it. */
export interface CalendarDoubts {
  /** Years of the period whose holidays nobody has announced: their days follow plain weekends. */
  unknownYears: number[];
  /** Days that were frozen otherwise than they are announced by now. */
  differing: { day: string; workday: boolean }[];
}

/** The days of a period as its campaign froze them, against what is announced by now. Days off between two parts of a campaign are no doubt. */
export async function calendarDoubts(
  tx: Db,
  calendar: WorkdayCalendar,
  period: PerformancePeriod,
): Promise<CalendarDoubts> {
  const years = [period.fromDay.year, period.toDay.year];
  const frozen = await calendarDays(tx, period.campaignId, period);
  return {
    unknownYears: [...new Set(years)].filter((year) => !calendar.knows(year)),
    differing: frozen
      .filter(({ day, workday, name }) => {
        const date = Temporal.PlainDate.from(day);
        return name !== LAPSED && calendar.knows(date.year) && calendar.isWorkday(date) !== workday;
      })
      .map(({ day, workday }) => ({ day, workday })),
  };
}
