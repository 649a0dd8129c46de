import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Brand } from './Brand.tsx';
import { enterTexts } from './enter/enter.text.ts';
import { useLanguage, useTexts } from './language.ts';

interface Ways {
  /** Show how to get a sign-in link. */
  howTo?: boolean;
  /** What went wrong while finding out who is here; nothing while we ask. */
  sentence?: string | undefined;
  onLookAgain: () => Promise<void>;
  onLanguage: () => void;
}

/** What stands here before somebody is known to be signed in. */
export function SignedOut({ howTo = false, sentence, onLookAgain, onLanguage }: Ways) {
  const text = useTexts();
  useEffect(() => {
    document.title = text.title;
  }, [text]);
  return (
    <main className="door">
      <div className="door-panel">
        <Brand />
        {howTo ? (
          <p>
            {text.signIn.before} <code>npx cuhuo token link</code> {text.signIn.after}
          </p>
        ) : (
          <p role="status">{sentence ?? text.loading}</p>
        )}
        {howTo ? <PlatformWays /> : null}
        {howTo || sentence !== undefined ? (
          <div className="door-buttons">
            <button type="button" className="plain-button" onClick={() => void onLookAgain()}>
              {text.lookAgain}
            </button>
            <button type="button" className="quiet-button" onClick={onLanguage}>
              {text.otherLanguage}
            </button>
          </div>
        ) : null}
      </div>
    </main>
  );
}

/** The platforms that vouch for people here; none where none is set up. */
function PlatformWays() {
  const t = enterTexts[useLanguage()];
  const { data } = useQuery({
    queryKey: ['ways'],
    queryFn: async ({ signal }) => {
      const answer = await fetch('/console/sign-in/ways', { signal });
      return (await answer.json()) as { ways: string[] };
    },
  });
  return (data?.ways ?? []).map((way) => (
    <a key={way} className="plain-button door-link" href={`/console/sign-in/${way}`}>
      {t.with[way] ?? way}
    </a>
  ));
}
