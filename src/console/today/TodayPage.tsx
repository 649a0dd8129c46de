import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../features/overview/overview.api.ts';
import { useTexts } from '../language.ts';
import { Loaded, PageHead, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { CampaignPanel } from './CampaignPanel.tsx';
import { DeliveriesPanel } from './DeliveriesPanel.tsx';
import { DepartmentsPanel } from './DepartmentsPanel.tsx';
import { Figures } from './Figures.tsx';
import { overviewQuery } from './today.query.ts';
import './today.css';

/** How the campaign stands today. Asks again by itself. */
export default function TodayPage() {
  const text = useTexts();
  const times = useTimes();
  const overview = useQuery(overviewQuery);
  return (
    <>
      <PageHead title={text.place['']}>
        {overview.data === undefined ? null : <DayLine overview={overview.data} />}
        {overview.data === undefined ? null : (
          <p className="refreshed small">{text.today.refreshed(times.wallTime(overview.dataUpdatedAt))}</p>
        )}
      </PageHead>
      <Loaded query={overview}>
        {(data) =>
          data.campaign === null ? (
            <p className="panel empty">{text.today.noCampaign}</p>
          ) : (
            <div className="today">
              <Figures overview={data} />
              <div className="today-columns">
                <DepartmentsPanel departments={data.departments} />
                <div>
                  <CampaignPanel campaign={data.campaign} phase={data.phase} day={data.day} />
                  <DeliveriesPanel deliveries={data.deliveries} />
                </div>
              </div>
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function DayLine({ overview: { day, workday, dayName, campaign } }: { overview: Overview }) {
  const text = useTexts();
  const times = useTimes();
  const kind = workday ? text.today.workday : text.today.dayOff;
  return (
    <p className="day-line">
      <span>{times.longDay(day)}</span>
      {campaign === null ? null : (
        <Tag tone={workday ? 'good' : 'warm'}>{dayName === '' ? kind : `${kind} · ${dayName}`}</Tag>
      )}
    </p>
  );
}
