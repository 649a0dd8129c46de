import { describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { conversation, wordsOf } from '../support/conversation.ts';
import { hasRedis, testRedis } from '../support/redis.ts';
import { smallApp } from '../support/small-app.ts';

const withRedis = hasRedis ? it : it.skip;
if (!hasRedis) it.skip('is skipped: there is no redis-server on the PATH', () => undefined);

describe('a Redis that forgets everything in the middle of the day', () => {
  withRedis('loses no slot, no message and no check-in, and doubles none', async () => {
    const redis = await testRedis();
    const the = await smallApp({ startAt: '2026-09-18T00:00:00Z', redisUrl: redis.url });
    try {
      for (const day of ['18', '20', '21']) {
        await the.moveTo(`2026-09-${day}T01:00:00Z`);
        await redis.flush();
        await the.moveTo(`2026-09-${day}T01:10:00Z`);
        await redis.flush();
        await the.as('E1').taps(await the.as('E1').lastCard(), '打卡');
        // A message is promised, and its job is lost if nobody took it yet.
        await the.app.router.route({
          channel: 'sandbox',
          account: 'sandbox',
          key: `lost-${day}`,
          actor: 'E2',
          place: { kind: 'private' },
          payload: { kind: 'text', text: '帮助' },
          occurredAt: the.app.clock.now(),
          receivedAt: the.app.clock.now(),
        });
        await redis.flush();
        await the.moveTo(`2026-09-${day}T08:40:00Z`);
        await redis.flush();
        await the.moveTo(`2026-09-${day}T15:00:00Z`);
      }
      const { rows: slots } = await the.database.db.execute<{
        schedule_id: string;
        slot: string;
        n: number;
      }>(sql`
        select schedule_id, slot, count(*)::int as n from schedule_runs group by 1, 2`);
      expect(slots.length).toBeGreaterThanOrEqual(12);
      expect(slots.filter(({ n }) => n > 1)).toEqual([]);
      const told = (await conversation(the, 'E2').inbox()).map(wordsOf);
      expect(told.filter((words) => words.includes('今日技巧｜'))).toHaveLength(3);
      expect(told.filter((words) => words.includes('还差一次打卡'))).toHaveLength(3);
      expect(told.filter((words) => words.includes('我能帮你做这些'))).toHaveLength(3);
      expect(wordsOf((await the.as('E1').says('我的')).messages[0])).toContain('连续 3 天');
    } finally {
      await the.close();
      await redis.stop();
    }
  });
});
