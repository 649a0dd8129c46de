import { and, asc, eq, gt, gte, isNotNull, isNull, lte, max, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Temporal } from '../../kernel/time.ts';
import type { Level } from '../directory/directory.tables.ts';
import { importTips } from './tips.import.ts';
import type { TipFile } from './tips.schema.ts';
import type { Tip } from './tips.service.ts';
import { tipDays, tips } from './tips.tables.ts';

export interface TipsQuery {
  area?: string | undefined;
  level?: Level | undefined;
  search?: string | undefined;
  retired: 'true' | 'false' | 'all';
  after: string | undefined;
  limit: number;
}

/** Tips by key: a position may be changed by an import between two pages, a key never is. */
export async function tipsAfter(tx: Db, query: TipsQuery): Promise<Tip[]> {
  return tx
    .select()
    .from(tips)
    .where(
      and(
        query.after === undefined ? undefined : gt(tips.key, query.after),
        query.area === undefined ? undefined : eq(tips.area, query.area),
        query.level === undefined ? undefined : eq(tips.level, query.level),
        query.search === undefined ? undefined : matches(query.search),
        retiredness(query.retired),
      ),
    )
    .orderBy(asc(tips.key))
    .limit(query.limit);
}

function matches(search: string): SQL | undefined {
  const pattern = `%${search.normalize('NFKC').replace(/[\\%_]/g, '\\$&')}%`;
  return or(
    ...[tips.key, tips.title, tips.body, tips.feature].map((column) => sql`${column} ilike ${pattern}`),
  );
}

function retiredness(retired: TipsQuery['retired']): SQL | undefined {
  switch (retired) {
    case 'true':
      return isNotNull(tips.retiredAt);
    case 'false':
      return isNull(tips.retiredAt);
    case 'all':
      return undefined;
  }
}

/** Rejects with AppError `tip.not-found`. */
export async function tipByKey(tx: Db, key: string): Promise<Tip> {
  const [found] = await tx.select().from(tips).where(eq(tips.key, key));
  if (found === undefined) {
    throw new AppError('tip.not-found', `there is no tip with the key ${key}`, { details: { key } });
  }
  return found;
}

/**
 * Writes one tip by its key. A known tip keeps its place in the library and comes back from retirement; a new one goes
 * to the end. Two writers go one after the other.
 */
export async function putTip(tx: Db, file: TipFile): Promise<{ before: Tip | undefined; after: Tip }> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('tips.put'))`);
  const [before] = await tx.select().from(tips).where(eq(tips.key, file.id));
  const [last] = await tx.select({ position: max(tips.position) }).from(tips);
  await importTips(tx, [file]);
  // An import counts places from the start of its files.
  const position = before?.position ?? (last?.position ?? -1) + 1;
  await tx.update(tips).set({ position }).where(eq(tips.key, file.id));
  return { before, after: await tipByKey(tx, file.id) };
}

/** Ends a tip's use without deleting it: days on which it was shown still name it. A second time changes nothing. */
export async function retireTip(
  tx: Db,
  key: string,
  at: Temporal.Instant,
): Promise<{ tip: Tip; changed: boolean }> {
  const retired = await tx
    .update(tips)
    .set({ retiredAt: at })
    .where(and(eq(tips.key, key), isNull(tips.retiredAt)))
    .returning({ id: tips.id });
  return { tip: await tipByKey(tx, key), changed: retired.length > 0 };
}

export interface TipDayRow {
  day: Temporal.PlainDate;
  track: string;
  key: string;
  title: string;
  chosenAt: Temporal.Instant;
}

/** Which tip whom on which day, in order of the days. */
export async function tipDaysAfter(
  tx: Db,
  query: {
    campaignId: string;
    from: Temporal.PlainDate | undefined;
    to: Temporal.PlainDate | undefined;
    after: { day: string; track: string } | undefined;
    limit: number;
  },
): Promise<TipDayRow[]> {
  const { after } = query;
  return tx
    .select({
      day: tipDays.day,
      track: tipDays.track,
      key: tips.key,
      title: tips.title,
      chosenAt: tipDays.chosenAt,
    })
    .from(tipDays)
    .innerJoin(tips, eq(tips.id, tipDays.tipId))
    .where(
      and(
        eq(tipDays.campaignId, query.campaignId),
        query.from === undefined ? undefined : gte(tipDays.day, query.from),
        query.to === undefined ? undefined : lte(tipDays.day, query.to),
        after === undefined
          ? undefined
          : sql`(${tipDays.day}, ${tipDays.track}) > (${after.day}::date, ${after.track})`,
      ),
    )
    .orderBy(asc(tipDays.day), asc(tipDays.track))
    .limit(query.limit);
}
