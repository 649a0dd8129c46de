import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { createDingtalkAdapter, type DingtalkDeps } from '#src/adapters/dingtalk/index.ts';
import type { ChannelAdapter, Dispatch, InstantAnswer } from '#src/chat/adapter.ts';
import type { ChatEvent } from '#src/chat/event.ts';
import type { SealedMessage } from '#src/chat/message.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import type { DingtalkSimulator } from '#src/simulators/dingtalk/index.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import {
  deliverByWebhook,
  type OfficeOptions,
  PUBLIC_URL,
  settingsFor,
  startOffice,
  untilHeard,
} from './office.ts';

/** The adapter on its simulator, without an application behind it. */
export interface Opened {
  simulator: DingtalkSimulator;
  adapter: ChannelAdapter;
  database: TestDatabase;
  /** What was heard, repeats included. */
  events: ChatEvent[];
  /** Metered calls that were no sending call. */
  metered: string[];
  /** Where the webhook listens. */
  address: string;
  /** What the next events are answered with; may take its time, or throw. */
  answerWith(answer: (event: ChatEvent) => Promise<InstantAnswer>): void;
  close(): Promise<void>;
}

export async function openOffice(
  options: OfficeOptions & { listens?: boolean; deps?: Partial<DingtalkDeps> } = {},
): Promise<Opened> {
  const database = await testDatabase();
  const simulator = await startOffice(options);
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-dingtalk-'));
  const events: ChatEvent[] = [];
  const metered: string[] = [];
  let answer: (event: ChatEvent) => Promise<InstantAnswer> = async () => ({});
  const adapter = createDingtalkAdapter(settingsFor(simulator, options), {
    database,
    clock: systemClock,
    log: silentLog,
    fileRoot,
    publicUrl: PUBLIC_URL,
    meter: (call) => metered.push(call),
    ...options.deps,
  });
  const server = Fastify();
  if (options.listens !== false) {
    await adapter.listen?.(server, async (event) => {
      events.push(event);
      return answer(event);
    });
  }
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  if (options.mode === 'webhook') deliverByWebhook(simulator, address);
  else if (options.listens !== false) await untilHeard(simulator, adapter);
  return {
    simulator,
    adapter,
    database,
    events,
    metered,
    address,
    answerWith(given) {
      answer = given;
    },
    async close() {
      await server.close();
      await adapter.close();
      await simulator.close();
      await database.close();
      await rm(fileRoot, { recursive: true });
    },
  };
}

let keys = 0;

export function dispatchTo(person: string, message: SealedMessage): Dispatch {
  keys += 1;
  return { key: `key-${keys}`, to: { kind: 'person', platformId: person }, message };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
