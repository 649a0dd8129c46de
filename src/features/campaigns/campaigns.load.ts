import { isDeepStrictEqual } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isZone, Temporal } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import type { CalendarDay } from './campaigns.calendar.ts';
import type { CampaignFile } from './campaigns.schema.ts';
import { type Campaign, campaignsByKey } from './campaigns.service.ts';
import { campaignDays, campaignPhases, campaigns } from './campaigns.tables.ts';

export interface CampaignLoaded {
  campaignId: string;
  outcome: 'created' | 'updated' | 'unchanged';
  /** Years in the campaign whose holidays nobody has announced: there only weekends are off. */
  unknownYears: number[];
  /** True when the file asks for other dates than those that people have already lived through. */
  keptStart: boolean;
}

/**
 * Writes a campaign by its key, with its phases and its own frozen copy of the calendar. `first-run` means today the
 * first time and stays. Days that have begun are never changed: a later announcement of holidays, or a new start in
 * the file, cannot rewrite what people have done. Throws UserError for a zone that does not exist or for phases that
 * lie outside the campaign.
 */
export async function loadCampaign(
  tx: Db,
  file: CampaignFile,
  context: { today: Temporal.PlainDate; calendar: WorkdayCalendar; at: Temporal.Instant },
): Promise<CampaignLoaded> {
  checkFile(file);
  const old = (await campaignsByKey(tx, [file.id])).get(file.id);
  const wanted =
    file.startsOn === 'first-run' ? (old?.startsOn ?? context.today) : Temporal.PlainDate.from(file.startsOn);
  const begun = old !== undefined && Temporal.PlainDate.compare(old.startsOn, context.today) <= 0;
  const startsOn = begun ? old.startsOn : wanted;
  const row = rowOf(file, startsOn);
  const id = old?.id ?? newId();
  const days = daysOf(row.startsOn, row.endsOn, context.calendar);
  const years = new Set(days.map(({ day }) => day.year));
  const loaded = {
    campaignId: id,
    unknownYears: [...years].filter((year) => !context.calendar.knows(year)),
    keptStart: begun && !wanted.equals(old.startsOn),
  };
  if (old === undefined) {
    await tx.insert(campaigns).values({ id, createdAt: context.at, ...row });
  } else if (isDeepStrictEqual(comparable(row), comparable(old))) {
    return { ...loaded, outcome: 'unchanged' };
  } else {
    await tx.update(campaigns).set(row).where(eq(campaigns.id, id));
  }
  await writePhases(tx, id, file, startsOn);
  await writeDays(tx, id, days, begun ? context.today : undefined);
  return { ...loaded, outcome: old === undefined ? 'created' : 'updated' };
}

function checkFile(file: CampaignFile): void {
  if (!isZone(file.zone))
    throw new UserError(`zone: ${file.zone} is not an IANA time zone; give one such as Asia/Shanghai`);
  for (const [index, phase] of file.phases.entries()) {
    if (phase.toDay < phase.fromDay || phase.toDay >= file.days) {
      throw new UserError(
        `phases[${index}]: must lie within days 0 to ${file.days - 1} and end after it begins`,
      );
    }
  }
}

type CampaignRow = Omit<Campaign, 'id' | 'createdAt'>;

function rowOf(file: CampaignFile, startsOn: Temporal.PlainDate): CampaignRow {
  return {
    key: file.id,
    name: file.name,
    goal: file.goal,
    zone: file.zone,
    startsOn,
    endsOn: startsOn.add({ days: file.days - 1 }),
    tipTime: file.tipTime,
    reminderTime: file.reminderTime,
    audience: file.audience,
    tasks: file.tasks,
    targets: file.targets,
    points: file.points,
    noRepeatDays: file.noRepeatDays,
    tipOrder: file.tips,
  };
}

function comparable({ startsOn, endsOn, ...rest }: CampaignRow & Partial<Campaign>): Record<string, unknown> {
  const { id: _id, createdAt: _createdAt, ...own } = rest;
  return { ...own, startsOn: startsOn.toString(), endsOn: endsOn.toString() };
}

async function writePhases(
  tx: Db,
  campaignId: string,
  file: CampaignFile,
  startsOn: Temporal.PlainDate,
): Promise<void> {
  await tx.delete(campaignPhases).where(eq(campaignPhases.campaignId, campaignId));
  await tx.insert(campaignPhases).values(
    file.phases.map((phase, position) => ({
      campaignId,
      position,
      kind: phase.kind,
      name: phase.name,
      focus: phase.focus,
      fromDay: startsOn.add({ days: phase.fromDay }),
      toDay: startsOn.add({ days: phase.toDay }),
    })),
  );
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

/** Adds the days that are missing; with `today` those up to and including it stay as they were frozen. */
async function writeDays(
  tx: Db,
  campaignId: string,
  days: readonly CalendarDay[],
  today: Temporal.PlainDate | undefined,
): Promise<void> {
  const isOpen = ({ day }: CalendarDay) => today === undefined || Temporal.PlainDate.compare(day, today) > 0;
  const frozen =
    today === undefined
      ? 0
      : Number(
          (
            await tx.execute<{ last: number | null }>(
              sql`select max(ordinal) as last from campaign_days where campaign_id = ${campaignId} and day <= ${today.toString()}`,
            )
          ).rows[0]?.last ?? 0,
        );
  const open = days.filter(isOpen);
  // Ordinals go on from the frozen part, which may have had other holidays.
  const shift = frozen - (days.filter((one) => !isOpen(one)).at(-1)?.ordinal ?? 0);
  const first = open[0]?.day;
  if (first === undefined) return;
  await tx.execute(
    sql`delete from campaign_days where campaign_id = ${campaignId} and day >= ${first.toString()}`,
  );
  await tx
    .insert(campaignDays)
    .values(open.map(({ ordinal, ...one }) => ({ campaignId, ...one, ordinal: ordinal + shift })));
}
