/** Starts the server of a data directory as a process of its own, says its address, and stays until it is killed. */
import { startEmbeddedPostgres } from '#src/embedded-postgres/index.ts';

const [dataDir = '', share = ''] = process.argv.slice(2);
try {
  const { url, owned } = await startEmbeddedPostgres({
    dataDir,
    share: share === 'share',
    settings: { fsync: 'off' },
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify({ url, owned })}\n`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ problem: String(error) })}\n`);
}
