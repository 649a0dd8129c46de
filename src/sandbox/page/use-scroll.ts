import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Messages } from './use-messages.ts';

/** So near to the end counts as being there. */
const NEAR_PX = 80;
/** So near to the beginning asks for what came before. */
const EARLY_PX = 200;

/**
 * Where the reader stands. The chat opens at the first unread message, follows new ones while the reader is at the
 * end, stays where it is while they read further up, and does not jump when earlier messages come in above.
 */
export function useScroll(
  list: RefObject<HTMLElement | null>,
  messages: Messages,
  pending: number,
  me: string,
) {
  const { items } = messages;
  const [firstUnread, setFirstUnread] = useState<string>();
  const [away, setAway] = useState(false);
  const [unseen, setUnseen] = useState(0);
  const seen = useRef<{
    oldest?: string | undefined;
    newest?: string | undefined;
    height: number;
    pending: number;
  }>(undefined);
  const first = useRef<string>(undefined);
  const atEnd = useRef(true);

  const toNewest = (): void => {
    const shown = list.current;
    shown?.scrollTo({ top: shown.scrollHeight });
  };

  useLayoutEffect(() => {
    const shown = list.current;
    if (shown === null || items === undefined) return;
    const last = seen.current;
    const oldest = items[0]?.id;
    const newest = items.at(-1)?.id;
    seen.current = { oldest, newest, height: shown.scrollHeight, pending };

    if (last === undefined) {
      first.current = newest;
      const unread = items.find((item) => !item.read && item.sender !== me)?.id;
      setFirstUnread(unread);
      shown.scrollTop = shown.scrollHeight;
      return;
    }
    const added = items.filter((item) => last.newest === undefined || item.id > last.newest);
    const mine = pending > last.pending || added.some((item) => item.sender === me);
    if (last.oldest !== undefined && oldest !== undefined && oldest < last.oldest) {
      shown.scrollTop += shown.scrollHeight - last.height;
    } else if (mine || atEnd.current) {
      toNewest();
    } else if (added.length > 0) {
      setUnseen((count) => count + added.length);
    }
  }, [items, pending]);

  // The divider exists only after the first paint of the messages.
  useLayoutEffect(() => {
    const shown = list.current;
    const divider = shown?.querySelector<HTMLElement>('.divider');
    if (shown === null || divider === null || divider === undefined) return;
    shown.scrollTop = Math.min(divider.offsetTop - 52, shown.scrollHeight);
  }, [firstUnread]);

  // Images of the layout, such as a growing card or an opening keyboard, must not push the end out of sight.
  useLayoutEffect(() => {
    const shown = list.current;
    if (shown === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toNewest();
    });
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);

  return {
    firstUnread,
    /** Whether the reader has left the end. */
    away,
    /** How many came in below since. */
    unseen,
    toNewest,
    /** Whether this was the newest message when the chat opened: nothing to announce. */
    isFirst: (messageId: string) => first.current === messageId,
    onScroll: (): void => {
      const shown = list.current;
      if (shown === null) return;
      atEnd.current = shown.scrollHeight - shown.scrollTop - shown.clientHeight < NEAR_PX;
      setAway(!atEnd.current);
      if (atEnd.current) setUnseen(0);
      if (shown.scrollTop < EARLY_PX && messages.more) void messages.loadEarlier();
    },
  };
}
