import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../features/overview/overview.api.ts';
import type { TipDay } from '../../features/tips/tips.api.ts';
import { useTexts } from '../language.ts';
import { Loaded, Tag } from '../parts.tsx';
import { useTimes } from '../times.ts';
import { tipsOfDayQuery } from './today.query.ts';

interface CampaignPanelProps {
  campaign: NonNullable<Overview['campaign']>;
  phase: Overview['phase'];
  day: string;
}

/** Which campaign, how far it is, and the tips of its day. */
export function CampaignPanel({ campaign, phase, day }: CampaignPanelProps) {
  const text = useTexts();
  const times = useTimes();
  const tips = useQuery(tipsOfDayQuery(campaign.id, day));
  const { name, startsOn, endsOn } = campaign;
  const passed = daysBetween(startsOn, day) + 1;
  const days = daysBetween(startsOn, endsOn) + 1;
  return (
    <section className="panel" aria-labelledby="campaign">
      <h2 id="campaign">{name}</h2>
      <p className="campaign-line">
        {phase === null ? null : <Tag tone="notice">{phase.name}</Tag>}
        <span className="muted">
          {times.day(startsOn)} – {times.day(endsOn)} · {text.today.dayOfCampaign(passed, days)}
        </span>
      </p>
      <p className="bar campaign-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, (passed / days) * 100)}%` }} />
      </p>
      {phase === null ? null : <p className="muted">{phase.focus}</p>}
      <h3>{text.today.tipsOfDay}</h3>
      <Loaded query={tips}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{text.today.noTips}</p>
          ) : (
            <ul className="day-tips">
              {[...items].sort(byLevel).map((tip) => (
                <DayTip key={`${tip.level} ${tip.department ?? ''}`} tip={tip} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function DayTip({ tip: { level, department, tip } }: { tip: TipDay }) {
  const text = useTexts();
  return (
    <li>
      <Tag>{department === null ? text.levels[level] : `${text.levels[level]} · ${department}`}</Tag>
      <span>{tip.title}</span>
    </li>
  );
}

const levels: readonly TipDay['level'][] = ['beginner', 'intermediate', 'advanced'];
const byLevel = (a: TipDay, b: TipDay): number => levels.indexOf(a.level) - levels.indexOf(b.level);

const DAY_MS = 86_400_000;
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;
