import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { chainsOf } from '#src/features/flags/flags.rules.ts';
import { findFlags } from '#src/features/flags/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { crowd } from '../../support/content.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

const rule = { seconds: 15, days: 5, of: 10, people: 3, foreignCards: 3 };

describe('chains of people who follow each other', () => {
  it('are put together in order, cut where they close, and left out when they are short', () => {
    expect(
      chainsOf(
        [
          { first: 'b', next: 'c', days: 7 },
          { first: 'a', next: 'b', days: 6 },
          { first: 'c', next: 'a', days: 5 },
          { first: 'x', next: 'y', days: 9 },
        ],
        3,
      ),
    ).toEqual([{ people: ['a', 'b', 'c'], days: 6 }]);
  });

  it('name nobody twice, whoever follows whom', () => {
    const pair = fc.record({
      first: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      next: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      days: fc.integer({ min: 5, max: 10 }),
    });
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const named = chainsOf(
          pairs.filter(({ first, next }) => first !== next),
          2,
        ).flatMap(({ people }) => people);
        expect(new Set(named).size).toBe(named.length);
      }),
    );
  });
});

describe('what looks like proxies', () => {
  let the: SmallApp;
  let server: TestServer;
  beforeAll(async () => {
    the = await smallApp({ startAt: '2026-09-07T00:00:00Z', people: crowd(12) });
    server = await testServer(the);
    // P1 to P4 within seconds, in one order, on seven workdays; everybody else whenever they like.
    await the.database.db.execute(sql`
      insert into checkins (campaign_id, employee_id, day, at, received_at, zone, grade, channel)
      select d.campaign_id, e.id, d.day, t.at, t.at, 'Asia/Shanghai', 'tap', 'sandbox'
      from campaign_days d cross join employees e
      cross join lateral (select substr(e.number, 2)::int as n) p
      cross join lateral (select d.day + time '01:00' + case when p.n <= 4 then p.n * interval '4 seconds'
        else interval '1 minute' * ((p.n * 37 + d.ordinal * 53) % 400) + interval '10 minutes' end as at) t
      where d.workday and d.ordinal <= 7`);
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await the?.close();
  });
  const api = async (method: string, path: string, body?: unknown) => {
    const response = await server.api(method, path, body);
    return { status: response.status, body: (await response.json()) as Record<string, any> }; // oxlint-disable-line typescript/no-explicit-any
  };
  const find = () =>
    the.database.db.transaction((tx) =>
      findFlags(tx, { rule, zone: 'Asia/Shanghai', now: Temporal.Instant.from('2026-09-16T12:00:00Z') }),
    );

  it('is shown to HR once, with the people in their order, and changes no day', async () => {
    expect(await find()).toBe(1);
    expect(await find()).toBe(0);
    const { body } = await api('GET', '/flags?state=open');
    expect(body['items']).toMatchObject([
      {
        kind: 'same-order',
        times: 7,
        people: [{ number: 'P1' }, { number: 'P2' }, { number: 'P3' }, { number: 'P4' }],
      },
    ]);
    const { rows } = await the.database.db.execute(sql`select count(*)::int as n from day_corrections`);
    expect(rows).toEqual([{ n: 0 }]);
    const { id } = body['items'][0];
    const cleared = await api('POST', `/flags/${id}/decision`, {
      outcome: 'cleared',
      reason: '同一个会上一起打的',
    });
    expect(cleared.body).toMatchObject({ state: 'cleared' });
    expect(
      (await api('POST', `/flags/${id}/decision`, { outcome: 'confirmed', reason: 'x' })).body['code'],
    ).toBe('flag.decided');
  });

  it('includes whoever presses the cards of others, which do nothing for them', async () => {
    await the.moveTo('2026-09-16T01:10:00Z');
    const theirs = await the.as('P9').lastCard();
    for (let n = 0; n < 3; n += 1)
      expect((await the.as('P8').taps(theirs, '打卡')).toast).toContain('这是同事的卡片');
    expect(await find()).toBe(1);
    const { body } = await api('GET', '/flags?state=open');
    expect(body['items']).toMatchObject([
      { kind: 'foreign-cards', times: 3, people: [{ number: 'P8' }, { number: 'P9' }] },
    ]);
  });
});
