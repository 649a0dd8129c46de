import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { importQuestions } from '#src/features/questions/index.ts';
import { closeQuiz, verifyQuiz } from '#src/features/quizzes/index.ts';
import { nextQuestion, revealQuestion } from '#src/features/quizzes/quizzes.live.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { approveWinners } from '#src/features/quizzes/quizzes.results.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { quizBy } from '#src/features/quizzes/quizzes.store.ts';
import { withdrawQuestion } from '#src/features/quizzes/quizzes.withdraw.ts';
import { verifyPoints } from '#src/features/rewards/index.ts';
import { Temporal } from '#src/kernel/time.ts';
import { wordsOf } from '../support/conversation.ts';
import type { SmallApp } from '../support/small-app.ts';

/** Two questions whose right options are named so; a person finds the letter on their own card. */
export const bank = [
  {
    id: 'quiz-one',
    kind: 'single',
    text: '哪个对？',
    options: ['对的', '错一', '错二'],
    answer: 0,
    explanation: '记住对的。',
    review: 'reviewed',
  },
  {
    id: 'quiz-two',
    kind: 'true-false',
    text: '这句是真的。',
    answer: true,
    explanation: '真的就是真的。',
    review: 'reviewed',
  },
];

/** The letter under which an option stands on the card that somebody was sent. */
export function letterFor(words: string, option: string): string {
  const letter = new RegExp(`(?:^|[^A-Za-z])([A-H])(?:\\*\\*|</?b>)?　${option}`, 'm').exec(words)?.[1];
  if (letter === undefined) throw new Error(`${option} is not among the options of: ${words}`);
  return letter;
}

/**
 * Conversations about the three kinds of rounds in words alone, as every channel has them: hand in what starts the
 * product with a channel on. Monday 2026-09-14, 09:00 in Shanghai.
 */
