import { type RefObject, useEffect, useRef } from 'react';
import type { ShownMessage } from '../sandbox.api.ts';

/** A message counts as read when half of it, or this much of a long card, is on a visible page. */
const ENOUGH_PX = 120;

/** Marks messages as read when they become visible, each once; a mark that fails is tried again at the next sight. */
export function useReading(
  list: RefObject<HTMLElement | null>,
  items: readonly ShownMessage[],
  onRead: (messageId: string) => Promise<void>,
): void {
  const marked = useRef(new Set<string>());
  const read = useRef(onRead);
  read.current = onRead;

  useEffect(() => {
    const root = list.current;
    if (root === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, intersectionRatio, intersectionRect, target } of entries) {
          const id = (target as HTMLElement).dataset['unread'];
          const visible =
            isIntersecting && (intersectionRatio >= 0.5 || intersectionRect.height >= ENOUGH_PX);
          if (id === undefined || !visible || document.visibilityState === 'hidden' || marked.current.has(id))
            continue;
          marked.current.add(id);
          read.current(id).catch(() => marked.current.delete(id));
        }
      },
      { root, threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] },
    );
    const look = (): void => {
      observer.disconnect();
      for (const element of root.querySelectorAll('[data-unread]')) observer.observe(element);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      observer.disconnect();
    };
  }, [list, items]);
}
