import { useCallback, useEffect, useState } from 'react';

const SHOWN_MS = 3_200;

/** A sentence that shows for three seconds. */
export function useToast(): [string | undefined, (words: string) => void] {
  const [toast, setToast] = useState<{ words: string }>();
  useEffect(() => {
    if (toast === undefined) return undefined;
    const timer = setTimeout(() => setToast(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return [toast?.words, useCallback((words: string) => setToast({ words }), [])];
}

/** Always there, so that screen readers hear what appears in it. */
export function ToastShelf({ words }: { words: string | undefined }) {
  return (
    <div className="toast-shelf" role="status">
      {words === undefined ? null : <p className="toast">{words}</p>}
    </div>
  );
}
