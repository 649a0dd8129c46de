import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { importEntries } from '#src/features/faq/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { loadSmall } from '../support/content.ts';
import type { TestDatabase } from '../support/database.ts';
import { engines, isUsable, type Place, place } from './place.ts';
import type { Given } from './support-process.ts';

const MINUTES = 60_000;
/** A Friday within hours. */
const NOW = '2026-09-18T02:10:00Z';

/** What is said to the bot, and what exactly one message says then, in whose chat. */
const story = [
  { key: 'question', actor: 'E1', text: '怎么双面打印', heard: { by: 'E1', words: '勾选双面' } },
  { key: 'hand-over', actor: 'E1', text: '人工 打印机离线', heard: { by: 'S1', words: '新工单' } },
  { key: 'claim', actor: 'S1', text: '接单', heard: { by: 'E1', words: '已经接手' } },
  { key: 'reply', actor: 'S1', text: '回复 N 请先重启打印机', heard: { by: 'E1', words: '请先重启打印机' } },
];

describe.each(engines)('answers and support with the queue on %s', (engine) => {
  const usable = isUsable(engine);
  const step = usable ? it : it.skip;
  if (!usable) it.skip('is skipped: there is no redis-server on the PATH', () => undefined);
  let here: Place;
  let database: TestDatabase;

  beforeEach(async () => {
    if (!usable) return;
    here = await place(engine);
    database = here.database;
    await loadSmall(database.db, NOW, {
      people: [
        'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
        'S1,赵客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
      ],
    });
    const entry = {
      id: 'two-sided',
      question: '怎么双面打印',
      similar: ['双面打印在哪设置'],
      answer: '勾选双面。',
      review: 'reviewed',
    };
    const { totals } = await database.db.transaction((tx) =>
      importEntries(tx, [{ line: 1, entry }], Temporal.Instant.from(NOW)),
    );
    expect(totals).toMatchObject({ created: 1, refused: 0 });
  });
  afterEach(() => here?.leave());

  /** A process that hears these events, and the lines that it says. */
  function run(events: Given['events']) {
    const { child, lines, gone } = here.start('support-process.ts', { ...here.of(NOW), events });
    const said: string[] = [];
    lines.on('line', (line) => said.push(line));
    return { child, lines: said, gone };
  }

  async function count(statement: ReturnType<typeof sql>): Promise<number> {
    const { rows } = await database.db.execute<{ n: number }>(statement);
    return rows[0]?.n ?? 0;
  }
  /** Its number; numbers that were never seen may be missing before it. */
  const ticket = () => count(sql`select coalesce(max(number), 0) as n from tickets`);
  const claims = (key: string) => count(sql`select count(*)::int as n from inbox where event_key = ${key}`);
  const promises = () => count(sql`select count(*)::int as n from outbox_messages`);
  const messages = (by: string, words: string) =>
    count(sql`select count(*)::int as n from sandbox_messages
      where sender = 'bot' and chat_id = ${`private:${by}`} and content::text like ${`%${words}%`}`);

  /** Lets nobody write to this table; kills the process that hears the event once it waits for it, and `also` is true. */
  async function killAtTable(
    table: 'outbox_messages' | 'sandbox_messages',
    event: Given['events'][number],
    also: () => Promise<boolean> = async () => true,
  ) {
    const keeper = await database.pool.connect();
    try {
      await keeper.query('begin');
      await keeper.query(`lock table ${table} in share mode`);
      const { child, gone } = run([event]);
      const waits = () =>
        count(
          sql`select count(*)::int as n from pg_locks where relation = ${table}::regclass and not granted`,
        );
      while ((await waits()) === 0 || !(await also())) {
        if (child.exitCode !== null) throw new Error('the process ended before it was killed');
        await pause(20);
      }
      child.kill('SIGKILL');
      await gone;
    } finally {
      await keeper.query('rollback');
      keeper.release();
    }
    // What the dead process had begun is rolled back once the database sees that nobody is there.
    const begun = () =>
      count(sql`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`);
    while ((await begun()) > 0) await pause(20);
  }

  step(
    'nothing is lost or doubled when the process dies between claim and reply, and again between reply and sending',
    async () => {
      for (const { heard: _heard, ...event } of story) {
        event.text = event.text.replace('N', `${await ticket()}`);
        const before = await promises();
        await killAtTable('outbox_messages', event);
        // The claim went with the process: the platform, which got no answer, delivers again.
        expect({ key: event.key, claims: await claims(event.key) }).toEqual({ key: event.key, claims: 0 });
        expect(await promises()).toBe(before);

        await killAtTable('sandbox_messages', event, async () => (await claims(event.key)) === 1);
        expect(await promises()).toBeGreaterThan(before);
      }

      // Whoever starts next takes a redelivery for what it is, and sends what was promised.
      const { child, lines, gone } = run([...story, ...story]);
      while (!lines.includes('settled')) await pause(50);
      await gone;
      expect(child.exitCode).toBe(0);
      const repeats = story.map(({ key }) => `${key} repeat`);
      expect(lines).toEqual(['working', ...repeats, ...repeats, 'settled']);
      for (const { heard } of story)
        expect({ ...heard, times: await messages(heard.by, heard.words) }).toEqual({ ...heard, times: 1 });

      const { rows: tickets } = await database.db.execute(sql`
        select t.state, e.number as holder from tickets t join employees e on e.id = t.assignee_id`);
      expect(tickets).toEqual([{ state: 'claimed', holder: 'S1' }]);
      const { rows: trail } = await database.db.execute(sql`
        select kind, count(*)::int as n from ticket_events group by kind order by kind`);
      expect(trail).toEqual([
        { kind: 'claimed', n: 1 },
        { kind: 'opened', n: 1 },
        { kind: 'support-said', n: 1 },
      ]);
      const { rows: turns } = await database.db.execute(sql`select text, outcome from faq_turns`);
      expect(turns).toEqual([{ text: '怎么双面打印', outcome: 'answer' }]);
      const { rows: states } = await database.db.execute(sql`select distinct state from deliveries`);
      expect(states).toEqual([{ state: 'delivered' }]);
    },
    10 * MINUTES,
  );
});
