import { asksSomething } from '../../chat/argument.ts';
import { Temporal } from '../../kernel/time.ts';

/** Also what is no month, such as 2026-13: it gets a kind answer. */
export function looksLikeMonth(argument: string): boolean {
  return (
    Array.from(argument).length <= 12 &&
    !asksSomething(argument) &&
    /^\d{2,4}|^(?:本|这个|当|上|上个)月|month$/.test(argument)
  );
}

/** Full-width digits, letters, strokes and blanks as half-width ones; what people write keeps its commas. */
export function narrow(text: string): string {
  return text.replace(/[０-９Ａ-Ｚａ-ｚ－／．＃\u3000]/gu, (letter) => letter.normalize('NFKC'));
}

/** A month, and perhaps what for: `2026-11 年终考核`. */
export function looksLikeExport(argument: string): boolean {
  return (
    Array.from(argument).length <= 220 &&
    !asksSomething(argument) &&
    /\d|月|month|用途|用于|^for/.test(argument)
  );
}

/** `11-12`, `昨天`, with or without a reason behind it; not 申诉怎么提交. */
export function looksLikeDay(argument: string): boolean {
  return written.test(argument) || spoken.test(argument) || /^\d[\d\-/.]*$/.test(argument);
}

const written =
  /^(?:(\d{4})\s?[-/.年]\s?)?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号]?(?=$|[\s,:;、，。：；因我])/u;
const spoken = /^(今天|昨天|前天|today|yesterday)(?=$|[\s,:;、，。：；因我])/u;
const back: Record<string, number> = { 今天: 0, today: 0, 昨天: 1, yesterday: 1, 前天: 2 };

/** Days that are named without a year are sought so far into the future, else in the year before. */
const AHEAD_DAYS = 200;

/** The day that somebody names, and what they say behind it. Without a year it is the one that lies nearest. */
export function dayIn(
  argument: string,
  today: Temporal.PlainDate,
): { day: Temporal.PlainDate; rest: string } | undefined {
  const text = narrow(argument).trim();
  const said = spoken.exec(text.toLowerCase());
  if (said !== null)
    return { day: today.subtract({ days: back[said[1] ?? ''] ?? 0 }), rest: restOf(text, said[0]) };
  const parts = written.exec(text);
  if (parts === null) return undefined;
  const day = dated(parts[1], Number(parts[2]), Number(parts[3]), today);
  return day === undefined ? undefined : { day, rest: restOf(text, parts[0]) };
}

function restOf(text: string, taken: string): string {
  return text.slice(taken.length).replace(/^[\s,:;、，。：；]+/u, '');
}

function dated(
  year: string | undefined,
  month: number,
  day: number,
  today: Temporal.PlainDate,
): Temporal.PlainDate | undefined {
  try {
    if (year !== undefined)
      return Temporal.PlainDate.from({ year: Number(year), month, day }, { overflow: 'reject' });
    const candidate = Temporal.PlainDate.from({ year: today.year, month, day }, { overflow: 'reject' });
    const ahead = today.until(candidate).total('days');
    return ahead > AHEAD_DAYS ? candidate.subtract({ years: 1 }) : candidate;
  } catch {
    return undefined;
  }
}
