import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import ExcelJS from 'exceljs';
import { verifyStreaks } from '#src/features/checkins/index.ts';
import { importExcusals, readExcusals } from '#src/features/excusals/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { asAdmin, type Rest, rest } from '../../api/rest.ts';
import { wordsOf } from '../../support/conversation.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

const COLUMNS = '工号,开始日期,结束日期,类型,单号,状态,备注';

describe('importing leave', () => {
  let the: SmallApp;
  beforeAll(async () => {
    the = await smallApp({ startAt: '2026-09-14T00:00:00Z' });
  });
  afterAll(() => the.close());

  const importing = (lines: readonly string[], at = '2026-09-14T02:00:00Z') =>
    the.database.db.transaction(async (tx) =>
      importExcusals(
        tx,
        await readExcusals(Buffer.from(`${[COLUMNS, ...lines].join('\n')}\n`), {
          format: 'csv',
          name: 'leave.csv',
          locale: 'zh-CN',
        }),
        { at: Temporal.Instant.from(at), actor: { kind: 'cli', id: 'test' }, locale: 'zh-CN' },
      ),
    );
  const days = async (): Promise<string[]> => {
    const { rows } = await the.database.db.execute<{ line: string }>(sql`
      select e.number || ' ' || x.day || ' ' || x.reason as line from excused_days x join employees e on e.id = x.employee_id order by 1`);
    return rows.map(({ line }) => line);
  };

  it('writes what is right and says of each other row what is wrong with it', async () => {
    const report = await importing([
      'E1,2026-09-15,2026-09-16,年假,LV-1,,',
      'E2,2026/9/15,,出差,TR-1,已通过,去苏州',
      'NOBODY,2026-09-15,,请假,LV-2,,',
      'E1,2026-09-18,2026-09-17,请假,LV-3,,',
      'E1,昨天,,请假,LV-4,,',
      'E1,2026-09-21,,旷工,LV-5,,',
      ',2026-09-21,,请假,LV-6,,',
    ]);
    expect(report.summary).toBe('新增 2 条，更改 0 条，撤销 0 条，未变 0 条，未导入 5 条。');
    expect(report.rows.map(({ line, outcome }) => `${line} ${outcome}`)).toEqual([
      '2 created',
      '3 created',
      '4 refused',
      '5 refused',
      '6 refused',
      '7 refused',
      '8 refused',
    ]);
    expect(report.rows.slice(2).map(({ problems }) => problems.join(''))).toEqual([
      '没有工号为 NOBODY 的员工。',
      '结束日期 2026-09-17 早于开始日期 2026-09-18。',
      '「开始日期」写的是 昨天，看不出是哪一天；请写成 2026-11-12。',
      '「类型」旷工 认不出来；可以写请假、出差、轮班、新入职、其他。',
      '没有工号。',
    ]);
    expect(await days()).toEqual(['E1 2026-09-15 leave', 'E1 2026-09-16 leave', 'E2 2026-09-15 trip']);
  });

  it('changes nothing the second time, follows a changed row, and ends a withdrawn one; every row stays', async () => {
    const again = await importing(['E1,2026-09-15,2026-09-16,年假,LV-1,,']);
    expect(again.totals).toMatchObject({ unchanged: 1, created: 0 });
    const longer = await importing(['E1,2026-09-15,2026-09-17,年假,LV-1,,']);
    expect(longer.totals).toMatchObject({ changed: 1 });
    expect(await days()).toContain('E1 2026-09-17 leave');
    const ended = await importing(['E1,2026-09-15,2026-09-17,年假,LV-1,已撤销,']);
    expect(ended.totals).toMatchObject({ revoked: 1 });
    expect(await days()).toEqual(['E2 2026-09-15 trip']);
    expect((await importing(['E1,2026-09-15,2026-09-17,年假,LV-1,已撤销,'])).totals).toMatchObject({
      unchanged: 1,
    });
    const back = await importing(['E1,2026-09-15,2026-09-15,年假,LV-1,,']);
    expect(back.totals).toMatchObject({ created: 1 });
    const { rows } = await the.database.db.execute(sql`
      select count(*)::int as n, count(revokes)::int as taken_back from excusals x join employees e on e.id = x.employee_id where e.number = 'E1'`);
    expect(rows).toEqual([{ n: 5, taken_back: 2 }]);
  });

  it('keeps a day that another excusal covers when one of two is withdrawn', async () => {
    await importing(['E2,2026-09-22,2026-09-24,请假,A,,', 'E2,2026-09-23,2026-09-25,出差,B,,']);
    await importing(['E2,2026-09-22,2026-09-24,请假,A,撤销,']);
    expect((await days()).filter((line) => line > 'E2 2026-09-2')).toEqual([
      'E2 2026-09-23 trip',
      'E2 2026-09-24 trip',
      'E2 2026-09-25 trip',
    ]);
  });

  it('reads a workbook', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('请假');
    sheet.addRow(COLUMNS.split(','));
    sheet.addRow([
      'E3',
      new Date('2026-09-21T00:00:00Z'),
      new Date('2026-09-22T00:00:00Z'),
      '病假',
      'S-1',
      '',
      '',
    ]);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    const table = await readExcusals(bytes, { format: 'xlsx', name: 'leave.xlsx', locale: 'en' });
    const report = await the.database.db.transaction((tx) =>
      importExcusals(tx, table, {
        at: Temporal.Instant.from('2026-09-14T02:00:00Z'),
        actor: { kind: 'cli', id: 'test' },
        locale: 'en',
      }),
    );
    expect(report.summary).toBe('1 added, 0 changed, 0 withdrawn, 0 unchanged, 0 refused.');
    expect(await days()).toContain('E3 2026-09-22 leave');
  });
});

