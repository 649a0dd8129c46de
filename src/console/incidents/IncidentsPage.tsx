import type { IncidentView } from '../../features/incidents/incidents.api.ts';
import { Deciding } from '../excusals/Deciding.tsx';
import { useExcusalTexts } from '../excusals/excusals.text.ts';
import { ListTable } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { useMay } from '../may.ts';
import { PageHead } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { useWorkTexts } from '../use-work-texts.ts';

/** Outages that the health record shows; an administrator declares them. */
export default function IncidentsPage() {
  const text = useTexts();
  const t = useExcusalTexts();
  const work = useWorkTexts();
  const times = useTimes();
  const may = useMay();
  const sent = (id: string, how: 'declare' | 'dismiss') => (reason: string) => ({
    path: `/incidents/${id}/${how}`,
    body: { reason },
  });
  return (
    <>
      <PageHead title={text.place.incidents}>
        <p>{t.incidentsAbout}</p>
      </PageHead>
      <ListTable<IncidentView>
        path="/incidents"
        none={t.noIncidents}
        keyOf={({ id }) => id}
        limit={20}
        columns={[
          { title: t.incidents, cell: ({ number, title }) => `${number} ${title}` },
          {
            title: t.time,
            cell: ({ startsAt, endsAt }) => `${times.exact(startsAt)} – ${times.exact(endsAt)}`,
          },
          {
            title: t.why,
            cell: ({ lostMinutes, windowMinutes, people }) =>
              [
                ...(lostMinutes === null || windowMinutes === null
                  ? []
                  : [t.lost(lostMinutes, windowMinutes)]),
                t.hit(people),
              ].join(' · '),
          },
          {
            title: work.state,
            cell: ({ id, number, state, decided }) =>
              state === 'found' && may('incidents.decide') ? (
                <Deciding
                  about={number}
                  choices={[
                    { label: t.declare, sent: sent(id, 'declare') },
                    { label: t.dismiss, sent: sent(id, 'dismiss') },
                  ]}
                />
              ) : (
                [t.incidentStates[state], decided?.reason].filter(Boolean).join('：')
              ),
          },
        ]}
      />
    </>
  );
}
