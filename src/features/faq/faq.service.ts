import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import { departments, employeeRoles, employees, memberships } from '../directory/directory.tables.ts';
import { departmentsOf } from '../directory/index.ts';
import type { Candidate } from './engine/index.ts';
import type { FaqFiles } from './faq.files.ts';
import { joined } from './faq.followup.ts';
import type { EntryRow } from './faq.import.ts';
import type { Found, Knowledge } from './faq.knowledge.ts';
import type { Outcome, Thresholds } from './faq.rules.ts';
import { LOOKED_AT, type SecondLook, withChoice } from './faq.second-look.ts';
import { faqAsked, faqEntries, faqFeedback, faqMisses, type Thumb } from './faq.tables.ts';

const OFFERED = 3;
/** As much of a question as is kept and shown. */
const KEPT_LENGTH = 500;

export interface FaqDeps {
  knowledge: Knowledge;
  files: FaqFiles;
  /** Absent unless a model is configured. */
  secondLook?: SecondLook | undefined;
  /** Told of each question: where it was asked, what was answered, and how long the search took. */
  observe?: ((question: { via: string; outcome: Outcome; seconds: number }) => void) | undefined;
}

export interface Question {
  text: string;
  at: Temporal.Instant;
  zone: string;
  /** Undefined when nobody in particular asks. */
  employeeId: string | undefined;
  /** The question before, when this one may lean on it. */
  previous?: { text: string; entries: readonly { key: string }[] } | undefined;
  /** `api`, `sandbox private`, … */
  context: string;
}

export interface Choice {
  entry: EntryRow;
  candidate: Candidate;
}

export interface Asked {
  outcome: Outcome;
  /** The three best, best first, whatever the outcome. */
  choices: Choice[];
}

interface Judged extends Asked {
  thresholds: Thresholds;
  candidates: readonly Candidate[];
  /** Codes of the asker's departments; undefined when nobody in particular asks. */
  departments: readonly string[] | undefined;
  /** How long the search took. */
  seconds: number;
}

/** Answers a question, and keeps it as a miss when nothing was found that could be said. */
export async function ask(tx: Db, deps: FaqDeps, question: Question): Promise<Asked> {
  const {
    outcome,
    choices,
    candidates,
    departments: where,
    seconds,
  } = await judge(tx, deps, question, OFFERED);
  deps.observe?.({ via: question.context.split(' ')[0] ?? '', outcome, seconds });
  await tx.insert(faqAsked).values({
    id: newId(),
    text: question.text.slice(0, KEPT_LENGTH),
    outcome,
    entryKey: candidates[0]?.id ?? null,
    at: question.at,
  });
  if (outcome === 'rephrase' || outcome === 'handover') {
    await tx.insert(faqMisses).values({
      id: newId(),
      text: question.text.slice(0, KEPT_LENGTH),
      department: where?.[0] ?? null,
      context: question.context,
      outcome,
      candidates: candidates.map(({ id, confidence }) => ({ key: id, confidence: rounded(confidence) })),
      at: question.at,
    });
  }
  return { outcome, choices };
}

/** What would be answered, and with which candidates; nothing is kept. */
export async function judge(tx: Db, deps: FaqDeps, question: Question, limit: number): Promise<Judged> {
  const today = localDay(question.at, question.zone);
  const departments =
    question.employeeId === undefined ? undefined : await departmentsAbove(tx, question.employeeId, today);
  const { secondLook } = deps;
  const looked = secondLook === undefined ? limit : Math.max(limit, LOOKED_AT);
  const find = (text: string) => deps.knowledge.find(text, { today, departments }, looked);
  const began = performance.now();
  const alone = await find(question.text);
  const leaning = joined(question.previous?.text, question.text);
  const together = leaning === undefined ? undefined : await find(leaning);
  const seconds = (performance.now() - began) / 1000;
  const found = surer(
    alone,
    together,
    question.previous?.entries.map(({ key }) => key),
  );
  const { entries, thresholds } = found;
  const chosen = found === alone ? secondLook?.chosenFor(question.text) : undefined;
  const { candidates, outcome } = withChoice(found.candidates, thresholds, chosen);
  const choices = candidates.slice(0, limit).flatMap((candidate) => {
    const entry = entries.get(candidate.id);
    return entry === undefined ? [] : [{ entry, candidate }];
  });
  return { outcome, choices, thresholds, candidates: candidates.slice(0, limit), departments, seconds };
}

