import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { loadContent } from '#src/app/content.ts';
import { remind } from '#src/features/checkins/index.ts';
import { silentLog } from '#src/kernel/log.ts';
import { workdayCalendar } from '#src/kernel/workdays.ts';
import { campaignFile, contentFolder, crowd } from '../support/content.ts';
import { wordsOf } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';

const REMINDER = '还差一次打卡';
let the: SmallApp;
beforeEach(async () => {
  the = await smallApp({ startAt: '2026-09-18T01:10:00Z' });
});
afterEach(() => the.close());

const remindersOf = async (number: string): Promise<number> =>
  (await the.as(number).inbox()).map(wordsOf).filter((words) => words.includes(REMINDER)).length;

async function campaignId(): Promise<string> {
  const { rows } = await the.database.db.execute<{ id: string }>(
    sql`select id from campaigns order by starts_on, id`,
  );
  return rows[0]?.id ?? '';
}

async function reminderStates(number: string): Promise<string[]> {
  const { rows } = await the.database.db.execute<{ state: string; reason: string | null }>(sql`
    select d.state, d.reason from deliveries d join outbox_messages m on m.id = d.message_id
      join employees e on e.id = d.employee_id
    where m.purpose = 'checkins.reminder' and e.number = ${number}`);
  return rows.map(({ state, reason }) => [state, reason].filter(Boolean).join(' '));
}

/** Promises the reminder in a transaction that stays open until `commit`, as a slow scheduler would. */
async function promisingReminder(): Promise<{ commit(): Promise<void> }> {
  const payload = { campaignId: await campaignId(), zone: 'Asia/Shanghai' };
  const now = the.app.clock.now();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let ready: () => void = () => undefined;
  const promised = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const done = the.database.db.transaction(async (tx) => {
    await remind.run(tx, payload, { slot: now, now, log: silentLog });
    ready();
    await held;
  });
  await promised;
  return {
    async commit() {
      release();
      await done;
    },
  };
}

describe('the reminder', () => {
  it('reaches those who are missing once, and nobody else', async () => {
    await the.as('E1').says('打卡');
    await the.moveTo('2026-09-18T08:40:00Z');
    expect([await remindersOf('E1'), await remindersOf('E2'), await remindersOf('E4')]).toEqual([0, 1, 1]);
    await the.moveTo('2026-09-18T15:00:00Z');
    expect([await remindersOf('E1'), await remindersOf('E2')]).toEqual([0, 1]);
  });

  it('counts on the streak that can go on, and is silent about one that is over', async () => {
    await the.as('E1').says('打卡');
    await the.moveTo('2026-09-20T08:40:00Z');
    expect((await the.as('E1').lastCard()).body).toContain('你已经连续 1 天了');
    await the.moveTo('2026-09-21T08:40:00Z');
    expect((await the.as('E1').lastCard()).body).not.toContain('连续');
  });

  it('does not come on a day off', async () => {
    await the.moveTo('2026-09-18T15:00:00Z');
    const before = await remindersOf('E1');
    await the.moveTo('2026-09-19T15:00:00Z');
    expect(await remindersOf('E1')).toBe(before);
  });

  it('does not reach whoever checks in while it is being promised', async () => {
    const reminding = await promisingReminder();
    await the.as('E1').says('打卡');
    await reminding.commit();
    await the.app.settled();
    expect(await reminderStates('E1')).toEqual(['excluded acted']);
    expect([await remindersOf('E1'), await remindersOf('E2')]).toEqual([0, 1]);
  });
});

describe('somebody in two campaigns', () => {
  it('gets the tip and the reminder of the one that counts for them, not of both', async () => {
    const folder = await contentFolder({
      people: crowd(0),
      campaign: {
        ...campaignFile,
        id: 'younger',
        name: '新活动',
        startsOn: '2026-09-20',
        tipTime: '10:00',
        reminderTime: '17:00',
      },
    });
    await loadContent(the.database.db, folder.path, {
      at: the.app.clock.now(),
      zone: 'Asia/Shanghai',
      calendar: workdayCalendar(),
      actor: { kind: 'system', id: 'test' },
      fileRoot: folder.path,
    });
    await folder.remove();
    await the.app.refreshSchedules();
    await the.moveTo('2026-09-19T10:00:00Z');
    const before = (await the.as('E1').inbox()).length;
    await the.moveTo('2026-09-20T07:00:00Z');
    const tips = (await the.as('E1').inbox()).slice(before);
    expect(tips).toHaveLength(1);
    const heard = await the.as('E1').taps(await the.as('E1').lastCard(), '打卡');
    expect(heard.toast).toContain('打卡成功');
    await the.moveTo('2026-09-20T15:00:00Z');
    expect((await the.as('E1').inbox()).slice(before + 1).map(wordsOf)).toEqual([]);
  });
});