describe('somebody on leave', () => {
  it('gets neither tip nor reminder, reads why on their record, keeps the streak, and may check in all the same', async () => {
    const the = await smallApp({ startAt: '2026-09-14T00:00:00Z' });
    try {
      const leave = async (from: string, to: string) =>
        the.database.db.transaction(async (tx) =>
          importExcusals(
            tx,
            await readExcusals(Buffer.from(`工号,开始日期,结束日期,类型\nE1,${from},${to},请假\n`), {
              format: 'csv',
              locale: 'zh-CN',
            }),
            { at: the.app.clock.now(), actor: { kind: 'cli', id: 'test' }, locale: 'zh-CN' },
          ),
        );
      await the.moveTo('2026-09-14T01:20:00Z');
      await the.as('E1').says('打卡');
      await leave('2026-09-15', '2026-09-16');
      await the.moveTo('2026-09-14T01:30:00Z');
      const before = (await the.as('E1').inbox()).length;
      await the.moveTo('2026-09-15T09:00:00Z');
      expect((await the.as('E1').inbox()).length).toBe(before);
      expect(wordsOf((await the.as('E1').says('我的')).messages[0])).toContain('今天 免打卡（请假）');
      await the.moveTo('2026-09-17T01:20:00Z');
      expect(wordsOf((await the.as('E1').says('我的')).messages[0])).toContain('连续 1 天');
      expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('已连续 2 天');
      // A reminder that is promised already is withdrawn.
      await leave('2026-09-18', '2026-09-18');
      await the.moveTo('2026-09-18T01:20:00Z');
      expect(wordsOf((await the.as('E1').says('打卡')).messages[0])).toContain('已连续 3 天');
      expect((await verifyStreaks(the.database.db)).wrong).toEqual([]);
    } finally {
      await the.close();
    }
  }, 60_000);
});

