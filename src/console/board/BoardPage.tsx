import { useQuery } from '@tanstack/react-query';
import type { MissingView } from '../../features/overview/missing.api.ts';
import { ListTable } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import { Loaded, PageHead } from '../parts.tsx';
import { DepartmentsPanel } from '../today/DepartmentsPanel.tsx';
import { overviewQuery } from '../today/today.query.ts';
import { useWorkTexts } from '../use-work-texts.ts';
import '../today/today.css';

/** Today by department, and who is missing within the scope of whoever looks. */
export default function BoardPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const overview = useQuery(overviewQuery);
  return (
    <>
      <PageHead title={text.place.board}>
        <p>{t.board.about}</p>
      </PageHead>
      <Loaded query={overview}>
        {({ campaign, checkedIn, members, excused, departments }) =>
          campaign === null ? (
            <p className="panel empty">{t.board.noCampaign}</p>
          ) : (
            <>
              <section className="panel">
                <h2>{text.today.checkedIn}</h2>
                <p className="big-number">{text.today.people(checkedIn, members - excused)}</p>
              </section>
              <DepartmentsPanel departments={departments} />
              <h2 className="tools">{t.board.missing}</h2>
              <ListTable<MissingView>
                path="/checkins/missing"
                filters={{ campaign: campaign.key }}
                none={t.board.allIn}
                keyOf={({ number }) => number}
                columns={[
                  { title: t.number, cell: ({ number }) => <span className="number">{number}</span> },
                  { title: t.name, cell: ({ name }) => name },
                  { title: t.department, cell: ({ department }) => department?.name ?? t.noDepartment },
                  { title: t.board.last, cell: ({ lastDay }) => lastDay ?? t.board.never },
                ]}
              />
            </>
          )
        }
      </Loaded>
    </>
  );
}
