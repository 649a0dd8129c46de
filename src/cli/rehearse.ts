import { existsSync } from 'node:fs';
import { type RehearsedDay, rehearse } from '../app/rehearsal.ts';
import { packagePath } from '../kernel/package-path.ts';
import { localDay, systemClock, Temporal } from '../kernel/time.ts';
import { print } from './context.ts';
import { UsageError } from './usage.ts';

interface Options {
  content: string;
  days?: string;
  start?: string;
  seed: string;
}

/** Prints a line for each day, then whether the figures equal the evidence. */
export async function rehearseCommand(options: Options): Promise<void> {
  const folder = existsSync(options.content) ? options.content : packagePath(options.content);
  print('day         workday  members  tips  checked in  reminders  streaks ≥ 5');
  const { campaign, days, verified } = await rehearse({
    folder,
    start: options.start === undefined ? localDay(systemClock.now(), 'Asia/Shanghai') : dayOf(options.start),
    days: options.days === undefined ? undefined : numberOf('--days', options.days),
    seed: numberOf('--seed', options.seed),
    onDay: (day) => print(lineOf(day)),
  });
  const sum = (count: (day: RehearsedDay) => number) => days.reduce((total, day) => total + count(day), 0);
  print(
    `${campaign.name}: ${days.length} days, ${sum(({ tips }) => tips)} tips, ${sum(({ reminders }) => reminders)} reminders, ` +
      `${sum(({ checkins }) => checkins)} check-ins; streaks and points ${verified ? 'equal' : 'DO NOT equal'} the evidence.`,
  );
}

function lineOf({ day, workday, members, tips, checkins, reminders, streaksOfFive }: RehearsedDay): string {
  const cell = (value: number, width: number) => String(value).padStart(width);
  return [
    day.toString(),
    (workday ? 'yes' : 'off').padEnd(7),
    cell(members, 7),
    cell(tips, 4),
    cell(checkins, 10),
    cell(reminders, 9),
    cell(streaksOfFive, 11),
  ].join('  ');
}

function dayOf(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    throw new UsageError(`--start: ${text} is not a day; give one such as 2026-11-23`);
  }
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`${name}: ${text} is not a whole number above 0`);
  return number;
}
