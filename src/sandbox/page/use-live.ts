import { useEffect, useRef, useState } from 'react';
import { streamAddress } from './api.ts';

const RETRY_MS = 1_500;
/** A short interruption is nobody's business. */
const PATIENCE_MS = 1_500;
/** A browser opens six connections to a server; tabs that nobody looks at give theirs back. */
const HIDDEN_MS = 60_000;

/**
 * Keeps the stream of a person's changes open and answers whether it is. `onChange` hears the id of a changed chat,
 * or `undefined` when everything may have changed: at the start and after every interruption.
 */
export function useLive(as: string | undefined, onChange: (chatId: string | undefined) => void): boolean {
  const [online, setOnline] = useState(true);
  const listener = useRef(onChange);
  listener.current = onChange;

  useEffect(() => {
    if (as === undefined) return undefined;
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let hidden: ReturnType<typeof setTimeout> | undefined;
    let complain: ReturnType<typeof setTimeout> | undefined;

    const open = (): void => {
      source?.close();
      source = new EventSource(streamAddress(as));
      source.addEventListener('ready', () => {
        clearTimeout(complain);
        complain = undefined;
        setOnline(true);
        listener.current(undefined);
      });
      source.addEventListener('chat', (event) =>
        listener.current(JSON.parse(event.data as string) as string),
      );
      source.addEventListener('error', () => {
        complain ??= setTimeout(() => setOnline(false), PATIENCE_MS);
        // The browser comes back by itself unless the server answered with an error.
        if (source?.readyState !== EventSource.CLOSED) return;
        clearTimeout(retry);
        retry = setTimeout(open, RETRY_MS);
      });
    };
    const close = (): void => {
      source?.close();
      source = undefined;
    };
    const look = (): void => {
      clearTimeout(hidden);
      if (document.visibilityState === 'hidden') hidden = setTimeout(close, HIDDEN_MS);
      else if (source === undefined) open();
    };

    open();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      for (const timer of [retry, hidden, complain]) clearTimeout(timer);
      close();
      setOnline(true);
    };
  }, [as]);

  return online;
}
