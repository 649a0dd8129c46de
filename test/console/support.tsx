import { QueryClientProvider } from '@tanstack/react-query';
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '#src/console/client.ts';
import type { Language } from '#src/console/console.text.ts';
import { LanguageContext } from '#src/console/language.ts';
import { ZoneContext } from '#src/console/times.ts';

/** A request that the page made. */
export interface Asked {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What a server would say: a status and JSON, or nothing because it cannot be reached. */
export type Answer = { status: number; json: unknown } | 'lost';

export const problem = (status: number, code: string, title: string, detail?: string): Answer => ({
  status,
  json: {
    title,
    status,
    code,
    instance: 'urn:uuid:01a20162-6431-76ec-ba71-e887a66481ec',
    ...(detail === undefined ? {} : { detail }),
  },
});

/** Stands in for the server: answers each write with the next of `answers`, and keeps what was asked. */
export function standInServer(answers: readonly Answer[]): Asked[] {
  const asked: Asked[] = [];
  globalThis.fetch = async (input, init = {}) => {
    const { method = 'GET', headers, body } = init;
    asked.push({
      method,
      path: input as string,
      headers: headers as Record<string, string>,
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
    });
    const answer = answers[asked.length - 1];
    if (answer === undefined || answer === 'lost') throw new TypeError('Failed to fetch');
    return { status: answer.status, ok: answer.status < 400, json: async () => answer.json } as Response;
  };
  return asked;
}

/** Puts the component on a page, in Shanghai and Chinese unless said. */
export async function show(component: ReactNode, language: Language = 'zh-CN'): Promise<HTMLElement> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  globalThis.matchMedia = (media: string) =>
    ({
      media,
      matches: false,
      addEventListener() {},
      removeEventListener() {},
      addListener() {},
      removeListener() {},
    }) as unknown as MediaQueryList;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  document.documentElement.lang = language;
  const page = document.body.appendChild(document.createElement('div'));
  await act(async () =>
    createRoot(page).render(
      <QueryClientProvider client={createClient()}>
        <LanguageContext value={language}>
          <ZoneContext value="Asia/Shanghai">{component}</ZoneContext>
        </LanguageContext>
      </QueryClientProvider>,
    ),
  );
  return page;
}

export async function press(page: HTMLElement, words: string): Promise<void> {
  const button = [...page.querySelectorAll('button')].find(({ textContent }) => textContent === words);
  if (button === undefined) throw new Error(`there is no button ${words}`);
  await act(async () => button.click());
  await settled();
}

/** Types over what a field holds, as React hears it. */
export async function fill(field: HTMLInputElement, value: string): Promise<void> {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  await act(async () => {
    setter?.call(field, value);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export const alertOn = (page: HTMLElement): string | undefined =>
  page.querySelector('[role=alert]')?.textContent ?? undefined;

/** Lets answers arrive and the page follow. */
async function settled(): Promise<void> {
  await act(async () => new Promise((resolve) => setTimeout(resolve, 20)));
}
