import type { Temporal } from '../../kernel/time.ts';
import { type Level, levels } from '../directory/directory.tables.ts';

/** What choosing needs to know of a tip. */
export interface TipFacts {
  id: string;
  key: string;
  level: Level;
  area: string;
  tags: readonly string[];
  /** Department codes; empty means everyone. */
  departments: readonly string[];
  validUntil: Temporal.PlainDate | null;
  position: number;
}

/** How people took a tip. */
export interface Votes {
  useful: number;
  /** 早知道 and 不适合我 together. */
  unwanted: number;
}

/** The people who share a tip on a day. */
export interface Track {
  level: Level;
  /** Code of a department that has tips of its own. */
  department?: string;
}

export function trackKey(track: Track): string {
  return track.department === undefined ? track.level : `${track.level}@${track.department}`;
}

/** An unwanted kind of tip falls back by up to so many places in the order. */
const PLACES_LOST_WHEN_UNWANTED = 20;
/** Fewer votes than this say nothing. */
const VOTES_THAT_COUNT = 5;

/**
 * Chooses a track's tip for a day: of the tips that hold on that day, are meant for the track and were not shown to
 * it within `noRepeatDays`, the first in the campaign's order, where kinds of tips that people called known or
 * unsuitable fall back. When the track's level is used up, the neighbouring levels follow; when everything is used
 * up, the tip whose last showing lies farthest back. `undefined` only for an empty library.
 */
export function chooseTip(choice: {
  library: readonly TipFacts[];
  order: readonly string[];
  day: Temporal.PlainDate;
  track: Track;
  lastShown: ReadonlyMap<string, Temporal.PlainDate>;
  noRepeatDays: number;
  votes: ReadonlyMap<string, Votes>;
}): TipFacts | undefined {
  const { day, track, lastShown, noRepeatDays } = choice;
  const fitting = choice.library.filter((tip) => holdsOn(tip, day) && meantFor(tip, track));
  const daysSince = (tip: TipFacts): number => {
    const shown = lastShown.get(tip.id);
    return shown === undefined ? Number.POSITIVE_INFINITY : Math.abs(shown.until(day).total('days'));
  };
  const rank = rankOf(choice.order, choice.library, choice.votes);
  const byPreference = (a: TipFacts, b: TipFacts): number =>
    forDepartmentFirst(a, b) ||
    levelsApart(a, track) - levelsApart(b, track) ||
    rank(a) - rank(b) ||
    a.position - b.position;
  const fresh = fitting.filter((tip) => daysSince(tip) >= noRepeatDays).sort(byPreference);
  const longestAgo = [...fitting].sort((a, b) => daysSince(b) - daysSince(a) || byPreference(a, b));
  return fresh[0] ?? longestAgo[0];
}

function holdsOn(tip: TipFacts, day: Temporal.PlainDate): boolean {
  return tip.validUntil === null || day.until(tip.validUntil).total('days') >= 0;
}

function meantFor(tip: TipFacts, track: Track): boolean {
  return (
    tip.departments.length === 0 ||
    (track.department !== undefined && tip.departments.includes(track.department))
  );
}

function forDepartmentFirst(a: TipFacts, b: TipFacts): number {
  return Number(b.departments.length > 0) - Number(a.departments.length > 0);
}

function levelsApart(tip: TipFacts, track: Track): number {
  return Math.abs(levels.indexOf(tip.level) - levels.indexOf(track.level));
}

/** A tip's place in the campaign's order, moved back by how unwanted its kind (area or tags) is. */
function rankOf(
  order: readonly string[],
  library: readonly TipFacts[],
  votes: ReadonlyMap<string, Votes>,
): (tip: TipFacts) => number {
  const place = new Map(order.map((key, index) => [key, index]));
  const kinds = new Map<string, Votes>();
  for (const tip of library) {
    const cast = votes.get(tip.id);
    if (cast === undefined) continue;
    for (const kind of kindsOf(tip)) {
      const sum = kinds.get(kind) ?? { useful: 0, unwanted: 0 };
      kinds.set(kind, { useful: sum.useful + cast.useful, unwanted: sum.unwanted + cast.unwanted });
    }
  }
  const unwantedShare = (tip: TipFacts): number =>
    Math.max(
      ...kindsOf(tip).map((kind) => {
        const { useful, unwanted } = kinds.get(kind) ?? { useful: 0, unwanted: 0 };
        return useful + unwanted < VOTES_THAT_COUNT ? 0 : unwanted / (useful + unwanted);
      }),
    );
  return (tip) =>
    (place.get(tip.key) ?? order.length + tip.position) + PLACES_LOST_WHEN_UNWANTED * unwantedShare(tip);
}

function kindsOf(tip: TipFacts): string[] {
  return [`area:${tip.area}`, ...tip.tags.map((tag) => `tag:${tag}`)];
}
