import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createActionSealer } from '#src/chat/action-id.ts';
import { type Command, oneByOne } from '#src/chat/command.ts';
import type { Place } from '#src/chat/event.ts';
import { text as words } from '#src/chat/message.ts';
import { actorsOf } from '#src/features/directory/index.ts';
import { reports } from '#src/features/reports/index.ts';
import { exportCommand } from '#src/features/reports/reports.chat.ts';
import { exports } from '#src/features/reports/reports.tables.ts';
import { commandTable, type Fallbacks } from '#src/inbox/command-table.ts';
import { createRouter, type Router } from '#src/inbox/router.ts';
import type { JobCall } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { checkedIn, makeCompany } from './company.ts';

let database: TestDatabase;
let fileRoot: string;
let router: Router;
let calls: JobCall[];
let keys = 0;
let work: () => Promise<void>;
const clock = manualClock('2026-11-23T02:00:00Z');

const saying = (sentence: string): Command => ({
  name: sentence,
  words: [],
  permission: 'me.use',
  help: undefined,
  answer: oneByOne(() => Promise.resolve({ messages: [words(sentence)] })),
});
const fallbacks = Object.fromEntries(
  ['unknown', 'forged', 'notYours', 'forbidden', 'entered', 'file'].map((name) => [name, saying(name)]),
) as unknown as Fallbacks;

function routerWith(commands: readonly Command[]): Router {
  return createRouter({
    db: database.db,
    clock,
    log: silentLog,
    sealer: createActionSealer(Buffer.alloc(32, 1)),
    commands: commandTable(commands, fallbacks),
    actorsOf,
    stranger: () => ({}),
    nudge: () => undefined,
  });
}

beforeAll(async () => {
  database = await testDatabase();
  fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-exports-'));
  const posts = [['rd', '2026-01-01'] as const];
  const company = await makeCompany(
    database.db,
    [
      { number: 'HR1', name: '人事', roles: ['hr'], posts },
      { number: 'HR2', name: 'Helen', roles: ['hr'], locale: 'en-GB', posts },
      { number: 'L1', name: '接口人', roles: ['liaison', 'operator', 'support', 'admin'], posts },
      { number: 'E1', name: '员工', posts },
    ],
    [{ key: 'office', name: '新办公软件', from: '2026-10-26', days: 90 }],
  );
  await checkedIn(database.db, company, { number: 'E1', at: '2026-11-03T01:00:00Z' });
  const slice = reports({
    db: database.db,
    clock,
    fileRoot,
    keepDays: 30,
    zone: 'Asia/Shanghai',
    enqueue: (call) => {
      calls.push(call);
      return Promise.resolve();
    },
    nudge: () => undefined,
  });
  router = routerWith(slice.commands ?? []);
  work = async () => {
    for (const { payload } of calls.splice(0))
      await slice.queueJobs?.[0]?.run(payload, { log: silentLog, attempt: 1 });
  };
});
afterAll(async () => {
  await database.close();
  await rm(fileRoot, { recursive: true, force: true });
});
beforeEach(async () => {
  calls = [];
  await database.db.execute(sql`truncate exports, outbox_messages cascade`);
});

async function says(
  number: string,
  text: string,
  place: Place = { kind: 'private' },
  via = router,
  key?: string,
): Promise<void> {
  await via.route({
    channel: 'sandbox',
    account: 'sandbox',
    key: key ?? `k${(keys += 1)}`,
    actor: number,
    place,
    payload: { kind: 'text', text },
    occurredAt: clock.now(),
    receivedAt: clock.now(),
  });
}

/** What was promised to whom. */
async function heard() {
  const { rows } = await database.db.execute<{ kind: string; said: string; to: string; by: string }>(sql`
    select m.content ->> 'kind' as kind, coalesce(m.content ->> 'text', m.content ->> 'name') as said,
           d.platform_id as to, d.address_kind as by
    from outbox_messages m join deliveries d on d.message_id = m.id order by m.id`);
  return rows;
}

describe('导出打卡', () => {
  it('brings the file and a sentence to whoever asked, in private, also from a group', async () => {
    await says('HR1', '@促活 导出打卡 2026-11', { kind: 'group', chatId: 'g1', mentioned: true });
    await work();
    expect(await heard()).toEqual([
      { kind: 'file', said: '打卡导出-2026-11.xlsx', to: 'HR1', by: 'person' },
      { kind: 'text', said: expect.stringContaining('4 人，1 条打卡记录'), to: 'HR1', by: 'person' },
    ]);
  });

  it.each([
    ['导出打卡', '打卡导出-2026-11.xlsx'],
    ['导出打卡 ２０２６－１０', '打卡导出-2026-10.xlsx'],
    ['导出打卡2026年1月', '打卡导出-2026-01.xlsx'],
    ['导出打卡 202612', '打卡导出-2026-12.xlsx'],
    ['Export checkins 2026-11', '打卡导出-2026-11.xlsx'],
    ['export check-ins', '打卡导出-2026-11.xlsx'],
  ])('%s is %s', async (said, file) => {
    await says('HR1', said);
    await work();
    expect(await heard()).toContainEqual({ kind: 'file', said: file, to: 'HR1', by: 'person' });
  });

  it('asks for a month that it can read, in private, and takes nothing out', async () => {
    await says('HR1', '导出打卡 十三月', { kind: 'group', chatId: 'g1', mentioned: true });
    expect(await heard()).toEqual([
      { kind: 'text', said: expect.stringContaining('导出打卡 2026-11'), to: 'HR1', by: 'person' },
    ]);
    expect(await database.db.select().from(exports)).toHaveLength(0);
    expect(calls).toHaveLength(0);
  });

  it.each(['L1', 'E1'])('is for HR only, whatever else %s may do', async (number) => {
    await says(number, '导出打卡 2026-11');
    await work();
    expect(await heard()).toEqual([{ kind: 'text', said: 'forbidden', to: number, by: 'person' }]);
    expect(await database.db.select().from(exports)).toHaveLength(0);
  });

  it('answers in English to whoever reads English', async () => {
    await says('HR2', 'export checkins 2026-11');
    await work();
    expect((await heard())[1]?.said).toMatch(
      /^Check-ins of 2026-11: 4 people, 1 check-in\. .*until 2026-12-23/,
    );
  });

  it('takes a redelivered event once', async () => {
    await says('HR1', '导出打卡', undefined, undefined, 'same');
    await says('HR1', '导出打卡', undefined, undefined, 'same');
    await work();
    expect((await heard()).filter(({ kind }) => kind === 'file')).toHaveLength(1);
  });

  it('says that it is at work when that takes longer than a moment', async () => {
    const patient = routerWith([exportCommand({ begin: () => undefined, large: 0, zone: 'Asia/Shanghai' })]);
    await says('HR1', '导出打卡 2026-11', undefined, patient);
    expect(await heard()).toEqual([
      { kind: 'text', said: expect.stringContaining('正在准备'), to: 'HR1', by: 'person' },
    ]);
  });
});
