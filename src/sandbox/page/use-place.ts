import { useEffect, useState } from 'react';
import type { Language } from './text.ts';

const PERSON = 'cuhuo.sandbox.person';
const LANGUAGE = 'cuhuo.sandbox.language';

/** A browser may forbid the storage; then the page forgets. */
function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing is lost but the comfort.
  }
}

/** Who the person is: `?as=` first, then whom this browser chose last. */
export function usePerson(): [string | undefined, (platformId: string) => void] {
  const fromAddress = new URLSearchParams(location.search).get('as') ?? undefined;
  const [person, setPerson] = useState(fromAddress ?? remembered(PERSON));
  useEffect(() => {
    if (person !== undefined) remember(PERSON, person);
  }, [person]);
  return [
    person,
    (platformId) => {
      const address = new URL(location.href);
      address.searchParams.set('as', platformId);
      address.hash = '';
      history.replaceState(null, '', address);
      window.dispatchEvent(new HashChangeEvent('hashchange'));
      setPerson(platformId);
    },
  ];
}

export function useChosenLanguage(): [Language, (language: Language) => void] {
  const first = remembered(LANGUAGE) ?? (navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN');
  const [language, setLanguage] = useState<Language>(first === 'en' ? 'en' : 'zh-CN');
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return [
    language,
    (next) => {
      remember(LANGUAGE, next);
      setLanguage(next);
    },
  ];
}

const chatInAddress = (): string | undefined => decodeURIComponent(location.hash.slice(1)) || undefined;

/** The open chat stands in the address, so that the phone's own back key leads to the list. */
export function useOpenChat(): [string | undefined, (chatId: string | undefined) => void] {
  const [chatId, setChatId] = useState(chatInAddress);
  useEffect(() => {
    const follow = (): void => setChatId(chatInAddress());
    window.addEventListener('hashchange', follow);
    window.addEventListener('popstate', follow);
    return () => {
      window.removeEventListener('hashchange', follow);
      window.removeEventListener('popstate', follow);
    };
  }, []);
  return [
    chatId,
    (next) => {
      location.hash = next === undefined ? '' : encodeURIComponent(next);
    },
  ];
}
