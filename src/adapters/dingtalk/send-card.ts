import { z } from 'zod';
import type { Dispatch, SendResult } from '../../chat/adapter.ts';
import type { SealedCard } from '../../chat/message.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type DingtalkClient, type Meter, parse } from './client.ts';
import { cardParams } from './encode-card.ts';
import { nameOf, outTrackIdOf } from './ids.ts';
import type { Images } from './images.ts';
import type { CallbackRoute } from './route.ts';
import type { DingtalkSettings } from './settings.ts';
import type { Stores } from './stores.ts';

export type SendCard = (dispatch: Dispatch) => Promise<SendResult>;

const delivered = z.object({
  result: z.object({
    deliverResults: z.array(
      z.object({ success: z.boolean(), carrierId: z.string().nullish(), errorMsg: z.string().nullish() }),
    ),
  }),
});

/** Cards of a template: sent one by one, each by a name of our own, so that a repeat makes no second one. */
export function createCards(deps: {
  client: DingtalkClient;
  settings: DingtalkSettings;
  stores: Stores;
  images: Images;
  route: CallbackRoute;
  meter: Meter;
}): { send: SendCard; update(outTrackId: string, card: SealedCard): Promise<void> } {
  const { client, settings, stores, images } = deps;
  const path = '/v1.0/card/instances/createAndDeliver';

  function bodyOf(
    { to }: Dispatch,
    outTrackId: string,
    params: Record<string, string>,
    route: object,
  ): object {
    const body = {
      cardTemplateId: settings.cardTemplateId,
      outTrackId,
      ...route,
      userIdType: 1,
      cardData: { cardParamMap: params },
    };
    const alertContent = params['title'] ?? '';
    if (to.kind === 'person') {
      return {
        ...body,
        openSpaceId: `dtv1.card//IM_ROBOT.${to.platformId}`,
        imRobotOpenSpaceModel: {
          supportForward: false,
          lastMessageI18n: { ZH_CN: alertContent },
          notification: { alertContent, notificationOff: false },
        },
        imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT' },
      };
    }
    return {
      ...body,
      openSpaceId: `dtv1.card//IM_GROUP.${to.chatId}`,
      imGroupOpenSpaceModel: { supportForward: false, lastMessageI18n: { ZH_CN: alertContent } },
      imGroupOpenDeliverModel: { robotCode: settings.robotCode },
    };
  }

  return {
    async send(dispatch) {
      const { to, message } = dispatch;
      const mediaId = await images.of(message);
      if (typeof mediaId === 'object') return { kind: 'refused', reason: mediaId.refused };
      const params = message.kind === 'card' ? cardParams(message.card, mediaId) : undefined;
      if (params === undefined) return { kind: 'refused', reason: 'card-too-large' };
      const outTrackId = outTrackIdOf(dispatch.key);
      const conversationId = to.kind === 'group' ? to.chatId : null;
      const platformMessageId = nameOf({ kind: 'card', outTrackId });
      const body = bodyOf(dispatch, outTrackId, params, await deps.route());
      await stores.keepCard({ outTrackId, carrierId: null, conversationId });
      try {
        const { result } = parse(delivered, { json: await client.api({ method: 'POST', path, body }) }, path);
        const [one] = result.deliverResults;
        if (one?.success !== true) return { kind: 'unreachable', reason: 'card-not-delivered' };
        await stores.keepCard({ outTrackId, carrierId: one.carrierId ?? null, conversationId });
        return { kind: 'delivered', platformMessageId };
      } catch (error) {
        // The first try arrived although its answer did not: nothing more to do.
        const taken = error instanceof PlatformError && error.platformCode === 'param.cardAlreadyExist';
        if (!taken) throw error;
        return { kind: 'accepted', platformMessageId };
      }
    },

    async update(outTrackId, card) {
      const params = cardParams(card, await images.ofCard(card));
      if (params === undefined) throw new RangeError('the card does not fit the template');
      deps.meter('card/instances');
      await client.api({
        method: 'PUT',
        path: '/v1.0/card/instances',
        body: {
          outTrackId,
          cardData: { cardParamMap: params },
          cardUpdateOptions: { updateCardDataByKey: true },
          userIdType: 1,
        },
      });
    },
  };
}
