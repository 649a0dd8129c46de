import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../kernel/log.ts';

export interface HostAndPort {
  host: string;
  port: number;
}

/** Redis on more than one server, from the YAML file; user, password, database and TLS come from the URL. */
export interface RedisSpread {
  sentinels?: readonly HostAndPort[] | undefined;
  /** Under which the sentinels watch the primary. */
  name?: string | undefined;
  cluster?: readonly HostAndPort[] | undefined;
}

export interface RedisClientOptions {
  /** `redis://` or `rediss://`. With sentinels or a cluster its host and port are not used. */
  url: string;
  spread: RedisSpread;
  /** How often a command is tried over a lost connection; null waits until it is back. */
  maxRetriesPerRequest: number | null;
  log: Log;
  /** Once aborted, nothing connects again. */
  closing: AbortSignal;
}

const CONNECT_MS = 5_000;

/** One server, the primary that sentinels name, or a cluster: nobody else knows which. */
export function redisClient({
  url,
  spread,
  maxRetriesPerRequest,
  log,
  closing,
}: RedisClientOptions): Redis | Cluster {
  // Also asked by the copies that BullMQ makes for waiting; null lets them rest.
  const again = (times: number) => (closing.aborted ? null : Math.min(times * 100, 2_000));
  const common = {
    maxRetriesPerRequest,
    connectTimeout: CONNECT_MS,
    lazyConnect: true,
    retryStrategy: again,
  } satisfies RedisOptions;
  const client = open();
  client.on('error', (error: Error) => log.warn({ reason: error.message }, 'redis connection failed'));
  return client;

  function open(): Redis | Cluster {
    const { sentinels, name, cluster } = spread;
    if (cluster !== undefined) {
      return new Cluster([...cluster], {
        lazyConnect: true,
        clusterRetryStrategy: again,
        redisOptions: { connectTimeout: CONNECT_MS, maxRetriesPerRequest, ...accessOf(url) },
      });
    }
    if (sentinels === undefined) return new Redis(url, common);
    const { db, ...access } = accessOf(url);
    return new Redis({
      ...common,
      ...access,
      ...(db === undefined ? {} : { db }),
      sentinels: [...sentinels],
      name: name ?? '',
      sentinelRetryStrategy: again,
    });
  }
}

/** User, password, database and TLS of a URL. A cluster has only database 0. */
function accessOf(url: string): Pick<RedisOptions, 'username' | 'password' | 'db' | 'tls'> {
  const { protocol, username, password, pathname } = new URL(url);
  const db = Number(pathname.slice(1));
  return {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 && Number.isInteger(db) ? { db } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
