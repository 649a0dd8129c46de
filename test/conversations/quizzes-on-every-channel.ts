import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { importQuestions } from '#src/features/questions/index.ts';
import { closeQuiz, verifyQuiz } from '#src/features/quizzes/index.ts';
import { nextQuestion, revealQuestion } from '#src/features/quizzes/quizzes.live.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { quizBy } from '#src/features/quizzes/quizzes.store.ts';
import { Temporal } from '#src/kernel/time.ts';
import type { Lack, Where } from '../adapters/contract.ts';
import { type Joined, meet, type Platform } from './on-every-channel.ts';
import { bank, letterFor } from './quiz-rounds.ts';

/**
 * The three kinds of rounds as each channel shows them, one after the other on one day: Friday 2026-09-18. Everything is
 * typed, because not every client shows buttons.
 */
export function quizzesOn(
  name: string,
  start: () => Promise<Platform>,
  options: { lacks?: readonly Lack[] } = {},
): void {
  const hasGroups = options.lacks?.includes('group-card') !== true;

  describe(`quiz rounds on ${name}`, () => {
    let the: Joined;
    let anna: Where & { person: string };
    let ben: Where & { person: string };
    beforeAll(async () => {
      the = await meet(await start());
      anna = { person: the.client.people.anna };
      ben = { person: the.client.people.ben };
      await the.database.db.transaction((tx) =>
        importQuestions(
          tx,
          bank.map((question, index) => ({ line: index + 1, question })),
          the.app.clock.now(),
        ),
      );
    });
    afterAll(() => the?.close());

    const at = () => the.app.clock.now();
    const moveTo = (instant: string) => the.app.advance(Temporal.Instant.from(instant));

    async function publish(id: string, fields: Record<string, unknown>): Promise<string> {
      const file = quizFileSchema.parse({
        id,
        title: id,
        blueprint: [{ count: 2 }],
        startsAt: '2026-09-18T08:00:00+08:00',
        endsAt: '2026-09-18T18:00:00+08:00',
        ...fields,
      });
      const { db } = the.database;
      const campaign = await campaignBy(db, 'small-campaign');
      const quiz = await db.transaction(async (tx) => {
        const put = await putQuiz(tx, { file, campaign, at: at() });
        return publishQuiz(tx, put.quiz.id, at());
      });
      await the.app.refreshSchedules();
      await the.app.advance(at());
      await the.app.settled();
      return quiz.id;
    }

    const fresh = async (where: Where, before: number): Promise<string> =>
      (await the.client.seen(where))
        .slice(before)
        .map((message) => message.words)
        .join('\n---\n');

    /** What `deed` brought to this place, once `words` are among it. Seconds pass: a chat takes few messages in each. */
    async function brings(where: Where, deed: () => Promise<unknown>, words: string): Promise<string> {
      const before = (await the.client.seen(where)).length;
      await deed();
      for (let round = 0; round < 60; round += 1) {
        await the.app.settled();
        const came = await fresh(where, before);
        if (came.includes(words)) return came;
        await pause(50);
        if (round % 2 === 1) await the.app.advance(at().add({ seconds: 5 }));
      }
      throw new Error(`nobody said ${words}, but: ${(await fresh(where, before)).slice(0, 600)}`);
    }
    async function end(id: string): Promise<void> {
      const { db } = the.database;
      await db.transaction((tx) => closeQuiz(tx, id, at(), { zone: 'Asia/Shanghai' }));
      expect((await verifyQuiz(db, await quizBy(db, id))).wrong).toEqual([]);
    }
    const says = (who: { person: string }, said: string, words: string) =>
      brings(who, () => the.client.says(who.person, said), words);
    const reply = (words: string, right = true): string =>
      words.includes('哪个对') ? letterFor(words, right ? '对的' : '错一') : right ? '对' : '错';

    it('the question of the day comes by itself and is answered by its letter', async () => {
      const id = await publish('daily-round', { kind: 'daily', dailyTime: '10:30' });
      await brings(anna, () => moveTo('2026-09-18T01:10:00Z'), '今日技巧');
      const asked = await brings(anna, () => moveTo('2026-09-18T02:31:00Z'), '今日一题');
      await says(anna, reply(asked), '答对了');
      await says(anna, '答题', '今天的题你已经答过啦');
      await end(id);
    });

    it('a round over days teaches after each answer, and counts what was right', async () => {
      const id = await publish('span-round', { kind: 'span' });
      const first = await says(anna, '答题', '第 1 / 2 题');
      const isOne = first.includes('哪个对');
      const second = await says(anna, reply(first, false), '第 2 / 2 题');
      expect(second).toContain('差一点');
      await says(anna, isOne ? '对' : letterFor(second, '对的'), '答对 1 题');
      await says(anna, '成绩', '1 / 2');
      await end(id);
    });

    it('a live round asks both, takes each answer once, and the board goes to the group', async () => {
      const { channel, account } = the.adapter;
      const group = { channel, account, chatId: the.client.groupId };
      const id = await publish('live-round', {
        kind: 'live',
        policy: { method: 'speed' },
        secondsPerQuestion: 600,
        ...(hasGroups ? { group } : {}),
      });
      const { db } = the.database;
      for (const who of [anna, ben]) await says(who, '答题', '等主持人开题');
      const before = (await the.client.seen(ben)).length;
      const annas = await brings(
        anna,
        () => db.transaction((tx) => nextQuestion(tx, id, at())),
        '第 1 / 2 题',
      );
      await the.app.settled();
      const bens = await fresh(ben, before);
      await says(anna, reply(annas), '时间一到就揭晓');
      await says(anna, reply(annas, false), '以第一次为准');
      await says(ben, reply(bens, false), '时间一到就揭晓');
      const reveal = () => db.transaction((tx) => revealQuestion(tx, id, at()));
      if (hasGroups)
        expect(await brings({ group: group.chatId }, reveal, '2 人作答，1 人答对')).toContain('张小满');
      else await reveal();
      await brings(anna, () => end(id), '第 1 名（共 2 人）');
    });
  });
}
