import { desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { FaqFigures } from './faq.console.api.ts';
import { faqEntries, faqFeedback, faqMisses, faqTurns } from './faq.tables.ts';

const WORST = 10;
const COMMENTS = 20;

/** Counts over everybody; who asked or thumbed is not told. */
export async function faqFigures(db: Db): Promise<FaqFigures> {
  const entries = await countsBy(
    db,
    sql`select case when retired_at is not null then 'retired' when review = 'draft' then 'drafts'
               when active then 'inUse' else 'inactive' end as name, count(*) as n from ${faqEntries} group by 1`,
  );
  const questions = await countsBy(
    db,
    sql`select outcome as name, count(*) as n from ${faqTurns} group by outcome`,
  );
  const misses = await countsBy(
    db,
    sql`select state as name, count(*) as n from ${faqMisses} group by state`,
  );
  const newest = sql`select distinct on (entry_id, employee_id) entry_id, thumb from ${faqFeedback}
    order by entry_id, employee_id, at desc, id desc`;
  const thumbs = await countsBy(
    db,
    sql`select thumb as name, count(*) as n from (${newest}) t group by thumb`,
  );
  const { rows: worst } = await db.execute<{ key: string; question: string; up: string; down: string }>(sql`
    select e.key, e.question, count(*) filter (where thumb = 'up') as up,
           count(*) filter (where thumb = 'down') as down
    from (${newest}) t join ${faqEntries} e on e.id = t.entry_id where e.retired_at is null
    group by e.id having count(*) filter (where thumb = 'down') > 0 order by down desc, e.key limit ${WORST}`);
  const comments = await db
    .select({
      entryId: faqEntries.key,
      version: faqFeedback.version,
      comment: faqFeedback.comment,
      at: faqFeedback.at,
    })
    .from(faqFeedback)
    .innerJoin(faqEntries, eq(faqEntries.id, faqFeedback.entryId))
    .where(isNotNull(faqFeedback.comment))
    .orderBy(desc(faqFeedback.at), desc(faqFeedback.id))
    .limit(COMMENTS);
  return {
    comments: comments.map((one) => ({ ...one, comment: one.comment ?? '', at: one.at.toString() })),
    entries: {
      inUse: entries('inUse'),
      drafts: entries('drafts'),
      inactive: entries('inactive'),
      retired: entries('retired'),
    },
    questions: {
      answer: questions('answer'),
      choices: questions('choices'),
      chosen: questions('chosen'),
      rephrase: questions('rephrase'),
      handover: questions('handover'),
      failed: questions('failed'),
    },
    misses: {
      open: misses('open'),
      draft: misses('draft'),
      similar: misses('similar'),
      outside: misses('outside'),
    },
    thumbs: { up: thumbs('up'), down: thumbs('down') },
    worst: worst.map(({ key, question, up, down }) => ({
      entryId: key,
      question,
      up: Number(up),
      down: Number(down),
    })),
  };
}

async function countsBy(db: Db, query: ReturnType<typeof sql>): Promise<(name: string) => number> {
  const { rows } = await db.execute<{ name: string; n: string }>(query);
  const counts = new Map(rows.map(({ name, n }) => [name, Number(n)]));
  return (name) => counts.get(name) ?? 0;
}
