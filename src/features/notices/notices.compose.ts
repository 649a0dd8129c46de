import { z } from 'zod';
import { type Command, oneByOne, type Reply, type Turn } from '../../chat/command.ts';
import { card, text as words } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import { employeesIn, listDepartments } from '../directory/index.ts';
import { sentenceOf } from './notices.check.ts';
import { scopeChoices, stepCard } from './notices.compose.cards.ts';
import type { NoticeDeps } from './notices.deps.ts';
import {
  actorOf,
  blanksLeft,
  DRAFT,
  type Draft,
  draftOf,
  dropDraft,
  inputOf,
  isStale,
  keepDraft,
  liaisonOf,
  newDraft,
  stepAfter,
  stepBefore,
  templates,
} from './notices.draft.ts';
import { MOST_BODY } from './notices.render.ts';
import { titleAndBody } from './notices.rules.ts';
import { dispatchNotice } from './notices.send.ts';
import { createNotice, submitNotice } from './notices.service.ts';
import { askApprovers, momentInWords } from './notices.tell.ts';
import { text } from './notices.text.ts';
import { composeWord, momentIn, placesIn } from './notices.words.ts';

/** 发通知: begins a draft, or goes on with the one that is open. */
export function composeCommand(deps: NoticeDeps): Command {
  return {
    name: 'notices.compose',
    words: ['发通知', '写通知', '发布通知', '通知', 'notice', 'send notice', 'new notice'],
    permission: 'notices.send',
    help: { 'zh-CN': text['zh-CN'].help.compose, en: text.en.help.compose },
    answer: oneByOne(async (tx, turn) => {
      const t = text[turn.actor.locale];
      if ((await scopeChoices(tx, deps, turn)).length === 0) return say(t.noScope);
      const open = await draftOf(tx, turn.actor.employeeId);
      const stale = open !== undefined && isStale(open, turn.at, deps.settings.draftMinutes);
      const lead = open === undefined ? '' : stale ? t.compose.resumedAfter : t.compose.resumed;
      return show(tx, deps, turn, open ?? newDraft(turn.actor.employeeId, turn.at), lead);
    }),
  };
}

const pressed = z.object({ say: z.string(), s: z.string() });

/** What is typed or pressed while a draft is open. What answers no question goes where it would go without a draft. */
export function draftCommand(deps: NoticeDeps): Command {
  return {
    name: DRAFT,
    words: [],
    permission: 'notices.send',
    help: undefined,
    answer: oneByOne(async (tx, turn) => {
      const t = text[turn.actor.locale].compose;
      const button = pressed.safeParse(turn.action?.data);
      const draft = await draftOf(tx, turn.actor.employeeId);
      if (draft === undefined)
        return turn.action === undefined ? { declined: true } : { toast: t.nothingToCancel };
      if (isStale(draft, turn.at, deps.settings.draftMinutes))
        return turn.action === undefined ? { declined: true } : { toast: t.expired };
      // A button of an earlier question says nothing about this one.
      if (button.success && button.data.s !== draft.step) return show(tx, deps, turn, draft);
      return answer(tx, deps, turn, draft, button.success ? button.data.say : turn.argument);
    }),
  };
}

async function answer(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft, said: string): Promise<Reply> {
  const t = text[turn.actor.locale].compose;
  const word = composeWord(said);
  if (word === 'cancel') {
    await dropDraft(tx, draft.employeeId);
    return say(t.cancelled);
  }
  if (word === 'restart') return show(tx, deps, turn, newDraft(draft.employeeId, turn.at));
  if (word === 'back') {
    const step = stepBefore(draft);
    if (step === undefined) return say(t.firstStep);
    // The last blank is asked for again.
    const values = step === 'blanks' ? {} : draft.values;
    return show(tx, deps, turn, { ...draft, step, values });
  }
  switch (draft.step) {
    case 'text':
      return takeText(tx, deps, turn, draft, said);
    case 'blanks':
      return takeBlank(tx, deps, turn, draft, said);
    case 'scope':
      return takeScope(tx, deps, turn, draft, said);
    case 'when':
      return takeWhen(tx, deps, turn, draft, said);
    case 'preview':
      return takeDecision(tx, deps, turn, draft, word);
  }
}

