import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { foundOn, minuteOf, spansOf } from '#src/features/incidents/incidents.rules.ts';
import { beat, findIncidents } from '#src/features/incidents/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { day } from '../../support/calendar.ts';
import { crowd } from '../../support/content.ts';
import { wordsOf } from '../../support/conversation.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

const rule = {
  from: Temporal.PlainTime.from('09:00'),
  to: Temporal.PlainTime.from('18:00'),
  share: 25,
  gapMinutes: 5,
};
const zone = 'Asia/Shanghai';
const at = (iso: string): number => minuteOf(Temporal.Instant.from(iso));

describe('an outage in the health record', () => {
  it.each([
    ['3 h of the window', [['2026-09-15T01:00:00Z', '2026-09-15T03:59:00Z']], true],
    ['2 h of the window', [['2026-09-15T01:00:00Z', '2026-09-15T02:59:00Z']], false],
    [
      'twice 70 minutes',
      [
        ['2026-09-15T01:00:00Z', '2026-09-15T02:09:00Z'],
        ['2026-09-15T05:00:00Z', '2026-09-15T06:09:00Z'],
      ],
      true,
    ],
    [
      'a whole night, with 10 minutes of the morning',
      [['2026-09-14T14:00:00Z', '2026-09-15T01:09:00Z']],
      false,
    ],
    ['from the evening into the morning after', [['2026-09-14T14:00:00Z', '2026-09-15T03:59:00Z']], true],
  ])('%s', (_name, spans, found) => {
    const down = spans.map(([from, to]) => ({ from: at(from as string), to: at(to as string) }));
    expect(foundOn(down, day('2026-09-15'), zone, rule) !== undefined).toBe(found);
  });

  it('is made of runs of minutes, and short ones are noise', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(200)), fc.integer({ min: 1, max: 9 }), (minutes, shortest) => {
        const spans = spansOf(
          [...minutes].sort((a, b) => a - b),
          shortest,
        );
        for (const { from, to } of spans) {
          expect(to - from + 1).toBeGreaterThanOrEqual(shortest);
          for (let minute = from; minute <= to; minute += 1) expect(minutes).toContain(minute);
          expect(minutes).not.toContain(from - 1);
          expect(minutes).not.toContain(to + 1);
        }
      }),
    );
  });
});

