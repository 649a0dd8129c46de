import type { QuestionRow } from '../questions/index.ts';
import type { Slot } from './quizzes.schema.ts';
import type { PaperItem } from './quizzes.tables.ts';

/** A whole number from 0 up to, not including, `below`. */
export type Draw = (below: number) => number;

export function shuffled<Item>(items: readonly Item[], draw: Draw): Item[] {
  const rest = [...items];
  for (let last = rest.length - 1; last > 0; last -= 1) {
    const other = draw(last + 1);
    [rest[last], rest[other]] = [rest[other] as Item, rest[last] as Item];
  }
  return rest;
}

export type Drawn<Question> = { question: Question; slot: number };

type Drawable = Pick<QuestionRow, 'id' | 'kind' | 'feature' | 'area' | 'level' | 'tags'>;

export function fits(question: Drawable, slot: Slot): boolean {
  return (
    (slot.area === undefined || question.area === slot.area) &&
    (slot.feature === undefined || question.feature === slot.feature) &&
    (slot.level === undefined || question.level === slot.level) &&
    (slot.kind === undefined || question.kind === slot.kind) &&
    (slot.tag === undefined || question.tags.includes(slot.tag))
  );
}

/**
 * Draws for each line of the blueprint; no question twice. The narrowest lines draw first, so that a broad one does not
 * take away what only they could use.
 */
export function drawn<Question extends Drawable>(
  bank: readonly Question[],
  blueprint: readonly Slot[],
  draw: Draw,
): { questions: Drawn<Question>[]; short: { slot: number; wanted: number; found: number }[] } {
  const used = new Set<string>();
  const short: { slot: number; wanted: number; found: number }[] = [];
  const bySlot = new Map<number, Question[]>();
  const narrowFirst = [...blueprint.entries()].sort(
    ([, a], [, b]) => bank.filter((one) => fits(one, a)).length - bank.filter((one) => fits(one, b)).length,
  );
  for (const [slot, line] of narrowFirst) {
    const fitting = bank.filter((question) => fits(question, line) && !used.has(question.id));
    const chosen = shuffled(fitting, draw).slice(0, line.count);
    for (const { id } of chosen) used.add(id);
    if (chosen.length < line.count) short.push({ slot, wanted: line.count, found: chosen.length });
    bySlot.set(slot, chosen);
  }
  const questions = [...bySlot.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([slot, chosen]) => chosen.map((question) => ({ question, slot })));
  return { questions, short };
}

export interface PoolQuestion {
  position: number;
  slot: number;
  options: number;
  ordering: boolean;
}

/**
 * One person's paper: `own` draws so many of each line as the blueprint says; `inOrder` keeps the order of the
 * questions, as a room that sees one question at a time needs. Options are always in an order of their own; what has
 * to be put in order is never shown in the right one.
 */
export function paperFrom(
  pool: readonly PoolQuestion[],
  { own, inOrder, draw }: { own?: readonly Slot[] | undefined; inOrder: boolean; draw: Draw },
): PaperItem[] {
  const chosen =
    own === undefined
      ? pool
      : own.flatMap(({ count }, slot) =>
          shuffled(
            pool.filter((one) => one.slot === slot),
            draw,
          ).slice(0, count),
        );
  const order = inOrder ? chosen : shuffled(chosen, draw);
  return order.map(({ position, options, ordering }) => ({
    p: position,
    o: orderOf(options, ordering, draw),
  }));
}

export function orderOf(options: number, ordering: boolean, draw: Draw): number[] {
  const plain = Array.from({ length: options }, (_, index) => index);
  const order = shuffled(plain, draw);
  if (!ordering || options < 2 || order.some((index, place) => index !== place)) return order;
  return [...order.slice(1), order[0] as number];
}
