import type { Turn } from '../../chat/command.ts';
import type { Card } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { localDay } from '../../kernel/time.ts';
import type { DepartmentEntry } from '../directory/index.ts';
import { employeesIn } from '../directory/index.ts';
import { checkNotice, preflightOf, sentenceOf } from './notices.check.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { asNotice, blanksLeft, DRAFT, type Draft, liaisonOf, templates } from './notices.draft.ts';
import { choosable } from './notices.people.ts';
import type { ComposeStep } from './notices.tables.ts';
import { momentInWords } from './notices.tell.ts';
import { type NoticeTexts, text } from './notices.text.ts';

type Buttons = NonNullable<Card['buttons']>;

/** A button says what could be typed instead, and for which question it stands. */
export function button(
  step: ComposeStep,
  label: string,
  say: string = label,
  tone: 'primary' | 'plain' | 'quiet' = 'plain',
): Buttons[number] {
  return {
    label: label.slice(0, 32),
    tone,
    action: { name: DRAFT, data: { say, s: step } },
    word: say.slice(0, 32),
  };
}

/** The card of the question that stands open. */
export async function stepCard(
  tx: Db,
  deps: NoticeDeps,
  turn: Turn,
  draft: Draft,
  before = '',
): Promise<Card> {
  const t = text[turn.actor.locale];
  const lead = before === '' ? [] : [before, ''];
  switch (draft.step) {
    case 'text':
      return textCard(tx, t, draft, lead);
    case 'blanks':
      return blanksCard(t, draft, lead);
    case 'scope':
      return scopeCard(tx, deps, turn, lead);
    case 'when':
      return whenCard(t, lead);
    case 'preview':
      return previewCard(tx, deps, turn, draft, lead);
  }
}

const MOST_TEMPLATE_BUTTONS = 4;

async function textCard(tx: Db, t: NoticeTexts, { corrects }: Draft, lead: string[]): Promise<Card> {
  // A correction was introduced by its question already, and no template knows what was wrong.
  const known = corrects === null ? await templates(tx) : [];
  const lines = known.map(({ title }, place) => `${place + 1}. ${title}`);
  return {
    title: corrects === null ? t.compose.title : t.compose.correctTitle,
    body: [
      ...(lead.length > 0 || corrects === null ? lead : [t.compose.correctAgain]),
      ...(corrects === null ? [t.compose.textIntro] : []),
      ...(lines.length === 0 ? [] : ['', t.compose.textTemplates, ...lines]),
    ].join('\n'),
    buttons: [
      ...known
        .slice(0, MOST_TEMPLATE_BUTTONS)
        .map(({ title }, place) => button('text', title, String(place + 1))),
      button('text', t.word.cancel, t.word.cancel, 'quiet'),
    ],
  };
}

function blanksCard(t: NoticeTexts, draft: Draft, lead: string[]): Card {
  const [first = '', ...more] = blanksLeft(draft);
  return {
    title: t.compose.blankTitle,
    body: [...lead, t.compose.blank(first, more.length)].join('\n'),
    buttons: [button('blanks', t.word.back), button('blanks', t.word.cancel, t.word.cancel, 'quiet')],
  };
}

const MOST_DEPARTMENT_BUTTONS = 3;
const MOST_DEPARTMENTS = 40;

/** The departments that may be chosen, by code. */
export async function scopeChoices(tx: Db, deps: NoticeDeps, turn: Turn): Promise<DepartmentEntry[]> {
  return (await choosable(tx, liaisonOf(turn.actor), localDay(turn.at, deps.zone))).slice(
    0,
    MOST_DEPARTMENTS,
  );
}

async function scopeCard(tx: Db, deps: NoticeDeps, turn: Turn, lead: string[]): Promise<Card> {
  const t = text[turn.actor.locale];
  const day = localDay(turn.at, deps.zone);
  const choices = await scopeChoices(tx, deps, turn);
  const lines: string[] = [];
  for (const [place, { code, name }] of choices.entries()) {
    const people = await employeesIn(tx, { departments: [code] }, { day });
    lines.push(t.compose.scopeLine(place + 1, name, people.length));
  }
  return {
    title: t.compose.scopeTitle,
    body: [...lead, t.compose.scopeIntro, '', ...lines].join('\n').slice(0, 3_900),
    buttons: [
      ...choices
        .slice(0, MOST_DEPARTMENT_BUTTONS)
        .map(({ name }, place) => button('scope', name, String(place + 1))),
      button('scope', t.word.all, t.word.all, 'primary'),
      button('scope', t.word.back),
      button('scope', t.word.cancel, t.word.cancel, 'quiet'),
    ],
  };
}

