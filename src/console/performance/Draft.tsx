import { Button, Input } from 'antd';
import { useState } from 'react';
import type { DifferenceView, DraftView } from '../../features/periods/periods.api.ts';
import { type Column, ListTable } from '../ListTable.tsx';
import { useMay } from '../may.ts';
import { Problem, Tag } from '../parts.tsx';
import { useSend } from '../use-send.ts';
import { usePerformanceTexts } from './performance.text.ts';

/** What a draft would change for everybody; only then it can be published, with a reason. */
export function Draft({ draft }: { draft: DraftView }) {
  const { rules: t, columns: c } = usePerformanceTexts();
  const may = useMay();
  const publish = useSend();
  const [reason, setReason] = useState('');
  const { counts } = draft;
  const outcome = (one: DifferenceView['before']): string =>
    one === null ? '–' : `${one.counted}/${one.needed} · ${one.band} · ${one.score}`;
  const columns: Column<DifferenceView>[] = [
    { title: c.number, cell: ({ number }) => number },
    { title: c.name, cell: ({ name }) => name },
    { title: c.department, cell: ({ department }) => department ?? '–' },
    { title: c.before, cell: ({ before }) => outcome(before) },
    { title: c.after, cell: ({ after }) => outcome(after) },
    { title: c.verdict, cell: ({ verdict }) => t.verdicts[verdict] },
  ];
  return (
    <section className="panel" aria-label={t.drafts}>
      <h2>
        {t.drafts} · {t.from(draft.fromDay)} <Tag tone="notice">{t.states[draft.state]}</Tag>
      </h2>
      {counts === null ? null : (
        <>
          <p role="status">{t.counts(counts.better, counts.worse, counts.same, counts.new)}</p>
          <p className="muted small">{t.periods(counts.periods)}</p>
        </>
      )}
      {draft.state === 'ready' && may('performance.results') ? (
        <>
          <p>
            <a href={`/api/v1/performance/drafts/${draft.id}/differences.xlsx`} download>
              {t.download}
            </a>
          </p>
          <ListTable<DifferenceView>
            path={`/performance/drafts/${draft.id}/differences`}
            columns={columns}
            keyOf={({ number, period }) => `${period} ${number}`}
            none={t.noDifferences}
          />
        </>
      ) : null}
      {draft.state === 'ready' && may('performance.write') ? (
        <div className="performance-row">
          <Input
            aria-label={t.reason}
            placeholder={t.reason}
            value={reason}
            maxLength={300}
            onChange={({ target }) => setReason(target.value)}
          />
          <Button
            type="primary"
            disabled={publish.isPending || reason.trim().length < 2}
            onClick={() =>
              confirm(t.publishAsk)
                ? publish.mutate({
                    path: `/performance/drafts/${draft.id}/publication`,
                    body: { reason: reason.trim() },
                  })
                : undefined
            }
          >
            {t.publish}
          </Button>
        </div>
      ) : null}
      {publish.error === null ? null : <Problem error={publish.error} />}
    </section>
  );
}
