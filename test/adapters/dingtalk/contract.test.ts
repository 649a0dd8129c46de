import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify from 'fastify';
import { createDingtalkAdapter } from '#src/adapters/dingtalk/index.ts';
import type { Receive } from '#src/chat/adapter.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import { testDatabase } from '../../support/database.ts';
import { adapterContract, type ChannelDriver } from '../contract.ts';
import { writePictures } from '../pictures.ts';
import {
  clientOf,
  deliverByWebhook,
  type OfficeOptions,
  PUBLIC_URL,
  settingsFor,
  startOffice,
  untilHeard,
} from './office.ts';

async function driverOf(receive: Receive, options: OfficeOptions): Promise<ChannelDriver> {
  const database = await testDatabase();
  const simulator = await startOffice(options);
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-dingtalk-'));
  await writeFile(join(fileRoot, 'hello.pdf'), 'hello');
  const server = Fastify();
  const adapter = createDingtalkAdapter(settingsFor(simulator, options), {
    database,
    clock: systemClock,
    log: silentLog,
    fileRoot,
    publicUrl: PUBLIC_URL,
  });
  await adapter.listen?.(server, receive);
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  if (options.mode === 'webhook') deliverByWebhook(simulator, address);
  else await untilHeard(simulator, adapter);
  return {
    adapter,
    ...clientOf(simulator),
    pictures: await writePictures(fileRoot),
    uploads: () => simulator.pictures(),
    file: { kind: 'file', name: '打卡 2026-11.pdf', mime: 'application/pdf', path: 'hello.pdf', bytes: 5 },
    async close() {
      await server.close();
      await adapter.close();
      await simulator.close();
      await database.close();
      await rm(fileRoot, { recursive: true });
    },
  };
}

const withLinks = { lacks: ['repeat', 'update', 'form-input', 'toast'] } as const;
const withTemplate = { lacks: ['repeat'] } as const;

adapterContract(
  'DingTalk by stream, with links',
  (receive) => driverOf(receive, { mode: 'stream' }),
  withLinks,
);
adapterContract(
  'DingTalk by webhook, with links',
  (receive) => driverOf(receive, { mode: 'webhook' }),
  withLinks,
);
adapterContract(
  'DingTalk by stream, with a card template',
  (receive) => driverOf(receive, { mode: 'stream', template: true }),
  withTemplate,
);
adapterContract(
  'DingTalk by webhook, with a card template',
  (receive) => driverOf(receive, { mode: 'webhook', template: true }),
  withTemplate,
);
