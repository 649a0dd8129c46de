import type { FaqEntryView } from '../../features/faq/faq.api.ts';

/** An entry as the form holds it: lists are lines or words with commas between them. */
export interface Draft {
  id: string;
  question: string;
  similar: string;
  answer: string;
  tags: string;
  version: string;
  departments: string;
  validFrom: string;
  validUntil: string;
  reviewed: boolean;
  active: boolean;
}

export function draftOf(entry: FaqEntryView | undefined): Draft {
  return {
    id: entry?.id ?? '',
    question: entry?.question ?? '',
    similar: (entry?.similar ?? []).map((one) => one.replace(/\s*\n\s*/g, ' ')).join('\n'),
    answer: entry?.answer ?? '',
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
    tags: parts(draft.tags, /[,，、]/),
    departments: parts(draft.departments, /[,，、]/),
    review: draft.reviewed ? ('reviewed' as const) : ('draft' as const),
    active: draft.active,
    ...(version.trim() === '' ? {} : { version: version.trim() }),
    ...(validFrom === '' ? {} : { validFrom }),
    ...(validUntil === '' ? {} : { validUntil }),
  };
}

function parts(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
