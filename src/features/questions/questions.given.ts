import { createHash } from 'node:crypto';
import { META_TAG, type QuestionFile } from './questions.schema.ts';

/** What somebody wants to import, not looked at yet; or why it cannot even be read. */
export interface GivenQuestion {
  /** As an editor counts; in JSON the place in the list, from 1. */
  line: number;
  question?: unknown;
  problems?: string[];
}

/** For files that name nothing: the same words get the same id, so that importing again changes nothing. */
export function idFor(words: string): string {
  return `q-${createHash('sha256').update(words.normalize('NFKC')).digest('hex').slice(0, 16)}`;
}

/** Keeps an id of another program if it can be one of ours. */
export function idFrom(name: string | null | undefined, words: string): string {
  const plain = (name ?? '').trim().toLowerCase();
  return /^[a-z0-9][a-z0-9-]{1,60}$/.test(plain) ? plain : idFor(words);
}

/** What formats of other programs have no place for, as tags such as `level:beginner`, and plain tags behind them. */
export function metaTags(question: QuestionFile): string[] {
  const meta: Record<string, string | undefined> = {
    feature: question.feature,
    area: question.area,
    level: question.level,
    review: question.review,
    version: question.version,
    owner: question.owner,
    picture: question.picture,
    ...(question.kind === 'ordering' || question.kind === 'multiple' ? { kind: question.kind } : {}),
    ...(question.kind === 'fill-in' && question.caseSensitive ? { case: 'sensitive' } : {}),
    ...(question.kind === 'numeric' ? { unit: question.unit } : {}),
  };
  const given = Object.entries(meta).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}:${value}`],
  );
  return [...given, ...question.tags];
}

export interface FromTags {
  tags: string[];
  meta: Partial<Record<string, string>>;
}

export function readTags(tags: readonly string[]): FromTags {
  const meta: Partial<Record<string, string>> = {};
  const plain: string[] = [];
  for (const tag of tags) {
    if (!META_TAG.test(tag)) plain.push(tag.trim());
    else meta[tag.slice(0, tag.indexOf(':'))] = tag.slice(tag.indexOf(':') + 1);
  }
  return { tags: plain.filter((tag) => tag !== ''), meta };
}

/** The fields that every kind has, from tags; without those that are not there. */
export function commonFrom({ tags, meta }: FromTags): Record<string, unknown> {
  const { feature, area, level, review, version, owner, picture } = meta;
  return defined({ feature, area, level, review, version, owner, picture, tags });
}

export function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
