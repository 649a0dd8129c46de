import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { asksSomething, beginsWithNumber, isNumber } from '../../chat/argument.ts';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, wallTime } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { liaisonScope, listDepartments } from '../directory/index.ts';
import { afterApproval } from './notices.approval.ts';
import { sentenceOf } from './notices.check.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { actorOf, liaisonOf } from './notices.draft.ts';
import { choosable } from './notices.people.ts';
import { recallNotice } from './notices.recall.ts';
import { remindOpen, respond } from './notices.remind.ts';
import { ACKNOWLEDGE, SIGN_UP } from './notices.render.ts';
import { cancelNotice, noticeByNo, rejectNotice } from './notices.service.ts';
import { openOnes, type RecipientRow, recipientsOf, waitingFor } from './notices.standing.ts';
import type { Notice } from './notices.tables.ts';
import { departmentGroups, noticeRecipients, notices } from './notices.tables.ts';
import { nameLines, progressCard, tellWords } from './notices.tell.ts';
import { text } from './notices.text.ts';
import { numberIn } from './notices.words.ts';

const noticeData = z.object({ n: z.uuid() });
const say = (sentence: string): Reply => ({ messages: [words(sentence)], inPrivate: true });

/** 收到 and 我参加: by the button of one notice, or by the word for the newest that waits for it. */
export function respondCommand(response: 'acknowledged' | 'signed-up'): Command {
  const isReceipt = response === 'acknowledged';
  return {
    name: isReceipt ? ACKNOWLEDGE : SIGN_UP,
    words: isReceipt
      ? ['收到', '已阅', '知悉', '已收到', '收到了', 'received', 'acknowledged']
      : ['我参加', '我要参加', 'i join', 'join'],
    help: isReceipt ? { 'zh-CN': text['zh-CN'].help.acknowledge, en: text.en.help.acknowledge } : undefined,
    permission: 'me.use',
    answer: oneByOne(async (tx, { actor, action, at }) => {
      const t = text[actor.locale];
      const pressed = noticeData.safeParse(action?.data);
      const waiting = await waitingFor(tx, actor.employeeId, response);
      const id = pressed.success ? pressed.data.n : waiting[0]?.id;
      if (id === undefined) return say(isReceipt ? t.nothingToAcknowledge : t.noSignUp);
      const [found] = await tx
        .select({ title: notices.title })
        .from(noticeRecipients)
        .innerJoin(notices, eq(notices.id, noticeRecipients.noticeId))
        .where(and(eq(noticeRecipients.noticeId, id), eq(noticeRecipients.employeeId, actor.employeeId)));
      if (found === undefined) return { toast: t.notForYou };
      const isNew = await respond(tx, { noticeId: id, employeeId: actor.employeeId, response, at });
      const more = waiting.filter((one) => one.id !== id).length;
      const sentence = isReceipt
        ? isNew
          ? more > 0
            ? t.acknowledgedMore(found.title, more)
            : t.acknowledged(found.title)
          : t.acknowledgedAlready(found.title)
        : isNew
          ? t.signedUp(found.title)
          : t.signedUpAlready(found.title);
      return action === undefined ? say(sentence) : { toast: sentence };
    }),
  };
}

/** What somebody may see of which notice. */
interface Seen {
  notice: Notice;
  within: { departments: string[]; day: ReturnType<typeof localDay> } | undefined;
  rows: RecipientRow[];
}

/** The notice that is named, or the newest of the person's own, or the newest that reached their departments. */
async function seenBy(tx: Db, deps: NoticeDeps, turn: Turn): Promise<Seen | undefined> {
  const { actor, at } = turn;
  const day = localDay(at, deps.zone);
  const liaison = liaisonOf(actor);
  const within = liaison === null ? undefined : { departments: await liaisonScope(tx, liaison, day), day };
  const pressed = noticeData.safeParse(turn.action?.data);
  const named = numberIn(turn.argument);
  const notice = pressed.success
    ? (await tx.select().from(notices).where(eq(notices.id, pressed.data.n)))[0]
    : named === undefined
      ? await newest(tx, actor.employeeId, within?.departments)
      : await noticeByNo(tx, named.no);
  if (notice === undefined) return undefined;
  const rows = await recipientsOf(tx, notice, { within });
  const isOwn = notice.preparedBy.id === actor.employeeId;
  if (rows.length === 0 && !isOwn && within !== undefined) return undefined;
  await recordAudit(tx, {
    at,
    actor: { kind: 'employee', id: actor.employeeId },
    action: 'notices.recipients',
    subject: `notice:${notice.no}`,
  });
  return { notice, within, rows };
}