describe('a 3 h outage in the check-in window, and a platform that redelivers later', () => {
  let the: SmallApp;
  let server: TestServer;
  beforeAll(async () => {
    the = await smallApp({ startAt: '2026-09-14T00:00:00Z', people: crowd(9) });
    server = await testServer(the);
    // Every minute of three days has its beat, but for 09:00 to 12:00 in Shanghai on Tuesday.
    await the.database.db.execute(sql`
      insert into health_minutes (minute, subject, process, ok)
      select m, s, 'p1', true from generate_series('2026-09-14T00:00:00Z'::timestamptz, '2026-09-16T12:00:00Z', '1 minute') m,
        unnest(array['web', 'worker']) s
      where not m between '2026-09-15T01:00:00Z' and '2026-09-15T03:59:00Z'`);
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await the?.close();
  });

  const api = async (method: string, path: string, body?: unknown) => {
    const response = await server.api(method, path, body);
    return { status: response.status, body: (await response.json()) as Record<string, any> }; // oxlint-disable-line typescript/no-explicit-any
  };
  const streaks = async () => {
    const { rows } = await the.database.db.execute<{
      number: string;
      current: number;
      best: number;
      counted: number;
    }>(sql`
      select e.number, s.current, s.best, s.counted from streaks s join employees e on e.id = s.employee_id order by 1`);
    return new Map(rows.map(({ number, ...rest }) => [number, rest]));
  };
  /** A tap at one moment that reaches us at another. */
  const tap = async (number: string, tapped: string, key = randomUUID()) =>
    the.as(number).says('打卡', { at: tapped, key });

  it('changes no streak for the worse', async () => {
    await the.moveTo('2026-09-14T02:00:00Z');
    for (let n = 1; n <= 9; n += 1) await tap(`P${n}`, '2026-09-14T02:00:00Z');
    // Tuesday: P1 to P3 tapped while we were down and the platform brings it at 14:30; P4 taps in the afternoon; P5
    // and P6 had no second try; P7 taps at 11:00 and the platform gives up on it.
    await the.moveTo('2026-09-15T06:30:00Z');
    for (const number of ['P1', 'P2', 'P3']) await tap(number, '2026-09-15T02:00:00Z');
    await tap('P4', '2026-09-15T06:30:00Z');
    await the.moveTo('2026-09-16T02:00:00Z');
    for (let n = 1; n <= 8; n += 1) await tap(`P${n}`, '2026-09-16T02:00:00Z');
    const before = await streaks();
    expect(before.get('P5')).toMatchObject({ current: 1, best: 1 });

    const now = Temporal.Instant.from('2026-09-16T03:00:00Z');
    const find = () => the.database.db.transaction((tx) => findIncidents(tx, { zone, rule, now }));
    expect(await find()).toBe(1);
    expect(await find()).toBe(0);
    const { body: list } = await api('GET', '/incidents');
    expect(list['items']).toMatchObject([
      {
        number: 'IN-20260915-1',
        startsAt: '2026-09-15T01:00:00Z',
        endsAt: '2026-09-15T04:00:00Z',
        channel: null,
        state: 'found',
        lostMinutes: 180,
        windowMinutes: 540,
        people: 5,
      },
    ]);
    const { id } = list['items'][0];
    const declared = await api('POST', `/incidents/${id}/declare`, { reason: '机房断电' });
    expect(declared.body).toMatchObject({ state: 'declared', people: 5 });
    expect((await api('POST', `/incidents/${id}/dismiss`, { reason: 'x' })).body['code']).toBe(
      'incident.decided',
    );

    const after = await streaks();
    for (const [number, old] of before) {
      expect(after.get(number)?.current).toBeGreaterThanOrEqual(old.current);
      expect(after.get(number)?.best).toBeGreaterThanOrEqual(old.best);
      expect(after.get(number)?.counted).toBe(old.counted);
    }
    expect(after.get('P1')).toMatchObject({ current: 3, best: 3 });
    expect(after.get('P5')).toMatchObject({ current: 2, best: 2, counted: 2 });
    expect(wordsOf((await the.as('P5').says('我的')).messages[0])).toContain('连续 2 天');
    // Whoever missed Wednesday by themselves is not excused from it.
    expect(after.get('P9')).toMatchObject({ current: 1 });
    expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  }, 60_000);

  it('lets a tap that comes even later win over the excusal', async () => {
    const before = await streaks();
    await the.database.db.execute(sql`select 1`);
    const { complete } = await import('#src/features/checkins/index.ts');
    const { listCampaigns } = await import('#src/features/campaigns/index.ts');
    await the.database.db.transaction(async (tx) => {
      const [campaign] = await listCampaigns(tx);
      const { rows } = await tx.execute<{ id: string }>(sql`select id from employees where number = 'P7'`);
      const when = Temporal.Instant.from('2026-09-15T03:00:00Z');
      await complete(tx, [
        {
          campaign: campaign as NonNullable<typeof campaign>,
          employeeId: rows[0]?.id as string,
          day: day('2026-09-15'),
          zone,
          task: 'learn-tip',
          grade: 'tap',
          tipId: undefined,
          at: when,
          receivedAt: when.add({ hours: 7 }),
          channel: 'sandbox',
          eventKey: randomUUID(),
        },
      ]);
    });
    const after = await streaks();
    expect(after.get('P7')).toEqual({ current: 3, best: 3, counted: (before.get('P7')?.counted ?? 0) + 1 });
    expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
  });

  it('hits only people of the channel that was down, and only in their own window', async () => {
    const { body: mine } = await api('POST', '/incidents', {
      title: '飞书不可用',
      startsAt: '2026-09-15T01:00:00Z',
      endsAt: '2026-09-15T05:00:00Z',
      channel: 'feishu',
    });
    expect(mine).toMatchObject({ source: 'declared', people: 0, number: 'IN-20260915-2' });
    const { body: night } = await api('POST', '/incidents', {
      title: '夜间维护',
      startsAt: '2026-09-15T12:00:00Z',
      endsAt: '2026-09-16T00:00:00Z',
    });
    expect(night).toMatchObject({ people: 0 });
    expect(
      (await api('POST', `/incidents/${mine['id']}/dismiss`, { reason: '没人用飞书' })).body,
    ).toMatchObject({
      state: 'dismissed',
    });
    const wrong = { title: 'x', startsAt: '2026-09-15T05:00:00Z', endsAt: '2026-09-15T01:00:00Z' };
    expect((await api('POST', '/incidents', wrong)).body['code']).toBe('incident.time');
  });
});

