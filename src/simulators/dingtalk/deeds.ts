import { randomUUID } from 'node:crypto';
import { type Delivery, type Push, push } from './pushes.ts';
import { opaque, type Shelf, type SimulatedMessage, type State, turnMonth } from './state.ts';
import type { StreamSide } from './streams.ts';
import type { CardTemplate } from './template.ts';
import { recordOf, say } from './values.ts';

const SESSION_MS = 5_400_000;
/** How often a robot message is pushed again while nobody acknowledges it. */
const MOST_PUSHES = 3;

export interface Deeds {
  /** Resolves after the app's acknowledgement; to whether there was one. */
  says(person: string, text: string, where?: { group?: string; mention?: boolean }): Promise<boolean>;
  /** Presses a button of a card of a template. Answers the toast; `inTime` is false when the client gave up. */
  taps(
    person: string,
    outTrackId: string,
    label: string,
    inputs?: Record<string, string>,
  ): Promise<{ toast?: string; inTime: boolean }>;
  /** Follows a `dtmd://` link: the person says what it holds. */
  follows(person: string, key: string, label: string): Promise<boolean>;
  reads(person: string, key: string): Promise<void>;
  /** Pushes the last robot message or card callback again, as after a lost acknowledgement. */
  redelivers(): Promise<boolean>;
  /** Tells the app of a change in the directory. */
  tells(type: string, data: Record<string, unknown>): Promise<boolean>;
  /** A body of any kind, pushed as a robot message. */
  pushesRobot(data: Record<string, unknown>): Promise<boolean>;
}

