import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { cardSchema } from '#src/chat/message.ts';
import { buildIndex } from '#src/features/faq/engine/index.ts';
import { answerCard } from '#src/features/faq/faq.cards.ts';
import { type FaqFile, faqFilesSchema } from '#src/features/faq/faq.schema.ts';

const FOLDER = 'config/content/office-suite/faq';
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
const entries: FaqFile[] = files.flatMap(
  (name) => faqFilesSchema.parse(parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))).entries,
);

describe('the shipped knowledge base', () => {
  it('has at least two hundred entries that may answer, each under an id of its own', () => {
    expect(
      entries.filter(({ review, active }) => review === 'reviewed' && active).length,
    ).toBeGreaterThanOrEqual(200);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });

  it('knows each question in at least four other words, none of them twice', () => {
    const thin = entries.filter(({ question, similar }) => {
      const all = [question, ...similar].map((one) => one.toLowerCase().replace(/[\s\p{P}]/gu, ''));
      return similar.length < 4 || new Set(all).size < all.length;
    });
    expect(thin.map(({ id }) => id)).toEqual([]);
  });

  it('asks nothing in the same words in two entries', () => {
    const byWords = new Map<string, string[]>();
    for (const { id, question, similar } of entries)
      for (const one of [question, ...similar]) {
        const words = one.toLowerCase().replace(/[\s\p{P}]/gu, '');
        byWords.set(words, [...(byWords.get(words) ?? []), id]);
      }
    expect([...byWords].filter(([, ids]) => new Set(ids).size > 1)).toEqual([]);
  });

  it('covers what an office suite is asked about', () => {
    const areas = files.map((name) => name.replace('.yaml', ''));
    for (const area of ['install', 'licence', 'accounts', 'cloud', 'formats', 'printing', 'macros', 'errors'])
      expect(areas).toContain(area);
    expect(entries.some(({ question, similar }) => /离线/.test([question, ...similar].join()))).toBe(true);
  });

  it('answers in words that a card holds', () => {
    for (const { version, validFrom: _from, validUntil: _until, ...entry } of entries) {
      expect(entry.answer.length).toBeGreaterThan(20);
      const dates = { validFrom: null, validUntil: null, updatedAt: undefined as never, retiredAt: null };
      const row = { ...entry, ...dates, key: entry.id, version: 1, productVersion: version ?? null };
      cardSchema.parse(answerCard(row, 'zh-CN'));
    }
  });

  it('finds each entry by its own question', () => {
    const index = buildIndex(entries);
    const lost = entries.filter(({ id, question }) => index.search(question)[0]?.id !== id);
    expect(lost.map(({ id }) => id)).toEqual([]);
  });
});
