import { eq } from 'drizzle-orm';
import { localeOf } from '../../chat/locale.ts';
import { type Card, card } from '../../chat/message.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { promise } from '../../outbox/outbox.ts';
import { type Campaign, campaignById, membersOf } from '../campaigns/index.ts';
import { employeesIn, reachable } from '../directory/index.ts';
import { drawable, optionsOf } from '../questions/index.ts';
import { OPEN, policyWords, questionCard } from './quizzes.cards.ts';
import { drawn, fits, paperFrom } from './quizzes.draw.ts';
import { tellGroup } from './quizzes.results.ts';
import type { QuizFile } from './quizzes.schema.ts';
import { byChance, type Quiz, quizBy } from './quizzes.store.ts';
import { quizQuestions, quizzes } from './quizzes.tables.ts';
import { text } from './quizzes.text.ts';

/** Writes a round that nobody has seen yet. Rejects with `quiz.published` when it was published before. */
export async function putQuiz(
  tx: Db,
  { file, campaign, at }: { file: QuizFile; campaign: Pick<Campaign, 'id'>; at: Temporal.Instant },
): Promise<{ outcome: 'created' | 'updated'; quiz: Quiz }> {
  const values = {
    campaignId: campaign.id,
    kind: file.kind,
    file,
    startsAt: Temporal.Instant.from(file.startsAt),
    endsAt: Temporal.Instant.from(file.endsAt),
  };
  const [created] = await tx
    .insert(quizzes)
    .values({ id: newId(), key: file.id, state: 'draft', createdAt: at, ...values })
    .onConflictDoNothing()
    .returning();
  if (created !== undefined) return { outcome: 'created', quiz: created };
  const old = await quizBy(tx, file.id, { lock: true });
  if (old.state !== 'draft')
    throw new AppError('quiz.published', `${file.id} is published: what people agreed to does not change`);
  await tx.update(quizzes).set(values).where(eq(quizzes.id, old.id));
  return { outcome: 'updated', quiz: await quizBy(tx, old.id) };
}

/** What the bank has for a blueprint, and one paper as somebody might get it. */
export async function previewQuiz(
  tx: Db,
  file: QuizFile,
): Promise<{
  slots: { wanted: number; fitting: number }[];
  cards: Card[];
  rules: { 'zh-CN': string; en: string };
}> {
  const bank = await drawable(tx);
  const slots = file.blueprint.map((slot) => ({
    wanted: slot.count,
    fitting: bank.filter((question) => fits(question, slot)).length,
  }));
  const { questions } = drawn(bank, file.blueprint, byChance);
  const pool = questions.map(({ question, slot }, position) => ({
    position,
    slot,
    options: optionsOf(question.content).length,
    ordering: question.kind === 'ordering',
  }));
  const paper = paperFrom(pool, { inOrder: file.kind === 'live', draw: byChance });
  const cards = paper.flatMap((item, place) => {
    const content = questions[item.p]?.question.content;
    if (content === undefined) return [];
    const title = text['zh-CN'].title(file.title, place + 1, paper.length);
    return [questionCard({ quizId: '', attempt: 1, item, content, title, locale: 'zh-CN' })];
  });
  return { slots, cards, rules: { 'zh-CN': rulesOf(file, 'zh-CN'), en: rulesOf(file, 'en') } };
}

export const rulesOf = (file: QuizFile, locale: 'zh-CN' | 'en'): string =>
  policyWords(file.policy, { seconds: file.secondsPerQuestion, grace: file.graceSeconds, locale });

/**
 * Publishes a round: its questions are drawn and fixed, and from now on neither they nor the policy change. Rejects with
 * `quiz.published`, `quiz.over`, and `quiz.short` when the bank lacks questions for the blueprint.
 */
