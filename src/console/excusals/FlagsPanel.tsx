import type { FlagView } from '../../features/flags/flags.api.ts';
import type { DataRequestView } from '../../features/privacy/privacy.api.ts';
import { ListTable } from '../ListTable.tsx';
import { useWorkTexts } from '../use-work-texts.ts';
import { Deciding } from './Deciding.tsx';
import { useExcusalTexts } from './excusals.text.ts';

/** What looks like proxies, for somebody to look into. */
export function FlagsPanel() {
  const t = useExcusalTexts();
  const work = useWorkTexts();
  const sent = (id: string, outcome: 'cleared' | 'confirmed') => (reason: string) => ({
    path: `/flags/${id}/decision`,
    body: { outcome, reason },
  });
  return (
    <section aria-labelledby="flags">
      <h2 className="tools" id="flags">
        {t.flags}
      </h2>
      <p className="muted">{t.flagsAbout}</p>
      <ListTable<FlagView>
        path="/flags"
        none={t.noFlags}
        keyOf={({ id }) => id}
        columns={[
          { title: t.why, cell: ({ kind }) => t.flagKinds[kind] },
          {
            title: work.name,
            cell: ({ people }) => people.map(({ number, name }) => `${name} ${number}`).join(' → '),
          },
          { title: t.time, cell: ({ from, to, times }) => `${from} – ${to} · ${t.times(times)}` },
          {
            title: work.state,
            cell: ({ id, people, state, decided }) =>
              state === 'open' ? (
                <Deciding
                  about={people[0]?.name ?? ''}
                  choices={[
                    { label: t.clear, sent: sent(id, 'cleared') },
                    { label: t.confirm, sent: sent(id, 'confirmed') },
                  ]}
                />
              ) : (
                [t.flagStates[state], decided?.reason].filter(Boolean).join('：')
              ),
          },
        ]}
      />
    </section>
  );
}

/** What people say is wrong in their data. */
export function RequestsPanel() {
  const t = useExcusalTexts();
  const work = useWorkTexts();
  return (
    <section aria-labelledby="data-requests">
      <h2 className="tools" id="data-requests">
        {t.requests}
      </h2>
      <ListTable<DataRequestView>
        path="/data-requests"
        none={t.noRequests}
        keyOf={({ id }) => id}
        columns={[
          { title: work.number, cell: ({ employee }) => <span className="number">{employee.number}</span> },
          { title: work.name, cell: ({ employee }) => employee.name },
          { title: t.why, cell: ({ text }) => text },
          {
            title: t.answer,
            cell: ({ id, employee, answer }) =>
              answer ?? (
                <Deciding
                  about={employee.name}
                  choices={[
                    {
                      label: t.answer,
                      sent: (said) => ({ path: `/data-requests/${id}/answer`, body: { answer: said } }),
                    },
                  ]}
                />
              ),
          },
        ]}
      />
    </section>
  );
}
