import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asc, sql } from 'drizzle-orm';
import { createActionSealer } from '#src/chat/action-id.ts';
import { type Command, oneByOne } from '#src/chat/command.ts';
import { type Message, text as words } from '#src/chat/message.ts';
import { audit } from '#src/features/audit/audit.tables.ts';
import { actorsOf } from '#src/features/directory/index.ts';
import { reports } from '#src/features/reports/index.ts';
import { codeOf, decideExport } from '#src/features/reports/reports.approval.ts';
import { exports } from '#src/features/reports/reports.tables.ts';
import { commandTable, type Fallbacks } from '#src/inbox/command-table.ts';
import { createRouter, type Router } from '#src/inbox/router.ts';
import type { JobCall } from '#src/kernel/jobs.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { isAwaited, type TestDatabase, testDatabase } from '../../support/database.ts';
import { type Company, checkedIn, makeCompany } from './company.ts';
import { openWorkbook, rowsOf, sheetOf } from './workbook.ts';

let database: TestDatabase;
let company: Company;
let fileRoot: string;
let router: Router;
let work: () => Promise<void>;
let run: (exportId: string) => Promise<void>;
let calls: JobCall[] = [];
let keys = 0;
const clock = manualClock('2026-11-23T02:00:00Z');
const sealer = createActionSealer(Buffer.alloc(32, 1));

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

beforeAll(async () => {
  database = await testDatabase();
  fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-exports-'));
  const posts = [['rd', '2026-01-01'] as const];
  company = await makeCompany(
    database.db,
    [
      { number: 'HR1', name: '王芳', roles: ['hr'], posts },
      { number: 'HR2', name: '李雷', roles: ['hr'], posts },
      { number: 'OP1', name: '运营', roles: ['operator', 'admin'], posts },
    ],
    [{ key: 'office', name: '新办公软件', from: '2026-10-26', days: 90 }],
  );
  await checkedIn(database.db, company, { number: 'HR1', at: '2026-11-03T01:00:00Z' });
  const slice = reports({
    db: database.db,
    clock,
    fileRoot,
    keepDays: 30,
    zone: 'Asia/Shanghai',
    approval: { above: 0, channels: () => ['sandbox'] },
    enqueue: (call) => {
      calls.push(call);
      return Promise.resolve();
    },
    nudge: () => undefined,
  });
  router = createRouter({
    db: database.db,
    clock,
    log: silentLog,
    sealer,
    commands: commandTable(slice.commands ?? [], fallbacks),
    actorsOf,
    stranger: () => ({}),
    nudge: () => undefined,
  });
  run = async (exportId) => slice.queueJobs?.[0]?.run({ exportId }, { log: silentLog, attempt: 1 });
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
  await database.db.execute(sql`truncate exports, audit, audit_head, outbox_messages cascade`);
});

async function says(number: string, text: string): Promise<void> {
  await router.route({
    channel: 'sandbox',
    account: 'sandbox',
    key: `k${(keys += 1)}`,
    actor: number,
    place: { kind: 'private' },
    payload: { kind: 'text', text },
    occurredAt: clock.now(),
    receivedAt: clock.now(),
  });
}

async function heardBy(number: string): Promise<string[]> {
  const { rows } = await database.db.execute<{ content: Message }>(sql`
    select m.content from outbox_messages m join deliveries d on d.message_id = m.id
    where d.platform_id = ${number} order by m.id`);
  return rows.map(({ content }) => {
    if (content.kind === 'text') return content.text;
    if (content.kind === 'file') return content.name;
    if (content.kind === 'image') return content.alt;
    return `${content.card.title} ${(content.card.facts ?? []).map(({ value }) => value).join(' ')}`;
  });
}

const only = async () => {
  const [row] = await database.db.select().from(exports);
  if (row === undefined) throw new Error('no export');
  return row;
};

