import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ChannelAdapter, Receive } from '#src/chat/adapter.ts';
import type { Database } from '#src/kernel/db.ts';
import { silentLog } from '#src/kernel/log.ts';
import { manualClock } from '#src/kernel/time.ts';
import { createSandboxAdapter, type SandboxPeople } from '#src/sandbox/index.ts';
import type { Person } from '#src/sandbox/sandbox.api.ts';

const person = (platformId: string, name: string, department: string, roles: string[] = []): Person => {
  return { platformId, name, position: '专员', department, roles };
};

export const ANNA = 'E0001';
export const BEN = 'E0002';

export function somePeople(): SandboxPeople {
  const everybody = [
    person(ANNA, '王小安', '财务部', ['hr']),
    person(BEN, '李本', '研发部', ['liaison']),
    person('E0003', '陈外人', '研发部'),
  ];
  const ids = new Set(everybody.map(({ platformId }) => platformId));
  return { list: async () => everybody, exists: async (asked) => new Set(asked.filter((id) => ids.has(id))) };
}

export interface TestSandbox {
  adapter: ChannelAdapter;
  server: FastifyInstance;
  fileRoot: string;
  clock: ReturnType<typeof manualClock>;
  close(): Promise<void>;
}

/** One process of the sandbox: an adapter and the server it listens on. Several may share a database. */
export async function startSandbox(
  database: Database,
  receive: Receive,
  pageRoot?: string,
): Promise<TestSandbox> {
  const fileRoot = await mkdtemp(join(tmpdir(), 'cuhuo-sandbox-'));
  const clock = manualClock('2026-11-23T01:00:00Z');
  const deps = {
    database,
    clock,
    log: silentLog,
    people: somePeople(),
    fileRoot,
    clockIsManual: true,
    zone: 'Asia/Shanghai',
  };
  const adapter = createSandboxAdapter(pageRoot === undefined ? deps : { ...deps, pageRoot });
  const server = Fastify();
  await adapter.listen?.(server, receive);
  await server.ready();
  return {
    adapter,
    server,
    fileRoot,
    clock,
    async close() {
      await server.close();
      await adapter.close();
      await rm(fileRoot, { recursive: true });
    },
  };
}
