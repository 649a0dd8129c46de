import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ScheduleView } from '../../scheduler/scheduler.api.ts';
import { campaignsQuery } from '../campaigns.query.ts';
import { useTexts } from '../language.ts';
import { Loaded, More, PageHead } from '../parts.tsx';
import { SchedulePanel } from './SchedulePanel.tsx';
import { schedulesQuery } from './schedules.query.ts';
import './schedules.css';

/** What happens when. The same work in several zones stands together. */
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
          const groups = groupsOf(pages.flatMap((page) => page.items));
          if (groups.length === 0) return <p className="panel empty">{text.schedules.none}</p>;
          return groups.map(({ key, schedules: same, first }) => (
            <SchedulePanel
              key={key}
              first={first}
              schedules={same}
              campaign={nameOf.get(campaignIdOf(first.payload))}
            />
          ));
        }}
      </Loaded>
      <More query={schedules} />
    </>
  );
}

interface Group {
  key: string;
  first: ScheduleView;
  schedules: ScheduleView[];
}

/** Schedules of one job, one campaign and one rhythm, in the order in which the first of each came. */
function groupsOf(schedules: readonly ScheduleView[]): Group[] {
  const groups = new Map<string, Group>();
  for (const schedule of schedules) {
    const campaignId = campaignIdOf(schedule.payload);
    const key = `${schedule.job} ${campaignId === '' ? schedule.key : campaignId} ${schedule.cron}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, first: schedule, schedules: [schedule] });
    else group.schedules.push(schedule);
  }
  return [...groups.values()];
}

function campaignIdOf(payload: unknown): string {
  const isOfCampaign = typeof payload === 'object' && payload !== null && 'campaignId' in payload;
  return isOfCampaign ? String(payload.campaignId) : '';
}