/** Fewer letters are a slip or an answer to something else. */
const FEWEST_LETTERS = 4;

async function takeText(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft, said: string): Promise<Reply> {
  const t = text[turn.actor.locale].compose;
  const known = draft.corrects === null ? await templates(tx) : [];
  const [place] = placesIn(said, known.length) ?? [];
  const template = place === undefined ? undefined : known[place];
  if (template !== undefined) {
    const { title, body, key, needsAcknowledgement } = template;
    return proceed(tx, deps, turn, {
      ...draft,
      title,
      body,
      template: key,
      values: {},
      needsAcknowledgement,
    });
  }
  const length = Array.from(said).length;
  if (length < FEWEST_LETTERS) return say(t.tooShort);
  if (length > MOST_BODY) return say(t.tooLong(MOST_BODY));
  const written =
    draft.corrects === null ? titleAndBody(said, turn.actor.locale) : { title: draft.title, body: said };
  return proceed(tx, deps, turn, {
    ...draft,
    ...written,
    template: null,
    values: {},
  });
}

const LONGEST_VALUE = 200;

async function takeBlank(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft, said: string): Promise<Reply> {
  const [blank] = blanksLeft(draft);
  if (said.length > LONGEST_VALUE) return say(text[turn.actor.locale].compose.tooLong(LONGEST_VALUE));
  const values = blank === undefined ? draft.values : { ...draft.values, [blank]: said };
  return proceed(tx, deps, turn, { ...draft, values });
}

async function takeScope(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft, said: string): Promise<Reply> {
  const t = text[turn.actor.locale].compose;
  const choices = await scopeChoices(tx, deps, turn);
  const places = placesIn(said, choices.length);
  let codes = places?.flatMap((place) => choices[place]?.code ?? []);
  if (codes === undefined) {
    const meant = (await listDepartments(tx)).find(
      ({ name, code }) => name === said.trim() || code === said.trim().toUpperCase(),
    );
    if (meant === undefined) return /\d/.test(said) ? say(t.scopeUnclear) : { declined: true };
    if (!choices.some(({ id }) => id === meant.id)) return refuseForeign(tx, turn, meant);
    codes = [meant.code];
  }
  const people = await employeesIn(tx, { departments: codes }, { day: localDay(turn.at, deps.zone) });
  return proceed(tx, deps, turn, { ...draft, departments: codes }, t.scopeChosen(people.length));
}

async function refuseForeign(
  tx: Db,
  turn: Turn,
  { code, name }: { code: string; name: string },
): Promise<Reply> {
  await recordAudit(tx, {
    at: turn.at,
    actor: { kind: 'employee', id: turn.actor.employeeId },
    action: 'notices.scope-refused',
    subject: `department:${code}`,
  });
  return say(text[turn.actor.locale].compose.scopeForeign(name));
}

const MOST_DAYS_AHEAD = 90;
const LOOKS_LIKE_TIME = /[\d点时周月日号早晚今明后]/;

async function takeWhen(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft, said: string): Promise<Reply> {
  const { actor, at } = turn;
  const t = text[actor.locale].compose;
  const sendAt = momentIn(said, at, actor.zone);
  if (sendAt === undefined)
    return said.length <= 20 && LOOKS_LIKE_TIME.test(said) ? say(t.whenUnclear(said)) : { declined: true };
  if (sendAt !== null && Temporal.Instant.compare(sendAt, at) <= 0)
    return say(t.whenPast(momentInWords(sendAt, actor.zone, actor.locale)));
  if (sendAt !== null && Temporal.Instant.compare(sendAt, at.add({ hours: MOST_DAYS_AHEAD * 24 })) > 0)
    return say(t.whenFar);
  return proceed(tx, deps, turn, { ...draft, sendAt });
}

