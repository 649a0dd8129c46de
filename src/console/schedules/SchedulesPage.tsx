import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { campaignsQuery } from '../campaigns.query.ts';
import { useTexts } from '../language.ts';
import { Loaded, More, PageHead } from '../parts.tsx';
import { ScheduleItem } from './ScheduleItem.tsx';
import { schedulesQuery } from './schedules.query.ts';
import './schedules.css';

export default function SchedulesPage() {
  const text = useTexts();
  const schedules = useInfiniteQuery(schedulesQuery);
  const { data: campaigns } = useQuery(campaignsQuery);
  const nameOf = new Map(campaigns?.items.map(({ id, name }) => [id, name]));
  return (
    <>
      <PageHead title={text.place.schedules}>
        <p>{text.schedules.about}</p>
      </PageHead>
      <Loaded query={schedules}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <p className="panel empty">{text.schedules.none}</p>
          ) : (
            <ul className="schedules">
              {items.map((schedule) => (
                <ScheduleItem
                  key={schedule.id}
                  schedule={schedule}
                  campaign={nameOf.get(campaignIdOf(schedule.payload))}
                />
              ))}
            </ul>
          );
        }}
      </Loaded>
      <More query={schedules} />
    </>
  );
}

function campaignIdOf(payload: unknown): string {
  const isOfCampaign = typeof payload === 'object' && payload !== null && 'campaignId' in payload;
  return isOfCampaign ? String(payload.campaignId) : '';
}
