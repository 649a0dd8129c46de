import { z } from 'zod';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { isStorable } from '../../kernel/shapes.ts';
import { type Clock, localDay } from '../../kernel/time.ts';
import type { WorkdayCalendar } from '../../kernel/workdays.ts';
import { recordAudit } from '../audit/index.ts';
import {
  type CampaignDetail,
  type CampaignPut,
  type CampaignView,
  campaignDetailShape,
  campaignPutShape,
  campaignRef,
  campaignsPage,
  campaignsQuery,
} from './campaigns.api.ts';
import { campaignBy, campaignsBefore, daysOfCampaign, lockCampaign } from './campaigns.lists.ts';
import { loadCampaign } from './campaigns.load.ts';
import { campaignFileSchema } from './campaigns.schema.ts';
import { type Campaign, phasesOf } from './campaigns.service.ts';

export interface CampaignRoutesDeps {
  db: Db;
  clock: Clock;
  calendar: WorkdayCalendar;
  /** A campaign's schedules follow from its days and times. */
  refreshSchedules: () => Promise<void>;
}

const tags = ['campaigns'];

/** A campaign file as JSON. */
const campaignBody = campaignFileSchema.refine(isStorable, 'must not contain U+0000');

/** Campaigns with their phases and calendars. */
export function campaignRoutes({ db, clock, calendar, refreshSchedules }: CampaignRoutesDeps): ApiRoutes {
  return (api) => {
    api.get(
      '/campaigns',
      {
        config: { permission: 'campaigns.read' },
        schema: {
          summary: 'Campaigns, the youngest first',
          tags,
          querystring: campaignsQuery,
          response: { 200: campaignsPage },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const after = readCursor(cursor, z.object({ id: z.uuid() }))?.id;
        const rows = await campaignsBefore(db, { after, limit: limit + 1 });
        return page(rows.map(campaignView), limit, ({ id }) => ({ id }));
      },
    );

    api.get(
      '/campaigns/:id',
      {
        config: { permission: 'campaigns.read' },
        schema: {
          summary: 'One campaign with its phases and every day of its calendar',
          tags,
          params: z.object({ id: campaignRef }),
          querystring: z.strictObject({}),
          response: { 200: campaignDetailShape },
        },
      },
      async ({ params }) => detailOf(db, await campaignBy(db, params.id)),
    );

    api.put(
      '/campaigns/:id',
      {
        config: { permission: 'campaigns.write' },
        schema: {
          summary: 'Write a campaign as its file gives it; days that have begun stay as they were',
          tags,
          params: z.object({ id: z.string().describe('The key, as in the file') }),
          body: campaignBody,
          response: { 200: campaignPutShape },
        },
      },
      async (request): Promise<CampaignPut> => {
        const { body: file, params } = request;
        if (file.id !== params.id) {
          throw new UserError(
            `the campaign is called ${file.id} in the body and ${params.id} in the address`,
          );
        }
        const at = clock.now();
        const written = await db.transaction(async (tx) => {
          await lockCampaign(tx, file.id);
          const loaded = await loadCampaign(tx, file, { today: localDay(at, file.zone), calendar, at });
          const { campaignId, ...result } = loaded;
          if (loaded.outcome !== 'unchanged') {
            await recordAudit(tx, {
              at,
              actor: actorOf(request),
              action: 'campaign.load',
              subject: campaignId,
              detail: { outcome: loaded.outcome },
            });
          }
          return { ...result, campaign: await detailOf(tx, await campaignBy(tx, campaignId)) };
        });
        await refreshSchedules();
        return written;
      },
    );
  };
}

function campaignView({ tipOrder, tipOrderInFile: _inFile, ...campaign }: Campaign): CampaignView {
  return {
    ...campaign,
    startsOn: campaign.startsOn.toString(),
    endsOn: campaign.endsOn.toString(),
    createdAt: campaign.createdAt.toString(),
    tips: tipOrder,
  };
}

async function detailOf(tx: Db, campaign: Campaign): Promise<CampaignDetail> {
  const phases = await phasesOf(tx, campaign.id);
  const days = await daysOfCampaign(tx, campaign.id);
  return {
    ...campaignView(campaign),
    phases: phases.map(({ fromDay, toDay, ...phase }) => ({
      ...phase,
      fromDay: fromDay.toString(),
      toDay: toDay.toString(),
    })),
    days: days.map(({ day, ...rest }) => ({ day: day.toString(), ...rest })),
  };
}
