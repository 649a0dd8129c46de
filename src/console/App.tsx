import { useState } from 'react';
import { catalogue } from './console.text.ts';
import { ENTER, EnterPage } from './enter/EnterPage.tsx';
import { LanguageContext, useChosenLanguage } from './language.ts';
import { AccessContext } from './may.ts';
import { problemSentence } from './problem-sentence.ts';
import { Shell } from './Shell.tsx';
import { SignedOut } from './SignedOut.tsx';
import { useSession } from './session.ts';

/** The console for whoever is signed in; for everybody else, how to get in. */
export function App() {
  const [language, setLanguage] = useChosenLanguage();
  const { state, access, error, signOut, lookAgain } = useSession();
  // What may be done stays on the page when the session ends, as what is filled in does.
  const [known, setKnown] = useState(access);
  if (access !== undefined && access !== known) setKnown(access);
  const text = catalogue[language];
  const other = language === 'en' ? 'zh-CN' : 'en';
  return (
    <LanguageContext value={language}>
      <AccessContext value={known}>
        {location.pathname === ENTER ? (
          <EnterPage onEntered={lookAgain} onLanguage={() => setLanguage(other)} />
        ) : state === 'unknown' ? (
          <SignedOut
            sentence={error === null ? undefined : problemSentence(error, text, language)}
            onLookAgain={lookAgain}
            onLanguage={() => setLanguage(other)}
          />
        ) : state === 'out' ? (
          <SignedOut howTo onLookAgain={lookAgain} onLanguage={() => setLanguage(other)} />
        ) : (
          <Shell
            ended={state === 'ended'}
            onSignOut={signOut}
            onLookAgain={lookAgain}
            onLanguage={() => setLanguage(other)}
          />
        )}
      </AccessContext>
    </LanguageContext>
  );
}