describe('whoever is excused', () => {
  it('is told once which days, why and by whom, and not in the night', async () => {
    const the = await smallApp({ startAt: '2026-09-14T00:00:00Z' });
    try {
      await the.moveTo('2026-09-14T14:30:00Z');
      const given = async (rows: string, byName?: string) =>
        the.database.db.transaction(async (tx) =>
          importExcusals(
            tx,
            await readExcusals(Buffer.from(`工号,开始日期,结束日期,类型,单号,状态\n${rows}`), {
              format: 'csv',
              locale: 'zh-CN',
            }),
            {
              at: the.app.clock.now(),
              actor: { kind: 'cli', id: 'test' },
              locale: 'zh-CN',
              ...(byName === undefined ? {} : { byName }),
            },
          ),
        );
      const told = async (number: string) =>
        (await the.as(number).inbox()).map(wordsOf).filter((said) => said.includes('登记人'));
      const file = 'E1,2026-09-21,2026-09-22,年假,L-1,\nE1,2026-09-28,,出差,T-1,\nE2,2026-09-23,,病假,L-2,\n';
      await given(file, '王知行');
      await given(file, '王知行');
      // Half past ten in the evening: it waits.
      await the.moveTo('2026-09-14T20:00:00Z');
      expect(await told('E1')).toEqual([]);
      await the.moveTo('2026-09-15T02:00:00Z');
      expect(await told('E1')).toEqual([
        expect.stringMatching(
          /9 月 21 日（周一） 到 9 月 22 日（周二）（请假）[^]*9 月 28 日（周一）（出差）[^]*登记人：王知行[^]*不用打卡/,
        ),
      ]);
      expect(await told('E2')).toEqual([expect.stringContaining('9 月 23 日（周三）（请假）')]);
      await given('E1,2026-09-28,,出差,T-1,撤销\n');
      await the.moveTo('2026-09-15T03:00:00Z');
      expect((await told('E1')).at(-1)).toMatch(/撤销：9 月 28 日（周一）（出差）[^]*登记人：管理员/);
      expect(await told('E1')).toHaveLength(2);
    } finally {
      await the.close();
    }
  }, 60_000);
});

describe('the API of excusals', () => {
  let the: Rest;
  beforeAll(async () => {
    the = await rest();
  }, 120_000);
  afterAll(() => the.close());

  it('excuses, lists and takes back, each with its line in the audit', async () => {
    const { body: people } = await the.get('employees?limit=1');
    const employee = people.items[0].number;
    const given = { employee, from: '2026-09-21', to: '2026-09-22', reason: 'trip', reference: 'T-1' };
    let id = '';
    expect(
      await the.audited(async () => {
        const { status, body } = await the.send('POST', 'excusals', given);
        expect(status).toBe(200);
        expect(body).toMatchObject({ employee: { number: employee }, from: '2026-09-21', revoked: null });
        id = body.id;
        expect((await the.send('POST', 'excusals', given)).body.id).toBe(id);
      }),
    ).toEqual([`excusals.add ${id}`]);
    expect((await the.get(`excusals?employee=${employee}`)).body.items).toHaveLength(1);
    const gone = await the.send('DELETE', `excusals/${id}?reason=${encodeURIComponent('没有去')}`);
    expect(gone.body.revoked).toMatchObject({ note: '没有去' });
    expect((await the.send('DELETE', `excusals/${id}?reason=x`)).body.code).toBe('excusal.revoked');
    expect((await the.send('POST', 'excusals', { ...given, to: '2026-09-01' })).body.code).toBe(
      'excusal.days',
    );
    expect((await the.send('POST', 'excusals', { ...given, employee: 'NOBODY' })).status).toBe(404);
    expect(asAdmin.authorization).toContain('Bearer');
  });

  it('leaves excused people out of the missing list and names them in the figures', async () => {
    const day = '2026-09-18';
    const campaign = (await the.get('campaigns')).body.items[0].key;
    const before = (await the.get(`checkins/missing?campaign=${campaign}&day=${day}`)).body.items;
    const [first] = before;
    await the.send('POST', 'excusals', { employee: first.number, from: day, to: day, reason: 'leave' });
    const after = (await the.get(`checkins/missing?campaign=${campaign}&day=${day}`)).body.items;
    expect(after.map(({ number }: { number: string }) => number)).not.toContain(first.number);
    const { body: figures } = await the.get(`overview?day=${day}`);
    expect(figures.excused).toBe(1);
  });
});
