export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

/** One catalogue in both languages; `en: typeof zh` at its definition makes a missing sentence a type error. */
export interface Catalogue<Texts> {
  'zh-CN': Texts;
  en: Texts;
}

/** Any `en-…` reads English, everybody else Chinese. */
export function localeOf(tag: string): Locale {
  return tag.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}