describe('a large export', () => {
  it('waits for another person, who is asked with a card, and nothing is made before', async () => {
    await says('HR1', '导出打卡 2026-11 年终考核');
    await work();
    const { id, state } = await only();
    expect(state).toBe('waiting');
    expect(await heardBy('HR1')).toEqual([expect.stringContaining('已经请 1 位同事看了')]);
    expect(await heardBy('HR2')).toEqual([
      `大批量导出待复核 · ${codeOf(id)} 王芳（HR1） 打卡导出-2026-11.xlsx 2026 年 11 月 年终考核`,
    ]);
  });

  it('is made once the other person agrees; file and audit name both', async () => {
    await says('HR1', '导出打卡 2026-11 年终考核');
    const { id } = await only();
    await says('HR2', `批准导出 ${codeOf(id)}`);
    await work();
    const made = await only();
    expect(made.state).toBe('done');
    expect(await heardBy('HR1')).toEqual([
      expect.stringContaining('复核'),
      '李雷批准了「打卡导出-2026-11.xlsx」，正在准备。',
      '打卡导出-2026-11.xlsx',
      expect.stringContaining('1 条打卡记录'),
    ]);
    const workbook = await openWorkbook(await readFile(join(fileRoot, made.path ?? '')));
    const note = Object.fromEntries(
      rowsOf(sheetOf(workbook, '导出说明')).map((row) => [row['项目'], row['内容']]),
    );
    expect(note).toMatchObject({
      导出编号: id,
      导出人: '王芳（HR1）',
      导出时间: '2026-11-23 10:00+08:00',
      用途: '年终考核',
      复核人: '李雷（HR2）',
      文件保留到: '2026-12-23',
    });
    const lines = await database.db.select().from(audit).orderBy(asc(audit.id));
    expect(lines.map(({ action, actorId, subject }) => [action, actorId, subject])).toEqual([
      ['export.request', company.ids.get('HR1'), `export:${id}`],
      ['export.approve', company.ids.get('HR2'), `export:${id}`],
      ['export.create', company.ids.get('HR1'), `export:${id}`],
    ]);
    expect(lines[2]?.detail).toMatchObject({ purpose: '年终考核', approvedBy: company.ids.get('HR2') });
  });

  it('is not approved by whoever asked for it', async () => {
    await says('HR1', '导出打卡 2026-11');
    const { id } = await only();
    await says('HR1', `批准导出 ${codeOf(id)}`);
    expect((await heardBy('HR1')).at(-1)).toContain('请另一位同事');
    expect((await only()).state).toBe('waiting');
    expect(calls).toHaveLength(0);
  });

  it('is refused with a reason that reaches whoever asked; without one the other person is asked for it', async () => {
    await says('HR1', '导出打卡 2026-11');
    const { id } = await only();
    await says('HR2', `拒绝导出 ${codeOf(id)}`);
    expect((await heardBy('HR2')).at(-1)).toContain('写上原因');
    expect((await only()).state).toBe('waiting');
    await says('HR2', `拒绝导出 ${codeOf(id)} 范围太大 只要本部门`);
    await work();
    expect(await only()).toMatchObject({ state: 'refused', refusal: '范围太大 只要本部门' });
    expect((await heardBy('HR1')).at(-1)).toContain('原因：范围太大 只要本部门');
    const lines = await database.db.select().from(audit).orderBy(asc(audit.id));
    expect(lines.map(({ action }) => action)).toEqual(['export.request', 'export.refuse']);
    await says('HR2', `批准导出 ${codeOf(id)}`);
    expect((await heardBy('HR2')).at(-1)).toContain('可能已经处理过');
  });

  it('is decided once, by two approvers at once too', async () => {
    await says('HR1', '导出打卡 2026-11');
    const { id } = await only();
    const settings = { channels: () => ['sandbox'] as const };
    const by = { employeeId: company.ids.get('HR2') as string, name: '李雷' };
    const decide = (refusal?: string) =>
      database.db.transaction((tx) => decideExport(tx, settings, id, { by, at: clock.now(), refusal }));
    const outcomes = await Promise.allSettled([decide(), decide('不行')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = outcomes.find((one) => one.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'export.decided' });
  });

  it('is made by a job that is faster than the commit of the approval', async () => {
    await says('HR1', '导出打卡 2026-11');
    const { id } = await only();
    const by = { employeeId: company.ids.get('HR2') as string, name: '李雷' };
    let job: Promise<void> | undefined;
    await database.db.transaction(async (tx) => {
      await decideExport(tx, { channels: () => ['sandbox'] as const }, id, { by, at: clock.now() });
      let ended = false;
      job = run(id).finally(() => {
        ended = true;
      });
      while (!ended && !(await isAwaited(database))) await Promise.resolve();
    });
    await job;
    expect((await only()).state).toBe('done');
  });

  it('is nothing that an operator and administrator decides in chat', async () => {
    await says('HR1', '导出打卡 2026-11');
    const { id } = await only();
    await says('OP1', `批准导出 ${codeOf(id)}`);
    expect(await heardBy('OP1')).toEqual(['forbidden']);
    expect((await only()).state).toBe('waiting');
  });

  it('says so when nobody else may agree', async () => {
    await database.db.execute(
      sql`delete from employee_roles where employee_id = ${company.ids.get('HR2')} and role = 'hr'`,
    );
    await says('HR1', '导出打卡 2026-11');
    expect(await heardBy('HR1')).toEqual([expect.stringContaining('让管理员再指定一位人事')]);
  });
});