async function newest(tx: Db, employeeId: string, departments: readonly string[] | undefined) {
  const out = inArray(notices.state, ['sent', 'closed', 'recalled', 'scheduled', 'in-review']);
  const own = sql`${notices.preparedBy}->>'id' = ${employeeId}`;
  const [mine] = await tx.select().from(notices).where(and(out, own)).orderBy(desc(notices.no)).limit(1);
  if (mine !== undefined) return mine;
  const theirs =
    departments === undefined
      ? sql`true`
      : sql`exists (select 1 from ${noticeRecipients} where ${noticeRecipients.noticeId} = ${notices.id}
          and ${noticeRecipients.departmentId} in (select value::uuid from json_array_elements_text(${JSON.stringify(departments)}::json)))`;
  const [other] = await tx
    .select()
    .from(notices)
    .where(and(inArray(notices.state, ['sent', 'closed']), theirs))
    .orderBy(desc(notices.no))
    .limit(1);
  return other;
}

/** 未读, 催办, 通知进度. */
export function followUpCommands(deps: NoticeDeps): Command[] {
  const about =
    (answer: (tx: Db, turn: Turn, seen: Seen) => Promise<Reply>) =>
    async (tx: Db, turn: Turn): Promise<Reply> => {
      const seen = await seenBy(tx, deps, turn);
      const t = text[turn.actor.locale].progress;
      if (seen !== undefined) return answer(tx, turn, seen);
      return say(turn.argument === '' && turn.action === undefined ? t.none : t.notYours);
    };
  const command = (
    name: string,
    forms: string[],
    help: 'unread' | 'remind' | 'progress',
    answer: (tx: Db, turn: Turn, seen: Seen) => Promise<Reply>,
  ): Command => ({
    name,
    words: forms,
    takesArgument: isNumber,
    permission: 'notices.send',
    help: { 'zh-CN': text['zh-CN'].help[help], en: text.en.help[help] },
    answer: oneByOne(about(answer)),
  });
  return [
    command('notices.unread', ['未读', '谁没读', '未回执', 'unread'], 'unread', async (_tx, turn, seen) =>
      unread(turn, seen),
    ),
    command('notices.remind', ['催办', '催一下', '提醒未读', 'remind'], 'remind', (tx, turn, seen) =>
      remind(tx, deps, turn, seen),
    ),
    command(
      'notices.progress',
      ['通知进度', '进度', 'progress'],
      'progress',
      async (_tx, turn, { notice, rows }) => ({
        messages: [card(progressCard(notice, rows, turn.actor.locale, notice.finishedAt !== null))],
        inPrivate: true,
      }),
    ),
  ];
}

function unread({ actor }: Turn, { notice, rows }: Seen): Reply {
  const t = text[actor.locale];
  if (notice.sentAt === null) return say(t.remind.notSent);
  const open = openOnes(notice, rows);
  if (open.length === 0) return say(t.unread.none(notice.no));
  const untold = open.filter(({ standing }) => standing === 'untold').length;
  const body = [
    `**${notice.title}**`,
    '',
    notice.needsAcknowledgement ? t.unread.introAcknowledge : t.unread.intro,
    ...nameLines(t, open),
    ...(untold > 0 ? ['', t.unread.untold(untold)] : []),
  ].join('\n');
  const remindWord = `${t.word.remind} ${notice.no}`;
  const buttons = [
    { label: t.word.remind, action: { name: 'notices.remind', data: { n: notice.id } }, word: remindWord },
  ];
  return {
    messages: [
      card({
        title: t.unread.title(notice.no, open.length),
        body,
        buttons,
        footer: t.unread.hint(notice.no),
      }),
    ],
    inPrivate: true,
  };
}

async function remind(tx: Db, deps: NoticeDeps, turn: Turn, { notice, within }: Seen): Promise<Reply> {
  const t = text[turn.actor.locale].remind;
  if (notice.state !== 'sent') return say(t.notSent);
  const done = await remindOpen(tx, deps, notice, { by: actorOf(turn), at: turn.at }, within);
  switch (done.kind) {
    case 'sent':
      return say(t.sent(done.people));
    case 'nobody':
      return say(t.none);
    case 'too-soon':
      return say(t.soon(wallTime(done.at, turn.actor.zone)));
  }
}

