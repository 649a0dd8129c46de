import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { SimAnswer, SimRequest } from './answers.ts';
import type { Attempt, Transport } from './events.ts';
import { decodeFrame, encodeFrame, type Frame } from './frames.ts';

const MOST_CONNECTIONS = 50;
const SERVICE_ID = 33554678;
const SPLIT_BYTES = 60_000;

export interface LongConnection {
  discover(request: SimRequest): SimAnswer;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  transport: Transport;
  connections(): number;
  /** How many of them have spoken: before its first ping a client may not listen yet. */
  ready(): number;
  /** How many have ever been opened. */
  opened(): number;
  /** The server ends all connections, as it does when it is replaced. */
  drop(): void;
  /** Half-open: what comes in is not answered any more, pings neither. */
  freeze(frozen: boolean): void;
  /** Discovery answers this code instead: 1 busy, 403, 514, 1000040343, 1000040350. */
  refuse(code: number | undefined): void;
  /** How many bytes of an event go into one frame. */
  splitAt(bytes: number): void;
  close(): void;
}

/** The server side of the long connection: each event goes to one connection, chosen at random. */
export function createLongConnection(options: {
  appId: string;
  appSecret: string;
  wsUrl: () => string;
  pingSeconds: number;
}): LongConnection {
  const { appId, appSecret, wsUrl, pingSeconds } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  const sockets = new Set<WebSocket>();
  const waiting = new Map<string, (frame: Frame) => void>();
  const tickets = new Set<string>();
  const spoken = new WeakSet<WebSocket>();
  const config = {
    ReconnectCount: -1,
    ReconnectInterval: 120,
    ReconnectNonce: 30,
    PingInterval: pingSeconds,
  };
  let opened = 0;
  let frozen = false;
  let refusal: number | undefined;
  let splitBytes = SPLIT_BYTES;

  function onMessage(socket: WebSocket, data: RawData): void {
    if (frozen) return;
    const frame = decodeFrame(Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[]));
    const type = frame.headers.find(([key]) => key === 'type')?.[1];
    if (frame.method === 0 && type === 'ping') {
      spoken.add(socket);
      const pong: Frame = {
        ...frame,
        headers: [['type', 'pong']],
        payload: Buffer.from(JSON.stringify(config)),
      };
      socket.send(encodeFrame(pong));
    } else if (frame.method === 1) {
      waiting.get(frame.headers.find(([key]) => key === 'message_id')?.[1] ?? '')?.(frame);
    }
  }

  function framesOf(payload: Buffer, messageId: string): Buffer[] {
    const sum = Math.max(1, Math.ceil(payload.length / splitBytes));
    const parts = Array.from({ length: sum }, (_, seq) =>
      encodeFrame({
        seqId: 1n,
        logId: 2n,
        service: SERVICE_ID,
        method: 1,
        headers: [
          ['type', 'event'],
          ['message_id', messageId],
          ['sum', String(sum)],
          ['seq', String(seq)],
          ['trace_id', randomUUID()],
        ],
        payload: payload.subarray(seq * splitBytes, (seq + 1) * splitBytes),
      }),
    );
    // Parts come in any order.
    return parts.reverse();
  }

  return {
    discover({ json }) {
      const refused = (code: number, msg: string): SimAnswer => ({
        status: 200,
        body: { code, msg, data: {} },
      });
      if (refusal !== undefined) return refused(refusal, 'refused');
      if (json?.['AppID'] !== appId || json['AppSecret'] !== appSecret) return refused(514, 'auth failed');
      if (sockets.size >= MOST_CONNECTIONS) return refused(1000040350, 'exceed conn limit');
      const ticket = randomUUID();
      tickets.add(ticket);
      const query = `fpid=493&aid=552564&device_id=7618153736343260346&access_key=0&service_id=${SERVICE_ID}&ticket=${ticket}`;
      const data = { URL: `${wsUrl()}/ws/v2?${query}`, ClientConfig: config };
      return { status: 200, body: { code: 0, msg: '', data } };
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nHandshake-Status: 514\r\nHandshake-Msg: auth failed\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (opening) => {
        opened += 1;
        sockets.add(opening);
        opening.on('message', (data) => onMessage(opening, data));
        opening.on('error', () => undefined);
        opening.on('close', () => sockets.delete(opening));
      });
    },
    async transport(envelope, timeoutMs) {
      const chosen = [...sockets][Math.floor(Math.random() * sockets.size)];
      if (chosen === undefined) return { ok: false, status: 0, reply: undefined };
      const messageId = randomUUID();
      return new Promise<Attempt>((resolve) => {
        const end = (attempt: Attempt): void => {
          clearTimeout(timer);
          chosen.off('close', broken);
          waiting.delete(messageId);
          resolve(attempt);
        };
        const broken = (): void => end({ ok: false, status: 0, reply: undefined });
        const timer = setTimeout(broken, timeoutMs);
        chosen.once('close', broken);
        waiting.set(messageId, ({ payload }) => end(attemptOf(payload)));
        for (const part of framesOf(Buffer.from(JSON.stringify(envelope)), messageId)) chosen.send(part);
      });
    },
    connections: () => sockets.size,
    ready: () => [...sockets].filter((socket) => spoken.has(socket)).length,
    opened: () => opened,
    drop() {
      for (const socket of sockets) socket.terminate();
    },
    freeze: (now) => {
      frozen = now;
    },
    refuse: (code) => {
      refusal = code;
    },
    splitAt: (bytes) => {
      splitBytes = bytes;
    },
    close() {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}

/** The client answers `{"code":200}`, with the handler's own answer as base64 of JSON. */
function attemptOf(payload: Buffer): Attempt {
  const { code, data } = JSON.parse(payload.toString('utf8')) as { code: number; data?: string };
  const reply = data === undefined ? undefined : JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  return { ok: code === 200, status: code, reply };
}
