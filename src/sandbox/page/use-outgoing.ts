import { useCallback, useState } from 'react';
import type { DeedRequest } from '../sandbox.api.ts';
import { type Api, newKey, Refusal } from './api.ts';
import type { Texts } from './text.ts';

/** Something the person wrote that the chat does not show yet. */
export interface Outgoing {
  deed: DeedRequest;
  at: string;
  state: 'sending' | 'failed';
  /** Why it failed, in a sentence. */
  reason?: string;
}

/** What is under way. A retry carries the same key, so that a message whose answer got lost appears once. */
export function useOutgoing(
  api: Api,
  text: Texts,
  options: { onToast: (words: string) => void; onSent: () => void },
) {
  const [items, setItems] = useState<Outgoing[]>([]);
  const { onToast, onSent } = options;

  const change = useCallback((key: string, patch: Partial<Outgoing>) => {
    setItems((old) => old.map((item) => (item.deed.key === key ? { ...item, ...patch } : item)));
  }, []);
  const drop = useCallback((key: string) => {
    setItems((old) => old.filter((item) => item.deed.key !== key));
  }, []);

  const attempt = useCallback(
    async (deed: DeedRequest): Promise<void> => {
      try {
        const { toast } = await api.does(deed);
        if (toast !== undefined) onToast(toast);
        onSent();
      } catch (error) {
        const reason =
          error instanceof Refusal && error.status !== undefined ? error.message : text.networkDown;
        change(deed.key, { state: 'failed', reason });
      }
    },
    [api, change, onSent, onToast, text],
  );

  return {
    items,
    drop,
    send(as: string, chatId: string, payload: DeedRequest['payload']): void {
      const deed: DeedRequest = { as, chatId, key: newKey(), payload };
      setItems((old) => [...old, { deed, at: new Date().toISOString(), state: 'sending' }]);
      void attempt(deed);
    },
    retry(deed: DeedRequest): void {
      change(deed.key, { state: 'sending' });
      void attempt(deed);
    },
  };
}

export type OutgoingBox = ReturnType<typeof useOutgoing>;
