import { Temporal } from '#src/kernel/time.ts';

/** The year of 2026: 调休, both clock changes of New York and of Auckland, and a Lunar New Year. */
export const YEAR = { from: '2026-01-01', days: 365 };

/** A number from 0 to 99 that follows from whom, what and when: the same year for everybody who makes it. */
export function chance(n: number, what: number, when = 0): number {
  let hash = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(what + 7, 0x85ebca6b) ^ Math.imul(when + 3, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) % 100;
}

const homes = ['Asia/Shanghai', 'Asia/Urumqi', 'America/New_York'] as const;
export const homeOf = (n: number): string => homes[n % 3] as string;
export const channelOf = (n: number): 'wecom' | 'feishu' | 'dingtalk' =>
  (['wecom', 'feishu', 'dingtalk'] as const)[n % 3] as 'wecom';

/** Half of the world away, over a clock change. Both ends are days there; the flights are the days around them. */
export const trip = { leaves: '2026-03-02', from: '2026-03-03', to: '2026-03-19' };
export const travels = (n: number): boolean => n % 19 === 0;
export const abroadOf = (n: number): string =>
  n % 2 === 1 || n % 3 === 2 ? 'Pacific/Auckland' : 'America/New_York';

export const joins = (n: number): boolean => n % 13 === 0;
export const leaves = (n: number): boolean => n % 23 === 0;
export const returns = (n: number): boolean => n % 29 === 0;
export const moves = (n: number): boolean => n % 17 === 0;
export const dates = { joins: '2026-03-16', lastDay: '2026-08-14', moves: '2026-06-15' };
export const away = { lastDay: '2026-04-30', backOn: '2026-07-06' };

export function isEmployed(n: number, day: string): boolean {
  if (joins(n) && day < dates.joins) return false;
  if (leaves(n) && day > dates.lastDay) return false;
  return !(returns(n) && !moves(n) && day > away.lastDay && day < away.backOn);
}

/** Times on the wall at which people tap. */
export const hours = { night: '05:00', morning: '08:30', noon: '12:10', evening: '17:40', late: '23:30' };
export type Hour = keyof typeof hours;

export interface Tap {
  hour: Hour;
  zone: string;
  /** The platform brings it six hours later: after what others did in the next morning. */
  redelivered: boolean;
}

/** Three outages: ours and of one channel by day, and one that the platform makes good by delivering later. */
export const outages = [
  { day: '2026-04-15', channel: null, title: '机房断电' },
  { day: '2026-07-22', channel: null, title: '升级失败' },
  { day: '2026-11-12', channel: 'feishu' as const, title: '飞书不可用' },
].map((one) => ({
  ...one,
  startsAt: Temporal.Instant.from(`${one.day}T01:00:00Z`),
  endsAt: Temporal.Instant.from(`${one.day}T07:00:00Z`),
}));

/** Of those who would have tapped while it was out: most did not try again, some are delivered later. */
export function outageHits(n: number, day: string): 'lost' | 'delivered-later' | undefined {
  const outage = outages.find((one) => one.day === day);
  if (outage === undefined || homeOf(n) === 'America/New_York') return undefined;
  if (outage.channel !== null && channelOf(n) !== outage.channel) return undefined;
  return chance(n, 41) < 70 ? 'lost' : 'delivered-later';
}

/**
 * Whether and how somebody taps on a workday; `index` counts the workdays of the year. One in ten is keen, three in
 * ten come for thirty days, and the others now and then.
 */
export function tapOf(n: number, day: string, index: number): Tap | undefined {
  if (!isEmployed(n, day)) return undefined;
  const habit = n % 10 === 0 ? 86 : n % 10 < 4 && inSeason(n, index) ? 84 : 4;
  if (chance(n, 1, index) >= (isExcused(n, day) ? habit / 8 : habit)) return undefined;
  const zone = zoneOf(n, day);
  if (travels(n) && trip.leaves <= day && day <= trip.to)
    return { hour: 'morning', zone, redelivered: false };
  const how = chance(n, 2, index);
  // Whoever was late the evening before is up early: the tap of the day before arrives after the one of today.
  const before = chance(n, 2, index - 1);
  if (how < 4) return { hour: 'late', zone, redelivered: true };
  if (before < 3) return { hour: 'night', zone, redelivered: false };
  return { hour: how < 40 ? 'morning' : how < 70 ? 'noon' : 'evening', zone, redelivered: false };
}

const SEASON = 30;
const inSeason = (n: number, index: number): boolean => {
  const first = (chance(n, 3) * 2 + chance(n, 4)) % 210;
  return first <= index && index < first + SEASON;
};

const zoneOf = (n: number, day: string): string =>
  travels(n) && trip.from <= day && day <= trip.to ? abroadOf(n) : homeOf(n);

/** 请假, 出差: two blocks a year for each person. */
export interface Leave {
  reference: string;
  from: string;
  to: string;
  reason: 'leave' | 'trip';
  /** Told of when the month is nearly over, as HR does. */
  afterwards: boolean;
  /** Another row of the same reference comes later: shorter, or taken back. */
  change: 'shorter' | 'withdrawn' | undefined;
}

const first = Temporal.PlainDate.from(YEAR.from);
const known = Array.from({ length: YEAR.days + 20 }, (_, index) => first.add({ days: index }).toString());
const indexOf = new Map(known.map((day, index) => [day, index]));

export function leavesOf(n: number): Leave[] {
  return [0, 1].map((block) => {
    const start = block * 180 + ((n * 7 + chance(n, 5 + block)) % 165);
    const days = 2 + (chance(n, 7 + block) % 6);
    const change = chance(n, 11 + block);
    return {
      reference: `L${n}-${block}`,
      from: known[start] as string,
      to: known[start + days] as string,
      reason: chance(n, 9 + block) < 70 ? 'leave' : 'trip',
      afterwards: chance(n, 13 + block) < 10,
      change: change < 5 ? 'shorter' : change < 8 ? 'withdrawn' : undefined,
    };
  });
}

function isExcused(n: number, day: string): boolean {
  const at = indexOf.get(day) ?? 0;
  for (const block of [0, 1]) {
    const start = block * 180 + ((n * 7 + chance(n, 5 + block)) % 165);
    if (at >= start && at <= start + 2 + (chance(n, 7 + block) % 6)) return true;
  }
  return false;
}
