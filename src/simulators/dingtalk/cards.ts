import type { Handler } from './calls.ts';
import { invalid } from './refusals.ts';
import { opaque, put, type State } from './state.ts';
import { recordOf, say, textOf } from './values.ts';

const MOST_ID = 64;
const MOST_KEY_BYTES = 100;
const MOST_VALUE_BYTES = 1024;

/** Every value is a text of at most 1 KB. */
export function paramsIn(value: unknown): Record<string, string> {
  const params = recordOf(recordOf(value)['cardParamMap']);
  for (const [key, one] of Object.entries(params)) {
    if (typeof one !== 'string') throw invalid('param.invalid', `${key} is no text`);
    if (Buffer.byteLength(key) > MOST_KEY_BYTES || Buffer.byteLength(one) > MOST_VALUE_BYTES)
      throw invalid('param.invalid', `${key} is too long`);
  }
  return params as Record<string, string>;
}

/** Interactive cards of a published template. */
export function cardHandlers(state: State): Record<string, Handler> {
  const { settings } = state;

  return {
    'POST /v1.0/card/instances/createAndDeliver': ({ body }) => {
      const outTrackId = textOf(body, 'outTrackId', 'param.outTrackIdEmpty');
      if (outTrackId.length > MOST_ID) throw invalid('param.invalid', 'outTrackId is too long');
      const template = textOf(body, 'cardTemplateId', 'param.cardTemplateIdEmpty');
      if (!settings.templates.includes(template)) throw invalid('param.templateNotExist', '模板不存在');
      if (state.cards.has(outTrackId)) throw invalid('param.cardAlreadyExist', '卡片已存在');
      const space = textOf(body, 'openSpaceId', 'param.openSpaceIdEmpty');
      const [, spaceType, spaceId] = /^dtv1\.card\/\/(IM_ROBOT|IM_GROUP)\.([^;]+)$/.exec(space) ?? [];
      if (spaceType === undefined || spaceId === undefined)
        throw invalid('param.openSpaceIdInvalid', '场域不合法');
      const robot = spaceType === 'IM_ROBOT';
      const model = recordOf(body[robot ? 'imRobotOpenDeliverModel' : 'imGroupOpenDeliverModel']);
      if (robot ? model['spaceType'] !== 'IM_ROBOT' : model['robotCode'] !== settings.robotCode)
        throw invalid('param.openDeliverModelError', '投放参数不合法');
      const data = paramsIn(body['cardData']);
      const carrierId = opaque('');
      const result = { spaceType, spaceId, carrierId, success: true, errorMsg: '' };
      const found = robot ? state.people.has(spaceId) : state.groups.get(spaceId)?.hasBot === true;
      const delivered = found
        ? result
        : { ...result, carrierId: '', success: false, errorMsg: 'space not found' };
      if (!found) return { success: true, result: { outTrackId, deliverResults: [delivered] } };
      const privateData = new Map(
        Object.entries(recordOf(body['privateData'])).map(([id, value]) => [id, paramsIn(value)]),
      );
      state.cards.set(outTrackId, {
        outTrackId,
        carrierId,
        callbackType: say(body['callbackType']),
        routeKey: body['callbackRouteKey'] === undefined ? undefined : say(body['callbackRouteKey']),
        data,
        privateData,
        spaceType: robot ? 'IM_ROBOT' : 'IM_GROUP',
        spaceId,
      });
      put(state, {
        key: carrierId,
        shelf: robot ? `chat:${spaceId}` : `group:${spaceId}`,
        kind: 'card',
        type: template,
        content: { outTrackId },
        sentAt: settings.now(),
        readBy: new Set(),
        recalled: false,
      });
      return { success: true, result: { outTrackId, deliverResults: [delivered] } };
    },

    'PUT /v1.0/card/instances': ({ body }) => {
      const card = state.cards.get(textOf(body, 'outTrackId', 'param.outTrackIdEmpty'));
      if (card === undefined) throw invalid('param.cardNotExist', '卡片不存在');
      const byKey = recordOf(body['cardUpdateOptions'])['updateCardDataByKey'] === true;
      card.data = { ...(byKey ? card.data : {}), ...paramsIn(body['cardData']) };
      return { success: true, result: true };
    },

    'POST /v1.0/card/callbacks/register': ({ body }) => {
      const key = textOf(body, 'callbackRouteKey', 'param.empty');
      const url = textOf(body, 'callbackUrl', 'param.empty');
      const known = state.routes.get(key);
      const route =
        known === undefined || body['forceUpdate'] === true ? { url, secret: say(body['apiSecret']) } : known;
      state.routes.set(key, route);
      return { success: true, result: { callbackUrl: route.url, apiSecret: route.secret } };
    },
  };
}
