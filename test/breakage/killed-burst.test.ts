import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { verifyPoints } from '#src/features/rewards/index.ts';
import { crowd, loadSmall } from '../support/content.ts';
import type { TestDatabase } from '../support/database.ts';
import { burst, NOW, PEOPLE } from './burst.ts';
import { engines, isUsable, type Place, place } from './place.ts';

const MINUTES = 60_000;

describe.each(engines)('a check-in burst with the queue on %s', (engine) => {
  const usable = isUsable(engine);
  const step = usable ? it : it.skip;
  if (!usable) it.skip('is skipped: there is no redis-server on the PATH', () => undefined);
  let here: Place;
  let database: TestDatabase;

  beforeEach(async () => {
    if (!usable) return;
    here = await place(engine);
    database = here.database;
    await loadSmall(database.db, NOW, { people: crowd(PEOPLE) });
  });
  afterEach(() => here?.leave());

  /** Runs the application until it says `until`; answers whether it did. `kill` then ends it without a word. */
  async function run(until: string, kill: boolean): Promise<boolean> {
    const { child, lines, gone } = here.start('burst-process.ts', here.of(NOW));
    let said = false;
    for await (const line of lines) {
      if (line !== until) continue;
      said = true;
      if (kill) child.kill('SIGKILL');
    }
    await gone;
    return said;
  }

  const count = async (statement: ReturnType<typeof sql>): Promise<number> => {
    const { rows } = await database.db.execute<{ n: number }>(statement);
    return rows[0]?.n ?? 0;
  };

  step(
    'loses and doubles nothing when its process is killed twice in the middle and everything is delivered again',
    async () => {
      expect(await run('handled 60', true)).toBe(true);
      const afterFirst = await count(sql`select count(*)::int as n from inbox`);
      expect(afterFirst).toBeGreaterThanOrEqual(60);
      expect(afterFirst).toBeLessThan(burst().length);
      expect(await run('handled 330', true)).toBe(true);
      expect(await run('settled', false)).toBe(true);

      expect(await count(sql`select count(*)::int as n from inbox`)).toBe(burst().length);
      expect(await count(sql`select count(*)::int as n from checkins`)).toBe(PEOPLE);
      expect(await count(sql`select count(distinct employee_id)::int as n from checkins`)).toBe(PEOPLE);
      expect(await verifyStreaks(database.db)).toEqual({ checked: PEOPLE, wrong: [] });
      expect(await verifyPoints(database.db)).toEqual({ checked: PEOPLE, wrong: [] });
      expect(await count(sql`select sum(balance)::int as n from point_balances`)).toBe(5 * PEOPLE);

      const { rows: states } = await database.db.execute(sql`select distinct state from deliveries`);
      expect(states).toEqual([{ state: 'delivered' }]);
      const { rows: heard } = await database.db.execute<{
        chat: string;
        won: number;
        again: number;
        all: number;
      }>(sql`
        select chat_id as chat, count(*)::int as all,
          (count(*) filter (where content->>'text' like '打卡成功%'))::int as won,
          (count(*) filter (where content->>'text' like '今天%已经打过卡啦%'))::int as again
        from sandbox_messages where sender = 'bot' group by chat_id`);
      expect(heard).toHaveLength(PEOPLE);
      for (const { chat, won, again, all } of heard) {
        const twice = Number(chat.slice('private:P'.length)) <= burst().length - PEOPLE;
        expect({ chat, won, again, all }).toEqual({ chat, won: 1, again: twice ? 1 : 0, all: twice ? 3 : 2 });
      }
    },
    3 * MINUTES,
  );

  step(
    'counts once when two processes are given all of it at the same time',
    async () => {
      expect(await Promise.all([run('settled', false), run('settled', false)])).toEqual([true, true]);
      expect(await count(sql`select count(*)::int as n from checkins`)).toBe(PEOPLE);
      expect((await verifyStreaks(database.db)).wrong).toEqual([]);
      expect((await verifyPoints(database.db)).wrong).toEqual([]);
      const messages = burst().length + PEOPLE;
      expect(await count(sql`select count(*)::int as n from sandbox_messages where sender = 'bot'`)).toBe(
        messages,
      );
    },
    3 * MINUTES,
  );
});
