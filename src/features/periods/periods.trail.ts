import { and, asc, eq } from 'drizzle-orm';
import { dayInWords, dayNameInEnglish } from '../../chat/dates.ts';
import type { Locale } from '../../chat/locale.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay, Temporal, wallTime } from '../../kernel/time.ts';
import { dayCorrections } from '../corrections/corrections.tables.ts';
import type { IsoDay, PackagePerson } from '../performance/index.ts';
import type { EvidenceKind, PerformanceRule } from '../performance/performance.schema.ts';
import { type OwnRecord, type Standing, standingOn } from './periods.person.ts';
import { type PeriodTexts, text } from './periods.text.ts';

/** A person's day, told in sentences: what came, what the rule asks, what was decided, and how it stands. */
export async function trailOf(
  tx: Db,
  record: OwnRecord,
  { employeeId, day, zone, locale }: { employeeId: string; day: IsoDay; zone: string; locale: Locale },
): Promise<{ standing: Standing; lines: string[] }> {
  const t = text[locale];
  const standing = standingOn(record, day);
  if (standing.kind === 'future') return { standing, lines: [t.trailFuture] };
  if (standing.kind === 'outside') return { standing, lines: [t.trailOutside] };
  if (standing.kind === 'day-off')
    return {
      standing,
      lines: [t.trailOff(named(standing.name, locale)), ...seen(record.person, day, zone, locale)],
    };
  const calendarName = record.calendar.find((one) => one.day === day)?.name ?? '';
  const evidence = seen(record.person, day, zone, locale);
  const excusal = record.person.excusals.find(([one]) => one === day);
  return {
    standing,
    lines: [
      t.trailWorkday(named(calendarName, locale)),
      ...(evidence.length === 0 ? [t.trailNothing] : evidence),
      t.trailRule(record.rule.version, demandInWords(record.rule.rule, t)),
      ...(excusal === undefined ? [] : [t.trailExcused(t.excusal[excusal[1]])]),
      ...(await corrections(tx, record, employeeId, day, t)),
      t.trailSo(standingInWords(standing, record.person, t)),
    ],
  };
}

const named = (name: string, locale: Locale): string => (locale === 'en' ? dayNameInEnglish(name) : name);

const LATE_MINUTES = 10;

function seen(person: PackagePerson, day: IsoDay, zone: string, locale: Locale): string[] {
  const t = text[locale];
  return person.evidence
    .filter(([one]) => one === day)
    .map(([, kind, at, heard, source]) => {
      if (kind === 'usage' || at === null) return t.trailUsage(source);
      const place = t.channel[source] ?? source;
      const [acted, received] = [Temporal.Instant.from(at), Temporal.Instant.from(heard)];
      const time = wallTime(acted, zone);
      return acted.until(received).total('minutes') < LATE_MINUTES
        ? t.trailSeen(time, t.evidence[kind], place)
        : t.trailSeenLate(time, t.evidence[kind], place, momentIn(received, zone, locale));
    });
}

function momentIn(at: Temporal.Instant, zone: string, locale: Locale): string {
  return `${dayInWords(localDay(at, zone), locale)} ${wallTime(at, zone)}`;
}

async function corrections(
  tx: Db,
  { campaign }: OwnRecord,
  employeeId: string,
  day: IsoDay,
  t: PeriodTexts,
): Promise<string[]> {
  const rows = await tx
    .select()
    .from(dayCorrections)
    .where(
      and(
        eq(dayCorrections.campaignId, campaign.id),
        eq(dayCorrections.employeeId, employeeId),
        eq(dayCorrections.day, Temporal.PlainDate.from(day)),
      ),
    )
    .orderBy(asc(dayCorrections.id));
  return rows.map(({ cause, effect, reason }) =>
    t.trailCorrected(t.cause[cause], effect === 'counts', plain(reason)),
  );
}

/** 打卡，并且答对题目或有使用记录 */
function demandInWords(rule: Pick<PerformanceRule, 'day'>, t: PeriodTexts): string {
  return rule.day.map((group) => group.map((kind: EvidenceKind) => t.evidence[kind]).join(t.or)).join(t.and);
}

/** Why a day stands as it does, in a few words. */
export function standingInWords(standing: Standing, person: PackagePerson, t: PeriodTexts): string {
  switch (standing.kind) {
    case 'counted':
      return standing.by === 'evidence' ? t.standing.counted : t.standing[`by-${standing.by}`];
    case 'excused':
      return t.excusedFor(t.excusal[standing.reason]);
    case 'missed':
      return person.evidence.some(([day]) => day === standing.day)
        ? t.standing.missed
        : t.standing['missed-nothing'];
    case 'frozen':
      return t.standing.frozen;
    case 'revoked':
      return t.standing.revoked;
    case 'open':
      return t.standing.open;
    case 'future':
      return t.trailFuture;
    case 'outside':
      return t.trailOutside;
    case 'day-off':
      return t.trailOff(standing.name);
  }
}

/** Harmless inside markdown, and of a bounded length. */
export function plain(said: string, most = 200): string {
  const letters = Array.from(
    said
      .replace(/[\\`*_[\]()#<>|~]/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
}
