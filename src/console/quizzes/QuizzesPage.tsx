import { Tabs } from 'antd';
import { useState } from 'react';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { PageHead } from '../parts.tsx';
import { Bank } from './Bank.tsx';
import { LiveRoom } from './LiveRoom.tsx';
import { useQuizTexts } from './quizzes.text.ts';
import { Results } from './Results.tsx';
import { Rounds } from './Rounds.tsx';
import { RoundWizard } from './RoundWizard.tsx';
import type { View } from './view.ts';
import './quizzes.css';

/** Rounds and the bank; a round opens in place of the list. */
export default function QuizzesPage() {
  const text = useTexts();
  const t = useQuizTexts();
  const [view, setView] = useState<View>({ kind: 'list' });
  const back = () => setView({ kind: 'list' });
  return (
    <AntTheme>
      <PageHead title={text.place.quizzes}>
        <p>{t.about}</p>
      </PageHead>
      {view.kind === 'list' ? null : (
        <p className="quiz-back">
          <button type="button" className="plain-button" onClick={back}>
            {t.back}
          </button>
        </p>
      )}
      {view.kind === 'list' ? (
        <Tabs
          items={[
            { key: 'rounds', label: t.tabs.rounds, children: <Rounds onView={setView} /> },
            { key: 'bank', label: t.tabs.bank, children: <Bank /> },
          ]}
        />
      ) : view.kind === 'plan' ? (
        <RoundWizard onDone={back} />
      ) : view.kind === 'live' ? (
        <LiveRoom quiz={view.quiz} />
      ) : (
        <Results quiz={view.quiz} />
      )}
    </AntTheme>
  );
}
