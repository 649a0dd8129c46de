import { randomBytes } from 'node:crypto';
import { cardSign, encryptEvent, eventSign, robotSign } from './signatures.ts';
import type { State } from './state.ts';
import { turnMonth } from './state.ts';
import type { StreamSide } from './streams.ts';
import { objectIn, recordOf } from './values.ts';

export const ROBOT_TOPIC = '/v1.0/im/bot/messages/get';
export const CARD_TOPIC = '/v1.0/card/instances/callback';

/** How an app hears: by its streams, or at an address. */
export type Delivery =
  | { kind: 'stream' }
  /** `leads`: where on this machine a registered public address leads. */
  | { kind: 'webhook'; url: string; leads?: (url: string) => string };

const ROBOT_ANSWER_MS = 10_000;
const EVENT_ANSWER_MS = 3_000;

/** Not counted as pushes by the month. */
const FREE_EVENTS = /^(user_|org_|label_)/;

export interface Push {
  kind: 'robot' | 'event' | 'card';
  data: Record<string, unknown>;
  event?: { type: string; id: string };
  routeKey?: string | undefined;
}

/** One push to the app; resolves to its answer, or undefined when it gave none in time. */
export async function push(
  state: State,
  streams: StreamSide,
  delivery: Delivery,
  one: Push,
): Promise<Record<string, unknown> | undefined> {
  turnMonth(state);
  if (one.kind !== 'event' || !FREE_EVENTS.test(one.event?.type ?? '')) state.counts.pushes += 1;
  return delivery.kind === 'stream' ? byStream(state, streams, one) : byWebhook(state, delivery, one);
}

async function byStream(state: State, streams: StreamSide, { kind, data, event }: Push) {
  switch (kind) {
    case 'robot': {
      const answer = await streams.push('CALLBACK', ROBOT_TOPIC, data, { withinMs: ROBOT_ANSWER_MS });
      return answer?.code === 200 ? answer.data : undefined;
    }
    case 'card': {
      const answer = await streams.push('CALLBACK', CARD_TOPIC, data, {
        withinMs: state.settings.cardAnswerMs,
      });
      return answer?.code === 200 ? recordOf(answer.data['response']) : undefined;
    }
    case 'event': {
      const headers = {
        eventType: event?.type,
        eventId: event?.id,
        eventBornTime: String(state.settings.now()),
        eventCorpId: state.settings.corpId,
      };
      const answer = await streams.push('EVENT', '*', data, { headers, withinMs: EVENT_ANSWER_MS });
      return answer?.code === 200 && answer.data['status'] === 'SUCCESS' ? answer.data : undefined;
    }
  }
}

async function byWebhook(
  state: State,
  { url, leads = (same) => same }: Extract<Delivery, { kind: 'webhook' }>,
  { kind, data, event, routeKey }: Push,
) {
  const { settings } = state;
  const timestamp = String(settings.now());
  switch (kind) {
    case 'robot':
      return post(url, data, ROBOT_ANSWER_MS, {
        timestamp,
        sign: robotSign(timestamp, settings.clientSecret),
      });
    case 'card': {
      const route = state.routes.get(routeKey ?? '');
      if (route === undefined) return undefined;
      return post(leads(route.url), data, settings.cardAnswerMs, {
        'x-ddpaas-signature-timestamp': timestamp,
        'x-ddpaas-signature': cardSign(timestamp, route.secret),
      });
    }
    case 'event': {
      const plain = JSON.stringify({
        EventType: event?.type,
        CorpId: settings.corpId,
        EventTime: settings.now(),
        eventId: event?.id,
        ...capitalised(data),
      });
      const nonce = randomBytes(6).toString('hex');
      const encrypt = encryptEvent(plain, { aesKey: settings.aesKey, owner: settings.clientId });
      const signature = eventSign(settings.token, timestamp, nonce, encrypt);
      const query = new URLSearchParams({ msg_signature: signature, signature, timestamp, nonce });
      return post(`${url}?${query.toString()}`, { encrypt }, EVENT_ANSWER_MS, {});
    }
  }
}

/** Events over HTTP name their fields with capitals, unlike those of the stream. */
function capitalised(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key[0]?.toUpperCase() + key.slice(1), value]),
  );
}

async function post(
  url: string,
  body: object,
  withinMs: number,
  headers: Record<string, string>,
): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(withinMs),
    });
    const text = await response.text();
    return response.ok ? (objectIn(text) ?? {}) : undefined;
  } catch {
    return undefined;
  }
}
