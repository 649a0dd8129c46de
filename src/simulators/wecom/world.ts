import { randomBytes } from 'node:crypto';

/** A member of the simulated corporation. Ids are compared without case, as WeCom does. */
export interface SimPerson {
  userid: string;
  name: string;
  /** The first is the main one. */
  departments: number[];
  position: string;
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: 1 | 2 | 4 | 5;
  /** Whether the app's visible range covers this person. */
  inRange: boolean;
  /** Without a basic interface licence the app's messages do not reach them. */
  licensed: boolean;
}

export interface SimDepartment {
  id: number;
  name: string;
  parentid: number;
  order: number;
}

/** What a client shows: the message as it was sent, or what has replaced it since. */
export interface SimContent {
  msgtype: string;
  /** The object that stands under the name of the type: `{content}`, `{media_id}`, a template card. */
  body: Record<string, unknown>;
}

/** One message in one chat of one person or group. */
export interface SimDelivery {
  msgid: string;
  content: SimContent;
  /** The words that grey out all buttons. */
  greyed?: string;
  recalled?: true;
}

/** What message/send keeps of a call, for recall and for updates. */
export interface SimSent {
  msgid: string;
  agentid: number;
  sentAt: number;
  recipients: Set<string>;
  taskId: string | undefined;
}

export interface SimResponseCode {
  sent: SimSent;
  madeAt: number;
  used: boolean;
}

export interface SimMedia {
  name: string;
  type: string;
  bytes: Buffer;
  madeAt: number;
  /** Media of a group webhook is usable only there. */
  webhook?: string;
}

export interface SimGroup {
  kind: 'robot' | 'appchat' | 'webhook';
  name: string;
  members: Set<string>;
  /** Whether somebody has mentioned the robot here: before that it may not speak. */
  spoken: boolean;
  owner?: string;
  agentid?: number;
}

/** What may go wrong at the next call of a path; `lost` does the work and then loses the answer. */
export type SimFault =
  | { kind: 'errcode'; errcode: number }
  | { kind: 'status'; status: number }
  | { kind: 'lost' }
  | { kind: 'hang' };

export interface WorldOptions {
  corpId?: string;
  agentId?: number;
  secret?: string;
  contactSecret?: string;
  /** Token and EncodingAESKey of the callback, as the administrator types them in. */
  token?: string;
  aesKey?: string;
  bot?: { id: string; secret: string };
  /** The corporation's account limit: times 200 is what one app may send to in a day. */
  accountLimit?: number;
  /** False: the visible range is not the root department, so there are no app chats. */
  rootRange?: boolean;
  /** The wall clock of the platform, in milliseconds. */
  now?: () => number;
}

/** Everything that the simulated WeCom remembers. */
export interface World {
  corpId: string;
  agentId: number;
  secret: string;
  contactSecret: string;
  token: string;
  aesKey: string;
  bot: { id: string; secret: string };
  accountLimit: number;
  rootRange: boolean;
  /** Where callbacks go; absent: the app has none. */
  callbackUrl: string | undefined;
  /** Empty: every address may call. Otherwise 60020 for all others. */
  trustedIps: Set<string>;
  people: Map<string, SimPerson>;
  departments: Map<number, SimDepartment>;
  chats: Map<string, SimDelivery[]>;
  groups: Map<string, SimGroup>;
  groupChats: Map<string, SimDelivery[]>;
  media: Map<string, SimMedia>;
  /** At permanent addresses. */
  pictures: Map<string, Buffer>;
  sent: Map<string, SimSent>;
  codes: Map<string, SimResponseCode>;
  taskIds: Map<string, SimSent>;
  menu: unknown;
  faults: Map<string, SimFault[]>;
  /** How often each path was called, and how many calls were refused for rate. */
  calls: Map<string, number>;
  throttled: number;
  /** Person-times that a platform would have dropped in silence. */
  dropped: number;
  now(): number;
  /** Moves the platform's clock forward. */
  advance(ms: number): void;
}

export function createWorld(options: WorldOptions): World {
  const base = options.now ?? Date.now;
  let ahead = 0;
  return {
    corpId: options.corpId ?? 'ww1234567890abcdef',
    agentId: options.agentId ?? 1_000_002,
    secret: options.secret ?? 'app-secret',
    contactSecret: options.contactSecret ?? 'contact-secret',
    token: options.token ?? 'emuToken2024',
    aesKey: options.aesKey ?? 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    bot: options.bot ?? { id: 'aib-cuhuo', secret: 'bot-secret' },
    accountLimit: options.accountLimit ?? 500,
    rootRange: options.rootRange ?? true,
    callbackUrl: undefined,
    trustedIps: new Set(),
    people: new Map(),
    departments: new Map([[1, { id: 1, name: '总公司', parentid: 0, order: 1 }]]),
    chats: new Map(),
    groups: new Map(),
    groupChats: new Map(),
    media: new Map(),
    pictures: new Map(),
    sent: new Map(),
    codes: new Map(),
    taskIds: new Map(),
    menu: undefined,
    faults: new Map(),
    calls: new Map(),
    throttled: 0,
    dropped: 0,
    now: () => base() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}

export const newSimId = (): string => randomBytes(24).toString('base64url');

export function personOf(world: World, userid: string): SimPerson | undefined {
  return world.people.get(userid.toLowerCase());
}

export function deliver(chats: Map<string, SimDelivery[]>, chat: string, delivery: SimDelivery): void {
  const messages = chats.get(chat);
  if (messages === undefined) chats.set(chat, [delivery]);
  else messages.push(delivery);
}

/** Hands out a response code: for 72 hours, for one update. */
export function newResponseCode(world: World, sent: SimSent): string {
  const code = newSimId();
  world.codes.set(code, { sent, madeAt: world.now(), used: false });
  return code;
}

/** Cuts at so many bytes of UTF-8, never inside a character. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = Buffer.from(text).subarray(0, bytes).toString('utf8');
  while (cut.endsWith('\ufffd')) cut = cut.slice(0, -1);
  return cut;
}
