import { WebSocket } from 'ws';
import { z } from 'zod';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { type DingtalkClient, type Meter, parse } from './client.ts';
import { acknowledgement, CARD_TOPIC, type Frame, frameIn, ROBOT_TOPIC, subscriptions } from './frames.ts';
import type { Hearing } from './hearing.ts';

export interface StreamTimes {
  /** No application frame for so long means that the connection is dead, whatever its pings say. */
  silenceMs: number;
  /** How often our side pings, so that nothing in between forgets the connection. */
  pingMs: number;
  /** The first wait after a failed opening; doubled each time up to a minute. */
  backoffMs: number;
  /** How long a replaced connection may still finish what it has begun. */
  partingMs: number;
}

/** The server pings every 20 to 30 s. Source: platforms/dingtalk.md §2.4. */
export const streamTimes: StreamTimes = {
  silenceMs: 90_000,
  pingMs: 30_000,
  backoffMs: 1_000,
  partingMs: 8_000,
};

export interface Stream {
  /** Why there is no connection just now; undefined when there is one. */
  lack(): string | undefined;
}

const opened = z.object({ endpoint: z.string().regex(/^wss?:\/\//), ticket: z.string().min(1) });
const MOST_BACKOFF_MS = 60_000;
const HANDSHAKE_MS = 10_000;
const MOST_FRAME_BYTES = 1_000_000;
/** Frames beyond stay unacknowledged and come again. */
const MOST_AT_ONCE = 1_000;

interface StreamDeps {
  client: DingtalkClient;
  hearing: Hearing;
  log: Log;
  meter: Meter;
  times?: Partial<StreamTimes>;
}

/**
 * Keeps one connection to DingTalk's stream. `work` runs until `lost` aborts: it opens, opens again with growing waits,
 * and replaces a connection that the server ends or that has fallen silent before it lets go of it.
 */
export function createStream(deps: StreamDeps): Stream & { work(lost: AbortSignal): Promise<void> } {
  const { client, hearing, log } = deps;
  const times = { ...streamTimes, ...deps.times };
  let lack: string | undefined = 'the stream has not been opened yet';

  /** Resolves when the connection stands, and calls `over` once when it is no longer any good. */
  async function connect(lost: AbortSignal, over: (reason: string) => void): Promise<WebSocket> {
    deps.meter('gateway/connections/open');
    const json = await client.gateway({ subscriptions, ua: 'cuhuo' });
    const { endpoint, ticket } = parse(opened, { json }, 'gateway/connections/open');
    lost.throwIfAborted();
    const socket = new WebSocket(`${endpoint}?ticket=${encodeURIComponent(ticket)}`, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_FRAME_BYTES,
      followRedirects: false,
    });
    // Before it is open: the first frames come with the handshake.
    watch(socket, over);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed while opening')));
    });
    return socket;
  }

  function watch(socket: WebSocket, over: (reason: string) => void): void {
    let heardAt = performance.now();
    let atWork = 0;
    const pings = setInterval(() => socket.readyState === WebSocket.OPEN && socket.ping(), times.pingMs);
    const watchdog = setInterval(() => {
      if (performance.now() - heardAt <= times.silenceMs) return;
      log.warn({ platform: 'dingtalk', silentMs: times.silenceMs }, 'the stream fell silent and is replaced');
      over('silent');
    }, times.silenceMs / 6);
    pings.unref();
    watchdog.unref();
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      clearInterval(watchdog);
      over('closed');
    });
    socket.on('message', (bytes) => {
      heardAt = performance.now();
      const frame = frameIn((bytes as Buffer).toString('utf8'));
      if (frame === undefined) return;
      if (frame.type === 'SYSTEM') {
        if (frame.topic === 'ping') socket.send(acknowledgement(frame.messageId, 200, frame.data));
        if (frame.topic === 'disconnect') over('the server ends it');
        return;
      }
      if (atWork >= MOST_AT_ONCE) return;
      atWork += 1;
      void answer(frame).then((acknowledged) => {
        atWork -= 1;
        if (acknowledged !== undefined && socket.readyState === WebSocket.OPEN) socket.send(acknowledged);
      });
    });
  }

  /** Acknowledges what is committed; what failed is told so, or left to come again. */
  async function answer(frame: Frame): Promise<string | undefined> {
    const { type, topic, messageId, event, data } = frame;
    try {
      if (type === 'EVENT') {
        await hearing.event({ ...event, data: typeof data === 'object' && data !== null ? { ...data } : {} });
        return acknowledgement(messageId, 200, { status: 'SUCCESS' });
      }
      if (topic === ROBOT_TOPIC) {
        await hearing.robot(data);
        return acknowledgement(messageId, 200, { response: null });
      }
      if (topic === CARD_TOPIC)
        return acknowledgement(messageId, 200, { response: await hearing.card(data, messageId) });
      return acknowledgement(messageId, 404, { response: null });
    } catch (error) {
      log.warn({ platform: 'dingtalk', topic, reason: messageOf(error) }, 'a frame could not be handled');
      if (type === 'EVENT') return acknowledgement(messageId, 500, { status: 'LATER' });
      // An unanswered robot message comes again; a click is told at once.
      return topic === ROBOT_TOPIC ? undefined : acknowledgement(messageId, 500, { response: null });
    }
  }

  async function work(lost: AbortSignal): Promise<void> {
    let current: WebSocket | undefined;
    let failures = 0;
    let begunAt = performance.now();
    const close = (socket: WebSocket | undefined, afterMs: number) => {
      if (socket === undefined) return;
      setTimeout(() => socket.terminate(), afterMs).unref();
    };
    while (!lost.aborted) {
      const over = signal();
      try {
        const before = current;
        current = await connect(lost, over.give);
        // The old one has been heard out until now: nothing falls between the two.
        close(before, times.partingMs);
        const gapMs = Math.round(performance.now() - begunAt);
        if (failures > 0)
          log.warn({ platform: 'dingtalk', gapMs }, 'the stream is back; look for what was missed');
        failures = 0;
        lack = undefined;
        const stopped = () => over.give('stopped');
        lost.addEventListener('abort', stopped);
        const reason = await over.given;
        lost.removeEventListener('abort', stopped);
        begunAt = performance.now();
        log.info({ platform: 'dingtalk', reason }, 'the stream is over');
        if (reason === 'closed') current = undefined;
      } catch (error) {
        if (lost.aborted) break;
        lack = `the stream cannot be opened (${messageOf(error)})`;
        log.warn(
          { platform: 'dingtalk', failures, reason: messageOf(error) },
          'the stream could not be opened',
        );
        failures += 1;
        await pause(backoff(failures, times.backoffMs), lost);
      }
    }
    lack = 'the stream is closed';
    current?.terminate();
  }

  return { work, lack: () => lack };
}

/** A word that is given once, and a promise of it. */
function signal(): { given: Promise<string>; give(word: string): void } {
  let give: (word: string) => void = () => undefined;
  const given = new Promise<string>((resolve) => {
    give = resolve;
  });
  return { given, give: (word) => give(word) };
}

/** Doubles up to a minute; up to as much again by chance, so that processes do not come in step. */
function backoff(failures: number, firstMs: number): number {
  const ms = Math.min(MOST_BACKOFF_MS, firstMs * 2 ** (failures - 1));
  return ms / 2 + (Math.random() * ms) / 2;
}

function pause(ms: number, lost: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    function done() {
      clearTimeout(timer);
      lost.removeEventListener('abort', done);
      resolve();
    }
    lost.addEventListener('abort', done);
  });
}
