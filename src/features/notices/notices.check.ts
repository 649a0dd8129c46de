import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { eq, inArray } from 'drizzle-orm';
import type { Locale } from '../../chat/locale.ts';
import type { Message } from '../../chat/message.ts';
import { readPicture } from '../../chat/pictures.ts';
import { groupBy } from '../../kernel/collections.ts';
import type { Db } from '../../kernel/db.ts';
import { AppError } from '../../kernel/errors.ts';
import { localDay, type Temporal } from '../../kernel/time.ts';
import type { Recipient } from '../../outbox/outbox.ts';
import { type Preflight, preflight } from '../../outbox/preflight.ts';
import { plainMessage } from '../../outbox/sealing.ts';
import { type ShortcomingOn, shortcomingsOf } from '../../outbox/shortcomings.ts';
import type { NoticeDeps } from './notices.deps.ts';
import { addressed, groupsFor, type NoticePerson, peopleFor } from './notices.people.ts';
import type { noticeProblems } from './notices.problems.ts';
import { MOST_BODY, MOST_TITLE, noticeMessage } from './notices.render.ts';
import {
  type Finding,
  fill,
  findingsIn,
  isForbidden,
  personVariables,
  variablesIn,
} from './notices.rules.ts';
import type { Notice } from './notices.tables.ts';
import { noticeFiles, notices } from './notices.tables.ts';
import { text } from './notices.text.ts';

export interface NoticeProblem {
  code: keyof typeof noticeProblems;
  details: Record<string, string | number>;
}

/** People who get the very same words: one promise. */
export interface SameText {
  locale: Locale;
  title: string;
  body: string;
  people: NoticePerson[];
}

export interface Checked {
  people: NoticePerson[];
  texts: SameText[];
  findings: Finding[];
  /** What keeps it from going out, the weightiest first. */
  problems: NoticeProblem[];
  /** Somebody else has to look at it before it goes out. */
  needsApproval: boolean;
  files: { name: string; mime: string; path: string; bytes: number; isPicture: boolean }[];
  /** What groups read. Absent where it would be somebody's own words: a group reads one text. */
  groupText: { title: string; body: string } | undefined;
}

/** Everything about a notice that can be known before it goes out, with its variables filled in for every recipient. */
export async function checkNotice(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  at: Temporal.Instant,
): Promise<Checked> {
  const day = localDay(at, deps.zone);
  const people = await peopleFor(tx, notice, day);
  const { title, body } = await withCorrection(tx, notice);
  const problems: NoticeProblem[] = [];
  const { texts, missing } = dryRun(notice, people, title, body);
  const findings = findingsIn(
    [
      title,
      body,
      ...Object.values(notice.values),
      ...Object.values(notice.fields).flatMap((own) => Object.values(own)),
    ].join('\n'),
    deps.settings.sensitiveWords,
  );
  const forbidden = findings.filter(isForbidden);
  if (forbidden.length > 0)
    problems.push({ code: 'notice.sensitive', details: { what: inWords(forbidden) } });
  if (people.length === 0) problems.push({ code: 'notice.nobody', details: {} });
  if (missing !== undefined) problems.push({ code: 'notice.variable-missing', details: missing });
  if (notice.kind === 'document' && !isComplete(notice))
    problems.push({ code: 'notice.document-incomplete', details: {} });
  const tooLong = lengthProblem(deps, notice, texts);
  if (tooLong !== undefined) problems.push(tooLong);
  const { files, unreadable } = await filesOf(tx, deps, notice);
  if (unreadable !== undefined)
    problems.push({ code: 'notice.attachment-unreadable', details: { name: unreadable } });
  // What passes quiet hours and the budget of everybody is not one person's decision either.
  const needsApproval =
    notice.kind === 'document' ||
    notice.urgentReason !== null ||
    people.length > deps.settings.approvalAbove ||
    findings.length > 0;
  const groupText = groupTextOf(notice, title, body);
  return { people, texts, findings, problems, needsApproval, files, groupText };
}

/** What is wrong with a notice, as a sentence. */
export class WrongNotice extends AppError {
  readonly problem: NoticeProblem;

  constructor(problem: NoticeProblem, locale: Locale) {
    super(problem.code, sentenceOf(problem, locale), { details: problem.details });
    this.problem = problem;
  }
}

/** Rejects with the first problem, in Chinese; whoever answers in another language says it anew. */
export function refuseProblems({ problems }: Pick<Checked, 'problems'>): void {
  const [first] = problems;
  if (first !== undefined) throw new WrongNotice(first, 'zh-CN');
}