async function takeDecision(
  tx: Db,
  deps: NoticeDeps,
  turn: Turn,
  draft: Draft,
  word: ReturnType<typeof composeWord>,
): Promise<Reply> {
  switch (word) {
    case 'send':
      return send(tx, deps, turn, draft);
    case 'edit-text':
      return show(tx, deps, turn, { ...draft, step: 'text' });
    case 'edit-scope':
      return show(tx, deps, turn, { ...draft, step: draft.corrects === null ? 'scope' : 'preview' });
    case 'edit-when':
      return show(tx, deps, turn, { ...draft, step: draft.corrects === null ? 'when' : 'preview' });
    case 'acknowledge':
      return show(tx, deps, turn, { ...draft, needsAcknowledgement: !draft.needsAcknowledgement });
    case 'groups':
      return show(tx, deps, turn, { ...draft, toGroups: !draft.toGroups });
    case 'back':
    case 'cancel':
    case 'restart':
    case undefined:
      return { declined: true };
  }
}

async function send(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft): Promise<Reply> {
  const { actor, at } = turn;
  const t = text[actor.locale].compose;
  const byLiaison = liaisonOf(actor);
  const deed = { by: actorOf(turn), at };
  if (draft.sendAt !== null && Temporal.Instant.compare(draft.sendAt, at) <= 0)
    return show(
      tx,
      deps,
      turn,
      { ...draft, step: 'when' },
      t.whenPast(momentInWords(draft.sendAt, actor.zone, actor.locale)),
    );
  try {
    // A savepoint: what is refused leaves no half a notice behind, and the rest of the set goes on.
    const sentence = await tx.transaction(async (inner) => {
      const db = inner as unknown as Db;
      const made = await createNotice(db, { ...inputOf(draft), byLiaison }, deed);
      const { notice, checked } = await submitNotice(db, deps, made.id, deed);
      const n = checked.people.length;
      if (notice.state === 'in-review') {
        await askApprovers(db, deps, notice, n, at);
        return t.submitted(notice.no, n);
      }
      const done = await dispatchNotice(db, deps, notice.id, deed);
      return done.notice.state === 'scheduled' && done.notice.sendAt !== null
        ? t.scheduled(notice.no, n, momentInWords(done.notice.sendAt, actor.zone, actor.locale))
        : t.sent(notice.no, n);
    });
    await dropDraft(tx, draft.employeeId);
    return say(sentence);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('notice.')) throw error;
    if (error.code === 'notice.scope-foreign') {
      const codes = z.array(z.string()).catch([]).parse(error.details['departments']);
      await refuseForeign(tx, turn, { code: codes.join(','), name: '' });
    }
    return say(sentenceOf(error, actor.locale));
  }
}

/** On to what is missing next. */
async function proceed(tx: Db, deps: NoticeDeps, turn: Turn, draft: Draft, lead?: string): Promise<Reply> {
  return show(tx, deps, turn, { ...draft, step: stepAfter(draft) }, lead);
}

/** Keeps the draft and asks its question; a pressed card is replaced, what was typed gets a new one. */
export async function show(
  tx: Db,
  deps: NoticeDeps,
  turn: Turn,
  draft: Draft,
  lead?: string,
): Promise<Reply> {
  const sawPreview = draft.sawPreview || draft.step === 'preview';
  const kept = await keepDraft(
    tx,
    { ...draft, sawPreview },
    { at: turn.at, minutes: deps.settings.draftMinutes },
  );
  const asked = await stepCard(tx, deps, turn, kept, lead);
  return turn.action === undefined ? { messages: [card(asked)], inPrivate: true } : { card: asked };
}

const say = (sentence: string): Reply => ({ messages: [words(sentence)], inPrivate: true });
