import { randomBytes } from 'node:crypto';
import { defaultSettings, monthOf, type SimulatorSettings } from './settings.ts';

export interface SimulatedPerson {
  userid: string;
  unionid: string;
  name: string;
  jobNumber: string;
  title: string;
  departments: number[];
  active: boolean;
}

export interface SimulatedDepartment {
  id: number;
  name: string;
  parent: number | null;
  /** Outside of what the app may see. */
  hidden?: boolean;
}

export interface SimulatedGroup {
  id: string;
  name: string;
  members: Set<string>;
  hasBot: boolean;
}

/** Where a message stands: a person's chat with the bot, their work notices, or a group. */
export type Shelf = `chat:${string}` | `work:${string}` | `group:${string}`;

export interface SimulatedMessage {
  /** What the app got for it: processQueryKey, task id, or outTrackId. */
  key: string;
  shelf: Shelf;
  kind: 'robot' | 'session' | 'work' | 'card';
  /** msgKey of a robot message, msgtype of the others; the template of a card. */
  type: string;
  content: Record<string, unknown>;
  sentAt: number;
  readBy: Set<string>;
  recalled: boolean;
}

export interface SimulatedCard {
  outTrackId: string;
  carrierId: string;
  callbackType: string;
  routeKey: string | undefined;
  data: Record<string, string>;
  privateData: Map<string, Record<string, string>>;
  spaceType: 'IM_ROBOT' | 'IM_GROUP';
  spaceId: string;
}

export interface WorkTask {
  id: number;
  sentAt: number;
  invalid: string[];
  forbidden: { code: string; userid: string }[];
  reached: string[];
}

/** Something that goes wrong once on the next call of a path. */
export interface Fault {
  path: RegExp;
  kind:
    | 'done-but-504'
    | 'done-but-reset'
    | 'busy'
    | 'gateway-88'
    | 'html'
    | 'reset'
    | 'qps'
    | 'month'
    | 'ip-ban'
    | 'token-expired'
    | 'permission'
    | 'slow';
}

export interface Counts {
  /** Calls by path, refused ones included. */
  calls: Map<string, number>;
  /** Metered calls of this month. */
  metered: number;
  /** Pushes of this month that count. */
  pushes: number;
  throttled: number;
  /** Work notices that were accepted and never shown. */
  dropped: number;
}

export interface State {
  settings: SimulatorSettings;
  people: Map<string, SimulatedPerson>;
  departments: Map<number, SimulatedDepartment>;
  groups: Map<string, SimulatedGroup>;
  shelves: Map<Shelf, SimulatedMessage[]>;
  /** By processQueryKey, or the carrier of a card. */
  byKey: Map<string, SimulatedMessage[]>;
  cards: Map<string, SimulatedCard>;
  tasks: Map<number, WorkTask>;
  media: Map<string, { name: string; bytes: Buffer; type: string }>;
  sessions: Map<string, { shelf: Shelf; until: number }>;
  routes: Map<string, { url: string; secret: string }>;
  tickets: Map<string, { clientId: string; topics: string[]; at: number }>;
  tokens: Map<string, number>;
  faults: Fault[];
  /** People whose bot messages are held back by the platform's own flow control. */
  flowControlled: Set<string>;
  counts: Counts;
  month: string;
  serial: number;
}

export function newState(given: Partial<SimulatorSettings>): State {
  const settings = { ...defaultSettings, ...given };
  return {
    settings,
    people: new Map(),
    departments: new Map([[1, { id: 1, name: '公司', parent: null }]]),
    groups: new Map(),
    shelves: new Map(),
    byKey: new Map(),
    cards: new Map(),
    tasks: new Map(),
    media: new Map(),
    sessions: new Map(),
    routes: new Map(),
    tickets: new Map(),
    tokens: new Map(),
    faults: [],
    flowControlled: new Set(),
    counts: { calls: new Map(), metered: 0, pushes: 0, throttled: 0, dropped: 0 },
    month: monthOf(settings.now()),
    serial: 0,
  };
}

/** Meters begin anew on the first. */
export function turnMonth(state: State): void {
  const month = monthOf(state.settings.now());
  if (month === state.month) return;
  state.month = month;
  state.counts.metered = 0;
  state.counts.pushes = 0;
}

export function put(state: State, message: SimulatedMessage): void {
  const shelf = state.shelves.get(message.shelf);
  if (shelf === undefined) state.shelves.set(message.shelf, [message]);
  else shelf.push(message);
  const same = state.byKey.get(message.key);
  if (same === undefined) state.byKey.set(message.key, [message]);
  else same.push(message);
}

export const opaque = (prefix: string): string => `${prefix}${randomBytes(15).toString('base64')}`;
