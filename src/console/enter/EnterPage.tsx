import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Brand } from '../Brand.tsx';
import { useLanguage, useTexts } from '../language.ts';
import { enterTexts } from './enter.text.ts';

export const ENTER = '/console/enter';

type Trouble = keyof (typeof enterTexts)['en']['problems'];

/** Here the link from chat leads: one tap uses it up, so that no preview of a chat does. */
export function EnterPage({
  onEntered,
  onLanguage,
}: {
  onEntered: () => Promise<void>;
  onLanguage: () => void;
}) {
  const text = useTexts();
  const t = enterTexts[useLanguage()];
  const client = useQueryClient();
  const [token] = useState(() => location.hash.slice(1));
  const asked = new URLSearchParams(location.search).get('problem') as Trouble | null;
  const [problem, setProblem] = useState<Trouble | null>(asked ?? (token === '' ? 'expired' : null));
  const [isBusy, setBusy] = useState(false);

  async function enter(): Promise<void> {
    setBusy(true);
    const answer = await fetch('/console/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-cuhuo-csrf': '1' },
      body: JSON.stringify({ token }),
    }).catch(() => undefined);
    setBusy(false);
    if (answer?.status !== 204) {
      setProblem(answer?.status === 429 ? 'locked' : answer === undefined ? 'unreachable' : 'expired');
      return;
    }
    history.replaceState(null, '', '/console');
    client.clear();
    await onEntered();
  }

  return (
    <main className="door">
      <div className="door-panel">
        <Brand />
        <h1>{t.title}</h1>
        {problem === null ? (
          <p>{t.about}</p>
        ) : (
          <p role="alert">{t.problems[problem] ?? t.problems.expired}</p>
        )}
        <div className="door-buttons">
          {problem === null ? (
            <button type="button" className="plain-button" aria-busy={isBusy} onClick={() => void enter()}>
              {t.enter}
            </button>
          ) : (
            <a className="plain-button door-link" href="/console">
              {t.again}
            </a>
          )}
          <button type="button" className="quiet-button" onClick={onLanguage}>
            {text.otherLanguage}
          </button>
        </div>
      </div>
    </main>
  );
}