/**
 * What a question means by itself, unless it means more together with the one before. Leading to what was just shown
 * it added nothing, and the old answer is none to the new question.
 */
function surer(alone: Found, together: Found | undefined, seen: readonly string[] = []): Found {
  const [best] = together?.candidates ?? [];
  if (together === undefined || best === undefined || seen.includes(best.id)) return alone;
  return best.confidence > (alone.candidates[0]?.confidence ?? 0) ? together : alone;
}

export function rounded(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}

/** The codes of somebody's departments, the main one first, then all above them. */
async function departmentsAbove(tx: Db, employeeId: string, day: Temporal.PlainDate): Promise<string[]> {
  const { main, second } = (await departmentsOf(tx, [employeeId], day)).get(employeeId) ?? {
    main: null,
    second: [],
  };
  const own = [...(main === null ? [] : [main]), ...second];
  if (own.length === 0) return [];
  const { rows } = await tx.execute<{ code: string }>(sql`
    with recursive above (id, code, parent_id) as (
      select id, code, parent_id from ${departments} where id = any(${sql.param(own.map(({ id }) => id))}::uuid[])
      union select d.id, d.code, d.parent_id from ${departments} d join above on above.parent_id = d.id)
    select code from above`);
  return [...new Set([...own.map(({ code }) => code), ...rows.map(({ code }) => code)])];
}

/** The names of those who serve this person's department or one above it, the nearest first; at most three. */
export async function liaisonsOf(tx: Db, employeeId: string, day: Temporal.PlainDate): Promise<string[]> {
  const { rows } = await tx.execute<{ name: string }>(sql`
    with recursive above (id, parent_id, far) as (
      select d.id, d.parent_id, 0 from ${departments} d join ${memberships} m on m.department_id = d.id
      where m.employee_id = ${employeeId} and m.main and m.from_day <= ${day.toString()}
        and (m.to_day is null or m.to_day >= ${day.toString()})
      union all select d.id, d.parent_id, above.far + 1 from ${departments} d join above on above.parent_id = d.id
      where above.far < 20)
    select e.name, min(above.far) as far from above
    join ${employeeRoles} r on r.department_id = above.id and r.role = 'liaison' and r.from_day <= ${day.toString()}
      and (r.to_day is null or r.to_day >= ${day.toString()})
    join ${employees} e on e.id = r.employee_id and e.id <> ${employeeId}
      and (e.left_on is null or e.left_on >= ${day.toString()})
    group by e.id, e.name order by far, e.name limit 3`);
  return rows.map(({ name }) => name);
}

/** An entry that is still in use. */
export async function entryInUse(tx: Db, id: string): Promise<EntryRow | undefined> {
  const [entry] = await tx
    .select()
    .from(faqEntries)
    .where(eq(faqEntries.id, id))
    .orderBy(asc(faqEntries.key));
  return entry?.retiredAt === null && entry.active ? entry : undefined;
}

/** Keeps what somebody thinks of the exact answer that they saw; saying something else later counts instead. */
export async function rate(
  tx: Db,
  said: {
    entryId: string;
    version: number;
    employeeId: string;
    thumb: Thumb;
    comment?: string;
    at: Temporal.Instant;
  },
): Promise<EntryRow | undefined> {
  const [known] = await tx
    .select()
    .from(faqEntries)
    .where(and(eq(faqEntries.id, said.entryId)));
  if (known === undefined) return undefined;
  await tx.insert(faqFeedback).values({ id: newId(), ...said });
  return known;
}
