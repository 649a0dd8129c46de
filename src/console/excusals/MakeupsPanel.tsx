import type { MakeupView } from '../../features/makeups/makeups.api.ts';
import { ListTable } from '../ListTable.tsx';
import { useWorkTexts } from '../use-work-texts.ts';
import { Deciding } from './Deciding.tsx';
import { useExcusalTexts } from './excusals.text.ts';

/** Who wants a missed day back; what is open can be decided here as in chat. */
export function MakeupsPanel() {
  const t = useExcusalTexts();
  const work = useWorkTexts();
  return (
    <section aria-labelledby="makeups">
      <h2 className="tools" id="makeups">
        {t.makeups}
      </h2>
      <ListTable<MakeupView>
        path="/makeups"
        none={t.noMakeups}
        keyOf={({ id }) => id}
        columns={[
          { title: work.number, cell: ({ employee }) => <span className="number">{employee.number}</span> },
          { title: work.name, cell: ({ employee }) => employee.name },
          { title: work.department, cell: ({ employee }) => employee.department?.name ?? work.noDepartment },
          { title: t.day, cell: ({ day }) => <span className="number">{day}</span> },
          { title: t.why, cell: ({ kind, reason }) => (kind === 'make-up' ? reason : t.kinds[kind]) },
          {
            title: work.state,
            cell: ({ id, employee, state, decided }) =>
              state === 'open' ? (
                <Deciding
                  about={employee.name}
                  choices={[
                    {
                      label: t.agree,
                      silent: true,
                      sent: (reason) => ({
                        path: `/makeups/${id}/decision`,
                        body: { outcome: 'approved', ...(reason === '' ? {} : { reason }) },
                      }),
                    },
                    {
                      label: t.refuse,
                      sent: (reason) => ({
                        path: `/makeups/${id}/decision`,
                        body: { outcome: 'refused', reason },
                      }),
                    },
                  ]}
                />
              ) : (
                [t.states[state], decided?.reason].filter(Boolean).join('：')
              ),
          },
        ]}
      />
    </section>
  );
}
