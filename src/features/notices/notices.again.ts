import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { sentenceOf } from './notices.check.ts';
import { show } from './notices.compose.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { actorOf, draftOf, liaisonOf, newDraft } from './notices.draft.ts';
import { MOST_TITLE } from './notices.render.ts';
import { cancelNotice, closeNotice, noticeByNo } from './notices.service.ts';
import type { Notice } from './notices.tables.ts';
import { text } from './notices.text.ts';
import { numberIn } from './notices.words.ts';

const say = (sentence: string): Reply => ({ messages: [words(sentence)], inPrivate: true });

/** The notice of this number that is the person's own, or anybody's for an operator. */
export async function ownNotice(tx: Db, turn: Turn): Promise<Notice | undefined> {
  const named = numberIn(turn.argument);
  const found = named === undefined ? undefined : await noticeByNo(tx, named.no);
  const isOwn = found?.preparedBy.id === turn.actor.employeeId;
  return isOwn || liaisonOf(turn.actor) === null ? found : undefined;
}

/** 改通知 12, 更正通知 12, 结束通知 12: what may follow once a notice exists. */
export function againCommands(deps: NoticeDeps): Command[] {
  const command = (
    what: 'edit' | 'correct' | 'close',
    forms: string[],
    answer: (tx: Db, turn: Turn, notice: Notice) => Promise<Reply>,
  ): Command => ({
    name: `notices.${what}`,
    words: forms,
    takesArgument: true,
    permission: 'notices.send',
    help: { 'zh-CN': text['zh-CN'].help[what], en: text.en.help[what] },
    answer: oneByOne(async (tx, turn) => {
      const found = await ownNotice(tx, turn);
      const t = text[turn.actor.locale];
      if (found === undefined) return say(what === 'close' ? t.close.none : t.progress.notYours);
      return answer(tx, turn, found);
    }),
  });
  return [
    command('edit', ['改通知', '修改通知', 'edit notice'], (tx, turn, found) => edit(tx, deps, turn, found)),
    command('correct', ['更正通知', 'correct notice'], (tx, turn, found) => correct(tx, deps, turn, found)),
    command('close', ['结束通知', 'close notice'], (tx, turn, found) => close(tx, deps, turn, found)),
  ];
}

/** Takes what has not gone out back into a draft. The words and numbers of the first stay in its history. */
async function edit(tx: Db, deps: NoticeDeps, turn: Turn, notice: Notice): Promise<Reply> {
  const t = text[turn.actor.locale].compose;
  if (notice.sentAt !== null) return say(t.wentOut(notice.no));
  if (!isOfChat(notice)) return say(t.onlyConsole);
  if (await isBusy(tx, turn)) return say(t.busy);
  const refused = await refusal(turn, () =>
    cancelNotice(tx, deps, notice.id, { by: actorOf(turn), at: turn.at }),
  );
  if (refused !== undefined) return say(refused);
  const { title, body, values, audience, toGroups, needsAcknowledgement, sendAt, corrects } = notice;
  const departments = audience.departments ?? [];
  const draft = { title, body, values, departments, toGroups, needsAcknowledgement, sendAt, corrects };
  return show(
    tx,
    deps,
    turn,
    { ...newDraft(turn.actor.employeeId, turn.at), ...draft, step: 'preview' },
    t.takenBack(notice.no),
  );
}

/** Whether the dialogue can ask for everything that stands in it. */
function isOfChat({ kind, fields, attachments, audience, link, takesSignUp, urgentReason }: Notice): boolean {
  return (
    kind === 'notice' &&
    Object.keys(fields).length === 0 &&
    attachments.length === 0 &&
    audience.everyone !== true &&
    (audience.employees ?? []).length === 0 &&
    link === null &&
    !takesSignUp &&
    urgentReason === null
  );
}

const isBusy = async (tx: Db, { actor }: Turn): Promise<boolean> =>
  ((await draftOf(tx, actor.employeeId))?.body ?? '') !== '';

async function correct(tx: Db, deps: NoticeDeps, turn: Turn, notice: Notice): Promise<Reply> {
  const t = text[turn.actor.locale].compose;
  if (notice.sentAt === null) return say(t.notOut);
  if (await isBusy(tx, turn)) return say(t.busy);
  const { id, audience, toGroups } = notice;
  const title = t.correction(notice.title).slice(0, MOST_TITLE);
  const draft = { title, corrects: id, departments: audience.departments ?? [], toGroups };
  return show(
    tx,
    deps,
    turn,
    { ...newDraft(turn.actor.employeeId, turn.at), ...draft },
    t.correctIntro(notice.title),
  );
}

async function close(tx: Db, deps: NoticeDeps, turn: Turn, notice: Notice): Promise<Reply> {
  const refused = await refusal(turn, () =>
    closeNotice(tx, deps, notice.id, { by: actorOf(turn), at: turn.at }),
  );
  return say(refused ?? text[turn.actor.locale].close.done(notice.no));
}

/** Why it is refused, in one sentence; undefined when it was done. */
async function refusal(turn: Turn, work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('notice.'))
      return sentenceOf(error, turn.actor.locale);
    throw error;
  }
}
