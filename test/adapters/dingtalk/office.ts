import { messageIdIn, nameOf } from '#src/adapters/dingtalk/ids.ts';
import type { DingtalkSettings } from '#src/adapters/dingtalk/index.ts';
import type { ChannelAdapter } from '#src/chat/adapter.ts';
import {
  type DingtalkSimulator,
  type Shown,
  type SimulatorSettings,
  startDingtalkSimulator,
} from '#src/simulators/dingtalk/index.ts';
import type { Client } from '../../conversations/on-every-channel.ts';
import type { Seen, Where } from '../contract.ts';

export const ANNA = 'manager1234';
export const BEN = '0147ben';
export const GROUP = 'cid6EUgroup==';

/** Under which the platform knows us; a proxy leads it to wherever the test listens. */
export const PUBLIC_URL = 'https://cuhuo.example.com';

export function deliverByWebhook(simulator: DingtalkSimulator, address: string): void {
  const leads = (url: string) => `${address}${new URL(url).pathname}`;
  simulator.deliverTo({ kind: 'webhook', url: `${address}/webhooks/dingtalk`, leads });
}

export interface OfficeOptions {
  mode?: 'stream' | 'webhook';
  /** Buttons are those of a published template. */
  template?: boolean;
  strictness?: Partial<SimulatorSettings>;
}

/** The platform with two people and a group. Its limits of a month are wide unless a test wants them. */
export async function startOffice(options: OfficeOptions = {}): Promise<DingtalkSimulator> {
  const wide = { callsAMonth: 1_000_000, pushesAMonth: 1_000_000, callsASecond: 1_000 };
  const simulator = await startDingtalkSimulator({ ...wide, ...options.strictness });
  simulator.addDepartment({ id: 7, name: '研发部', parent: 1 });
  simulator.addPerson({ userid: ANNA, name: '张小满', jobNumber: 'E1', departments: [7] });
  simulator.addPerson({ userid: BEN, name: '王知行', jobNumber: 'E2', departments: [7, 1] });
  simulator.addGroup({ id: GROUP, name: '全员群', members: [ANNA, BEN] });
  return simulator;
}

export function settingsFor(
  { url, settings }: Pick<DingtalkSimulator, 'url' | 'settings'>,
  { mode = 'stream', template = false }: OfficeOptions = {},
): DingtalkSettings {
  const { clientId, clientSecret, corpId, robotCode, agentId, token, aesKey } = settings;
  const cardTemplateId = template ? settings.templates[0] : undefined;
  return {
    clientId,
    clientSecret,
    corpId,
    robotCode,
    agentId,
    token,
    aesKey,
    cardTemplateId,
    mode,
    baseUrl: url,
    oapiBaseUrl: url,
    callsAMonth: settings.callsAMonth,
    messagesAMonth: settings.pushesAMonth,
  };
}

/** Events reach us from now on. */
export async function untilHeard(simulator: DingtalkSimulator, adapter: ChannelAdapter): Promise<void> {
  while (simulator.streams.live() === 0 || (await adapter.readiness()) !== undefined)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What people do with their clients. Where a button is a link, a tap follows the link. */
export function clientOf(simulator: DingtalkSimulator): Client {
  const { deeds } = simulator;
  const shelfOf = (where: Where) =>
    'person' in where ? (`chat:${where.person}` as const) : (`group:${where.group}` as const);

  return {
    people: { anna: ANNA, ben: BEN, stranger: 'nobody99' },
    groupId: GROUP,
    seen: async (where) => simulator.shown(shelfOf(where)).map((shown) => seenFrom(shown, where)),
    async opens(messageId, person) {
      return simulator.opens(`chat:${person}`, keyOf(messageId)).toString('latin1');
    },
    async says(person, text, { group, mention } = {}) {
      const where = {
        ...(group === undefined ? {} : { group }),
        ...(mention === undefined ? {} : { mention }),
      };
      if (!(await deeds.says(person, text, where))) throw new Error('nobody acknowledged what was said');
    },
    async taps(person, messageId, label, inputs = {}) {
      const id = messageIdIn(messageId);
      if (id?.kind === 'card') {
        const { toast, inTime } = await deeds.taps(person, id.outTrackId, label, inputs);
        if (!inTime) throw new Error('the tap was not answered in time');
        return toast === undefined ? {} : { toast };
      }
      if (!(await deeds.follows(person, keyOf(messageId), label)))
        throw new Error('nobody acknowledged the link');
      return {};
    },
    reads: (person, messageId) => deeds.reads(person, keyOf(messageId)),
    async redelivers() {
      if (!(await deeds.redelivers())) throw new Error('nobody acknowledged the repeat');
    },
  };
}

export function keyOf(messageId: string): string {
  const id = messageIdIn(messageId);
  switch (id?.kind) {
    case 'robot':
    case 'group':
      return id.processQueryKey;
    case 'card':
      return id.outTrackId;
    case 'work':
      return id.taskId;
    case 'session':
    case undefined:
      return messageId;
  }
}

function seenFrom({ key, kind, words, buttons, picture, sentBy }: Shown, where: Where): Seen {
  return { messageId: messageIdOf(key, sentBy, where), kind, words, buttons, picture };
}

function messageIdOf(key: string, sentBy: Shown['sentBy'], where: Where): string {
  if (sentBy === 'card') return nameOf({ kind: 'card', outTrackId: key });
  if (sentBy === 'session') return key;
  return 'person' in where
    ? nameOf({ kind: 'robot', processQueryKey: key, userId: where.person })
    : nameOf({ kind: 'group', processQueryKey: key, conversationId: where.group });
}
