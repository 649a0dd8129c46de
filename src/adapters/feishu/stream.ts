import { setTimeout as wait } from 'node:timers/promises';
import type { HttpInstance, Logger, WSClient } from '@larksuiteoapi/node-sdk';
import type { Db } from '../../kernel/db.ts';
import { messageOf } from '../../kernel/errors.ts';
import { callPlatform } from '../../kernel/http-client.ts';
import { holdLease, type Lease } from '../../kernel/lease.ts';
import type { Log } from '../../kernel/log.ts';
import { envelopeShape } from './envelope.ts';
import type { Handle } from './handle.ts';
import type { FeishuSettings } from './settings.ts';

export interface Stream {
  /** Undefined while it is connected, or while another process is; else what is wrong, for an administrator. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

export interface StreamDeps {
  settings: Pick<FeishuSettings, 'appId' | 'appSecret' | 'baseUrl'>;
  db: Db;
  log: Log;
  handle: Handle;
  /** How often the connection is looked after; a second unless given. */
  watchMs?: number;
  leaseMs?: number;
}

const WATCH_MS = 1_000;
/** After a ping something must come back within this, or the socket is dead although it looks open. */
const PONG_SECONDS = 10;
const HANDSHAKE_MS = 15_000;
const START_MS = 40_000;
const STEP_MS = 50;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Feishu delivers again after 15 s and 5 min; a gap longer than this deserves a human's look. */
const GAP_ALARM_MS = 60_000;

/**
 * The long connection, in one process at a time: with two, each event would go to one of them at random. The SDK speaks
 * the protocol; that it gives up on some errors, waits up to two and a half minutes after a break, and tells neither, is
 * why it is watched here and made anew (fact sheet §5.3).
 */
export function openStream(deps: StreamDeps): Stream {
  const { settings, db, log, watchMs = WATCH_MS } = deps;
  let owner = false;
  let connected = false;
  let lastError: string | undefined;
  let downSince = performance.now();
  let alarmed = false;

  function isUp(): void {
    const gapMs = Math.round(performance.now() - downSince);
    if (!connected) log.info({ channel: 'feishu', gapMs }, 'long connection open');
    connected = true;
    alarmed = false;
    lastError = undefined;
  }

  function isDown(reason: string): void {
    if (connected) {
      downSince = performance.now();
      log.warn({ channel: 'feishu', reason }, 'long connection lost');
    }
    connected = false;
    lastError = reason;
  }

  function watchGap(): void {
    const gapMs = Math.round(performance.now() - downSince);
    if (connected || alarmed || gapMs < GAP_ALARM_MS) return;
    alarmed = true;
    log.error(
      { channel: 'feishu', gapMs, reason: lastError },
      'long connection is gone: events may be missed',
    );
  }

  async function work(lost: AbortSignal): Promise<void> {
    owner = true;
    downSince = performance.now();
    let waitMs = FIRST_WAIT_MS;
    try {
      while (!lost.aborted) {
        const since = performance.now();
        await connectOnce(lost).catch((error: unknown) => isDown(messageOf(error)));
        waitMs =
          performance.now() - since > LONGEST_WAIT_MS ? FIRST_WAIT_MS : Math.min(waitMs * 2, LONGEST_WAIT_MS);
        await pause(Math.random() * waitMs, lost);
      }
    } finally {
      owner = false;
      connected = false;
    }
  }

  /** One life of the SDK's client: resolves when it is not connected any more, or is not wanted. */
  async function connectOnce(lost: AbortSignal): Promise<void> {
    // Two tenths of a second and 37 MB that only this mode needs.
    const { WSClient: Client } = await import('@larksuiteoapi/node-sdk');
    let failure: string | undefined;
    let ready = false;
    const client = new Client({
      appId: settings.appId,
      appSecret: settings.appSecret,
      domain: settings.baseUrl.replace(/\/+$/, ''),
      // Its own words carry addresses with tickets and the contents of events.
      logger: silent,
      httpInstance: bounded,
      autoReconnect: false,
      handshakeTimeoutMs: HANDSHAKE_MS,
      wsConfig: { pingTimeout: PONG_SECONDS },
      onReady: () => {
        ready = true;
      },
      onError: ({ message }) => {
        failure = message;
      },
    });
    try {
      await client.start({ eventDispatcher: dispatcher() });
      const startedAt = performance.now();
      while (!ready && failure === undefined && !lost.aborted) {
        if (performance.now() - startedAt > START_MS) failure = 'no connection in time';
        await pause(STEP_MS, lost);
      }
      while (ready && !lost.aborted && client.getConnectionStatus().state === 'connected') {
        isUp();
        await pause(watchMs, lost);
      }
      isDown(failure ?? (lost.aborted ? 'lease lost' : 'connection closed'));
    } finally {
      client.close({ force: true });
    }
  }

  /** In place of the SDK's dispatcher, which flattens envelopes and acknowledges what nobody handles. */
  function dispatcher() {
    const invoke = async (content: unknown): Promise<object> => {
      const envelope = envelopeShape.safeParse(content);
      if (!envelope.success || envelope.data.header.app_id !== settings.appId) return {};
      const handled = await deps.handle(envelope.data);
      // Thrown, it becomes code 500, and Feishu delivers the event again.
      if (handled.kind === 'busy') throw new Error('busy');
      return handled.body;
    };
    return { invoke } as unknown as Parameters<WSClient['start']>[0]['eventDispatcher'];
  }

  const lease: Lease = holdLease({
    db,
    log,
    name: `feishu:${settings.appId}`,
    work,
    ...(deps.leaseMs === undefined ? {} : { ttlMs: deps.leaseMs }),
  });
  const watch = setInterval(watchGap, WATCH_MS);
  watch.unref();

  return {
    trouble: () => (owner && !connected ? (lastError ?? 'not connected yet') : undefined),
    async close() {
      clearInterval(watch);
      await lease.release();
    },
  };
}

const none = (): void => undefined;
const silent: Logger = { error: none, warn: none, info: none, debug: none, trace: none };

/** The one call that the SDK makes before it connects, with our limits of time and size. */
const bounded = {
  async request({
    url = '',
    data,
    headers,
  }: {
    url?: string;
    data?: object;
    headers?: Record<string, string>;
  }) {
    const call = { platform: 'feishu', call: 'callback/ws/endpoint', timeoutMs: HANDSHAKE_MS };
    const { json } = await callPlatform({ ...call, url, body: data ?? {}, headers: headers ?? {} });
    return json;
  },
} as unknown as HttpInstance;

const pause = (ms: number, lost: AbortSignal): Promise<unknown> =>
  wait(ms, undefined, { signal: lost, ref: false }).catch(() => undefined);
