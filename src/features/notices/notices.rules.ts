import type { Channel } from '../../chat/event.ts';
import type { Locale } from '../../chat/locale.ts';
import type { NoticeActor, Rung } from './notices.tables.ts';

/** `{姓名}`, `{deadline}`: a name without braces or line breaks. */
const VARIABLE = /\{([^{}\n]{1,20})\}/g;

/** What every person has, in both languages. */
export const personVariables = {
  姓名: 'name',
  name: 'name',
  部门: 'department',
  department: 'department',
  工号: 'number',
  number: 'number',
} as const;

/** The variables of a text, each once, in order. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name]) => (name ?? '').trim()))];
}

/** Those that are nobody's by nature and must be given a value. */
export function ownVariablesIn(text: string): string[] {
  return variablesIn(text).filter((name) => !Object.hasOwn(personVariables, name));
}

/** The text with its variables filled in, and the names of those that have no value. */
export function fill(
  text: string,
  valueOf: (variable: string) => string | undefined,
): { text: string; missing: string[] } {
  const missing = new Set<string>();
  const filled = text.replace(VARIABLE, (whole, raw: string) => {
    const name = raw.trim();
    const value = valueOf(name);
    if (value === undefined || value.trim() === '') {
      missing.add(name);
      return whole;
    }
    return inert(value);
  });
  return { text: filled, missing: [...missing] };
}

/** A value is words, never markdown: somebody's name must not become a link. Full-width forms look alike and say nothing. */
function inert(value: string): string {
  return value.replace(/[*_`[\]<>~]/g, (letter) =>
    String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0),
  );
}

export interface Finding {
  kind: 'id-number' | 'mobile' | 'sensitive';
  /** The word of the list; never the number itself. */
  word?: string;
  n: number;
}

/** Personal data and words that should not stand in a notice. Spaces and hyphens between digits hide nothing. */
export function findingsIn(text: string, sensitiveWords: readonly string[]): Finding[] {
  const plain = text.normalize('NFKC');
  const dense = plain.replace(/(?<=\d)[\s\-·.]+(?=[\dXx])/g, '');
  const ids = new Set(
    [plain, dense].flatMap((one) => one.match(/(?<!\d)\d{17}[\dXx](?![\dXx])/g) ?? []).filter(isIdNumber),
  );
  const mobiles = new Set([plain, dense].flatMap((one) => one.match(/(?<!\d)1[3-9]\d{9}(?!\d)/g) ?? []));
  const findings: Finding[] = [];
  if (ids.size > 0) findings.push({ kind: 'id-number', n: ids.size });
  if (mobiles.size > 0) findings.push({ kind: 'mobile', n: mobiles.size });
  const bare = bareForm(text);
  for (const word of sensitiveWords) {
    const form = bareForm(word);
    const n = form === '' ? 0 : bare.split(form).length - 1;
    if (n > 0) findings.push({ kind: 'sensitive', word, n });
  }
  return findings;
}

const bareForm = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}\u200b-\u200f\u2060\ufeff]/gu, '');

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';

/** An 18-digit resident identity number, by its check digit (GB 11643, ISO 7064 MOD 11-2) and a birthday that can be. */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dXx]$/.test(text)) return false;
  const month = Number(text.slice(10, 12));
  const day = Number(text.slice(12, 14));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, place) => total + weight * Number(text[place]), 0);
  return ID_CHECKS[sum % 11] === text[17]?.toUpperCase();
}

/** What is never sent. A mobile number may be a hotline: then another person has to look at it. */
export const isForbidden = ({ kind }: Finding): boolean => kind !== 'mobile';

export const isSamePerson = (a: NoticeActor | null, b: NoticeActor): boolean =>
  a !== null && a.kind === b.kind && a.id === b.id;

/** Reminders of what must be acknowledged: the person, then whoever looks after them, then HR. Each may be left out. */
export const documentLadder: readonly Rung[] = [
  { afterHours: 24, to: 'person' },
  { afterHours: 48, to: 'liaison' },
  { afterHours: 72, to: 'hr' },
];

/**
 * Whether the platform ever tells that a person opened a message. WeCom has no such call for app messages
 * (platforms/wecom.md); Feishu pushes it for private chats, DingTalk answers it for 24 h.
 */
const tellsReading: Record<Channel, boolean> = { sandbox: true, feishu: true, dingtalk: true, wecom: false };

/**
 * How long a message can be taken back. WeCom app messages and DingTalk robot messages and work notices: 24 hours
 * (platforms/wecom.md 3.5, dingtalk.md 3.8); what a WeCom group got cannot be. Feishu: as long as the tenant's
 * administrator allows, which no call tells (feishu.md, 230009). Read 2026-11-22.
 */
export type RecallRule = { kind: 'always' } | { kind: 'hours'; hours: number } | { kind: 'by-administrator' };
export const recallRules: Record<Channel, RecallRule> = {
  sandbox: { kind: 'always' },
  wecom: { kind: 'hours', hours: 24 },
  dingtalk: { kind: 'hours', hours: 24 },
  feishu: { kind: 'by-administrator' },
};

/** How far a notice has come with one person. `untold`: it arrived, and the platform will not say whether it was read. */
export type Standing =
  | 'acted'
  | 'read'
  | 'unread'
  | 'untold'
  | 'waiting'
  | 'failed'
  /** The answer of the platform was lost: nobody knows whether it arrived, and it is not sent twice. */
  | 'unknown'
  | 'recalled';

export function standingOf(one: { state: string; channel: string; responded: boolean }): Standing {
  if (one.responded) return 'acted';
  switch (one.state) {
    case 'read':
    case 'clicked':
      return 'read';
    case 'delivered':
    case 'accepted':
    case 'digested':
    case 'unconfirmed':
      return tellsReading[one.channel as Channel] === true && one.state !== 'unconfirmed'
        ? 'unread'
        : 'untold';
    case 'planned':
    case 'held':
    case 'queued':
      return 'waiting';
    case 'unknown':
      return 'unknown';
    case 'recalled':
      return 'recalled';
    default:
      return 'failed';
  }
}

/** Who still has something to do: to acknowledge where that is asked for, else to read. */
export function isOpen(standing: Standing, needsAcknowledgement: boolean): boolean {
  return standing === 'unread' || standing === 'untold' || (needsAcknowledgement && standing === 'read');
}

const LONGEST_TITLE = 40;

/** The first line as title where there are several and it is short; else a title of ours. */
export function titleAndBody(said: string, locale: Locale): { title: string; body: string } {
  const [first = '', ...rest] = said.split('\n');
  const body = rest.join('\n').trim();
  if (body !== '' && Array.from(first.trim()).length <= LONGEST_TITLE)
    return { title: first.trim().replace(/^#+\s*/, ''), body };
  return { title: locale === 'en' ? 'Notice' : '通知', body: said };
}
