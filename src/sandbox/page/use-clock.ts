import { useCallback, useEffect, useState } from 'react';
import type { Api } from './api.ts';
import type { ShownClock } from './times.ts';
import { useOneAtATime } from './use-chats.ts';

const MANUAL_POLL_MS = 5_000;

/** The server's clock: its zone, and its time while that moves only by hand. */
export function useClock(api: Api): { shown: ShownClock; refresh: () => void } {
  const [shown, setShown] = useState<ShownClock>({ zone: undefined, manualNow: undefined });
  const refresh = useOneAtATime(
    useCallback(async () => {
      const { now, manual, zone } = await api.clock();
      const manualNow = manual ? Date.parse(now) : undefined;
      setShown((old) => (old.zone === zone && old.manualNow === manualNow ? old : { zone, manualNow }));
    }, [api]),
  );
  useEffect(refresh, [refresh]);

  const manual = shown.manualNow !== undefined;
  useEffect(() => {
    if (!manual) return undefined;
    const timer = setInterval(refresh, MANUAL_POLL_MS);
    return () => clearInterval(timer);
  }, [manual, refresh]);
  return { shown, refresh };
}
