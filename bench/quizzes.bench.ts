import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { createActionSealer } from '../src/chat/action-id.ts';
import { importQuestions, letterOf } from '../src/features/questions/index.ts';
import { closeQuiz, verifyQuiz } from '../src/features/quizzes/index.ts';
import { ANSWER } from '../src/features/quizzes/quizzes.cards.ts';
import { orderOf } from '../src/features/quizzes/quizzes.draw.ts';
import { nextQuestion } from '../src/features/quizzes/quizzes.live.ts';
import { publishQuiz, putQuiz } from '../src/features/quizzes/quizzes.plan.ts';
import { quizFileSchema } from '../src/features/quizzes/quizzes.schema.ts';
import { byChance, quizBy } from '../src/features/quizzes/quizzes.store.ts';
import { type Db, openDatabase } from '../src/kernel/db.ts';
import { Temporal } from '../src/kernel/time.ts';
import { type Bench, say } from './bench.ts';
import { makeOrganisation } from './organisation.ts';
import { startServerProcess } from './server-process.ts';

const PEOPLE = 5_000;
const SPAN_MS = 10_000;
/** One answer in so many arrives twice, at the other process. */
const DUPLICATE_EVERY = 5;
const TARGET_MS = 500;
const OPTIONS = 4;
/** Open to each process: as many as P1 has on the line. */
const CONNECTIONS = 200;

/**
 * P7: 5,000 people answer one live question inside ten seconds, by its buttons and one in ten by a letter, through the
 * sandbox's webhook path of two processes; every fifth answer arrives twice, at both. In the middle one of the processes
 * is killed with SIGKILL, and what it had not answered is delivered again to the other, as a platform would.
 */
export async function p7(bench: Bench): Promise<void> {
  const people = bench.quick ? PEOPLE / 5 : PEOPLE;
  const spanMs = (SPAN_MS * people) / PEOPLE;
  const key = randomBytes(32);
  const database = openDatabase(bench.databaseUrl);
  const { db } = database;
  const { campaignId, employeeIds } = await makeOrganisation(db, people);
  const { quizId, orders } = await makeRound(db, campaignId, employeeIds);
  const sealer = createActionSealer(key);
  const env = {
    DATABASE_URL: bench.databaseUrl,
    ...(bench.redisUrl === undefined ? {} : { REDIS_URL: bench.redisUrl }),
    CUHUO_SANDBOX: 'on',
    CUHUO_SECRET_KEY: key.toString('base64'),
    CUHUO_DATA_DIR: `/tmp/cuhuo-bench-${randomUUID()}`,
  };
  const [first, second] = [await startServerProcess(env), await startServerProcess(env)];
  try {
    await db.transaction((tx) => nextQuestion(tx, quizId, Temporal.Now.instant()));
    const bodies = employeeIds.map((employeeId, n) => {
      const letter = letterOf(orders[n]?.indexOf(n % OPTIONS) ?? 0);
      const payload =
        n % 10 !== 9
          ? {
              kind: 'action',
              actionId: sealer.seal({ name: ANSWER, data: { q: quizId, a: 1, p: 0, s: letter } }, employeeId),
              inputs: {},
              messageId: randomUUID(),
            }
          : { kind: 'text', text: letter };
      return JSON.stringify({ as: `B${n}`, chatId: `private:B${n}`, key: randomUUID(), payload });
    });
    const took: number[] = [];
    let redelivered = 0;
    let killed = false;
    // As a platform calls back: over connections that stay open. `fetch` would take as much of the two cores as a server.
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    function post(url: string, body: string): Promise<boolean> {
      return new Promise((resolve) => {
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        const sent = request(`${url}/sandbox/api/events`, { method: 'POST', agent, headers }, (answer) => {
          answer.once('close', () => resolve(answer.complete && answer.statusCode === 200));
          answer.resume();
        });
        sent.once('error', () => resolve(false));
        sent.end(body);
      });
    }
    /** What took how long counts from the moment at which it was due, also when this process was late to send it. */
    async function deliver(body: string, n: number, due: number): Promise<void> {
      const to = !killed && n % 2 === 1 ? second : first;
      if (!(await post(to.url, body))) {
        redelivered += 1;
        if (!(await post(first.url, body))) throw new Error('the process that lives refused an answer');
      }
      took.push(performance.now() - due);
    }
    // Both processes warm up with what no question is concerned by.
    for (const { url } of [first, second])
      for (let n = 0; n < 200; n += 1)
        await post(
          url,
          JSON.stringify({
            as: `B${n}`,
            chatId: `private:B${n}`,
            key: randomUUID(),
            payload: { kind: 'text', text: '帮助' },
          }),
        );
    const cpuBefore = cpuMsOf(first) + cpuMsOf(second);
    let cpuOfKilled = 0;
    const began = performance.now();
    const work: Promise<unknown>[] = [];
    const order = employeeIds.map((_, n) => n).sort(() => byChance(3) - 1);
    for (const [place, n] of order.entries()) {
      const due = began + (place * spanMs) / people;
      if (performance.now() < due) await sleep(due - performance.now());
      const body = bodies[n] ?? '';
      work.push(deliver(body, n, due));
      if (n % DUPLICATE_EVERY === 0) work.push(post(n % 2 === 1 || killed ? first.url : second.url, body));
      if (!killed && place > people / 2) {
        killed = true;
        cpuOfKilled = cpuMsOf(second);
        second.child.kill('SIGKILL');
      }
    }
    await Promise.all(work);
    const cpuMs = cpuMsOf(first) + cpuOfKilled - cpuBefore;
    say(
      `P7: ${people} answers in ${((performance.now() - began) / 1000).toFixed(1)} s, ${redelivered} redelivered`,
    );
    const { rows } = await db.execute<{ answers: number; people: number; right: number }>(sql`
      select count(*)::int as answers, count(distinct employee_id)::int as people,
             (count(*) filter (where share >= 1))::int as right from quiz_answers where quiz_id = ${quizId}`);
    const { answers = 0, people: answered = 0, right = 0 } = rows[0] ?? {};
    const expectedRight = employeeIds.filter((_, n) => n % OPTIONS === 0).length;
    await db.transaction((tx) => closeQuiz(tx, quizId, Temporal.Now.instant(), { zone: 'Asia/Shanghai' }));
    const { wrong } = await verifyQuiz(db, await quizBy(db, quizId));
    took.sort((a, b) => a - b);
    const p99 = took[Math.floor(took.length * 0.99)] ?? Number.NaN;
    const backend = bench.redisUrl === undefined ? 'postgres' : 'redis';
    const report = (figure: string, value: number, unit: string, target?: string, met?: boolean) =>
      bench.report({
        id: 'P7',
        figure,
        backend,
        n: people,
        value: Math.round(value * 10) / 10,
        unit,
        ...(target === undefined ? {} : { target, met: met === true }),
      });
    report('median', took[Math.floor(took.length / 2)] ?? Number.NaN, 'ms');
    report('CPU of the servers for 1,000 answers', (cpuMs / people) * 1_000, 'ms');
    report('delivered again after the kill', redelivered, 'answers');
    report('lost', people - answered, 'answers', '= 0', answered === people);
    report('doubled', answers - answered, 'answers', '= 0', answers === answered);
    report('judged wrongly', Math.abs(right - expectedRight), 'answers', '= 0', right === expectedRight);
    report('scores that differ from the answers', wrong.length, 'scores', '= 0', wrong.length === 0);
    report('p99', p99, 'ms', `<= ${TARGET_MS}`, p99 <= TARGET_MS);
  } finally {
    second.child.kill('SIGKILL');
    await first.stop();
    await database.close();
  }
}

