import { Temporal } from '../../kernel/time.ts';

/** Minutes since 1970; both ends of a span are minutes that are part of it. */
export interface Span {
  from: number;
  to: number;
}

export const minutesIn = ({ from, to }: Span): number => to - from + 1;
export const minuteOf = (at: Temporal.Instant): number => Math.floor(at.epochMilliseconds / 60_000);
export const instantAt = (minute: number): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(minute * 60_000);

/** Runs of minutes, which are in order; those shorter than `shortest` are noise of a busy machine and left out. */
export function spansOf(minutes: readonly number[], shortest: number): Span[] {
  const spans: Span[] = [];
  for (const minute of minutes) {
    const last = spans.at(-1);
    if (last !== undefined && minute === last.to + 1) last.to = minute;
    else spans.push({ from: minute, to: minute });
  }
  return spans.filter((span) => minutesIn(span) >= shortest);
}

/** The part of each span that lies in the window. */
export function within(spans: readonly Span[], window: Span): Span[] {
  return spans
    .map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) }))
    .filter(({ from, to }) => from <= to);
}

export interface AmnestyRule {
  /** The check-in window on the person's wall clock. */
  from: Temporal.PlainTime;
  to: Temporal.PlainTime;
  /** Percent of the window that must be lost. */
  share: number;
  /** Shorter gaps are not looked at. */
  gapMinutes: number;
}

/** The check-in window of a day in a zone. */
export function windowOf(day: Temporal.PlainDate, zone: string, { from, to }: AmnestyRule): Span {
  const at = (time: Temporal.PlainTime): number =>
    minuteOf(day.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant());
  return { from: at(from), to: at(to) - 1 };
}

/** An outage that took its share of a day's window, from its first lost minute to its last one. */
export interface Found {
  span: Span;
  lost: number;
  window: number;
}

/** Whether what was down on a day makes an incident. */
export function foundOn(
  down: readonly Span[],
  day: Temporal.PlainDate,
  zone: string,
  rule: AmnestyRule,
): Found | undefined {
  const window = windowOf(day, zone, rule);
  const hit = down.filter((span) => within([span], window).length > 0);
  const lost = within(hit, window).reduce((sum, span) => sum + minutesIn(span), 0);
  const [first] = hit;
  if (first === undefined || lost * 100 < rule.share * minutesIn(window)) return undefined;
  const span = { from: first.from, to: Math.max(...hit.map(({ to }) => to)) };
  return { span, lost, window: minutesIn(window) };
}
