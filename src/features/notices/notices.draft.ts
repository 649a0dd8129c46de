import { asc, eq, isNull } from 'drizzle-orm';
import type { Actor, Turn } from '../../chat/command.ts';
import { askNext, type OpenQuestion, stopAsking } from '../../chat/open-question.ts';
import type { Db } from '../../kernel/db.ts';
import { Temporal } from '../../kernel/time.ts';
import { ownVariablesIn } from './notices.rules.ts';
import type { Notice } from './notices.tables.ts';
import { type ComposeStep, noticeDrafts, noticeTemplates } from './notices.tables.ts';

export type Draft = typeof noticeDrafts.$inferSelect;
export type Template = typeof noticeTemplates.$inferSelect;

export const DRAFT = 'notices.draft';

/** A draft belongs to the private chat, wherever it was begun. */
const questionOf = (employeeId: string): OpenQuestion => ({
  employeeId,
  place: { kind: 'private' },
  command: DRAFT,
});

export async function draftOf(tx: Db, employeeId: string): Promise<Draft | undefined> {
  const [found] = await tx.select().from(noticeDrafts).where(eq(noticeDrafts.employeeId, employeeId));
  return found;
}

/** Keeps the draft, and waits for what is typed next until the time is over. */
export async function keepDraft(
  tx: Db,
  draft: Draft,
  { at, minutes }: { at: Temporal.Instant; minutes: number },
): Promise<Draft> {
  const kept = { ...draft, changedAt: at };
  const { employeeId, ...set } = kept;
  await tx.insert(noticeDrafts).values(kept).onConflictDoUpdate({ target: noticeDrafts.employeeId, set });
  await askNext(tx, questionOf(employeeId), { at, until: at.add({ minutes }) });
  return kept;
}

export async function dropDraft(tx: Db, employeeId: string): Promise<void> {
  await tx.delete(noticeDrafts).where(eq(noticeDrafts.employeeId, employeeId));
  await stopAsking(tx, questionOf(employeeId));
}

export const newDraft = (employeeId: string, at: Temporal.Instant): Draft => ({
  employeeId,
  step: 'text',
  title: '',
  body: '',
  template: null,
  values: {},
  departments: [],
  toGroups: false,
  needsAcknowledgement: false,
  sendAt: null,
  corrects: null,
  sawPreview: false,
  startedAt: at,
  changedAt: at,
});

export function isStale(draft: Draft, at: Temporal.Instant, minutes: number): boolean {
  return Temporal.Instant.compare(at, draft.changedAt.add({ minutes })) >= 0;
}

/** The blanks that nobody has filled in yet. */
export const blanksLeft = ({ title, body, values }: Draft): string[] =>
  ownVariablesIn(`${title}\n${body}`).filter((name) => (values[name] ?? '') === '');

/** Where to go after an answer: the next thing that is missing, or back to the preview. */
export function stepAfter(draft: Draft): ComposeStep {
  if (draft.body === '') return 'text';
  if (blanksLeft(draft).length > 0) return 'blanks';
  if (draft.corrects !== null) return 'preview';
  if (draft.departments.length === 0) return 'scope';
  if (draft.sawPreview) return 'preview';
  return draft.step === 'scope' || draft.step === 'when' ? nextOf[draft.step] : 'scope';
}
const nextOf = { scope: 'when', when: 'preview' } as const;

export function stepBefore(draft: Draft): ComposeStep | undefined {
  const hasBlanks = ownVariablesIn(`${draft.title}\n${draft.body}`).length > 0;
  const before: Record<ComposeStep, ComposeStep | undefined> = {
    text: undefined,
    blanks: 'text',
    scope: hasBlanks ? 'blanks' : 'text',
    when: 'scope',
    preview: draft.corrects === null ? 'when' : 'text',
  };
  return before[draft.step];
}

export async function templates(tx: Db): Promise<Template[]> {
  return tx
    .select()
    .from(noticeTemplates)
    .where(isNull(noticeTemplates.retiredAt))
    .orderBy(asc(noticeTemplates.position), asc(noticeTemplates.key))
    .limit(20);
}

/** Whose departments bound what this person writes: their own, unless they may write to everybody. */
export const liaisonOf = ({ roles, employeeId }: Pick<Actor, 'roles' | 'employeeId'>): string | null =>
  roles.includes('operator') ? null : employeeId;

export const actorOf = ({ actor }: Pick<Turn, 'actor'>) => ({
  kind: 'employee' as const,
  id: actor.employeeId,
  name: actor.name,
});

/** What a draft says, as the writing of a notice. */
export const inputOf = (draft: Draft) => ({
  title: draft.title,
  body: draft.body,
  values: draft.values,
  audience: { departments: draft.departments },
  toGroups: draft.toGroups,
  needsAcknowledgement: draft.needsAcknowledgement,
  sendAt: draft.sendAt,
  corrects: draft.corrects,
  sendsWhenApproved: true,
});

/** As the check sees it, before it exists. */
export function asNotice(draft: Draft, { actor }: Pick<Turn, 'actor'>): Notice {
  const { changedAt } = draft;
  return {
    ...inputOf(draft),
    id: draft.employeeId,
    no: 0,
    kind: 'notice',
    format: 'card',
    state: 'draft',
    fields: {},
    issuer: null,
    documentNumber: null,
    signatories: [],
    attachments: [],
    link: null,
    takesSignUp: false,
    urgentReason: null,
    rings: false,
    campaignId: null,
    ladder: [],
    byLiaison: liaisonOf(actor),
    preparedBy: { ...actorOf({ actor }), at: changedAt.toString() },
    reviewedBy: null,
    approvedBy: null,
    approvalUntil: null,
    approvedFor: null,
    createdAt: changedAt,
    changedAt,
    sentAt: null,
    finishedAt: null,
    closedAt: null,
  };
}