/** What people do with their clients. */
export function deedsOf(
  state: State,
  streams: StreamSide,
  delivery: () => Delivery,
  template: CardTemplate,
  origin: () => string,
): Deeds {
  const { settings } = state;
  let last: Push | undefined;

  /** Pushed again some time later while it is not acknowledged; the person does not wait for that. */
  async function pushRobot(data: Record<string, unknown>, times = 1): Promise<boolean> {
    last = { kind: 'robot', data };
    const answer = await push(state, streams, delivery(), { kind: 'robot', data });
    if (answer === undefined && settings.redeliverMs > 0 && times < MOST_PUSHES)
      streams.later(settings.redeliverMs, () => void pushRobot(data, times + 1));
    return answer !== undefined;
  }

  async function pushEvent(one: Push, times = 0): Promise<boolean> {
    const answer = await push(state, streams, delivery(), one);
    const again = settings.eventRetriesMs[times];
    if (answer === undefined && again !== undefined)
      streams.later(again, () => void pushEvent(one, times + 1));
    return answer !== undefined;
  }

  const event = (type: string, data: Record<string, unknown>): Promise<boolean> =>
    pushEvent({ kind: 'event', data, event: { type, id: randomUUID() } });

  function messageOf(person: string, text: string, group: string | undefined): Record<string, unknown> {
    const now = settings.now();
    const session = randomUUID();
    const shelf: Shelf = group === undefined ? `chat:${person}` : `group:${group}`;
    state.sessions.set(session, { shelf, until: now + SESSION_MS });
    turnMonth(state);
    const over = state.counts.pushes >= settings.pushesAMonth;
    return {
      senderPlatform: 'Mac',
      conversationId: group ?? `cid-of-${person}`,
      conversationType: group === undefined ? '1' : '2',
      ...(group === undefined ? {} : { conversationTitle: state.groups.get(group)?.name, isInAtList: true }),
      atUsers: group === undefined ? [] : [{ dingtalkId: '$:LWCP_v1:$bot' }],
      chatbotCorpId: settings.corpId,
      chatbotUserId: '$:LWCP_v1:$bot',
      msgId: opaque('msg'),
      senderNick: state.people.get(person)?.name ?? person,
      isAdmin: false,
      senderStaffId: state.people.has(person) ? person : '',
      senderId: `$:LWCP_v1:$${person}`,
      senderCorpId: settings.corpId,
      sessionWebhook: `${origin()}/robot/sendBySession?session=${session}`,
      sessionWebhookExpiredTime: now + SESSION_MS,
      createAt: now,
      robotCode: settings.robotCode,
      msgtype: 'text',
      // Beyond the month's meter a message arrives without its words.
      ...(over
        ? { errorCode: '20001', errorMessage: '受调用量超量影响，消息内容不可见' }
        : { text: { content: group === undefined ? text : ` ${text}` } }),
    };
  }

  return {
    async says(person, text, { group, mention } = {}) {
      if (group !== undefined && mention !== true) return true;
      return pushRobot(messageOf(person, text, group));
    },

    async taps(person, outTrackId, label, inputs = {}) {
      const card = state.cards.get(outTrackId);
      const button = template.buttons.find(({ text }) => card?.data[text] === label);
      if (card === undefined || button === undefined) throw new Error(`no button ${label}`);
      // Without this the client sends nothing at all: the commonest cause of a dead button.
      if (card.callbackType !== 'STREAM' && card.callbackType !== 'HTTP') return { inTime: false };
      const data = {
        type: 'actionCallback',
        outTrackId,
        corpId: settings.corpId,
        userId: person,
        content: JSON.stringify({
          cardPrivateData: {
            actionIds: [button.id],
            params: paramsOf(template, card.data, button.action, inputs),
          },
        }),
        ...(card.callbackType === 'STREAM'
          ? { extension: '{}', spaceId: card.spaceId, spaceType: card.spaceType, userIdType: 1 }
          : {}),
      };
      last = { kind: 'card', data, routeKey: card.routeKey };
      const way = card.callbackType === 'STREAM' ? ({ kind: 'stream' } as const) : delivery();
      const answer = await push(state, streams, way, last);
      if (answer === undefined) return { inTime: false };
      const fresh = recordOf(recordOf(answer['cardData'])['cardParamMap']) as Record<string, string>;
      const byKey = recordOf(answer['cardUpdateOptions'])['updateCardDataByKey'] === true;
      if (answer['cardData'] !== undefined) card.data = { ...(byKey ? card.data : {}), ...fresh };
      const { toast } = recordOf(recordOf(answer['userPrivateData'])['cardParamMap']);
      return { inTime: true, ...(typeof toast === 'string' && toast !== '' ? { toast } : {}) };
    },

    async follows(person, key, label) {
      const message = find(state, person, key);
      const markdown = say(message?.content['text']);
      for (const [, words, address] of markdown.matchAll(/\[([^\]]*)\]\((dtmd:[^)]*)\)/g)) {
        if (words !== label) continue;
        const content = new URL(address ?? '').searchParams.get('content') ?? '';
        return pushRobot(messageOf(person, content, undefined));
      }
      throw new Error(`no link ${label}`);
    },

    async reads(person, key) {
      const message = find(state, person, key);
      if (message === undefined) throw new Error('no such message');
      if (message.readBy.has(person)) return;
      message.readBy.add(person);
      if (message.kind === 'work' || message.kind === 'session') return;
      await event('robot_msg_read', {
        unionId: state.people.get(person)?.unionid,
        operatTime: settings.now(),
        robotCode: settings.robotCode,
        openConversationId: `cid-of-${person}`,
        userId: person,
        processQueryKey: message.key,
      });
    },

    async redelivers() {
      if (last === undefined) throw new Error('nothing to deliver again');
      return (await push(state, streams, delivery(), last)) !== undefined;
    },

    tells: event,
    pushesRobot: (data) => pushRobot(data),
  };
}

function find(state: State, person: string, key: string): SimulatedMessage | undefined {
  const carrier = state.cards.get(key)?.carrierId ?? key;
  const messages = state.byKey.get(carrier) ?? [];
  return (
    messages.find(({ shelf }) => shelf.endsWith(`:${person}`)) ??
    messages.find(({ shelf }) => shelf.startsWith('group:'))
  );
}

/** The values that the template binds to a click; what stands in the inputs is known by their names. */
function paramsOf(
  template: CardTemplate,
  data: Record<string, string>,
  action: string,
  inputs: Record<string, string>,
): Record<string, string> {
  const params: Record<string, string> = { action: data[action] ?? '' };
  for (const [index, { name, value }] of template.inputs.entries()) {
    const given = inputs[data[name] ?? ''];
    params[`n${index + 1}`] = data[name] ?? '';
    params[value] = given ?? '';
  }
  return params;
}