function whenCard(t: NoticeTexts, lead: string[]): Card {
  return {
    title: t.compose.whenTitle,
    body: [...lead, t.compose.whenIntro].join('\n'),
    buttons: [
      button('when', t.word.now, t.word.now, 'primary'),
      button('when', t.word.back),
      button('when', t.word.cancel, t.word.cancel, 'quiet'),
    ],
  };
}

/** What everybody will see, how many get it and when, and who will not and why. */
async function previewCard(
  tx: Db,
  deps: NoticeDeps,
  turn: Turn,
  draft: Draft,
  lead: string[],
): Promise<Card> {
  const { actor, at } = turn;
  const t = text[actor.locale];
  const notice = asNotice(draft, turn);
  const when = draft.sendAt ?? at;
  const checked = await checkNotice(tx, deps, notice, when);
  const flown = await preflightOf(tx, deps, notice, checked, when);
  const shown = checked.texts[0] ?? { title: draft.title, body: draft.body };
  const names = await chosenNames(tx, deps, turn, draft);
  const done = flown.plans.flatMap(({ forecast }) => (forecast.kind === 'finishes' ? [forecast.at] : []));
  const last = done.sort((a, b) => Number(a.epochNanoseconds - b.epochNanoseconds)).at(-1);
  const missing = flown.counts.map(({ kind, reason, n }) =>
    t.counted(t.because(t.shortfall[kind] ?? kind, t.reason[reason] ?? reason), n),
  );
  const { look } = t.compose;
  const looks = new Set(
    flown.shortcomings.map(({ place, kind, what }) => `${look[place]}${look[kind](what)}`),
  );
  const [problem] = checked.problems;
  return {
    title: `${t.compose.preview}：${shown.title}`.slice(0, 120),
    tone: 'notice',
    body: [
      ...lead,
      t.compose.previewIntro,
      '',
      `**${shown.title}**`,
      shown.body.slice(0, 3_000),
      ...(flown.groups > 0 ? ['', t.compose.groups(flown.groups)] : []),
      ...(draft.toGroups && flown.groups === 0 ? ['', t.compose.noGroups] : []),
      ...approvalLines(deps, t, checked),
      ...(problem === undefined ? [] : ['', `**${sentenceOf(problem, actor.locale)}**`]),
    ].join('\n'),
    facts: [
      { label: t.compose.recipients, value: t.compose.people(checked.people.length) },
      { label: t.compose.departments, value: names.slice(0, 200) },
      {
        label: t.compose.when,
        value: draft.sendAt === null ? t.compose.now : momentInWords(draft.sendAt, actor.zone, actor.locale),
      },
      ...(last === undefined
        ? []
        : [{ label: t.compose.done, value: momentInWords(last, actor.zone, actor.locale) }]),
      ...(missing.length === 0
        ? []
        : [{ label: t.compose.missing, value: missing.join('；').slice(0, 200) }]),
      ...(looks.size === 0 ? [] : [{ label: t.compose.looks, value: [...looks].join('；').slice(0, 200) }]),
      { label: t.compose.receipt, value: draft.needsAcknowledgement ? t.compose.yes : t.compose.no },
    ],
    buttons: [
      button('preview', checked.needsApproval ? t.word.submit : t.word.send, t.word.send, 'primary'),
      button('preview', t.word.editText),
      ...(draft.corrects === null
        ? [button('preview', t.word.editScope), button('preview', t.word.editWhen)]
        : []),
      button('preview', draft.needsAcknowledgement ? t.word.noReceipt : t.word.receipt),
      button('preview', t.word.cancel, t.word.cancel, 'quiet'),
    ],
    footer: draft.corrects === null ? t.compose.howTo : t.compose.howToCorrect,
  };
}

function approvalLines(
  deps: NoticeDeps,
  t: NoticeTexts,
  { people, findings, needsApproval }: Awaited<ReturnType<typeof checkNotice>>,
): string[] {
  if (!needsApproval) return [];
  const above = deps.settings.approvalAbove;
  if (people.length > above) return ['', t.compose.approvalNeeded(above)];
  return findings.length > 0 ? ['', t.compose.approvalForMobile] : [];
}

async function chosenNames(tx: Db, deps: NoticeDeps, turn: Turn, { departments }: Draft): Promise<string> {
  const known = await choosable(tx, liaisonOf(turn.actor), localDay(turn.at, deps.zone));
  return departments.map((code) => known.find((one) => one.code === code)?.name ?? code).join('、');
}
