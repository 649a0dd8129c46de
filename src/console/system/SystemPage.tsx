import { useQuery } from '@tanstack/react-query';
import type { QueueView } from '../../scheduler/queue.api.ts';
import { call } from '../api.ts';
import { Table } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { Loaded, PageHead } from '../parts.tsx';
import { useWorkTexts } from '../use-work-texts.ts';

const LOOK_AGAIN_MS = 5_000;
const counted = ['waiting', 'active', 'delayed', 'failed'] as const;

/** How much work waits. The jobs one by one are a page of their own, to look at only. */
export default function SystemPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const queue = useQuery({
    queryKey: ['queue'],
    queryFn: ({ signal }) => call<QueueView>('/queue', { signal }),
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <PageHead title={text.place.system}>
        <p>{t.system.about}</p>
      </PageHead>
      <Loaded query={queue}>
        {(view) => (
          <>
            <Table
              rows={counted}
              none={t.none}
              keyOf={(state) => state}
              columns={[
                { title: t.system.jobs, cell: (state) => t.system.states[state] },
                { title: t.system.number, cell: (state) => view[state] },
              ]}
            />
            <p className="muted small">{t.system.kept(view.kind, view.version)}</p>
          </>
        )}
      </Loaded>
      <p>
        <a href="/console/system/queues">{t.system.board}</a>
      </p>
    </>
  );
}
