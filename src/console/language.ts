import { createContext, useContext, useState } from 'react';
import { catalogue, type Language, type Texts } from './console.text.ts';

const REMEMBERED = 'cuhuo.console.language';

export const LanguageContext = createContext<Language>('zh-CN');
export const useLanguage = (): Language => useContext(LanguageContext);
export const useTexts = (): Texts => catalogue[useContext(LanguageContext)];

/** A browser may forbid the storage; then the page forgets. */
function remembered(): string | undefined {
  try {
    return localStorage.getItem(REMEMBERED) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // Nothing is lost but the comfort.
  }
}

/** What was chosen here last, else Chinese unless the browser speaks English. */
export function useChosenLanguage(): [Language, (language: Language) => void] {
  const first = remembered() ?? (navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN');
  const [language, setLanguage] = useState<Language>(first === 'en' ? 'en' : 'zh-CN');
  // At once, because requests read it: an effect would come after those of the pages.
  document.documentElement.lang = language;
  return [
    language,
    (next) => {
      remember(next);
      setLanguage(next);
    },
  ];
}
