import type { NoticeInputShape, NoticeView } from '../../features/notices/notices.api.ts';

export type To = 'person' | 'liaison' | 'hr';

/** What stands in the form; `sendAt` and what the form does not show stay as they are. */
export interface NoticeWriting {
  kind: 'notice' | 'document';
  title: string;
  body: string;
  values: Record<string, string>;
  everyone: boolean;
  departments: string[];
  employees: string[];
  issuer: string;
  documentNumber: string;
  signatories: string;
  attachments: { fileId: string; name: string }[];
  linkLabel: string;
  linkUrl: string;
  urgentReason: string;
  ladder: Partial<Record<To, number>>;
  needsAcknowledgement: boolean;
  takesSignUp: boolean;
  toGroups: boolean;
}

/** What a part of the form shows, and how it says what was changed. */
export interface Part {
  writing: NoticeWriting;
  change: (some: Partial<NoticeWriting>) => void;
}

export const emptyWriting: NoticeWriting = {
  kind: 'notice',
  title: '',
  body: '',
  values: {},
  everyone: false,
  departments: [],
  employees: [],
  issuer: '',
  documentNumber: '',
  signatories: '',
  attachments: [],
  linkLabel: '',
  linkUrl: '',
  urgentReason: '',
  ladder: {},
  needsAcknowledgement: false,
  takesSignUp: false,
  toGroups: false,
};

/** When each rung comes unless another hour is chosen; a document has them all unless somebody takes one away. */
export const usualHours: Record<To, number> = { person: 24, liaison: 48, hr: 72 };

export function writingOf(notice: NoticeView): NoticeWriting {
  const { kind, title, body, values, audience, attachments, link, ladder } = notice;
  return {
    kind,
    title,
    body,
    values,
    attachments,
    everyone: audience.everyone === true,
    departments: audience.departments ?? [],
    employees: audience.employees ?? [],
    issuer: notice.issuer ?? '',
    documentNumber: notice.documentNumber ?? '',
    signatories: notice.signatories.join('、'),
    linkLabel: link?.label ?? '',
    linkUrl: link?.url ?? '',
    urgentReason: notice.urgentReason ?? '',
    ladder: Object.fromEntries(ladder.map(({ to, afterHours }) => [to, afterHours])),
    needsAcknowledgement: notice.needsAcknowledgement,
    takesSignUp: notice.takesSignUp,
    toGroups: notice.toGroups,
  };
}

/** What the server gets. `format`, `sendAt` and `rings` are those of the notice that is changed; only what is urgent rings. */
export function inputOf(writing: NoticeWriting, before?: NoticeView): NoticeInputShape {
  const { kind, title, body, values, attachments, everyone, departments, employees } = writing;
  const isDocument = kind === 'document';
  const url = writing.linkUrl.trim();
  const urgentReason = isDocument ? null : writing.urgentReason.trim() || null;
  const used = ownVariablesIn(`${title}\n${body}`);
  const audience = everyone
    ? { everyone: true }
    : { departments, ...(employees.length === 0 ? {} : { employees }) };
  return {
    kind,
    title,
    body,
    attachments,
    audience,
    values: Object.fromEntries(
      Object.entries(values).filter(([name, value]) => used.includes(name) && value.trim() !== ''),
    ),
    issuer: isDocument ? writing.issuer.trim() || null : null,
    documentNumber: isDocument ? writing.documentNumber.trim() || null : null,
    signatories: isDocument ? namesIn(writing.signatories) : [],
    link: url === '' ? null : { label: writing.linkLabel.trim() || url, url },
    urgentReason,
    ladder: Object.entries(writing.ladder).map(([to, afterHours]) => ({ to: to as To, afterHours })),
    needsAcknowledgement: isDocument || writing.needsAcknowledgement,
    takesSignUp: writing.takesSignUp,
    toGroups: writing.toGroups,
    ...(before === undefined
      ? {}
      : {
          format: before.format,
          sendAt: before.sendAt,
          rings: before.rings && (isDocument || urgentReason !== null),
        }),
  };
}

const namesIn = (words: string): string[] =>
  words
    .split(/[、,，]/)
    .map((one) => one.trim())
    .filter(Boolean);

const OF_PERSON = ['姓名', 'name', '部门', 'department', '工号', 'number'];

/** `{时间}` and the like: what is nobody's by nature and is asked for. */
export function ownVariablesIn(words: string): string[] {
  const found = [...words.matchAll(/\{([^{}\n]{1,20})\}/g)].map(([, name]) => (name ?? '').trim());
  return [...new Set(found)].filter((name) => !OF_PERSON.includes(name));
}
