import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { employeeIdOf } from '#src/features/directory/directory.lists.ts';
import { excusedDays } from '#src/features/excusals/excusals.tables.ts';
import { importQuestions } from '#src/features/questions/index.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { quizBy } from '#src/features/quizzes/quizzes.store.ts';
import { quizScores } from '#src/features/quizzes/quizzes.tables.ts';
import { leagueFor } from '#src/features/quizzes/quizzes.teams.ts';
import { newId } from '#src/kernel/ids.ts';
import { Temporal } from '#src/kernel/time.ts';
import { bank } from '../../conversations/quiz-rounds.ts';
import { crowd } from '../../support/content.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;

/** P1 of four has 100 points; the round lasts from Monday to Wednesday. */
beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T01:30:00Z', people: crowd(4) });
  const { db } = app.database;
  const at = app.app.clock.now();
  await importQuestions(
    db,
    bank.map((question, index) => ({ line: index + 1, question })),
    at,
  );
  const file = quizFileSchema.parse({
    id: 'round',
    kind: 'span',
    title: '技巧赛',
    blueprint: [{ count: 2 }],
    policy: { leastPeople: 1 },
    startsAt: '2026-09-14T09:00:00+08:00',
    endsAt: '2026-09-16T18:00:00+08:00',
  });
  const { quiz } = await putQuiz(db, { file, campaign: await campaignBy(db, 'small-campaign'), at });
  await publishQuiz(db, quiz.id, at);
  await db.execute(sql`update quizzes set state = 'closed', closed_at = now()`);
  await db.insert(quizScores).values({
    quizId: quiz.id,
    employeeId: await employeeIdOf(db, 'P1'),
    attempt: 1,
    score: 100,
    right: 1,
    answered: 2,
    asked: 2,
    takenMs: 4000,
    lastAt: at,
    rank: 1,
  });
});
afterAll(async () => app?.close());

async function excuse(number: string, ...days: string[]): Promise<void> {
  const { db } = app.database;
  const employeeId = await employeeIdOf(db, number);
  await db.insert(excusedDays).values(
    days.map((day) => ({
      employeeId,
      day: Temporal.PlainDate.from(day),
      reason: 'leave' as const,
      excusalId: newId(),
    })),
  );
}
const heads = async () => {
  const { db } = app.database;
  const [place] = await leagueFor(db, await quizBy(db, 'round'), 'Asia/Shanghai');
  return { people: place?.people, perHead: place?.perHead };
};

describe('the league of departments', () => {
  it('counts everybody who could have answered', async () => {
    expect(await heads()).toEqual({ people: 4, perHead: 25 });
  });

  it('leaves out who was on leave the whole time, and not who was back for a day', async () => {
    await excuse('P2', '2026-09-14', '2026-09-15', '2026-09-16');
    await excuse('P3', '2026-09-14', '2026-09-15');
    expect(await heads()).toEqual({ people: 3, perHead: 33.3 });
  });

  it('counts who answered, also on leave', async () => {
    await excuse('P1', '2026-09-14', '2026-09-15', '2026-09-16');
    expect(await heads()).toEqual({ people: 3, perHead: 33.3 });
  });
});