/** One clear sentence about what is wrong. */
export function sentenceOf(
  { code, details }: { code: string; details: Record<string, unknown> },
  locale: Locale,
): string {
  const sentences = text[locale].problem as Record<string, ((d: never) => string) | undefined>;
  return sentences[code]?.(details as never) ?? text[locale].problem['notice.state']();
}

const isComplete = ({ issuer, documentNumber, signatories }: Notice): boolean =>
  (issuer ?? '').trim() !== '' && (documentNumber ?? '').trim() !== '' && signatories.length > 0;

function inWords(findings: readonly Finding[]): string {
  const t = text['zh-CN'].found;
  return findings
    .map(({ kind, n, word = '' }) => (kind === 'sensitive' ? t.sensitive(word) : t[kind](n)))
    .join('、');
}

/** A correction says which notice it corrects. */
async function withCorrection(tx: Db, notice: Notice): Promise<{ title: string; body: string }> {
  const { title, body, corrects } = notice;
  if (corrects === null) return { title, body };
  const [first] = await tx
    .select({ title: notices.title, no: notices.no })
    .from(notices)
    .where(eq(notices.id, corrects));
  return first === undefined
    ? { title, body }
    : { title, body: `${text['zh-CN'].card.correction(first.title, first.no)}\n\n${body}` };
}

function dryRun(notice: Notice, people: readonly NoticePerson[], title: string, body: string) {
  const used = variablesIn(`${title}\n${body}`);
  const lacking = new Map<string, NoticePerson>();
  const variables = new Set<string>();
  const filled = people.map((person) => {
    const valueOf = valuesOf(notice, person);
    const [one, other] = [fill(title, valueOf), fill(body, valueOf)];
    for (const name of [...one.missing, ...other.missing]) {
      variables.add(name);
      lacking.set(person.employeeId, person);
    }
    return { person, title: one.text, body: other.text };
  });
  const groups = groupBy(filled, ({ person, title: t, body: b }) =>
    used.length === 0 ? person.locale : `${person.locale}\n${t}\n${b}`,
  );
  const texts = [...groups.values()].flatMap((same): SameText[] => {
    const [first] = same;
    if (first === undefined) return [];
    const { person, ...words } = first;
    return [{ locale: person.locale, ...words, people: same.map((one) => one.person) }];
  });
  const [somebody] = lacking.values();
  const missing =
    somebody === undefined
      ? undefined
      : { variables: [...variables].join('、'), who: somebody.name, n: lacking.size };
  return { texts, missing };
}

function valuesOf({ values, fields }: Notice, person: NoticePerson): (name: string) => string | undefined {
  const own = fields[person.number] ?? {};
  const theirs = { name: person.name, number: person.number, department: person.department?.name };
  return (name) => {
    const builtIn = Object.hasOwn(personVariables, name)
      ? theirs[personVariables[name as keyof typeof personVariables]]
      : undefined;
    const given = Object.hasOwn(own, name)
      ? own[name]
      : Object.hasOwn(values, name)
        ? values[name]
        : undefined;
    return given ?? builtIn;
  };
}

function groupTextOf({ values }: Notice, title: string, body: string): Checked['groupText'] {
  const valueOf = (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);
  const [one, other] = [fill(title, valueOf), fill(body, valueOf)];
  return one.missing.length + other.missing.length > 0 ? undefined : { title: one.text, body: other.text };
}

const bytesOf = (content: unknown): number => Buffer.byteLength(JSON.stringify(content));

export interface Fit {
  channel: string;
  account: string;
  kind: Message['kind'];
  bytes: number;
  most: number;
  fits: boolean;
}

/** How much of what each channel takes a message uses. */
export function fitsOf({ adapters }: Pick<NoticeDeps, 'adapters'>, message: Message): Fit[] {
  const sealed = plainMessage(message);
  return adapters.map(({ channel, account, limits }) => {
    const bytes =
      sealed.kind === 'text'
        ? Buffer.byteLength(sealed.text)
        : bytesOf(sealed.kind === 'card' ? sealed.card : sealed);
    const most = sealed.kind === 'text' ? limits.maxTextBytes : limits.maxCardBytes;
    return { channel, account, kind: sealed.kind, bytes, most, fits: bytes <= most };
  });
}

