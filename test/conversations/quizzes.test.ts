import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { importQuestions } from '#src/features/questions/index.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { cardIn } from '../support/conversation.ts';
import { type SmallApp, smallApp } from '../support/small-app.ts';
import { bank, letterFor, quizRounds } from './quiz-rounds.ts';

quizRounds('the sandbox', (startAt) => smallApp({ startAt }));

describe('buttons of a question', () => {
  let app: SmallApp;
  beforeEach(async () => {
    app = await smallApp({ startAt: '2026-09-14T01:00:00Z' });
    const { db } = app.database;
    const at = app.app.clock.now();
    const several = {
      id: 'quiz-many',
      kind: 'multiple',
      text: '哪些对？',
      options: ['甲对', '乙对', '丙错', '丁错'],
      answer: [0, 1],
      explanation: '甲和乙。',
      review: 'reviewed',
      tags: ['many'],
    };
    await importQuestions(
      db,
      [...bank, several].map((question, index) => ({ line: index + 1, question })),
      at,
    );
    const file = quizFileSchema.parse({
      id: 'many',
      kind: 'span',
      title: '多选',
      blueprint: [
        { count: 1, tag: 'many' },
        { count: 1, kind: 'single' },
      ],
      startsAt: '2026-09-14T09:00:00+08:00',
      endsAt: '2026-09-16T18:00:00+08:00',
    });
    const campaign = await campaignBy(db, 'small-campaign');
    await putQuiz(db, { file, campaign, at });
    await publishQuiz(db, 'many', at);
  });
  afterEach(async () => app.close());

  const count = async (): Promise<number> => {
    const { rows } = await app.database.db.execute<{ n: number }>(
      sql`select count(*)::int as n from quiz_answers`,
    );
    return rows[0]?.n ?? 0;
  };

  it('a colleague cannot press them, a second press changes nothing, and an old card is refused kindly', async () => {
    const me = app.as('E1');
    const first = cardIn((await me.says('答题')).messages);
    const isMany = first.body.includes('哪些对');
    const label = isMany ? letterFor(first.body, '甲对') : letterFor(first.body, '对的');
    expect((await app.as('E2').taps(first, label)).toast).toContain('同事的卡片');
    expect(await count()).toBe(0);
    if (isMany) {
      const marked = (await me.taps(first, label)).card;
      const done = (await me.taps(marked, letterFor(first.body, '乙对'))).card;
      expect((await me.taps(done, '提交')).card?.title).toBe('答对了');
      expect((await me.taps(done, '提交')).toast).toContain('以第一次为准');
    } else {
      expect((await me.taps(first, label)).card?.title).toBe('答对了');
      expect((await me.taps(first, label)).toast).toContain('以第一次为准');
    }
    expect(await count()).toBe(1);
    expect((await me.does({ kind: 'action', actionId: 'forged', inputs: {} })).toast).toContain('认不出来');
  });

  it('letters of several right options may be typed in any order', async () => {
    const me = app.as('E1');
    let shown = cardIn((await me.says('答题')).messages);
    if (!shown.body.includes('哪些对')) {
      const next = await me.says(letterFor(shown.body, '对的'));
      const last = next.messages.at(-1);
      if (last?.kind !== 'card') throw new Error('no next question');
      shown = last.card;
    }
    const letters = letterFor(shown.body, '乙对') + letterFor(shown.body, '甲对');
    const heard = await me.says(letters.toLowerCase());
    expect(heard.messages[0]).toMatchObject({ kind: 'card', card: { title: '答对了' } });
  });
});