export async function publishQuiz(tx: Db, key: string, at: Temporal.Instant): Promise<Quiz> {
  const quiz = await quizBy(tx, key, { lock: true });
  if (quiz.state !== 'draft') throw new AppError('quiz.published', `${quiz.key} is published already`);
  if (Temporal.Instant.compare(quiz.endsAt, at) <= 0)
    throw new AppError('quiz.over', `${quiz.key} would have ended before it began`);
  const { file } = quiz;
  const bank = await drawable(tx);
  const { questions, short } = drawn(bank, file.blueprint, byChance);
  if (quiz.kind !== 'daily' && short.length > 0) {
    const [first] = short;
    const sentence = `line ${(first?.slot ?? 0) + 1} of the blueprint wants ${first?.wanted} questions and the bank has ${first?.found} reviewed ones`;
    throw new AppError('quiz.short', sentence, { details: { short } });
  }
  if (quiz.kind === 'daily' && bank.every((question) => !file.blueprint.some((slot) => fits(question, slot))))
    throw new AppError('quiz.short', 'the bank has no reviewed question that fits the blueprint');
  const pool =
    file.draw === 'own'
      ? bank.flatMap((question) => {
          const slot = file.blueprint.findIndex((line) => fits(question, line));
          return slot === -1 ? [] : [{ question, slot }];
        })
      : questions;
  if (quiz.kind !== 'daily' && pool.length > 0) {
    await tx.insert(quizQuestions).values(
      pool.map(({ question, slot }, position) => ({
        quizId: quiz.id,
        position,
        questionId: question.id,
        version: question.version,
        slot,
      })),
    );
  }
  await tx.update(quizzes).set({ state: 'published', publishedAt: at }).where(eq(quizzes.id, quiz.id));
  return quizBy(tx, quiz.id);
}

/**
 * Publishes a round that is still a draft, and answers whether it can be answered now. Rejects as `publishQuiz` does, and
 * with `quiz.not-found`.
 */
export async function openRound(tx: Db, key: string, at: Temporal.Instant): Promise<boolean> {
  const found = await quizBy(tx, key, { lock: true });
  const quiz = found.state === 'draft' ? await publishQuiz(tx, key, at) : found;
  const isOn =
    Temporal.Instant.compare(quiz.startsAt, at) <= 0 && Temporal.Instant.compare(at, quiz.endsAt) < 0;
  return quiz.state === 'published' && isOn;
}

/** Calls people to a round that has begun: its audience in private, for a live round its group as well. */
export async function inviteTo(tx: Db, quiz: Quiz, at: Temporal.Instant): Promise<void> {
  const campaign = await campaignById(tx, quiz.campaignId);
  if (campaign === undefined) return;
  const day = localDay(at, campaign.zone);
  const { audience } = quiz.file;
  const invited = audience === 'everyone' ? undefined : new Set(await employeesIn(tx, audience, { day }));
  const members = (await membersOf(tx, campaign, { day })).filter(
    ({ employeeId }) => invited === undefined || invited.has(employeeId),
  );
  const addresses = await reachable(
    tx,
    members.map(({ employeeId }) => employeeId),
  );
  for (const [locale, readers] of groupBy(members, (member) => localeOf(member.locale))) {
    await promise(tx, {
      purpose: 'quizzes.invitation',
      priority: 'campaign',
      campaignId: quiz.campaignId,
      content: card(invitation(quiz, campaign.zone, locale)),
      recipients: readers.map(({ employeeId }) => ({ employeeId, address: addresses.get(employeeId) })),
      at,
      stopKey: `quiz:${quiz.id}`,
      expiresAt: quiz.endsAt,
    });
  }
  await tellGroup(tx, quiz, invitation(quiz, campaign.zone, 'zh-CN'), at, 'campaign');
}

function invitation(quiz: Quiz, zone: string, locale: 'zh-CN' | 'en'): Card {
  const t = text[locale];
  const { file } = quiz;
  const until = quiz.endsAt
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
  return {
    title: t.inviteTitle(file.title),
    tone: 'warm',
    body: [
      quiz.kind === 'live' ? t.inviteLive(file.intro) : t.inviteSpan(file.intro, until),
      '',
      t.rules(rulesOf(file, locale)),
    ].join('\n'),
    buttons: [{ label: t.word, tone: 'primary', action: { name: OPEN, anybody: true }, word: t.word }],
  };
}
