import { isDeepStrictEqual } from 'node:util';
import { and, eq, gt, max, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import { adoptRule } from '../performance/index.ts';
import type { CalendarDay } from './campaigns.calendar.ts';
import type { CampaignFile, PointRules } from './campaigns.schema.ts';
import { type Campaign, type CampaignPhase, campaignsByKey, phasesOf } from './campaigns.service.ts';
import { campaignDays, campaignPhases, campaignPointRules, campaigns } from './campaigns.tables.ts';

export interface CampaignLoaded {
  campaignId: string;
  outcome: 'created' | 'updated' | 'unchanged';
  /** Years in the campaign whose holidays nobody has announced: there only weekends are off. */
  unknownYears: number[];
  /** True when the file asks for another start than the one that people have already lived through. */
  keptStart: boolean;
  /** True when the file ends before a day that has begun: the campaign then ends with that day. */
  keptEnd: boolean;
  /** The last day whose calendar stays as it was frozen; null when all days were written anew. */
  frozenUntil: Temporal.PlainDate | null;
}

/** The zone where every day begins first. */
const EARLIEST_ZONE = 'Pacific/Kiritimati';

/**
 * Writes a campaign by its key, with its phases and its own frozen copy of the calendar. `first-run` means today the
 * first time and stays. The same file again changes nothing, whatever the calendar says by then; a changed file takes
 * over the calendar for the days that have not begun anywhere. Days that have begun are never changed: neither a later
 * announcement of holidays nor a new start in the file can rewrite what people have done. Two loads at once go one
 * after the other. Rejects with UserError for a zone that does not exist and for phases that overlap or lie outside.
 */
export async function loadCampaign(
  tx: Db,
  file: CampaignFile,
  context: { today: Temporal.PlainDate; calendar: WorkdayCalendar; at: Temporal.Instant },
): Promise<CampaignLoaded> {
  checkFile(file);
  return tx.transaction(async (within) => {
    await within.execute(sql`select pg_advisory_xact_lock(hashtext('campaigns.load'))`);
    const old = (await campaignsByKey(within, [file.id])).get(file.id);
    const span = spanOf(file, old, context);
    const row = rowOf(file, span, old);
    const phases = phasesIn(file, span.startsOn);
    const id = old?.id ?? newId();
    const days = daysOf(row.startsOn, row.endsOn, withoutLapsed(context, span.frozenUntil));
    const years = new Set(days.map(({ day }) => day.year));
    const loaded = {
      campaignId: id,
      unknownYears: [...years].filter((year) => !context.calendar.knows(year)),
      keptStart: span.keptStart,
      keptEnd: span.keptEnd,
      frozenUntil: span.frozenUntil,
    };
    const written = { ...row, calendarId: newId() };
    if (file.performance !== undefined)
      await adoptRule(within, id, file.performance, { fromDay: row.startsOn, at: context.at });
    if (old === undefined) {
      await within.insert(campaigns).values({ id, createdAt: context.at, ...written });
    } else {
      const before = { row: comparable(old), phases: (await phasesOf(within, id)).map(comparablePhase) };
      if (isDeepStrictEqual(before, { row: comparable(row), phases: phases.map(comparablePhase) })) {
        return { ...loaded, outcome: 'unchanged' };
      }
      await within.update(campaigns).set(written).where(eq(campaigns.id, id));
    }
    if (!isDeepStrictEqual(old?.points, row.points)) await notePointRules(within, id, row.points, context.at);
    await within.delete(campaignPhases).where(eq(campaignPhases.campaignId, id));
    await within.insert(campaignPhases).values(phases.map((phase) => ({ ...phase, campaignId: id })));
    await writeDays(within, id, days, span.frozenUntil);
    return { ...loaded, outcome: old === undefined ? 'created' : 'updated' };
  });
}

/** Under the lock of `loadCampaign`: versions count on from 1. */
async function notePointRules(
  tx: Db,
  campaignId: string,
  rules: PointRules,
  since: Temporal.Instant,
): Promise<void> {
  const before = await tx.$count(campaignPointRules, eq(campaignPointRules.campaignId, campaignId));
  await tx.insert(campaignPointRules).values({ campaignId, version: before + 1, rules, since });
}

function checkFile(file: CampaignFile): void {
  for (const [index, phase] of file.phases.entries()) {
    if (phase.toDay < phase.fromDay || phase.toDay >= file.days) {
      throw new UserError(
        `phases[${index}]: must lie within days 0 to ${file.days - 1} and end after it begins`,
      );
    }
    const before = file.phases[index - 1];
    if (before !== undefined && phase.fromDay <= before.toDay) {
      throw new UserError(
        `phases[${index}]: must begin after day ${before.toDay}, where the one before it ends`,
      );
    }
  }
}

interface Span {
  startsOn: Temporal.PlainDate;
  endsOn: Temporal.PlainDate;
  keptStart: boolean;
  keptEnd: boolean;
  frozenUntil: Temporal.PlainDate | null;
}

/** From when to when, without touching a day that has begun somewhere on Earth. */
function spanOf(
  file: CampaignFile,
  old: Campaign | undefined,
  { today, at }: { today: Temporal.PlainDate; at: Temporal.Instant },
): Span {
  const wanted =
    file.startsOn === 'first-run' ? (old?.startsOn ?? today) : Temporal.PlainDate.from(file.startsOn);
  const begun = later(today, localDay(at, EARLIEST_ZONE));
  if (old === undefined || isBefore(begun, old.startsOn)) {
    const endsOn = wanted.add({ days: file.days - 1 });
    return { startsOn: wanted, endsOn, keptStart: false, keptEnd: false, frozenUntil: null };
  }
  const frozenUntil = isBefore(old.endsOn, begun) ? old.endsOn : begun;
  const endsOn = old.startsOn.add({ days: file.days - 1 });
  return {
    startsOn: old.startsOn,
    endsOn: later(endsOn, frozenUntil),
    keptStart: !wanted.equals(old.startsOn),
    keptEnd: isBefore(endsOn, frozenUntil),
    frozenUntil,
  };
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;
const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate => (isBefore(a, b) ? b : a);

type CampaignRow = Omit<Campaign, 'id' | 'createdAt' | 'calendarId'>;

function rowOf(file: CampaignFile, { startsOn, endsOn }: Span, old: Campaign | undefined): CampaignRow {
  return {
    key: file.id,
    name: file.name,
    goal: file.goal,
    zone: file.zone,
    startsOn,
    endsOn,
    tipTime: file.tipTime,
    reminderTime: file.reminderTime,
    audience: file.audience,
    tasks: file.tasks,
    targets: file.targets,
    points: file.points,
    noRepeatDays: file.noRepeatDays,
    ...tipOrderOf(file, old),
  };
}

/** The order that somebody put by hand stays as long as the file says what it said then. */
function tipOrderOf(
  file: CampaignFile,
  old: Campaign | undefined,
): Pick<CampaignRow, 'tipOrder' | 'tipOrderInFile'> {
  return old !== undefined && isDeepStrictEqual(old.tipOrderInFile, file.tips)
    ? { tipOrder: old.tipOrder, tipOrderInFile: old.tipOrderInFile }
    : { tipOrder: file.tips, tipOrderInFile: null };
}

function comparable({ startsOn, endsOn, ...rest }: CampaignRow & Partial<Campaign>): Record<string, unknown> {
  const { id: _id, createdAt: _createdAt, calendarId: _calendarId, ...own } = rest;
  return { ...own, startsOn: startsOn.toString(), endsOn: endsOn.toString() };
}

type PhaseRow = Omit<CampaignPhase, 'campaignId'>;

function phasesIn(file: CampaignFile, startsOn: Temporal.PlainDate): PhaseRow[] {
  return file.phases.map(({ kind, name, focus, fromDay, toDay }, position) => ({
    position,
    kind,
    name,
    focus,
    fromDay: startsOn.add({ days: fromDay }),
    toDay: startsOn.add({ days: toDay }),
  }));
}

function comparablePhase({ position, kind, name, focus, fromDay, toDay }: PhaseRow): unknown[] {
  return [position, kind, name, focus, fromDay.toString(), toDay.toString()];
}

function daysOf(from: Temporal.PlainDate, to: Temporal.PlainDate, calendar: WorkdayCalendar): CalendarDay[] {
  const days: CalendarDay[] = [];
  let ordinal = 0;
  for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
    const workday = calendar.isWorkday(day);
    if (workday) ordinal += 1;
    days.push({ day, workday, ordinal, name: calendar.nameOf(day) });
  }
  return days;
}

/** What days are called between the end of a campaign and its going on. */
export const LAPSED = '活动暂停';

/** Days between the end of a campaign and its going on are no workdays: nobody could check in on them. */
function withoutLapsed(
  { calendar, today }: { calendar: WorkdayCalendar; today: Temporal.PlainDate },
  frozenUntil: Temporal.PlainDate | null,
): WorkdayCalendar {
  const lapsed = (day: Temporal.PlainDate): boolean =>
    frozenUntil !== null && isBefore(frozenUntil, day) && isBefore(day, today);
  return {
    ...calendar,
    isWorkday: (day) => !lapsed(day) && calendar.isWorkday(day),
    nameOf: (day) => (lapsed(day) ? LAPSED : calendar.nameOf(day)),
  };
}

/** Days up to `frozenUntil` stay; those after it are written anew, their ordinals going on from the frozen ones. */
async function writeDays(
  tx: Db,
  campaignId: string,
  days: readonly CalendarDay[],
  frozenUntil: Temporal.PlainDate | null,
): Promise<void> {
  const ofCampaign = eq(campaignDays.campaignId, campaignId);
  const after = frozenUntil === null ? ofCampaign : and(ofCampaign, gt(campaignDays.day, frozenUntil));
  await tx.delete(campaignDays).where(after);
  const [kept] = await tx
    .select({ ordinal: max(campaignDays.ordinal) })
    .from(campaignDays)
    .where(ofCampaign);
  const open = days.filter(({ day }) => frozenUntil === null || isBefore(frozenUntil, day));
  const skipped = days.length - open.length;
  // The frozen part may have had other holidays than the calendar says now.
  const shift = (kept?.ordinal ?? 0) - (days[skipped - 1]?.ordinal ?? 0);
  if (open.length === 0) return;
  await tx
    .insert(campaignDays)
    .values(open.map(({ ordinal, ...day }) => ({ campaignId, ...day, ordinal: ordinal + shift })));
}
