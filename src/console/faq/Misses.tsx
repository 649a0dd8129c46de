import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import type { MissClusters } from '../../features/faq/faq.api.ts';
import { Loaded, Problem } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { clustersQuery } from './faq.query.ts';
import { useFaqTexts } from './faq.text.ts';

type Cluster = MissClusters['items'][number];
const SPANS = [7, 30, 90];
/** As many as one request takes. */
const MOST_IDS = 2_000;

/** What was asked without an answer, the most frequent first; one tap deals with it. */
export function Misses({ onEdit }: { onEdit: (id: string) => void }) {
  const t = useFaqTexts();
  const [days, setDays] = useState(30);
  const clusters = useQuery(clustersQuery(days));
  return (
    <>
      <div className="faq-actions">
        <span className="muted">{t.missesAbout}</span>
        <Select
          aria-label={t.days}
          value={days}
          onChange={setDays}
          options={SPANS.map((span) => ({ value: span, label: t.lastDays(span) }))}
        />
      </div>
      <Loaded query={clusters}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="panel empty">{t.noMisses}</p>
          ) : (
            <ul className="panel rows">
              {items.map((cluster) => (
                <ClusterRow key={cluster.ids[0]} cluster={cluster} onEdit={onEdit} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function ClusterRow({ cluster, onEdit }: { cluster: Cluster; onEdit: (id: string) => void }) {
  const t = useFaqTexts();
  const times = useTimes();
  const resolve = useSend<{ entryId: string | null }>();
  const { question, count, departments, texts, nearest, lastAt } = cluster;
  const send = (resolution: { as: 'draft' | 'outside' } | { as: 'similar'; entryId: string }): void =>
    resolve.mutate(
      { path: '/faq/misses/resolve', body: { ids: cluster.ids.slice(0, MOST_IDS), ...resolution } },
      {
        onSuccess({ entryId }) {
          if (resolution.as === 'draft' && entryId !== null) onEdit(entryId);
        },
      },
    );
  return (
    <li className="row">
      <div className="row-main">
        <p className="row-title">{question}</p>
        <p className="muted small">
          {t.asked(count, departments)} · {times.short(lastAt)}
        </p>
        {texts.length < 2 ? null : (
          <details className="small">
            <summary>
              {t.wordings} {texts.length}
            </summary>
            <ul className="faq-wordings">
              {texts.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </details>
        )}
        {resolve.error === null ? null : <Problem error={resolve.error} />}
      </div>
      <Button type="primary" disabled={resolve.isPending} onClick={() => send({ as: 'draft' })}>
        {t.draft}
      </Button>
      {nearest === null ? null : (
        <Button disabled={resolve.isPending} onClick={() => send({ as: 'similar', entryId: nearest })}>
          {t.addTo(nearest)}
        </Button>
      )}
      <Button disabled={resolve.isPending} onClick={() => send({ as: 'outside' })}>
        {t.outside}
      </Button>
    </li>
  );
}
