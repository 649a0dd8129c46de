import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { fastify } from 'fastify';
import { openDatabase } from '../src/kernel/db.ts';

/** The ceiling of P1: a Fastify that does nothing but one insert, with as many connections as ours. */
async function serveBare(databaseUrl: string): Promise<void> {
  const { pool } = openDatabase(databaseUrl);
  await pool.query('create table if not exists bench_bare (key uuid primary key, at timestamptz not null)');
  const server = fastify();
  server.post<{ Body: { key: string } }>('/insert', async ({ body }) => {
    await pool.query('insert into bench_bare (key, at) values ($1, now()) on conflict do nothing', [
      body.key,
    ]);
    return { ok: true };
  });
  process.stdout.write(`${await server.listen({ host: '127.0.0.1', port: 0 })}\n`);
}

export async function startBareProcess(databaseUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, ['--import', 'tsx', self, databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: line.toString().trim(),
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serveBare(process.argv[2] as string);
