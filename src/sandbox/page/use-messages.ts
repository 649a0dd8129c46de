import { useCallback, useEffect, useRef, useState } from 'react';
import type { SealedCard } from '../../chat/message.ts';
import type { MessagesAnswer, ShownMessage } from '../sandbox.api.ts';
import type { Api } from './api.ts';
import { useOneAtATime } from './use-chats.ts';

export interface Messages {
  /** Oldest first; `undefined` until the first page is there. */
  items: ShownMessage[] | undefined;
  /** Whether earlier ones exist. */
  more: boolean;
  refresh: () => void;
  loadEarlier: () => Promise<void>;
  /** Shows a card at once where the pressed one stood; the server's own word follows. */
  showCard: (messageId: string, card: SealedCard) => void;
}

interface Loaded {
  chatId: string;
  items: ShownMessage[];
  before: string | null;
}

/** The messages of one chat, as far back as they were asked for. Expects to be remounted for another chat. */
export function useMessages(api: Api, as: string, chatId: string): Messages {
  const [loaded, setLoaded] = useState<Loaded>();
  const refresh = useOneAtATime(
    useCallback(async () => {
      const page = await api.messages(as, chatId);
      setLoaded((old) => merged(chatId, old, page));
    }, [api, as, chatId]),
  );
  useEffect(refresh, [refresh]);

  const loading = useRef(false);
  const loadEarlier = useCallback(async () => {
    const before = loaded?.before;
    if (loading.current || before === undefined || before === null) return;
    loading.current = true;
    try {
      const page = await api.messages(as, chatId, before);
      setLoaded((old) => {
        return old === undefined
          ? old
          : { chatId, items: [...page.items, ...old.items], before: page.before };
      });
    } catch {
      // The next scroll asks again.
    } finally {
      loading.current = false;
    }
  }, [api, as, chatId, loaded?.before]);

  const showCard = useCallback((messageId: string, card: SealedCard) => {
    setLoaded((old) => {
      if (old === undefined) return old;
      const items = old.items.map((item) =>
        item.id === messageId ? { ...item, content: { kind: 'card' as const, card } } : item,
      );
      return { ...old, items };
    });
  }, []);

  return { items: loaded?.items, more: (loaded?.before ?? null) !== null, refresh, loadEarlier, showCard };
}

/** The newest page over what is there. Where they do not meet, something was missed: then the page stands alone. */
function merged(chatId: string, old: Loaded | undefined, page: MessagesAnswer): Loaded {
  const oldest = page.items[0]?.id;
  const meets = oldest !== undefined && old?.items.some((item) => item.id === oldest);
  if (old === undefined || !meets) return { chatId, items: page.items, before: page.before };
  return {
    chatId,
    items: [...old.items.filter((item) => item.id < oldest), ...page.items],
    before: old.before,
  };
}
