import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { randomFrom } from '../../kernel/random.ts';
import { exactCounter } from './counters.ts';
import type { LoopbackRules } from './rules.ts';

const sendSchema = z.object({
  way: z.string(),
  contentHash: z.string(),
  to: z.array(z.object({ key: z.string(), id: z.string() })),
});
const askSchema = z.object({ keys: z.array(z.string()) });

export type PersonResult = 'taken' | 'refused';

/** What the platform has seen. */
export interface LoopbackTally {
  calls: number;
  /** Calls that were refused because they would have broken a quota. */
  throttled: number;
  /** Which quotas those were. */
  broken: Map<string, number>;
  lost: number;
  /** How often each key reached its person. */
  arrived: Map<string, number>;
  refused: Set<string>;
  dropped: Set<string>;
  askCalls: number;
  peaks: ReadonlyMap<string, number>;
  firstCallAtMs: number | undefined;
  lastCallAtMs: number | undefined;
}

export interface Loopback {
  url: string;
  tally(): LoopbackTally;
  /** While it is out, connections are closed without an answer and nothing takes effect. */
  outage(on: boolean): void;
  close(): Promise<void>;
}

/** A platform that belongs to nobody: limits, partial failures, lost answers, silent drops and outages on demand. */
export async function startLoopback(rules: LoopbackRules): Promise<Loopback> {
  const luck = randomFrom(rules.seed);
  const counter = exactCounter(rules.quotas);
  const results = new Map<string, PersonResult>();
  const tally: Omit<LoopbackTally, 'peaks'> = {
    calls: 0,
    throttled: 0,
    broken: new Map(),
    lost: 0,
    arrived: new Map(),
    refused: new Set(),
    dropped: new Set(),
    askCalls: 0,
    firstCallAtMs: undefined,
    lastCallAtMs: undefined,
  };
  let out = false;

  function decide(key: string): PersonResult {
    if (luck() < rules.refusals) {
      tally.refused.add(key);
      return 'refused';
    }
    // A drop happens once: what is sent anew arrives.
    if (!tally.dropped.has(key) && luck() < rules.silentDrops) {
      tally.dropped.add(key);
      return 'taken';
    }
    tally.arrived.set(key, (tally.arrived.get(key) ?? 0) + 1);
    return 'taken';
  }

  async function send(body: unknown, response: ServerResponse): Promise<void> {
    const { way: name, contentHash, to } = sendSchema.parse(body);
    const way = rules.ways.find((one) => one.name === name);
    if (way === undefined || to.length > way.batchSize) return answer(response, 400, { code: 'bad-call' });
    const nowMs = performance.timeOrigin + performance.now();
    const people = to.map(({ id }) => id);
    const broken = counter.take(name, people, contentHash, nowMs);
    if (broken !== undefined) {
      tally.throttled += 1;
      tally.broken.set(broken.name, (tally.broken.get(broken.name) ?? 0) + 1);
      return answer(response, 429, { code: 'too-many', waitMs: 1_000 });
    }
    tally.calls += 1;
    tally.firstCallAtMs ??= nowMs;
    tally.lastCallAtMs = nowMs;
    const decided = to.map(({ key }) => {
      const reached = tally.refused.has(key) || tally.arrived.has(key);
      const known = way.repeatsSafely && reached ? results.get(key) : undefined;
      const result = known ?? decide(key);
      results.set(key, result);
      return result;
    });
    if (rules.latencyMs > 0) await sleep(rules.latencyMs);
    if (luck() < rules.lostAnswers) {
      tally.lost += 1;
      response.socket?.destroy();
      return;
    }
    answer(response, 200, { results: decided });
  }

  function ask(body: unknown, response: ServerResponse): void {
    tally.askCalls += 1;
    const { keys } = askSchema.parse(body);
    answer(response, 200, {
      told: keys.map((key) =>
        tally.refused.has(key) ? 'refused' : (tally.arrived.get(key) ?? 0) > 0 ? 'delivered' : 'missing',
      ),
    });
  }

  const server = createServer((request, response) => {
    if (out) {
      request.socket.destroy();
      return;
    }
    readBody(request)
      .then((body) => (request.url === '/ask' ? ask(body, response) : send(body, response)))
      .catch(() => answer(response, 400, { code: 'bad-call' }));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tally: () => ({ ...tally, peaks: counter.peaks() }),
    outage(on) {
      out = on;
      if (on) server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const MOST_BYTES = 2_000_000;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
