import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { State } from './state.ts';
import { objectIn, recordOf, say } from './values.ts';

const TICKET_MS = 90_000;

interface Stream {
  id: string;
  socket: WebSocket;
  topics: readonly string[];
  /** Hangs up soon: nothing is delivered any more. */
  leaving: boolean;
  /** Answers the pings of the socket and delivers nothing. */
  zombie: boolean;
}

/** What an app answered to a frame. */
export interface Acknowledged {
  code: number;
  data: Record<string, unknown>;
}

/** The stream side: an app's connections, one random receiver for each push. */
export function streamSide(state: State, server: Server) {
  const { settings } = state;
  const streams = new Set<Stream>();
  const waiting = new Map<string, (answer: Acknowledged) => void>();
  const timers = new Set<NodeJS.Timeout>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  let opened = 0;

  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://platform');
    const name = url.searchParams.get('ticket') ?? '';
    const ticket = state.tickets.get(name);
    state.tickets.delete(name);
    if (ticket === undefined || settings.now() - ticket.at > TICKET_MS) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => join(connection, ticket.topics));
  });

  function join(socket: WebSocket, topics: readonly string[]): void {
    const stream: Stream = { id: randomUUID(), socket, topics, leaving: false, zombie: false };
    streams.add(stream);
    opened += 1;
    const pings = setInterval(() => ping(stream), settings.pingMs);
    pings.unref();
    socket.on('message', (data) => hear((data as Buffer).toString('utf8')));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      streams.delete(stream);
    });
    ping(stream);
  }

  function hear(text: string): void {
    const frame = objectIn(text);
    const id = say(recordOf(frame?.['headers'])['messageId']);
    const data = objectIn(frame?.['data']) ?? {};
    waiting.get(id)?.({ code: Number(frame?.['code']), data });
    waiting.delete(id);
  }

  function ping(stream: Stream): void {
    void frame(stream, 'SYSTEM', 'ping', { opaque: randomUUID() }, {}, 1);
  }

  /** Resolves to the answer, or undefined when none came in time. */
  function frame(
    stream: Stream,
    type: string,
    topic: string,
    data: object,
    headers: Record<string, unknown>,
    withinMs: number,
  ): Promise<Acknowledged | undefined> {
    if (stream.zombie) return Promise.resolve(undefined);
    const messageId = `${randomUUID().slice(0, 8)}_${Date.now().toString(16)}`;
    const text = JSON.stringify({
      specVersion: '1.0',
      type,
      headers: {
        appId: 'simulated',
        connectionId: stream.id,
        contentType: 'application/json',
        messageId,
        time: String(settings.now()),
        topic,
        ...headers,
      },
      data: JSON.stringify(data),
    });
    return new Promise((resolve) => {
      const timer = later(withinMs, () => {
        waiting.delete(messageId);
        resolve(undefined);
      });
      waiting.set(messageId, (answer) => {
        clearTimeout(timer);
        timers.delete(timer);
        resolve(answer);
      });
      stream.socket.send(text);
    });
  }

  function later(ms: number, work: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    timers.add(timer);
    return timer;
  }

  return {
    later,
    live: () => [...streams].filter(({ leaving }) => !leaving).length,
    opened: () => opened,

    /** Pushes to one random connection that asked for the topic; undefined when there is none, or no answer in time. */
    async push(
      type: 'CALLBACK' | 'EVENT',
      topic: string,
      data: object,
      options: { headers?: Record<string, unknown>; withinMs: number },
    ): Promise<Acknowledged | undefined> {
      const able = [...streams].filter(
        ({ leaving, topics }) => !leaving && topics.includes(`${type} ${topic}`),
      );
      const chosen = able[Math.floor(settings.random() * able.length)];
      if (chosen === undefined) return undefined;
      return frame(chosen, type, topic, data, options.headers ?? {}, options.withinMs);
    },

    /** Sends bytes as they are to every connection. */
    raw(text: string): void {
      for (const { socket } of streams) socket.send(text);
    },

    /** Announces the end of every connection and hangs up some seconds later. */
    disconnect(): void {
      for (const stream of streams) {
        void frame(stream, 'SYSTEM', 'disconnect', { reason: 'connection is expired' }, {}, 1);
        stream.leaving = true;
        later(settings.hangUpMs, () => stream.socket.close());
      }
    },

    /** Every connection of now stays open and delivers nothing any more. */
    turnToZombies(): void {
      for (const stream of streams) stream.zombie = true;
    },

    cut(): void {
      for (const { socket } of streams) socket.terminate();
    },

    close(): void {
      for (const timer of timers) clearTimeout(timer);
      for (const { socket } of streams) socket.terminate();
      sockets.close();
    },
  };
}

export type StreamSide = ReturnType<typeof streamSide>;
