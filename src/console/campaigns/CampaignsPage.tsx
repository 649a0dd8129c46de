import { useQuery } from '@tanstack/react-query';
import type { CampaignDetail } from '../../features/campaigns/campaigns.api.ts';
import type { TipDay } from '../../features/tips/tips.api.ts';
import { call } from '../api.ts';
import { campaignsQuery } from '../campaigns.query.ts';
import { Table } from '../ListTable.tsx';
import { useTexts } from '../language.ts';
import type { Page } from '../pages.ts';
import { Loaded, PageHead } from '../parts.tsx';
import { useWorkTexts } from '../use-work-texts.ts';

export default function CampaignsPage() {
  const text = useTexts();
  const t = useWorkTexts();
  const campaigns = useQuery(campaignsQuery);
  return (
    <>
      <PageHead title={text.place.campaigns}>
        <p>{t.campaigns.about}</p>
      </PageHead>
      <Loaded query={campaigns}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="panel empty">{t.none}</p>
          ) : (
            items.map(({ id }) => <CampaignPanel key={id} id={id} />)
          )
        }
      </Loaded>
    </>
  );
}

function CampaignPanel({ id }: { id: string }) {
  const campaign = useQuery({
    queryKey: ['campaign', id],
    queryFn: ({ signal }) => call<CampaignDetail>(`/campaigns/${id}`, { signal }),
  });
  return <Loaded query={campaign}>{(found) => <Shown campaign={found} />}</Loaded>;
}

/** Phases as wide as they are long, then each day with what it is. */
function Shown({
  campaign: { id, name, goal, startsOn, endsOn, phases, days },
}: {
  campaign: CampaignDetail;
}) {
  const text = useTexts();
  const t = useWorkTexts();
  const tips = useQuery({
    queryKey: ['tip-days', id],
    queryFn: ({ signal }) => call<Page<TipDay>>(`/campaigns/${id}/tip-days?limit=200`, { signal }),
  });
  const lengthOf = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{name}</h2>
      <p className="muted">
        {goal} · <span className="number">{startsOn}</span> – <span className="number">{endsOn}</span>
      </p>
      <ol className="phases">
        {phases.map((phase) => (
          <li key={phase.fromDay} style={{ flexGrow: lengthOf(phase.fromDay, phase.toDay) }}>
            <strong>{text.today.phaseKinds[phase.kind]}</strong> {phase.name}
            <br />
            <span className="number">{phase.fromDay.slice(5)}</span>
          </li>
        ))}
      </ol>
      <details>
        <summary>{t.campaigns.days}</summary>
        <ol className="days">
          {days.map(({ day, workday, name: dayName }) => (
            <li key={day} data-work={workday}>
              <span className="number">{day.slice(5)}</span> {dayName || (workday ? t.campaigns.workday : '')}
            </li>
          ))}
        </ol>
      </details>
      <details>
        <summary>{t.campaigns.tips}</summary>
        <Loaded query={tips}>
          {({ items }) => (
            <Table
              rows={items}
              none={t.none}
              keyOf={({ day, level, department }) => `${day} ${level} ${department}`}
              columns={[
                { title: t.time, cell: ({ day }) => <span className="number">{day}</span> },
                { title: text.tips.facts.level, cell: ({ level }) => text.levels[level] },
                { title: t.messages.title, cell: ({ tip }) => tip.title },
              ]}
            />
          )}
        </Loaded>
      </details>
    </section>
  );
}
