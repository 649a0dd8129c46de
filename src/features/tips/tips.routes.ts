import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Look } from '../../chat/look.ts';
import type { Card } from '../../chat/message.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { actorOf } from '../../http/auth.ts';
import { page, readCursor } from '../../http/paging.ts';
import type { Db } from '../../kernel/db.ts';
import { UserError } from '../../kernel/errors.ts';
import { dayInput, isStorable, textInput, wordInput } from '../../kernel/shapes.ts';
import { type Clock, localDay, Temporal } from '../../kernel/time.ts';
import { recordAudit } from '../audit/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import type { Level } from '../directory/directory.tables.ts';
import {
  type TipDay,
  type TipPlanView,
  type TipPut,
  type TipView,
  tipDaysPage,
  tipDaysQuery,
  tipLooksShape,
  tipOrderBody,
  tipPlanQuery,
  tipPlanShape,
  tipPutShape,
  tipShape,
  tipsPage,
  tipsQuery,
} from './tips.api.ts';
import { tipCard } from './tips.card.ts';
import { putTip, retireTip, type TipDayRow, tipByKey, tipDaysAfter, tipsAfter } from './tips.lists.ts';
import { planOf, reorderTips, type TipPlan } from './tips.plan.ts';
import { tipFileSchema } from './tips.schema.ts';
import type { Tip } from './tips.service.ts';

export interface TipRoutesDeps {
  db: Db;
  clock: Clock;
  /** Rejects when there is no campaign with this id or key. */
  campaignBy: (tx: Db, idOrKey: string) => Promise<Campaign>;
  /** How each platform would show a card. */
  looksOf: (card: Card) => Look[];
}

const tags = ['tips'];
/** A preview belongs to none; as long as an id, because ids count towards what fits on a card. */
const NO_CAMPAIGN = '00000000-0000-7000-8000-000000000000';
const campaignParams = z.object({ id: wordInput.describe('The id or the key of a campaign') });
const tipParams = z.object({ key: wordInput.meta({ examples: ['ss-freeze-panes'] }) });

/** A tip as its content file gives it, with what only a calendar can tell. */
const tipBody = tipFileSchema
  .refine(({ validUntil }) => validUntil === undefined || dayInput.safeParse(validUntil).success, {
    path: ['validUntil'],
    message: 'must be a day of the calendar',
  })
  .refine(isStorable, 'must not contain U+0000');

