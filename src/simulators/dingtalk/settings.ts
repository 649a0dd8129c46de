/** The app as its console shows it, and how strict the platform is. All limits are those of a standard organisation. */
export interface SimulatorSettings {
  clientId: string;
  clientSecret: string;
  corpId: string;
  robotCode: string;
  agentId: string;
  /** Published templates; a card of any other is refused. */
  templates: readonly string[];
  /** Of the event subscription in webhook mode. */
  token: string;
  aesKey: string;
  /** Calls of one API a second, per app; over it HTTP 403 or errcode 90018. */
  callsASecond: number;
  /** Metered calls a natural month, over the whole organisation. */
  callsAMonth: number;
  /** Messages pushed by stream or webhook a natural month; over it a robot message arrives without its content. */
  pushesAMonth: number;
  /** Work notices: receivers a minute, over which they are dropped without a word. */
  receiversAMinute: number;
  /** After how long a robot message that was not acknowledged is pushed again; 0 is never. */
  redeliverMs: number;
  /** After how long an event that was not acknowledged is pushed again. */
  eventRetriesMs: readonly number[];
  /** How often the server pings its streams. */
  pingMs: number;
  /** How long after `disconnect` the server hangs up. */
  hangUpMs: number;
  /** A card callback must be answered so soon. */
  cardAnswerMs: number;
  /** The platform's own time: tokens, tickets, windows of hours and days, months. Milliseconds. */
  now: () => number;
  /** Chooses among equals; 0 ≤ x < 1. */
  random: () => number;
}

export const defaultSettings: SimulatorSettings = {
  clientId: 'dingsimulator',
  clientSecret: 'simulated-secret-of-the-app',
  corpId: 'dingcorp0001',
  robotCode: 'dingsimulator',
  agentId: '1000042',
  templates: ['cuhuo-card.schema'],
  token: 'simulatedToken',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  callsASecond: 20,
  callsAMonth: 5_000,
  pushesAMonth: 3_000,
  receiversAMinute: 5_000,
  redeliverMs: 60_000,
  eventRetriesMs: [10_000, 30_000],
  pingMs: 25_000,
  hangUpMs: 10_000,
  cardAnswerMs: 2_000,
  now: Date.now,
  random: Math.random,
};

/** The platform's days and months are those of Beijing. */
const OFFSET_MS = 8 * 3_600_000;

export const dayOf = (ms: number): string => new Date(ms + OFFSET_MS).toISOString().slice(0, 10);
export const monthOf = (ms: number): string => dayOf(ms).slice(0, 7);

export const DAY_MS = 86_400_000;