function lengthProblem(
  deps: NoticeDeps,
  notice: Notice,
  texts: readonly SameText[],
): NoticeProblem | undefined {
  const longest = longestOf(texts) ?? { locale: 'zh-CN' as const, title: notice.title, body: notice.body };
  const tooLong = (size: number, most: number, unit: string, where: string): NoticeProblem => ({
    code: 'notice.too-long',
    details: { size, most, unit, where },
  });
  if (longest.title.length > MOST_TITLE)
    return tooLong(longest.title.length, MOST_TITLE, 'characters', '标题');
  if (longest.body.length > MOST_BODY) return tooLong(longest.body.length, MOST_BODY, 'characters', '正文');
  const over = fitsOf(deps, noticeMessage(notice, longest, longest.locale)).find(({ fits }) => !fits);
  return over === undefined ? undefined : tooLong(over.bytes, over.most, 'bytes', over.channel);
}

export function longestOf(texts: readonly SameText[]): SameText | undefined {
  return texts.reduce<SameText | undefined>(
    (most, one) => (most === undefined || one.body.length > most.body.length ? one : most),
    undefined,
  );
}

async function filesOf(tx: Db, { fileRoot }: Pick<NoticeDeps, 'fileRoot'>, notice: Notice) {
  const ids = notice.attachments.map(({ fileId }) => fileId);
  if (ids.length === 0) return { files: [], unreadable: undefined };
  const rows = await tx.select().from(noticeFiles).where(inArray(noticeFiles.id, ids));
  const files: Checked['files'] = [];
  for (const { fileId, name } of notice.attachments) {
    const row = rows.find(({ id }) => id === fileId);
    const found = row === undefined ? undefined : await stat(join(fileRoot, row.path)).catch(() => undefined);
    if (row === undefined || found === undefined || !found.isFile() || found.size !== row.bytes)
      return { files, unreadable: name };
    const { name: shown, mime, path, bytes } = row;
    const isPicture = mime.startsWith('image/') && !('refused' in (await readPicture(fileRoot, path)));
    files.push({ name: shown, mime, path, bytes, isPicture });
  }
  return { files, unreadable: undefined };
}

/** From so many different texts on, the forecast counts a call for each person. */
const MANY_TEXTS = 20;

/** What would become of it if it went out at `at`, person by person, how many groups get it, and how it will look. */
export async function preflightOf(
  tx: Db,
  deps: NoticeDeps,
  notice: Notice,
  checked: Pick<Checked, 'texts' | 'people' | 'groupText'>,
  at: Temporal.Instant,
): Promise<Preflight & { groups: number; shortcomings: ShortcomingOn[] }> {
  const groups = checked.groupText === undefined ? [] : await groupsFor(tx, notice);
  const recipients = await addressed(
    tx,
    deps,
    checked.people.map(({ employeeId }) => employeeId),
  );
  const longest = longestOf(checked.texts) ?? {
    title: notice.title,
    body: notice.body,
    locale: 'zh-CN' as const,
  };
  const content = noticeMessage(notice, longest, longest.locale);
  const flown = await preflight(tx, deps, {
    content: checked.texts.length > MANY_TEXTS ? onePerPerson(content) : content,
    priority: priorityOf(notice).priority,
    rings: notice.rings,
    recipients,
    at,
  });
  const shortcomings = [
    ...shortcomingsOf(deps.adapters, content, [...recipients, ...groups]),
    ...(notice.rings ? silentOn(deps.adapters, recipients) : []),
  ];
  return { ...flown, groups: groups.length, shortcomings };
}

/** Where nobody's attention can be called. */
function silentOn(adapters: NoticeDeps['adapters'], recipients: readonly Recipient[]): ShortcomingOn[] {
  const used = new Set(recipients.map(({ address }) => address?.channel));
  return adapters
    .filter(({ channel, ways }) => used.has(channel) && !ways.some((way) => way.rings === true))
    .map(({ channel }) => ({ channel, place: 'person', kind: 'not-rung', what: '' }));
}

/** The same card as one that cannot be shared: personalised texts go one by one. */
function onePerPerson(message: Message): Message {
  if (message.kind !== 'card') return message;
  const buttons = message.card.buttons ?? [];
  const own =
    buttons.length === 0
      ? [{ label: ' ', action: { name: 'x' } }]
      : buttons.map((button) => ({ ...button, action: { name: button.action.name } }));
  return { kind: 'card', card: { ...message.card, buttons: own } };
}

/** A document and what is urgent pass quiet hours and budget, and say why. */
export function priorityOf(notice: Pick<Notice, 'kind' | 'issuer' | 'documentNumber' | 'urgentReason'>) {
  if (notice.kind === 'document')
    return {
      priority: 'official' as const,
      passReason: `${notice.issuer ?? ''} ${notice.documentNumber ?? ''}`.trim() || 'document',
    };
  if (notice.urgentReason !== null) return { priority: 'urgent' as const, passReason: notice.urgentReason };
  return { priority: 'campaign' as const };
}
