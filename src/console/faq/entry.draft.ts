import type { FaqEntryView, FaqVersions } from '../../features/faq/faq.api.ts';

/** An entry as the form holds it: lists are lines or words with commas between them. */
export interface Draft {
  id: string;
  question: string;
  similar: string;
  answer: string;
  steps: string;
  attachments: { name: string; file: string }[];
  tags: string;
  version: string;
  departments: string;
  validFrom: string;
  validUntil: string;
  reviewed: boolean;
  active: boolean;
}

type Content = FaqVersions['items'][number]['content'];

export function draftOf(entry: (Content & { id: string }) | FaqEntryView | undefined): Draft {
  return {
    id: entry?.id ?? '',
    question: entry?.question ?? '',
    similar: (entry?.similar ?? []).map((one) => one.replace(/\s*\n\s*/g, ' ')).join('\n'),
    answer: entry?.answer ?? '',
    steps: (entry?.steps ?? []).join('\n'),
    attachments: entry?.attachments ?? [],
    tags: (entry?.tags ?? []).join(', '),
    version: entry?.productVersion ?? '',
    departments: (entry?.departments ?? []).join(', '),
    validFrom: entry?.validFrom ?? '',
    validUntil: entry?.validUntil ?? '',
    reviewed: entry === undefined || entry.review === 'reviewed',
    active: entry?.active ?? true,
  };
}

/** What the API takes: empty fields are absent. */
export function fileIn(draft: Draft) {
  const { version, validFrom, validUntil } = draft;
  return {
    id: draft.id.trim(),
    question: draft.question.trim(),
    similar: parts(draft.similar, /\n/),
    answer: draft.answer,
    steps: parts(draft.steps, /\n/),
    attachments: draft.attachments,
    tags: parts(draft.tags, /[,，、]/),
    departments: parts(draft.departments, /[,，、]/),
    review: draft.reviewed ? ('reviewed' as const) : ('draft' as const),
    active: draft.active,
    ...(version.trim() === '' ? {} : { version: version.trim() }),
    ...(validFrom === '' ? {} : { validFrom }),
    ...(validUntil === '' ? {} : { validUntil }),
  };
}

/** What colleagues see: the answer, then the steps with their numbers. */
export function shownAnswer({ answer, steps }: Draft): string {
  const numbered = parts(steps, /\n/).map((step, place) => `${place + 1}. ${step}`);
  return [answer.trim(), numbered.join('\n')].filter((part) => part !== '').join('\n\n');
}

function parts(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
