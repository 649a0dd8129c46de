import { Tabs } from 'antd';
import { useState } from 'react';
import { AntTheme } from '../AntTheme.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { PageHead } from '../parts.tsx';
import { Calibration } from './Calibration.tsx';
import { Entries } from './Entries.tsx';
import { Figures } from './Figures.tsx';
import { useFaqTexts } from './faq.text.ts';
import { HitTest } from './HitTest.tsx';
import { Misses } from './Misses.tsx';
import { Replay } from './Replay.tsx';
import './faq.css';

/** The knowledge base: entries, why one answers, what none answered, and how it does. */
export default function FaqPage() {
  const text = useTexts();
  const t = useFaqTexts();
  const may = useMay();
  const [tab, setTab] = useState('entries');
  const [chosen, setChosen] = useState<string>();
  const edit = (id: string): void => {
    setChosen(id);
    setTab('entries');
  };
  const misses = { key: 'misses', label: t.tabs.misses, children: <Misses onEdit={edit} /> };
  return (
    <AntTheme>
      <PageHead title={text.place.faq}>
        <p>{t.about}</p>
      </PageHead>
      <Tabs
        activeKey={tab}
        onChange={setTab}
        items={[
          {
            key: 'entries',
            label: t.tabs.entries,
            children: <Entries chosen={chosen} onChoose={setChosen} />,
          },
          { key: 'test', label: t.tabs.test, children: <HitTest onEdit={edit} /> },
          ...(may('faq.misses') ? [misses] : []),
          { key: 'replay', label: t.tabs.replay, children: <Replay onEdit={edit} /> },
          { key: 'calibration', label: t.tabs.calibration, children: <Calibration /> },
          { key: 'figures', label: t.tabs.figures, children: <Figures onEdit={edit} /> },
        ]}
      />
    </AntTheme>
  );
}