describe('the same outage, declared while the platform is still redelivering', () => {
  it('leaves nobody worse off, in whatever order their taps reach the inbox and however often', async () => {
    const the = await smallApp({ startAt: '2026-09-14T00:00:00Z', people: crowd(8) });
    const server = await testServer(the);
    try {
      const everybody = Array.from({ length: 8 }, (_, index) => `P${index + 1}`);
      const taps = (number: string, at: string, key: string = randomUUID()) =>
        the.as(number).says('打卡', { at, key });
      const api = async (path: string, body: object) =>
        (await (await server.api('POST', path, body)).json()) as { id: string };
      const current = async () => {
        const { rows } = await the.database.db.execute<{ number: string; current: number; counted: number }>(
          sql`select e.number, s.current, s.counted from streaks s join employees e on e.id = s.employee_id order by 1`,
        );
        return Object.fromEntries(rows.map((row) => [row.number, `${row.current} of ${row.counted}`]));
      };
      await the.moveTo('2026-09-14T02:00:00Z');
      for (const number of everybody) await taps(number, '2026-09-14T02:00:00Z');
      // 09:00 to 12:00 on Tuesday nothing reaches us. P1 to P6 tapped at 10:00; P1's tap comes before anybody decides.
      await the.moveTo('2026-09-15T04:30:00Z');
      expect((await taps('P1', '2026-09-15T02:00:00Z', 'one')).outcome).toBe('handled');
      const outage = { startsAt: '2026-09-15T01:00:00Z', endsAt: '2026-09-15T04:00:00Z', title: '机房断电' };
      const { id } = await api('/incidents', outage);
      expect(await api(`/incidents/${id}/declare`, { reason: '机房断电' })).toMatchObject({ people: 7 });
      // Then the platform brings the others: once, twice, at the last moment, a second too late, and P6's never.
      await the.moveTo('2026-09-15T06:30:00Z');
      expect((await taps('P1', '2026-09-15T02:00:00Z', 'one')).outcome).toBe('repeat');
      await taps('P2', '2026-09-15T02:00:00Z', 'two');
      expect((await taps('P2', '2026-09-15T02:00:00Z', 'two')).outcome).toBe('repeat');
      await taps('P7', '2026-09-15T06:30:00Z');
      await the.moveTo('2026-09-15T10:00:00Z');
      await taps('P3', '2026-09-15T02:00:00Z');
      await the.moveTo('2026-09-15T10:00:01Z');
      expect(wordsOf((await taps('P4', '2026-09-15T02:00:00Z')).messages[0])).toContain('隔了太久');
      // P5's evening tap is delivered after the one of the morning after.
      await the.moveTo('2026-09-15T22:00:00Z');
      await taps('P5', '2026-09-15T22:00:00Z');
      await taps('P5', '2026-09-15T15:00:00Z');
      await the.moveTo('2026-09-16T02:00:00Z');
      for (const number of everybody) if (number !== 'P5') await taps(number, '2026-09-16T02:00:00Z');
      expect(await current()).toEqual({
        P1: '3 of 3',
        P2: '3 of 3',
        P3: '3 of 3',
        P4: '2 of 2',
        P5: '3 of 3',
        P6: '2 of 2',
        P7: '3 of 3',
        P8: '2 of 2',
      });
      // Whoever the outage cost a day goes on from Monday all the same, and is told so once.
      const told = (await the.as('P6').inbox()).map(wordsOf).filter((said) => said.includes('系统故障'));
      expect(told).toEqual([expect.stringContaining('9 月 15 日（周二）（系统故障）')]);
      const month = wordsOf((await the.as('P6').says('我的')).messages[0]);
      expect(month).toContain('连续 2 天');
      expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
    } finally {
      await server.close();
      await the.close();
    }
  }, 120_000);
});

describe('the heartbeat', () => {
  it('says once a minute who is alive and which channel fails', async () => {
    const the = await smallApp({ startAt: '2026-09-14T00:00:00Z' });
    try {
      const { db } = the.database;
      await db.execute(sql`
        insert into channel_health (channel, account, failures) values ('wecom', 'app', 4), ('wecom', 'robot', 0), ('feishu', 'a', 3)`);
      const said = { process: 'p1', role: 'all' as const, at: Temporal.Instant.from('2026-09-14T01:00:30Z') };
      await beat(db, said);
      await beat(db, said);
      const { rows } = await db.execute(sql`select subject, ok from health_minutes order by 1`);
      expect(rows).toEqual([
        { subject: 'channel:feishu', ok: false },
        { subject: 'channel:wecom', ok: true },
        { subject: 'web', ok: true },
        { subject: 'worker', ok: true },
      ]);
      // A young installation was never down.
      expect(
        await db.transaction((tx) =>
          findIncidents(tx, { zone, rule, now: Temporal.Instant.from('2026-09-14T01:03:00Z') }),
        ),
      ).toBe(0);
    } finally {
      await the.close();
    }
  });
});