export function quizRounds(channel: string, start: (startAt: string) => Promise<SmallApp>): void {
  describe(`quiz rounds on ${channel}`, () => {
    let app: SmallApp;
    beforeEach(async () => {
      app = await start('2026-09-14T01:00:00Z');
      const at = app.app.clock.now();
      await app.database.db.transaction((tx) =>
        importQuestions(
          tx,
          bank.map((question, index) => ({ line: index + 1, question })),
          at,
        ),
      );
    });
    afterEach(async () => app.close());

    async function publish(fields: Record<string, unknown>): Promise<string> {
      const file = quizFileSchema.parse({
        id: 'round',
        title: '技巧赛',
        blueprint: [{ count: 2 }],
        startsAt: '2026-09-14T09:00:00+08:00',
        endsAt: '2026-09-16T18:00:00+08:00',
        ...fields,
      });
      const { db } = app.database;
      const campaign = await campaignBy(db, 'small-campaign');
      const { quiz } = await db.transaction((tx) => putQuiz(tx, { file, campaign, at: app.app.clock.now() }));
      await db.transaction((tx) => publishQuiz(tx, quiz.id, app.app.clock.now()));
      await app.app.refreshSchedules();
      await app.moveTo(app.app.clock.now().toString());
      return quiz.id;
    }
    const said = (messages: Parameters<typeof wordsOf>[0][]) => messages.map(wordsOf).join('\n---\n');
    const count = async (): Promise<number> => {
      const { rows } = await app.database.db.execute<{ n: number }>(
        sql`select count(*)::int as n from quiz_answers`,
      );
      return rows[0]?.n ?? 0;
    };
    /** Answers what a card asks, right or wrong. */
    const reply = (words: string, right: boolean): string =>
      words.includes('哪个对') ? letterFor(words, right ? '对的' : '错一') : right ? '对' : '错';

    it('a round over days: begin, go on later, learn from each answer, see the result', async () => {
      const id = await publish({ kind: 'span' });
      const me = app.as('E1');
      const first = said((await me.says('答题')).messages);
      expect(first).toContain('技巧赛｜第 1 / 2 题');
      const wrong = said((await me.says(reply(first, false))).messages);
      expect(wrong).toMatch(/差一点，答案是：\*\*(对的|对)\*\*/);
      expect(wrong).toContain('💡');
      expect(wrong).toContain('第 2 / 2 题');
      await app.moveTo('2026-09-15T02:00:00Z');
      const second = said((await me.says('答题')).messages);
      expect(second).toContain('第 2 / 2 题');
      const right = said((await me.says(reply(second, true))).messages);
      expect(right).toContain('答对了！+2 积分');
      expect(right).toContain('一共 2 题，答对 1 题');
      expect(said((await me.says('成绩')).messages)).toContain('答对 1 / 2 题，得 **100** 分');
      await app.moveTo('2026-09-16T10:00:03Z');
      expect(said((await me.says('成绩')).messages)).toContain('第 1 名（共 1 人）');
      expect(said((await me.says('答题')).messages)).toContain('现在没有进行中的答题');
      const { db } = app.database;
      await db.transaction(async (tx) => approveWinners(tx, await quizBy(tx, id), app.app.clock.now()));
      const certificate = (await me.says('证书')).messages.find(({ kind }) => kind === 'file');
      expect(certificate).toMatchObject({ kind: 'file', name: '技巧赛-张小满.pdf', mime: 'application/pdf' });
      expect((await verifyQuiz(db, await quizBy(db, id))).wrong).toEqual([]);
      expect((await verifyPoints(db)).wrong).toEqual([]);
    });

    it('a letter means nothing to whoever has no question open, and a question to us stays one', async () => {
      await publish({ kind: 'span' });
      expect(said((await app.as('E1').says('A')).messages)).not.toMatch(/答对|差一点/);
      expect(await count()).toBe(0);
      await app.as('E1').says('答题');
      expect(said((await app.as('E1').says('怎么冻结窗格？')).messages)).not.toMatch(/答对|差一点/);
      expect(await count()).toBe(0);
    });

    it('an answer in a group counts for nobody, and is asked for in private', async () => {
      await publish({ kind: 'span' });
      const card = said((await app.as('E1').says('答题')).messages);
      const place = { kind: 'group', chatId: 'g', mentioned: true } as const;
      await app.as('E1').says(reply(card, true), { place });
      expect(await count()).toBe(0);
    });

    it('the same answer delivered twice counts once, and what is typed after the end is refused kindly', async () => {
      await publish({ kind: 'span' });
      const me = app.as('E1');
      const first = said((await me.says('答题')).messages);
      await me.says(reply(first, true), { key: 'twice' });
      expect((await me.says(reply(first, true), { key: 'twice' })).outcome).toBe('repeat');
      expect(await count()).toBe(1);
      await app.moveTo('2026-09-16T09:00:00Z');
      await app.moveTo('2026-09-16T10:01:00Z');
      await me.says('对');
      expect(await count()).toBe(1);
    });

    it('the question of the day comes by itself, asks once a day, and goes with the tip', async () => {
      await publish({ kind: 'daily', dailyTime: '10:30', endsAt: '2026-09-25T18:00:00+08:00' });
      await app.moveTo('2026-09-14T02:31:00Z');
      const me = app.as('E1');
      const card = wordsOf((await me.inbox()).at(-1));
      expect(card).toContain('今日一题｜技巧赛');
      expect(said((await me.says(reply(card, true))).messages)).toContain('答对了！');
      expect(said((await me.says('答题')).messages)).toContain('今天的题你已经答过啦');
      await app.moveTo('2026-09-15T02:31:00Z');
      const next = wordsOf((await me.inbox()).at(-1));
      expect(next).toContain('今日一题');
      expect(next).not.toContain(card.includes('哪个对') ? '哪个对' : '这句是真的');
      expect(await count()).toBe(1);
    });

    it('a live round: enter, answer in time, late is late whatever the phone says, the board in order', async () => {
      const id = await publish({
        kind: 'live',
        secondsPerQuestion: 20,
        graceSeconds: 2,
        policy: { method: 'speed' },
      });
      const { db } = app.database;
      const step = async (doing: typeof nextQuestion): Promise<void> => {
        await db.transaction((tx) => doing(tx, id, app.app.clock.now()));
        await app.app.refreshSchedules();
        await app.app.settled();
      };
      const [quick, slow, late] = [app.as('E1'), app.as('E2'), app.as('E4')];
      for (const one of [quick, slow, late])
        expect(said((await one.says('答题')).messages)).toContain('等主持人开题');
      await step(nextQuestion);
      const cards = await Promise.all(
        [quick, slow, late].map(async (one) => wordsOf((await one.inbox()).at(-1))),
      );
      for (const card of cards) expect(card).toContain('第 1 / 2 题');
      expect(said((await quick.says(reply(cards[0] ?? '', true))).messages)).toContain('时间一到就揭晓');
      expect(said((await quick.says(reply(cards[0] ?? '', false))).messages)).toContain('以第一次为准');
      await app.moveTo('2026-09-14T01:00:15Z');
      await slow.says(reply(cards[1] ?? '', true));
      // The countdown and its grace are over; the phone claims a minute earlier.
      await app.moveTo('2026-09-14T01:00:23Z');
      await late.says(reply(cards[2] ?? '', true), { at: '2026-09-14T01:00:05Z' });
      expect(await count()).toBe(2);
      await step(revealQuestion);
      await step(nextQuestion);
      const second = wordsOf((await quick.inbox()).at(-1));
      expect(second).toContain('上一题答对了');
      expect(wordsOf((await late.inbox()).at(-1))).toContain('上一题没赶上');
      // Typed before the second question came up: it was for the first.
      const early = await slow.says(reply(second, true), { at: '2026-09-14T01:00:22Z' });
      expect(said(early.messages)).toContain('上一题的');
      expect(await count()).toBe(2);
      const joined = said((await app.as('E5').says('答题')).messages);
      expect(joined).toContain('第 2 / 2 题');
      await db.transaction((tx) => closeQuiz(tx, id, app.app.clock.now(), { zone: 'Asia/Shanghai' }));
      await app.app.settled();
      expect(said(await quick.inbox())).toContain('第 1 名（共 2 人）');
      expect(said(await slow.inbox())).toContain('第 2 名（共 2 人）');
      expect((await verifyQuiz(db, await quizBy(db, id))).wrong).toEqual([]);
    });

    it('a withdrawn question moves scores, keeps the trace, and tells people why', async () => {
      const id = await publish({ kind: 'span' });
      for (const [number, right] of [
        ['E1', true],
        ['E2', false],
      ] as const) {
        const me = app.as(number);
        const first = said((await me.says('答题')).messages);
        const second = said((await me.says(reply(first, first.includes('哪个对') ? right : true))).messages);
        const rest = second.slice(second.indexOf('第 2 / 2 题'));
        await me.says(reply(rest, rest.includes('哪个对') ? right : true));
      }
      const { db } = app.database;
      const at = app.app.clock.now();
      await db.transaction((tx) => closeQuiz(tx, id, at, { zone: 'Asia/Shanghai' }));
      const { rows } = await db.execute<{ position: number }>(sql`
        select position from quiz_questions q join questions on questions.id = q.question_id where key = 'quiz-one'`);
      const position = rows[0]?.position ?? -1;
      const withdraw = async () =>
        db.transaction(async (tx) =>
          withdrawQuestion(tx, await quizBy(tx, id), { position, reason: '两个选项都对', by: 'test', at }),
        );
      expect(await withdraw()).toEqual({ changed: 2 });
      expect(await withdraw()).toEqual({ changed: 0 });
      await app.app.settled();
      expect(said(await app.as('E1').inbox())).toContain('你的得分 200 → 100');
      expect(said(await app.as('E2').inbox())).toContain('两个选项都对');
      expect((await verifyQuiz(db, await quizBy(db, id))).wrong).toEqual([]);
      expect(await db.execute(sql`select count(*)::int as n from quiz_rescores`)).toMatchObject({
        rows: [{ n: 2 }],
      });
    });

    it('another attempt is a new paper, and the best one counts', async () => {
      const id = await publish({ kind: 'span', attempts: 2 });
      const me = app.as('E1');
      for (const [word, right] of [
        ['答题', false],
        ['再答一次', true],
      ] as const) {
        const first = said((await me.says(word)).messages);
        const second = said((await me.says(reply(first, right))).messages);
        await me.says(reply(second.slice(second.indexOf('第 2 / 2 题')), right));
      }
      const { db } = app.database;
      await db.transaction((tx) =>
        closeQuiz(tx, id, Temporal.Instant.from('2026-09-14T01:00:00Z'), { zone: 'Asia/Shanghai' }),
      );
      expect(said((await me.says('成绩')).messages)).toContain('得 **200** 分');
    });
  });
}
