import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { loadContent } from '../app/content.ts';
import { serveWeb } from '../app/web.ts';
import { type App, createApp } from '../app.ts';
import { type Config, loadConfig } from '../config.ts';
import { listCampaigns } from '../features/campaigns/index.ts';
import { sandboxPeople } from '../features/directory/index.ts';
import { publishNotice } from '../features/privacy/index.ts';
import { createSignInLink } from '../http/credentials.ts';
import type { Database } from '../kernel/db.ts';
import { messageOf, UserError } from '../kernel/errors.ts';
import { createLog, type Log } from '../kernel/log.ts';
import { packagePath } from '../kernel/package-path.ts';
import { loadSecrets, type Secrets } from '../kernel/secrets.ts';
import { localDay, systemClock } from '../kernel/time.ts';
import { workdayCalendar } from '../kernel/workdays.ts';
import { ensureGroup } from '../sandbox/index.ts';
import { openConfiguredDatabase, print } from './context.ts';

/** The whole process must be gone so long after it was asked to stop. */
const STOP_WITHIN_MS = 10_000;

/** Starts what the role needs and stays until SIGTERM or SIGINT. */
export async function serve(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config.logLevel);
  await mkdir(config.dataDir, { recursive: true });
  const secrets = await loadSecrets(config.dataDir, config);
  const opened = await openConfiguredDatabase(config, {
    share: false,
    log: (line) => log.info({ part: 'postgres' }, line),
    onExit: (reason) => void stopBecause(`PostgreSQL ended: ${reason}`),
  });
  const { database, databaseUrl } = opened;
  const app = await createApp({ config, database, databaseUrl, secrets, log });
  const { notice: texts, basis, contact } = config.behaviour.privacy;
  await database.db.transaction((tx) => publishNotice(tx, { texts, basis, contact }, app.clock.now()));
  let started = false;
  const server = await serveWeb({ app, config, database, secrets, log, isStarted: () => started });

  let stopping: Promise<void> | undefined;
  function stopBecause(reason: string): Promise<void> {
    stopping ??= stop(reason, { app, server, close: opened.close, log });
    return stopping;
  }
  process.once('SIGTERM', () => void stopBecause('SIGTERM'));
  process.once('SIGINT', () => void stopBecause('SIGINT'));

  try {
    // The address first: a second start on a taken port must not send or schedule anything.
    await listen(server, config);
    if (config.role !== 'worker') await loadSample(config, database, app, log);
    await app.refreshSchedules();
    await app.startWorking();
    started = true;
    await announce(config, database, secrets);
  } catch (error) {
    await stopBecause('the start failed');
    throw error;
  }
}

async function listen(server: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    const why = code === 'EADDRINUSE' ? 'something else listens there' : 'this process may not listen there';
    throw new UserError(
      `cannot listen on ${host}:${port}, because ${why}; give another address in HOST and PORT`,
    );
  }
}

/** How many of the sample's people share a group chat. */
const SAMPLE_GROUP = 12;

/** A fresh installation with the sandbox on gets the sample organisation and campaign, so that there is something to see. */
async function loadSample(config: Config, database: Database, app: App, log: Log): Promise<void> {
  if (!config.sandbox || (await listCampaigns(database.db)).length > 0) return;
  const given = config.behaviour.content.campaign;
  const folder = existsSync(given) ? given : packagePath(given);
  const loaded = await loadContent(database.db, folder, {
    at: app.clock.now(),
    zone: config.behaviour.zone,
    calendar: workdayCalendar(config.behaviour.calendar),
    actor: { kind: 'system', id: 'first-start' },
    fileRoot: join(config.dataDir, 'files'),
  });
  const members = (await sandboxPeople(database.db, localDay(app.clock.now(), config.behaviour.zone))).slice(
    0,
    SAMPLE_GROUP,
  );
  await ensureGroup(database.db, {
    id: 'group:sample',
    name: '新软件上手交流群',
    members: members.map(({ platformId }) => platformId),
  });
  log.info(
    { employees: loaded.directory?.totals.employees.created, tips: loaded.tips?.created },
    'sample organisation and campaign loaded',
  );
}

/** The last lines of a start: the addresses to open. */
async function announce(config: Config, database: Database, secrets: Secrets): Promise<void> {
  const { publicUrl } = config;
  if (config.role === 'worker') {
    print(`\nWorker ready. Health: ${publicUrl}/readyz`);
    return;
  }
  if (secrets.generated && config.adminToken === undefined) {
    print(
      `\nAPI token of the first administrator (kept in ${config.dataDir}/secrets.json): ${secrets.adminToken}`,
    );
  }
  const link = await createSignInLink(database.db, {
    publicUrl,
    name: 'first administrator',
    now: systemClock.now(),
  });
  print('\nCuhuo 促活 is ready:');
  if (config.sandbox) print(`  sandbox   ${publicUrl}/sandbox`);
  print(`  console   ${link}   (works once, within 15 minutes; again: npx cuhuo token link)`);
  print(`  API docs  ${publicUrl}/api/docs`);
}

interface Running {
  app: App;
  server: FastifyInstance;
  close(): Promise<void>;
  log: Log;
}

/** Takes no more work, finishes or hands back what is in hand, and ends the process within ten seconds. */
async function stop(reason: string, { app, server, close, log }: Running): Promise<void> {
  log.info({ reason }, 'stopping');
  const late = setTimeout(() => {
    log.error('could not stop in time; what was in hand will be taken over by the next start');
    process.exit(1);
  }, STOP_WITHIN_MS);
  late.unref();
  for (const step of [() => server.close(), () => app.stop(), close]) {
    await step().catch((error: unknown) =>
      log.error({ reason: messageOf(error) }, 'a part did not stop cleanly'),
    );
  }
  log.info('stopped');
  clearTimeout(late);
}
