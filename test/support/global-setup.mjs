import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** One PostgreSQL for the whole run, with one migrated template that each test file clones. */
export default async function setup() {
  const { startTestServer } = await tsImport('./test-server.ts', import.meta.url);
  const dataDir = await mkdtemp(join(tmpdir(), 'cuhuo-test-'));
  // Root hands the cluster to an ordinary user, who must be able to reach it.
  await chmod(dataDir, 0o755);
  globalThis.cuhuoTestServer = await startTestServer(dataDir);
  process.env.TEST_POSTGRES = globalThis.cuhuoTestServer.url;
}
