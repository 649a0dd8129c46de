import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createActionSealer } from '#src/chat/action-id.ts';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { importQuestions } from '#src/features/questions/index.ts';
import { ANSWER } from '#src/features/quizzes/quizzes.cards.ts';
import { nextQuestion } from '#src/features/quizzes/quizzes.live.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { quizPapers } from '#src/features/quizzes/quizzes.tables.ts';
import type { Temporal } from '#src/kernel/time.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

const ours = createActionSealer(Buffer.alloc(32, 7));
const theirs = createActionSealer(Buffer.alloc(32, 8));
const SECONDS = 20;
const GRACE = 3;

let app: SmallApp;
let quizId: string;
let opened: Temporal.Instant;
let ids: Map<string, string>;

beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T01:30:00Z' });
  const { db } = app.database;
  opened = app.app.clock.now();
  const questions = ['一', '二'].map((which) => ({
    id: `refusal-${which === '一' ? 'one' : 'two'}`,
    kind: 'single',
    text: `第${which}题`,
    options: ['对的', '错一'],
    answer: 0,
    explanation: '记住对的就好。',
    review: 'reviewed',
  }));
  await importQuestions(
    db,
    questions.map((question, index) => ({ line: index + 1, question })),
    opened,
  );
  const { rows } = await db.execute<{ number: string; id: string }>(sql`select number, id from employees`);
  ids = new Map(rows.map(({ number, id }) => [number, id]));
  const file = quizFileSchema.parse({
    id: 'refusals',
    kind: 'live',
    title: '现场赛',
    blueprint: [{ count: 2 }],
    secondsPerQuestion: SECONDS,
    graceSeconds: GRACE,
    startsAt: '2026-09-14T09:00:00+08:00',
    endsAt: '2026-09-14T18:00:00+08:00',
  });
  const { quiz } = await putQuiz(db, { file, campaign: await campaignBy(db, 'small-campaign'), at: opened });
  quizId = quiz.id;
  await publishQuiz(db, quizId, opened);
  await db.insert(quizPapers).values(
    ['E1', 'E2'].map((number) => ({
      quizId,
      employeeId: ids.get(number) ?? '',
      attempt: 1,
      items: [0, 1].map((p) => ({ p, o: [0, 1] })),
      at: 0,
      openedAt: opened,
      startedAt: opened,
      finishedAt: null,
    })),
  );
  await db.transaction((tx) => nextQuestion(tx, quizId, opened));
});
afterAll(() => app?.close());

interface Press {
  who?: string;
  owner?: string;
  position?: number;
  sealer?: typeof ours;
  /** Seconds after the question opened when it reached us, and what the client's clock says. */
  received?: number;
  occurred?: number;
}

async function press({
  who = 'E1',
  owner = who,
  position = 0,
  sealer = ours,
  received = 1,
  occurred = 1,
}: Press) {
  const data = { q: quizId, a: 1, p: position, s: 'A' };
  const { answer } = await app.app.router.route({
    channel: 'sandbox',
    account: 'sandbox',
    key: randomUUID(),
    actor: who,
    place: { kind: 'private' },
    payload: {
      kind: 'action',
      actionId: sealer.seal({ name: ANSWER, data }, ids.get(owner) ?? ''),
      inputs: {},
    },
    occurredAt: opened.add({ seconds: occurred }),
    receivedAt: opened.add({ seconds: received }),
  });
  return answer.toast;
}

const rows = async (): Promise<{ number: string; position: number; taken_ms: number }[]> =>
  (
    await app.database.db.execute<{ number: string; position: number; taken_ms: number }>(sql`
      select e.number, a.position, a.taken_ms from quiz_answers a join employees e on e.id = a.employee_id
      order by 1, 2`)
  ).rows;

describe('an answer is refused, kindly and without a row,', () => {
  it.each<[string, Press, string]>([
    ['when it comes after the countdown and the grace', { received: SECONDS + GRACE + 1 }, '时间到'],
    [
      'also when the clock of the client says that it was in time',
      { received: SECONDS + GRACE + 1, occurred: 1 },
      '时间到',
    ],
    ['when it is for the next question', { position: 1 }, '还没'],
    ['when it stands on the card of somebody else', { who: 'E2', owner: 'E1' }, '同事的卡片'],
    ['when it was forged', { sealer: theirs }, '认不出来'],
    ['when it is for a question that the round does not have', { position: 7 }, ''],
  ])('%s', async (_when, given, words) => {
    const toast = await press(given);
    expect(toast).toContain(words);
    expect(toast).not.toMatch(/错误|非法|禁止|作弊/);
    expect(await rows()).toEqual([]);
  });
});

describe('an answer in time', () => {
  it('counts by our clock though the client lives in another hour, and within the grace', async () => {
    await press({ who: 'E1', received: 5, occurred: 3600 });
    await press({ who: 'E2', received: SECONDS + GRACE, occurred: -86_400 });
    expect(await rows()).toEqual([
      { number: 'E1', position: 0, taken_ms: 5_000 },
      { number: 'E2', position: 0, taken_ms: (SECONDS + GRACE) * 1_000 },
    ]);
  });

  it('counts once: who answers again hears what counts', async () => {
    expect(await press({ received: 6 })).toContain('以第一次为准');
    expect(await press({ received: SECONDS + GRACE + 9 })).toContain('以第一次为准');
    expect(await rows()).toHaveLength(2);
  });
});