/** 批准 12 and 退回 12 原因, for those who may. */
export function approvalCommands(deps: NoticeDeps): Command[] {
  const decide =
    (approves: boolean) =>
    async (tx: Db, turn: Turn): Promise<Reply> => {
      const t = text[turn.actor.locale];
      const pressed = noticeData.safeParse(turn.action?.data);
      const named = numberIn(turn.argument);
      const found = pressed.success
        ? (await tx.select().from(notices).where(eq(notices.id, pressed.data.n)))[0]
        : named && (await noticeByNo(tx, named.no));
      if (found === undefined) return say(t.approval.none);
      const deed = { by: actorOf(turn), at: turn.at };
      const sentence = await refusable(turn, () =>
        tx.transaction(async (inner) => {
          const db = inner as unknown as Db;
          if (approves) {
            const after = await afterApproval(db, deps, found.id, deed);
            return after.state === 'in-review'
              ? t.approval.reviewed(found.no)
              : t.approval.approved(found.no);
          }
          const reason = named?.rest ?? '';
          const back = await rejectNotice(db, found.id, reason, deed);
          await tellWords(db, deps, back, turn.at, (own) =>
            own.approval.toldRejected(found.no, turn.actor.name, reason),
          );
          return t.approval.rejected(found.no);
        }),
      );
      return turn.action === undefined ? say(sentence) : { toast: sentence };
    };
  return [
    {
      name: 'notices.approve',
      words: ['批准', '审核通过', 'approve'],
      takesArgument: isNumber,
      permission: 'notices.review',
      help: { 'zh-CN': text['zh-CN'].help.approve, en: text.en.help.approve },
      answer: oneByOne(decide(true)),
    },
    {
      name: 'notices.reject',
      words: ['退回', '驳回', 'reject'],
      takesArgument: beginsWithNumber,
      permission: 'notices.review',
      help: undefined,
      answer: oneByOne(decide(false)),
    },
  ];
}

/** 撤回通知 12: ends what has not gone out, takes back what has. */
export function recallCommand(deps: NoticeDeps): Command {
  return {
    name: 'notices.take-back',
    words: ['撤回通知', '撤回', 'recall'],
    takesArgument: isNumber,
    permission: 'notices.send',
    help: { 'zh-CN': text['zh-CN'].help.recall, en: text.en.help.recall },
    answer: oneByOne(async (tx, turn) => {
      const t = text[turn.actor.locale].recall;
      const named = numberIn(turn.argument);
      const found = named && (await noticeByNo(tx, named.no));
      const isOwn = found?.preparedBy.id === turn.actor.employeeId;
      if (found === undefined || (!isOwn && liaisonOf(turn.actor) !== null)) return say(t.none);
      const deed = { by: actorOf(turn), at: turn.at };
      return say(
        await refusable(turn, async () => {
          if (found.sentAt === null) {
            await cancelNotice(tx, deps, found.id, deed);
            return t.cancelled(found.no);
          }
          const { cancelled } = await recallNotice(tx, deps, found.id, deed);
          return t.done(found.no, cancelled);
        }),
      );
    }),
  };
}

/** 绑定部门群, said in the group: a liaison binds it to a department of their own. */
export function bindGroupCommand(deps: NoticeDeps): Command {
  return {
    name: 'notices.bind-group',
    words: ['绑定部门群', '绑定群', 'bind group'],
    takesArgument: (argument) => Array.from(argument).length <= 40 && !asksSomething(argument),
    permission: 'notices.send',
    help: { 'zh-CN': text['zh-CN'].help.group, en: text.en.help.group },
    answer: oneByOne(async (tx, turn) => {
      const { actor, place, event, at } = turn;
      const t = text[actor.locale].group;
      if (place.kind !== 'group') return say(t.only);
      const mine = await choosable(tx, liaisonOf(actor), localDay(at, deps.zone));
      const asked = turn.argument.trim().toUpperCase();
      const isKnown = (await listDepartments(tx)).some(
        ({ code, name }) => code === asked || name.toUpperCase() === asked,
      );
      const chosen =
        asked === '' && mine.length === 1
          ? mine[0]
          : mine.find(({ code, name }) => code === asked || name.toUpperCase() === asked);
      if (chosen === undefined)
        return { messages: [words(isKnown ? t.foreign : t.which(mine[0]?.code ?? ''))] };
      const { channel, account } = event;
      const row = {
        channel,
        account,
        chatId: place.chatId,
        departmentId: chosen.id,
        by: actor.employeeId,
        at,
      };
      await tx
        .insert(departmentGroups)
        .values(row)
        .onConflictDoUpdate({
          target: [departmentGroups.channel, departmentGroups.account, departmentGroups.chatId],
          set: row,
        });
      await recordAudit(tx, {
        at,
        actor: { kind: 'employee', id: actor.employeeId },
        action: 'notices.bind-group',
        subject: `department:${chosen.code}`,
      });
      return { messages: [words(t.bound(chosen.name))] };
    }),
  };
}

/** What is refused becomes the sentence that says why. */
async function refusable(turn: Turn, work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('notice.'))
      return sentenceOf(error, turn.actor.locale);
    throw error;
  }
}
