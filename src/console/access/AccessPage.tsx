import type { SessionView } from '../../http/access.api.ts';
import { ListTable } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { PageHead, Problem, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useSend } from '../use-send.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import { TokensPanel } from './TokensPanel.tsx';

export default function AccessPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const times = useTimes();
  const may = useMay();
  const end = useSend();
  return (
    <>
      <PageHead title={text.place.access}>
        <p>{t.access.about}</p>
      </PageHead>
      {end.error === null ? null : <Problem error={end.error} />}
      <ListTable<SessionView>
        path="/sessions"
        filters={{ whose: may('access.manage') ? 'all' : 'own' }}
        none={t.none}
        keyOf={({ id }) => id}
        columns={[
          {
            title: t.name,
            cell: ({ name, own }) => (
              <>
                {name} {own ? <Tag tone="good">{t.access.own}</Tag> : null}
              </>
            ),
          },
          { title: t.access.way, cell: ({ way }) => t.access.ways[way] ?? way },
          { title: t.access.since, cell: ({ createdAt }) => times.short(createdAt) },
          { title: t.access.seen, cell: ({ seenAt }) => (seenAt === null ? '' : times.short(seenAt)) },
          {
            title: t.actions,
            cell: ({ id, name }) => (
              <button
                type="button"
                className="plain-button"
                aria-label={`${t.access.end} ${name}`}
                onClick={() => end.mutate({ method: 'DELETE', path: `/sessions/${id}` })}
              >
                {t.access.end}
              </button>
            ),
          },
        ]}
      />
      {may('access.manage') ? <TokensPanel /> : null}
    </>
  );
}
