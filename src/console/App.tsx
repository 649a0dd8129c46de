import { catalogue } from './console.text.ts';
import { LanguageContext, useChosenLanguage } from './language.ts';
import { problemSentence } from './problem-sentence.ts';
import { Shell } from './Shell.tsx';
import { SignedOut } from './SignedOut.tsx';
import { useSession } from './session.ts';

/** The console for whoever is signed in; for everybody else, how to get in. */
export function App() {
  const [language, setLanguage] = useChosenLanguage();
  const { state, error, signOut, lookAgain } = useSession();
  const text = catalogue[language];
  const other = language === 'en' ? 'zh-CN' : 'en';
  return (
    <LanguageContext value={language}>
      {state === 'unknown' ? (
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
    </LanguageContext>
  );
}
