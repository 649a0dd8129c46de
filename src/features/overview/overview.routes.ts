import type { ApiRoutes } from '../../http/api.ts';
import { scopeOf } from '../../http/authorise.ts';
import type { Db } from '../../kernel/db.ts';
import type { Scope } from '../../kernel/permissions.ts';
import { type Clock, localDay, startOfDay, Temporal } from '../../kernel/time.ts';
import type { DeliveryState } from '../../outbox/delivery-states.ts';
import type { PurposeCounts } from '../../outbox/outbox.api.ts';
import { countDeliveries } from '../../outbox/outbox.lists.ts';
import { type Campaign, calendarOf, listCampaigns, phaseOn } from '../campaigns/index.ts';
import { type Overview, overviewQuery, overviewShape } from './overview.api.ts';
import { participation, pointsGiven } from './overview.lists.ts';
import { deliveriesWithin, pointsWithin } from './overview.scoped.ts';

export interface OverviewRoutesDeps {
  db: Db;
  clock: Clock;
  /** The company's zone: its today counts while no campaign runs. */
  zone: string;
  /** Rejects when there is no campaign with this id or key. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<Campaign>;
}

/** Figures of a day, without names. */
export function overviewRoutes(deps: OverviewRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/overview',
      {
        config: { permission: 'overview.read' },
        schema: {
          summary: 'How a campaign stands on one day',
          tags: ['overview'],
          querystring: overviewQuery,
          response: { 200: overviewShape },
        },
      },
      // In one transaction, so that the figures are of one moment and agree with each other.
      async (request) =>
        deps.db.transaction((tx) => overview(tx, request.query, scopeOf(request), deps), {
          isolationLevel: 'repeatable read',
          accessMode: 'read only',
        }),
    );
  };
}

interface Asked {
  day?: string | undefined;
  campaign?: string | undefined;
}

async function overview(tx: Db, asked: Asked, scope: Scope, deps: OverviewRoutesDeps): Promise<Overview> {
  const day = asked.day === undefined ? undefined : Temporal.PlainDate.from(asked.day);
  const now = deps.clock.now();
  const campaign =
    asked.campaign === undefined
      ? await campaignRunning(tx, day, now)
      : await deps.campaignBy(tx, asked.campaign);
  if (campaign === undefined) return nothingOn(day ?? localDay(now, deps.zone));
  return standing(tx, campaign, day ?? localDay(now, campaign.zone), scope);
}

/** Of several the one that started last, as it is for the people themselves. */
async function campaignRunning(
  tx: Db,
  wanted: Temporal.PlainDate | undefined,
  now: Temporal.Instant,
): Promise<Campaign | undefined> {
  const campaigns = await listCampaigns(tx);
  return campaigns.find(({ startsOn, endsOn, zone }) => {
    const day = wanted ?? localDay(now, zone);
    return Temporal.PlainDate.compare(startsOn, day) <= 0 && Temporal.PlainDate.compare(day, endsOn) <= 0;
  });
}

async function standing(
  tx: Db,
  campaign: Campaign,
  day: Temporal.PlainDate,
  scope: Scope,
): Promise<Overview> {
  const { id, key, name, zone, startsOn, endsOn } = campaign;
  const calendar = await calendarOf(tx, campaign);
  const phase = await phaseOn(tx, id, day);
  const departments = await participation(tx, campaign, day, scope);
  const span = { from: startOfDay(day, zone), to: startOfDay(day.add({ days: 1 }), zone) };
  const deliveries =
    scope === 'everyone' ? await countDeliveries(tx, id, span) : await deliveriesWithin(tx, id, span, scope);
  return {
    day: day.toString(),
    campaign: { id, key, name, zone, startsOn: startsOn.toString(), endsOn: endsOn.toString() },
    phase: phase === undefined ? null : { kind: phase.kind, name: phase.name, focus: phase.focus },
    workday: calendar.isWorkday(day),
    dayName: calendar.nameOf(day),
    members: departments.reduce((sum, { members }) => sum + members, 0),
    checkedIn: departments.reduce((sum, { checkedIn }) => sum + checkedIn, 0),
    excused: departments.reduce((sum, { excused }) => sum + excused, 0),
    departments,
    tips: promisedAndSent(deliveries, 'tips.daily'),
    reminders: promisedAndSent(deliveries, 'checkins.reminder'),
    deliveries,
    pointsGiven:
      scope === 'everyone' ? await pointsGiven(tx, id, span) : await pointsWithin(tx, id, span, scope),
  };
}

const LEFT: readonly DeliveryState[] = ['accepted', 'delivered', 'read', 'recalled', 'unknown'];

function promisedAndSent(counts: readonly PurposeCounts[], purpose: string): Overview['tips'] {
  const own = counts.find((one) => one.purpose === purpose);
  return {
    promised: own?.total ?? 0,
    sent: LEFT.reduce((sum, state) => sum + (own?.states[state] ?? 0), 0),
  };
}

function nothingOn(day: Temporal.PlainDate): Overview {
  return {
    day: day.toString(),
    campaign: null,
    phase: null,
    workday: false,
    dayName: '',
    members: 0,
    checkedIn: 0,
    excused: 0,
    departments: [],
    tips: { promised: 0, sent: 0 },
    reminders: { promised: 0, sent: 0 },
    deliveries: [],
    pointsGiven: 0,
  };
}
