import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { localeOf } from '../../chat/locale.ts';
import { card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { defineScheduledJob, type ScheduledJob } from '../../kernel/jobs.ts';
import { localDay, startOfDay, type Temporal } from '../../kernel/time.ts';
import { promiseAll } from '../../outbox/outbox.ts';
import { calendarOf, campaignById, membersOf } from '../campaigns/index.ts';
import { employeesIn, reachable } from '../directory/index.ts';
import { tipsOn } from '../tips/index.ts';
import { questionCard } from './quizzes.cards.ts';
import { questionOfDay } from './quizzes.daily.ts';
import { orderOf } from './quizzes.draw.ts';
import { revealIfOpen } from './quizzes.live.ts';
import { poolOf } from './quizzes.papers.ts';
import { inviteTo } from './quizzes.plan.ts';
import { type ClosingDeps, closeQuiz } from './quizzes.results.ts';
import { byChance, type Paper, papersOf, type Quiz, questionsOf, quizzesById } from './quizzes.store.ts';
import { type PaperItem, quizPapers, quizzes } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

const payload = z.object({ quizId: z.uuid() });
const skipped = (reason: string) => ({ kind: 'skipped' as const, reason });

/** Calls people to a round when it begins. */
export const startQuiz = defineScheduledJob({
  name: 'quizzes.start',
  payload,
  async run(tx, { quizId }, { now }) {
    const quiz = (await quizzesById(tx, [quizId])).get(quizId);
    if (quiz?.state !== 'published') return skipped('not-published');
    if (quiz.file.invites === 'nobody') return skipped('invites-nobody');
    await inviteTo(tx, quiz, now);
    return { kind: 'fired' };
  },
});

/** Reveals a live question when its countdown and grace have passed, also when nobody sits at the console. */
export const revealLive = defineScheduledJob({
  name: 'quizzes.reveal',
  payload: z.object({ quizId: z.uuid(), position: z.int().min(0) }),
  async run(tx, { quizId, position }, { now }) {
    return (await revealIfOpen(tx, quizId, position, now)) ? { kind: 'fired' } : skipped('revealed');
  },
});

export type CloseJob = ScheduledJob<z.infer<typeof payload>>;

/** Ends a round when its grace has passed. */
export function closeJob(deps: ClosingDeps): CloseJob {
  return defineScheduledJob({
    name: CLOSE,
    payload,
    async run(tx, { quizId }, { now }) {
      return (await closeQuiz(tx, quizId, now, deps)) ? { kind: 'fired' } : skipped('closed');
    },
  });
}
export const CLOSE = 'quizzes.close';

/** Sends the question of the day to a round's people in one zone. What is not sent by their midnight expires. */
export const pushDaily = defineScheduledJob({
  name: 'quizzes.daily',
  payload: z.object({ quizId: z.uuid(), zone: z.string() }),
  async run(tx, { quizId, zone }, { slot, now }) {
    const quiz = (await quizzesById(tx, [quizId])).get(quizId);
    const campaign = quiz === undefined ? undefined : await campaignById(tx, quiz.campaignId);
    if (quiz?.state !== 'published' || campaign === undefined) return skipped('not-published');
    const day = localDay(slot, zone);
    if (!(await calendarOf(tx, campaign)).isWorkday(day)) return skipped('day-off');
    const { audience } = quiz.file;
    const invited = audience === 'everyone' ? undefined : new Set(await employeesIn(tx, audience, { day }));
    const members = (await membersOf(tx, campaign, { day, zone })).filter(
      ({ employeeId }) => invited === undefined || invited.has(employeeId),
    );
    if (members.length === 0) return skipped('nobody');
    const tips = await tipsOn(tx, campaign, day, members, now);
    const byTip = groupBy(members, ({ employeeId }) => tips.get(employeeId)?.id);
    for (const readers of byTip.values()) {
      const tip = tips.get(readers[0]?.employeeId ?? '');
      const position = await questionOfDay(tx, quiz, day, tip);
      if (position !== undefined) await send(tx, quiz, { readers, position, day, zone, now });
    }
    return { kind: 'fired' };
  },
});

interface Sending {
  readers: readonly { employeeId: string; locale: string }[];
  position: number;
  day: Temporal.PlainDate;
  zone: string;
  now: Temporal.Instant;
}

/** Puts the question on everybody's paper in an order of their own; those who see the same card share a message. */
async function send(tx: Db, quiz: Quiz, { readers, position, day, zone, now }: Sending): Promise<void> {
  const asked = (await questionsOf(tx, [quiz.id])).get(quiz.id)?.find((one) => one.position === position);
  const [pool] = asked === undefined ? [] : poolOf([asked]);
  if (asked === undefined || pool === undefined) return;
  const ids = readers.map(({ employeeId }) => employeeId);
  const papers = new Map(
    [...(await papersOf(tx, [quiz.id], ids)).values()].map((paper) => [paper.employeeId, paper]),
  );
  const dealt = readers.map((reader) => {
    const known = papers.get(reader.employeeId)?.items.find(({ p }) => p === position);
    const item = known ?? { p: position, o: orderOf(pool.options, pool.ordering, byChance) };
    return { ...reader, item, isNew: known === undefined };
  });
  for (const { employeeId, item, isNew } of dealt) {
    if (isNew) await deal(tx, quiz, { employeeId, item, paper: papers.get(employeeId), now });
  }
  const addresses = await reachable(tx, ids);
  const alike = groupBy(dealt, ({ item, locale }) => `${localeOf(locale)} ${item.o.join()}`);
  await promiseAll(
    tx,
    [...alike.values()].map((same) => {
      const { item, locale } = same[0] as (typeof same)[number];
      const language = localeOf(locale);
      const title = text[language].dailyTitle(quiz.file.title);
      const content = questionCard({
        quizId: quiz.id,
        attempt: 1,
        item,
        content: asked.content,
        title,
        locale: language,
      });
      return {
        purpose: 'quizzes.daily',
        priority: 'campaign' as const,
        campaignId: quiz.campaignId,
        content: card(content),
        recipients: same.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
        at: now,
        stopKey: `quiz:${quiz.id}:${day.toString()}`,
        expiresAt: startOfDay(day.add({ days: 1 }), zone),
      };
    }),
  );
}

async function deal(
  tx: Db,
  quiz: Quiz,
  {
    employeeId,
    item,
    paper,
    now,
  }: { employeeId: string; item: PaperItem; paper: Paper | undefined; now: Temporal.Instant },
): Promise<void> {
  const items = [...(paper?.items ?? []), item];
  if (paper !== undefined) {
    const mine = and(
      eq(quizPapers.quizId, quiz.id),
      eq(quizPapers.employeeId, employeeId),
      eq(quizPapers.attempt, 1),
    );
    await tx.update(quizPapers).set({ items, openedAt: now }).where(mine);
    return;
  }
  const row = {
    quizId: quiz.id,
    employeeId,
    attempt: 1,
    items,
    at: 0,
    openedAt: now,
    startedAt: now,
    finishedAt: null,
  };
  await tx.insert(quizPapers).values(row).onConflictDoNothing();
}

/** Rounds that need schedules: published ones. */
export async function publishedQuizzes(tx: Db): Promise<Quiz[]> {
  return tx.select().from(quizzes).where(eq(quizzes.state, 'published'));
}
