import { useQuery } from '@tanstack/react-query';
import { Select, Tabs } from 'antd';
import { useState } from 'react';
import { AntTheme } from '../AntTheme.tsx';
import { campaignsQuery } from '../campaigns.query.ts';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { Loaded, PageHead } from '../parts.tsx';
import { Appeals } from './Appeals.tsx';
import { Periods } from './Periods.tsx';
import { usePerformanceTexts } from './performance.text.ts';
import { Rules } from './Rules.tsx';
import './performance.css';

/** Rules, periods and appeals: from what a day asks for to what is signed. */
export default function PerformancePage() {
  const text = useTexts();
  const t = usePerformanceTexts();
  const may = useMay();
  const campaigns = useQuery(campaignsQuery);
  const [chosen, setChosen] = useState<string>();
  return (
    <AntTheme>
      <PageHead title={text.place.performance}>
        <p>{t.about}</p>
      </PageHead>
      <Loaded query={campaigns}>
        {({ items }) => {
          const campaign = items.find(({ key }) => key === chosen) ?? items[0];
          if (campaign === undefined) return <p className="panel empty">{t.rules.none}</p>;
          return (
            <>
              <div className="performance-row">
                <Select
                  aria-label={t.campaign}
                  value={campaign.key}
                  onChange={setChosen}
                  options={items.map(({ key, name }) => ({ value: key, label: name }))}
                />
              </div>
              <Tabs
                destroyOnHidden
                items={[
                  { key: 'periods', label: t.tabs.periods, children: <Periods campaign={campaign} /> },
                  { key: 'rules', label: t.tabs.rules, children: <Rules campaign={campaign} /> },
                  ...(may('evidence.correct')
                    ? [{ key: 'appeals', label: t.tabs.appeals, children: <Appeals /> }]
                    : []),
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </AntTheme>
  );
}
