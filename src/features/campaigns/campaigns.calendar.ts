import { asc, eq } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { campaignDays } from './campaigns.tables.ts';

/** A campaign's frozen workday calendar. Days outside the campaign are no workdays. */
export interface CampaignCalendar {
  first: Temporal.PlainDate;
  last: Temporal.PlainDate;
  isWorkday(day: Temporal.PlainDate): boolean;
  /** Workdays from the start up to and including `day`: consecutive workdays differ by one. */
  ordinal(day: Temporal.PlainDate): number;
  /** The first workday after `day`, if the campaign has one. */
  nextWorkday(day: Temporal.PlainDate): Temporal.PlainDate | undefined;
  /** Both ends included, in order. */
  workdaysBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): Temporal.PlainDate[];
  /** `国庆节`, `周末`, `调休上班`; empty on an ordinary workday and outside the campaign. */
  nameOf(day: Temporal.PlainDate): string;
}

export interface CalendarDay {
  day: Temporal.PlainDate;
  workday: boolean;
  ordinal: number;
  name: string;
}

/** Builds the calendar from the campaign's days, which must be without gaps and in order. */
export function campaignCalendar(days: readonly CalendarDay[]): CampaignCalendar {
  const [start] = days;
  const end = days.at(-1);
  if (start === undefined || end === undefined) throw new RangeError('a campaign has at least one day');
  const first = dayNumber(start.day);
  const indexOf = (day: Temporal.PlainDate): number => dayNumber(day) - first;
  const at = (day: Temporal.PlainDate): CalendarDay | undefined => days[indexOf(day)];
  return {
    first: start.day,
    last: end.day,
    isWorkday: (day) => at(day)?.workday ?? false,
    ordinal: (day) => at(day)?.ordinal ?? (Temporal.PlainDate.compare(day, start.day) < 0 ? 0 : end.ordinal),
    nextWorkday: (day) => days.slice(Math.max(0, indexOf(day) + 1)).find(({ workday }) => workday)?.day,
    workdaysBetween: (from, to) =>
      days
        .slice(Math.max(0, indexOf(from)), Math.max(0, indexOf(to) + 1))
        .filter(({ workday }) => workday)
        .map(({ day }) => day),
    nameOf: (day) => at(day)?.name ?? '',
  };
}

const DAY_MS = 86_400_000;

/** Days since 1970, without time zones: asked for every check-in, where `until` would cost ten times as much. */
function dayNumber({ year, month, day }: Temporal.PlainDate): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

const BUILT_AT_ONCE = 100;
/** A lengthened campaign or a new announcement of holidays makes a new calendar: the key says which one is meant. */
const built = new Map<string, CampaignCalendar>();

/** The frozen calendar of a campaign. Rejects with RangeError for a campaign that does not exist. */
export async function calendarOf(
  tx: Db,
  campaign: { id: string; calendarId: string },
): Promise<CampaignCalendar> {
  const known = built.get(campaign.calendarId);
  if (known !== undefined) return known;
  const days = await tx
    .select()
    .from(campaignDays)
    .where(eq(campaignDays.campaignId, campaign.id))
    .orderBy(asc(campaignDays.day));
  const calendar = campaignCalendar(days);
  if (built.size >= BUILT_AT_ONCE) built.clear();
  built.set(campaign.calendarId, calendar);
  return calendar;
}
