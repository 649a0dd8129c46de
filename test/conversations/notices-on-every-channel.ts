import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Temporal } from '#src/kernel/time.ts';
import type { Lack, Where } from '../adapters/contract.ts';
import { type Joined, meet, type Platform } from './on-every-channel.ts';

const MINUTES = 60_000;
/** More than a minute: WeCom takes 30 messages a minute to a person, and that minute is a real one. */
const ROUNDS = 400;

/** In the same department, without an account on the channel: whom no message reaches. */
const NOBODY = 'E3,蔡无号,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner';

/**
 * The whole dialogue of a liaison as each channel shows it, on Friday 2026-09-18 from ten o'clock. Anna looks after RD,
 * Ben after SALES, where he has a second post. Everything is typed, because not every client shows buttons.
 */
export function noticesOn(
  name: string,
  start: () => Promise<Platform>,
  options: { lacks?: readonly Lack[] } = {},
): void {
  const tellsReading = options.lacks?.includes('read-receipt') !== true;

  const step = (sentence: string, work: () => Promise<void>) => it(sentence, work, 3 * MINUTES);

  describe(`a liaison on ${name}`, () => {
    let the: Joined;
    let anna: Where & { person: string };
    let ben: Where & { person: string };
    beforeAll(async () => {
      the = await meet(await start(), [NOBODY]);
      anna = { person: the.client.people.anna };
      ben = { person: the.client.people.ben };
      const { pool } = the.database;
      await pool.query(`
        insert into employee_roles (id, employee_id, role, department_id, from_day)
        select gen_random_uuid(), e.id, 'liaison', d.id, '2026-01-01' from employees e join departments d
          on (e.number, d.code) in (('E1', 'RD'), ('E2', 'SALES'))`);
      await pool.query(`
        insert into memberships (id, employee_id, department_id, main, from_day)
        select gen_random_uuid(), e.id, d.id, false, '2026-01-01' from employees e, departments d
          where e.number = 'E2' and d.code = 'SALES'`);
      await pool.query(
        `delete from identities where employee_id = (select id from employees where number = 'E3')`,
      );
      await the.app.advance(Temporal.Instant.from('2026-09-18T02:00:00Z'));
      await the.app.settled();
    });
    afterAll(() => the?.close());

    let beforeSending: ReadonlySet<string> = new Set();
    const at = () => the.app.clock.now();
    /** By id: a client shows the last messages, not all there ever were. */
    const idsAt = async (where: Where): Promise<Set<string>> =>
      new Set((await the.client.seen(where)).map(({ messageId }) => messageId));
    const wordsSince = async (where: Where, before: ReadonlySet<string>): Promise<string[]> =>
      (await the.client.seen(where))
        .filter(({ messageId }) => !before.has(messageId))
        .map(({ words }) => words);

    /** What `deed` brought here, once `words` are among it. Seconds pass: a chat takes few messages in each. */
    async function brings(where: Where, deed: () => Promise<unknown>, words: string): Promise<string> {
      const before = await idsAt(where);
      await deed();
      return comes(where, before, words);
    }
    async function comes(where: Where, before: ReadonlySet<string>, words: string): Promise<string> {
      for (let round = 0; round < ROUNDS; round += 1) {
        await the.app.settled();
        const came = (await wordsSince(where, before)).join('\n---\n');
        if (came.includes(words)) return came;
        await pause(200);
        if (round < 20 || round % 5 === 0) await the.app.advance(at().add({ seconds: 5 }));
      }
      throw new Error(`nobody said ${words}, but: ${(await wordsSince(where, before)).join().slice(0, 800)}`);
    }
    const says = (who: { person: string }, said: string, words: string): Promise<string> =>
      brings(who, () => the.client.says(who.person, said), words);
    const count = async (where: Where, words: string): Promise<number> =>
      (await the.client.seen(where)).filter((message) => message.words.includes(words)).length;
    const auditOf = async (action: string): Promise<string[]> =>
      (
        await the.database.pool.query<{ subject: string }>(
          'select subject from audit where action = $1 order by id',
          [action],
        )
      ).rows.map(({ subject }) => subject);

    step('is asked for the text, and may go back and write another', async () => {
      await says(anna, '发通知', '想通知什么');
      const scope = await says(anna, '机房停电\n周五 18:00 停电，请提前保存。', '发给谁');
      expect(scope).toContain('研发部（3 人）');
      expect(scope).not.toContain('销售部');
      await says(anna, '返回', '想通知什么');
      await says(anna, '机房停电\n周五 18:30 停电，请提前保存。', '发给谁');
    });

    step('cannot reach a foreign department, and the attempt is noted', async () => {
      await says(anna, '销售部', '不在你负责的部门里');
      expect(await auditOf('notices.scope-refused')).toEqual(['department:SALES']);
    });

    step('sees in the preview who gets it, when, and who will not', async () => {
      await says(anna, '1', '什么时候发');
      const preview = await says(anna, '现在', '大家看到的就是这样');
      for (const words of ['周五 18:30 停电', '3 人', '马上', '没有绑定账号'])
        expect(preview).toContain(words);
    });

    step('edits text, time and receipt before sending', async () => {
      await says(anna, '改内容', '想通知什么');
      expect(await says(anna, '机房停电\n改到周六 9:00 停电。', '大家看到的就是这样')).toContain('改到周六');
      await says(anna, '改时间', '什么时候发');
      expect(await says(anna, '明天 9:00', '大家看到的就是这样')).toContain('09:00');
      await says(anna, '改时间', '什么时候发');
      await says(anna, '现在', '大家看到的就是这样');
      expect(await says(anna, '要回执', '大家看到的就是这样')).toMatch(/回执[^不]{1,20}要/);
    });

    step('sends it to each person once', async () => {
      beforeSending = await idsAt(anna);
      await brings(ben, () => the.client.says(anna.person, '发送'), '改到周六');
      await comes(anna, beforeSending, '1 号通知已经发出，共 3 人');
      await comes(anna, beforeSending, '改到周六');
      const heard = await wordsSince(anna, beforeSending);
      expect(heard.filter((words) => words.includes('改到周六'))).toHaveLength(1);
      expect(await count(ben, '改到周六')).toBe(1);
    });

    step('watches it arrive, and is told when it is done and with whom it failed', async () => {
      await says(anna, '通知进度', '蔡无号：没有绑定账号');
      await the.app.advance(at().add({ minutes: 10 }));
      await comes(anna, beforeSending, '1 号通知发完了');
    });

    step(
      `sees who has not acknowledged${tellsReading ? '' : ', and that the platform does not tell who has read it'}`,
      async () => {
        await says(ben, '收到', '回执收到了');
        const open = await says(anna, '未读', '还没回执');
        expect(open).toContain('张小满');
        expect(open).not.toContain('王知行');
        expect(open.includes('不告知是否已读')).toBe(!tellsReading);
        expect((await auditOf('notices.recipients')).length).toBeGreaterThan(0);
      },
    );

    step('reminds only those, and not twice in a row', async () => {
      const asked = await idsAt(anna);
      await says(anna, '催办', '提醒：机房停电');
      await comes(anna, asked, '只提醒这 1 人');
      expect(await count(ben, '提醒：机房停电')).toBe(0);
      await says(anna, '收到', '回执收到了');
      await says(anna, '催办 1', '刚提醒过');
      await says(anna, '未读 1', '大家都看过了');
    });

    step('cancels, and what is typed then is no answer to the draft', async () => {
      await says(anna, '发通知', '想通知什么');
      await says(anna, '这条不发了，请忽略它。', '发给谁');
      await says(anna, '取消', '草稿删掉了');
      const before = await idsAt(anna);
      await the.client.says(anna.person, '1');
      await the.app.settled();
      expect((await wordsSince(anna, before)).join()).not.toContain('什么时候发');
    });

    step('finds the draft again after half an hour, which takes nothing in between', async () => {
      await says(anna, '发通知', '想通知什么');
      await says(anna, '体检通知\n下周体检，请带工牌。', '发给谁');
      await the.app.advance(at().add({ minutes: 31 }));
      const before = await idsAt(anna);
      await the.client.says(anna.person, '1');
      await the.app.settled();
      expect((await wordsSince(anna, before)).join()).not.toContain('什么时候发');
      expect(await says(anna, '发通知', '替你收着')).toContain('发给谁');
      await says(anna, '取消', '草稿删掉了');
    });

    step('writes at the same time as another liaison, each their own', async () => {
      await says(anna, '发通知', '想通知什么');
      await says(ben, '发通知', '想通知什么');
      const both = (one: string, other: string) => async () => {
        await Promise.all([the.client.says(anna.person, one), the.client.says(ben.person, other)]);
      };
      await brings(ben, both('研发部的消息，请看。', '销售部的消息，请看。'), '销售部（1 人）');
      await brings(ben, both('1', '1'), '什么时候发');
      const [hers, his] = [await idsAt(anna), await idsAt(ben)];
      await both('现在', '现在')();
      await comes(anna, hers, '研发部的消息');
      expect(await comes(ben, his, '销售部的消息')).not.toContain('研发部的消息');
      await says(ben, '发送', '2 号通知已经发出，共 1 人');
      await says(anna, '取消', '草稿删掉了');
    });

    step('sees of a notice to others only their own people', async () => {
      // Of notice 1 Ben sees himself, by his second post; Anna sees him in notice 2, because RD is his first.
      expect(await says(ben, '通知进度 1', '1 号通知发完了')).not.toContain('蔡无号');
      await says(anna, '通知进度 2', '2 号通知');
    });

    step('takes it back, and sends a correction that refers to it', async () => {
      await says(anna, '撤回通知 1', '开始撤回');
      const result = await brings(anna, () => the.app.advance(at().add({ minutes: 1 })), '1 号通知');
      expect(result).toMatch(/收回 2 人的|平台不让撤回/);
      await says(anna, '更正通知 1', '要更正《机房停电》的哪里');
      await says(anna, '改到周日 9:00，周六不停电。', '大家看到的就是这样');
      const got = await brings(ben, () => the.client.says(anna.person, '发送'), '改到周日');
      expect(got).toContain('更正 1 号通知《机房停电》，以这一条为准');
    });
  });
}