/** The library, and which tip whom on which day. */
export function tipRoutes({ db, clock, campaignBy, looksOf }: TipRoutesDeps): ApiRoutes {
  const planned = (tx: Db, campaign: Campaign, { level, days }: z.infer<typeof tipPlanQuery>) =>
    planOf(tx, campaign, { level, days, from: localDay(clock.now(), campaign.zone) });

  return (api) => {
    api.get(
      '/tips',
      {
        config: { permission: 'tips.read' },
        schema: {
          summary: 'The library of tips by key',
          tags,
          querystring: tipsQuery,
          response: { 200: tipsPage },
        },
      },
      async ({ query: { limit, cursor, ...filters } }) => {
        const after = readCursor(cursor, z.object({ key: textInput }))?.key;
        const rows = await tipsAfter(db, { ...filters, after, limit: limit + 1 });
        return page(rows.map(tipView), limit, ({ key }) => ({ key }));
      },
    );

    api.get(
      '/tips/:key',
      {
        config: { permission: 'tips.read' },
        schema: {
          summary: 'One tip',
          tags,
          params: tipParams,
          querystring: z.strictObject({}),
          response: { 200: tipShape },
        },
      },
      async ({ params }) => tipView(await tipByKey(db, params.key)),
    );

    api.get(
      '/tips/:key/looks',
      {
        config: { permission: 'tips.read' },
        schema: {
          summary: 'A tip as Feishu, WeCom and DingTalk would show its card',
          tags,
          params: tipParams,
          querystring: z.strictObject({ locale: z.enum(['zh-CN', 'en']).default('zh-CN') }),
          response: { 200: tipLooksShape },
        },
      },
      async ({ params, query: { locale } }) => {
        const tip = await tipByKey(db, params.key);
        const day = localDay(clock.now(), 'UTC');
        return { looks: looksOf(tipCard({ tip, campaignId: NO_CAMPAIGN, day, locale })) };
      },
    );

    api.put(
      '/tips/:key',
      {
        config: { permission: 'tips.write' },
        schema: {
          summary: 'Write a tip as its file gives it; a retired one comes back into use',
          tags,
          params: tipParams,
          body: tipBody,
          response: { 200: tipPutShape },
        },
      },
      async (request): Promise<TipPut> => {
        const { body: file, params } = request;
        if (file.id !== params.key) {
          throw new UserError(`the tip is called ${file.id} in the body and ${params.key} in the address`);
        }
        return db.transaction(async (tx) => {
          const { before, after } = await putTip(tx, file);
          const tip = tipView(after);
          const outcome = outcomeOf(before === undefined ? undefined : tipView(before), tip);
          if (outcome !== 'unchanged') {
            const at = clock.now();
            const actor = actorOf(request);
            await recordAudit(tx, { at, actor, action: 'tips.put', subject: file.id, detail: { outcome } });
          }
          return { outcome, tip };
        });
      },
    );

    api.delete(
      '/tips/:key',
      {
        config: { permission: 'tips.write' },
        schema: {
          summary: 'Retire a tip: it is not chosen any more, and days that had it still name it',
          tags,
          params: tipParams,
          response: { 200: tipShape },
        },
      },
      async (request) => {
        const { key } = request.params;
        const at = clock.now();
        return db.transaction(async (tx) => {
          const { tip, changed } = await retireTip(tx, key, at);
          if (changed) {
            await recordAudit(tx, { at, actor: actorOf(request), action: 'tips.retire', subject: key });
          }
          return tipView(tip);
        });
      },
    );

    api.get(
      '/campaigns/:id/tip-plan',
      {
        config: { permission: 'tips.read' },
        schema: {
          summary: 'The content calendar: the tips of the coming workdays, and the order they follow',
          tags,
          params: campaignParams,
          querystring: tipPlanQuery,
          response: { 200: tipPlanShape },
        },
      },
      async ({ params, query }) => planView(await planned(db, await campaignBy(db, params.id), query)),
    );

    api.put(
      '/campaigns/:id/tip-order',
      {
        config: { permission: 'tips.write' },
        schema: {
          summary: 'Put the order of tips; days whose tip is chosen already keep it',
          tags,
          params: campaignParams,
          querystring: tipPlanQuery,
          body: tipOrderBody,
          response: { 200: tipPlanShape },
        },
      },
      async (request) => {
        const { params, query, body } = request;
        return db.transaction(async (tx) => {
          const campaign = await campaignBy(tx, params.id);
          const { id } = campaign;
          await reorderTips(tx, campaign, { order: body.order, was: body.was });
          const plan = await planned(tx, await campaignBy(tx, id), query);
          const actor = actorOf(request);
          const detail = { first: body.order.slice(0, 10) };
          await recordAudit(tx, { at: clock.now(), actor, action: 'tips.order', subject: id, detail });
          return planView(plan);
        });
      },
    );

    api.get(
      '/campaigns/:id/tip-days',
      {
        config: { permission: 'tips.read' },
        schema: {
          summary: 'Which tip whom on which day of a campaign',
          tags,
          params: campaignParams,
          querystring: tipDaysQuery,
          response: { 200: tipDaysPage },
        },
      },
      async ({ params, query: { limit, cursor, from, to } }) => {
        const after = readCursor(cursor, z.object({ day: dayInput, track: textInput }));
        const { id: campaignId } = await campaignBy(db, params.id);
        const rows = await tipDaysAfter(db, {
          campaignId,
          from: from === undefined ? undefined : Temporal.PlainDate.from(from),
          to: to === undefined ? undefined : Temporal.PlainDate.from(to),
          after,
          limit: limit + 1,
        });
        const { items, nextCursor } = page(rows, limit, ({ day, track }) => ({ day: day.toString(), track }));
        return { items: items.map(tipDayView), nextCursor };
      },
    );
  };
}

function planView({ order, days }: TipPlan): TipPlanView {
  return {
    order: order.map(({ key, title, level, area }) => ({ key, title, level, area })),
    days: days.map(({ day, tip: { key, title }, chosen }) => ({
      day: day.toString(),
      tip: { key, title },
      chosen,
    })),
  };
}

function tipView({ validUntil, retiredAt, ...tip }: Tip): TipView {
  return { ...tip, validUntil: validUntil?.toString() ?? null, retiredAt: retiredAt?.toString() ?? null };
}

function outcomeOf(before: TipView | undefined, after: TipView): TipPut['outcome'] {
  if (before === undefined) return 'created';
  return isDeepStrictEqual(before, after) ? 'unchanged' : 'updated';
}

/** Reads what `trackKey` wrote: `<level>` or `<level>@<department code>`. */
function tipDayView({ day, track, key, title, chosenAt }: TipDayRow): TipDay {
  const [level = '', ...rest] = track.split('@');
  return {
    day: day.toString(),
    level: level as Level,
    department: rest.length === 0 ? null : rest.join('@'),
    tip: { key, title },
    chosenAt: chosenAt.toString(),
  };
}