/** CPU time that a process has taken, in steps of 10 ms; nought where there is no /proc. */
function cpuMsOf({ child }: { child: ChildProcess }): number {
  if (!existsSync(`/proc/${child.pid}/stat`)) return 0;
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const [userTicks, systemTicks] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(userTicks) + Number(systemTicks)) * 10;
}

/** A live round of one question with everybody in it, each with an order of options of their own. */
async function makeRound(
  db: Db,
  campaignId: string,
  employeeIds: readonly string[],
): Promise<{ quizId: string; orders: number[][] }> {
  const at = Temporal.Now.instant();
  const question = {
    id: 'bench-question',
    kind: 'single',
    text: '要同时固定第 1 行和 A 列，冻结之前应选中哪一格？',
    options: ['B2', 'A1', 'A2', 'B1'],
    answer: 0,
    explanation: '冻结的是选中格上面的行和左边的列。',
    review: 'reviewed',
  };
  const file = quizFileSchema.parse({
    id: 'bench-round',
    kind: 'live',
    title: '现场赛',
    blueprint: [{ count: 1 }],
    policy: { method: 'speed' },
    secondsPerQuestion: 120,
    startsAt: at.subtract({ minutes: 1 }).toString(),
    endsAt: at.add({ hours: 1 }).toString(),
  });
  const quizId = await db.transaction(async (tx) => {
    await importQuestions(tx, [{ line: 1, question }], at);
    const { quiz } = await putQuiz(tx, { file, campaign: { id: campaignId }, at });
    return (await publishQuiz(tx, quiz.id, at)).id;
  });
  const orders = employeeIds.map(() => orderOf(OPTIONS, false, byChance));
  const rows = employeeIds.map((employeeId, n) => ({ e: employeeId, i: [{ p: 0, o: orders[n] }] }));
  await db.execute(sql`
    insert into quiz_papers (quiz_id, employee_id, attempt, items, at, opened_at, started_at)
    select ${quizId}::uuid, e, 1, i, 0, now(), now() from json_to_recordset(${JSON.stringify(rows)}::json) as r(e uuid, i jsonb)`);
  return { quizId, orders };
}
