import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { createActionSealer } from '#src/chat/action-id.ts';
import type { ChatEvent, EventPayload } from '#src/chat/event.ts';
import { campaignBy } from '#src/features/campaigns/campaigns.lists.ts';
import { importQuestions, letterOf } from '#src/features/questions/index.ts';
import { ANSWER } from '#src/features/quizzes/quizzes.cards.ts';
import { nextQuestion } from '#src/features/quizzes/quizzes.live.ts';
import { publishQuiz, putQuiz } from '#src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '#src/features/quizzes/quizzes.schema.ts';
import { quizPapers } from '#src/features/quizzes/quizzes.tables.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

const PEOPLE = ['E1', 'E2', 'E4', 'E5'];
const QUESTIONS = 3;
const OPTIONS = 3;
const sealer = createActionSealer(Buffer.alloc(32, 7));

let app: SmallApp;
let ids: Map<string, string>;
let rounds = 0;

beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-14T01:30:00Z' });
  const bank = Array.from({ length: QUESTIONS }, (_, n) => ({
    id: `set-${n}`,
    kind: 'single',
    text: `第 ${n} 题`,
    options: ['对的', '错一', '错二'],
    answer: 0,
    explanation: '记住对的。',
    review: 'reviewed',
  }));
  await importQuestions(
    app.database.db,
    bank.map((question, index) => ({ line: index + 1, question })),
    app.app.clock.now(),
  );
  const { rows } = await app.database.db.execute<{ number: string; id: string }>(
    sql`select number, id from employees`,
  );
  ids = new Map(rows.map(({ number, id }) => [number, id]));
});
afterAll(async () => app?.close());

/** A round in which everybody has the questions and options in the bank's order. */
async function round(kind: 'span' | 'live'): Promise<string> {
  const { db } = app.database;
  const at = app.app.clock.now();
  const file = quizFileSchema.parse({
    id: `round-${(rounds += 1)}`,
    kind,
    title: '比一比',
    blueprint: [{ count: QUESTIONS }],
    startsAt: '2026-09-14T09:00:00+08:00',
    endsAt: '2026-09-16T18:00:00+08:00',
  });
  const { quiz } = await putQuiz(db, { file, campaign: await campaignBy(db, 'small-campaign'), at });
  await publishQuiz(db, quiz.id, at);
  const items = Array.from({ length: QUESTIONS }, (_, p) => ({ p, o: [0, 1, 2] }));
  await db.insert(quizPapers).values(
    PEOPLE.map((number) => ({
      quizId: quiz.id,
      employeeId: ids.get(number) ?? '',
      attempt: 1,
      items,
      at: 0,
      openedAt: at,
      startedAt: at,
      finishedAt: null,
    })),
  );
  if (kind === 'live') await db.transaction((tx) => nextQuestion(tx, quiz.id, at));
  return quiz.id;
}

/** Somebody presses a button: their own or a colleague's, of the open question or of another, once or again. */
const tap = fc.record({
  who: fc.nat({ max: PEOPLE.length - 1 }),
  card: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
  position: fc.nat({ max: QUESTIONS - 1 }),
  place: fc.nat({ max: OPTIONS - 1 }),
  again: fc.boolean(),
});
type Tap = typeof tap extends fc.Arbitrary<infer One> ? One : never;

function eventsOf(quizId: string, taps: readonly Tap[]): ChatEvent[] {
  const now = app.app.clock.now();
  return taps.flatMap(({ who, card, position, place, again }) => {
    const actor = PEOPLE[who] ?? '';
    const owner = ids.get(PEOPLE[(who + card) % PEOPLE.length] ?? '') ?? '';
    const data = { q: quizId, a: 1, p: position, s: letterOf(place) };
    const payload: EventPayload = {
      kind: 'action',
      actionId: sealer.seal({ name: ANSWER, data }, owner),
      inputs: {},
    };
    const event: ChatEvent = {
      channel: 'sandbox',
      account: 'sandbox',
      key: randomUUID(),
      actor,
      place: { kind: 'private' },
      payload,
      occurredAt: now,
      receivedAt: now,
    };
    return again ? [event, { ...event }] : [event];
  });
}

/** What is left of a round: rows of answers and points, without the names that differ from round to round. */
async function left(quizId: string) {
  const { db } = app.database;
  const answers = await db.execute(sql`
    select e.number, a.attempt, a.position, a.given, a.share, a.taken_ms from quiz_answers a
    join employees e on e.id = a.employee_id where a.quiz_id = ${quizId} order by 1, 2, 3`);
  const papers = await db.execute(sql`
    select e.number, p.at, p.finished_at is not null as done from quiz_papers p
    join employees e on e.id = p.employee_id where p.quiz_id = ${quizId} order by 1`);
  const points = await db.execute(sql`
    select e.number, sum(amount)::int as n from point_entries p join employees e on e.id = p.account_id
    where p.key like ${`quiz-right:${quizId}:%`} group by 1 order by 1`);
  return { answers: answers.rows, papers: papers.rows, points: points.rows };
}

describe.each(['span', 'live'] as const)('answers in a %s round', (kind) => {
  it('that are taken as sets leave, and say, what they would one by one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tap, { minLength: 2, maxLength: 14 }), async (taps) => {
        const [alone, together] = [await round(kind), await round(kind)];
        const { router } = app.app;
        const one: unknown[] = [];
        for (const event of eventsOf(alone, taps)) one.push(said(await router.route(event)));
        // What arrives while two transactions are under way is one set.
        const busy = [stranger(), stranger()].map((event) => router.route(event));
        const set = await Promise.all(eventsOf(together, taps).map((event) => router.route(event)));
        await Promise.all(busy);
        expect(set.map(said)).toEqual(one);
        expect(await left(together)).toEqual(await left(alone));
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});

function stranger(): ChatEvent {
  const now = app.app.clock.now();
  return {
    channel: 'sandbox',
    account: 'sandbox',
    key: randomUUID(),
    actor: 'nobody',
    place: { kind: 'private' },
    payload: { kind: 'text', text: '你好' },
    occurredAt: now,
    receivedAt: now,
  };
}

/** What somebody was shown, without the ids that are sealed anew and the order that is drawn anew each time. */
function said({ outcome, answer }: { outcome: string; answer: { toast?: string; card?: unknown } }) {
  const { title, body } = (answer.card ?? {}) as { title?: string; body?: string };
  return { outcome, toast: answer.toast, title, body: body?.replace(/^第 \d 题/, '') };
}
