import { existsSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { checkFeishu } from '../adapters/feishu/check.ts';
import { wecomTrials } from '../adapters/wecom/index.ts';
import { listCampaigns } from '../features/campaigns/index.ts';
import { zonesInUse } from '../features/directory/index.ts';
import type { Db } from '../kernel/db.ts';
import { messageOf, UserError } from '../kernel/errors.ts';
import { silentLog } from '../kernel/log.ts';
import { packagePath } from '../kernel/package-path.ts';
import { localDay, systemClock } from '../kernel/time.ts';
import { workdayCalendar } from '../kernel/workdays.ts';
import { redisClient } from '../scheduler/index.ts';
import { type CommandContext, print, withDatabase } from './context.ts';
import { doctorDingtalk } from './doctor-dingtalk.ts';

type Finding = { state: 'ok' | 'warning' | 'problem'; sentence: string };
type Check = (context: CommandContext) => Promise<Finding>;

const ok = (sentence: string): Finding => ({ state: 'ok', sentence });
const warning = (sentence: string): Finding => ({ state: 'warning', sentence });
const problem = (sentence: string): Finding => ({ state: 'problem', sentence });

/** Several findings as one: as bad as the worst, which comes first. */
function worst(findings: readonly Finding[]): Finding {
  const order = ['problem', 'warning', 'ok'] as const;
  const sorted = [...findings].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return { state: sorted[0]?.state ?? 'ok', sentence: sorted.map(({ sentence }) => sentence).join('; ') };
}

/** No API tells which events are subscribed, but what has come in the last 30 days does. */
const FEISHU_EVENTS = [
  [
    'message:',
    'no message has come yet: write 帮助 to the bot; if it stays silent, subscribe im.message.receive_v1',
  ],
  ['read:', 'nobody was told to have read a message yet: subscribe im.message.message_read_v1'],
  ['event:', 'no press of a card has come yet: subscribe the callback card.action.trigger'],
] as const;

async function unheardOn(db: Db, account: string): Promise<string[]> {
  const { rows } = await db.execute<{ kind: string }>(sql`
    select k.kind from json_array_elements_text(${JSON.stringify(FEISHU_EVENTS.map(([kind]) => kind))}::json) as k(kind)
    where not exists (select from inbox where channel = 'feishu' and account = ${account} and event_key ^@ k.kind)`);
  const missing = new Set(rows.map(({ kind }) => kind));
  return FEISHU_EVENTS.flatMap(([kind, sentence]) =>
    missing.has(kind) ? [`${sentence} under 事件与回调 and publish a version`] : [],
  );
}

const OLDEST_POSTGRES = 140_000;
const OLDEST_REDIS = [6, 2] as const;
/** From October on the next year matters: people plan over New Year. */
const MONTH_OF_ANNOUNCEMENT = 10;

const checks: Record<string, Check> = {
  async database({ database: { db }, kind }) {
    const { rows } = await db.execute<{ version: string }>(
      sql`select current_setting('server_version_num') as version`,
    );
    const version = Number(rows[0]?.version);
    return version >= OLDEST_POSTGRES
      ? ok(`${kind} PostgreSQL ${Math.floor(version / 10_000)}, schema up to date`)
      : problem('PostgreSQL is older than 14; give a newer one in DATABASE_URL');
  },
  async queue({ config }) {
    if (config.redisUrl === undefined)
      return ok('BullMQ runs on the same PostgreSQL; set REDIS_URL where it grows');
    const redis = redisClient({
      url: config.redisUrl,
      spread: config.behaviour.redis,
      maxRetriesPerRequest: 1,
      log: silentLog,
      // One try tells enough.
      closing: AbortSignal.abort(),
    });
    try {
      await redis.connect();
      const info = await redis.info('server');
      const [major = 0, minor = 0] = (/redis_version:([\d.]+)/.exec(info)?.[1] ?? '').split('.').map(Number);
      const recent = major > OLDEST_REDIS[0] || (major === OLDEST_REDIS[0] && minor >= OLDEST_REDIS[1]);
      if (!recent) return problem(`Redis ${major}.${minor} is too old; 6.2 or newer is needed`);
      const policy = await redis.config('GET', 'maxmemory-policy').catch(() => ['', 'unknown']);
      const evicts = Array.isArray(policy) && policy[1] !== 'noeviction' && policy[1] !== 'unknown';
      return evicts
        ? warning(`Redis ${major}.${minor} evicts keys (${policy[1]}); set maxmemory-policy noeviction`)
        : ok(`Redis ${major}.${minor}`);
    } catch (error) {
      return problem(`Redis does not answer (${messageOf(error)}); check REDIS_URL`);
    } finally {
      redis.disconnect();
    }
  },
  async calendar({ config }) {
    const calendar = workdayCalendar(config.behaviour.calendar);
    const today = localDay(systemClock.now(), config.behaviour.zone);
    const next = today.year + 1;
    if (!calendar.knows(today.year)) {
      return problem(`the holidays of ${today.year} are unknown; give them under calendar in the YAML file`);
    }
    if (today.month >= MONTH_OF_ANNOUNCEMENT && !calendar.knows(next)) {
      return warning(
        `the holidays of ${next} are not known yet; give them under calendar in the YAML file when they are announced`,
      );
    }
    return ok(`holidays and 调休 known up to ${calendar.lastKnownYear}`);
  },
  async directory({ database: { db } }) {
    const { rows } = await db.execute<{ people: number; stray: number }>(sql`
      select count(*)::int as people,
             (count(*) filter (where not exists (select 1 from memberships m where m.employee_id = e.id and m.to_day is null)))::int as stray
      from employees e where left_on is null`);
    const { people = 0, stray = 0 } = rows[0] ?? {};
    if (people === 0) return warning('there is nobody yet; load people with: cuhuo import directory FILE');
    const zones = (await zonesInUse(db)).length;
    return stray > 0
      ? warning(`${people} people in ${zones} zones; ${stray} of them belong to no department`)
      : ok(`${people} people in ${zones} zones`);
  },
  async campaign({ database: { db }, config }) {
    const campaigns = await listCampaigns(db);
    const today = localDay(systemClock.now(), config.behaviour.zone).toString();
    const running = campaigns.filter(
      ({ startsOn, endsOn }) => startsOn.toString() <= today && today <= endsOn.toString(),
    );
    return running.length > 0
      ? ok(running.map(({ name, endsOn }) => `${name}, until ${endsOn.toString()}`).join('; '))
      : warning('no campaign is running today; load one with: cuhuo import campaign FILE');
  },
  dingtalk: doctorDingtalk,
  async pages() {
    const missing = ['dist/sandbox-page', 'dist/console'].filter((path) => !existsSync(packagePath(path)));
    return missing.length === 0
      ? ok('built')
      : problem(`${missing.join(' and ')} missing; run: npm run build`);
  },
  async wecom({ config, log }) {
    const { wecom: app, wecomBot: robot } = config.platforms;
    if (app === undefined) return ok('not set up');
    return worst(await wecomTrials({ app, robot, publicUrl: config.publicUrl, log }));
  },
  async feishu({ config, database: { db } }) {
    const settings = config.platforms.feishu;
    if (settings === undefined) return ok('not set up');
    const checked = await checkFeishu(settings, systemClock);
    const missing = checked.flatMap(({ step, problem: what }) =>
      what === undefined ? [] : [`${step}: ${what}`],
    );
    if (missing.length > 0) return problem(missing.join('; '));
    const done = checked.map(({ step }) => step).join(', ');
    const unheard = await unheardOn(db, settings.appId);
    return unheard.length === 0
      ? ok(`${done}; events of every kind have come`)
      : warning(`${done}; ${unheard.join('; ')}`);
  },
  async sandbox({ config }) {
    if (!config.sandbox) return ok('off');
    const open = config.host !== '127.0.0.1' && config.host !== 'localhost' && config.host !== '::1';
    return open
      ? warning(
          'the sandbox is on and reachable from other machines: anybody may act as anybody; set CUHUO_SANDBOX=off',
        )
      : ok('on, for this machine only');
  },
};

const MARKS = { ok: '✓', warning: '!', problem: '✗' };

/** Resolves to whether no check found a problem. */
export async function doctorCommand(only: string | undefined): Promise<boolean> {
  const names = only === undefined ? Object.keys(checks) : [only];
  return withDatabase(async (context) => {
    let healthy = true;
    for (const name of names) {
      const check = checks[name];
      if (check === undefined)
        throw new UserError(`there is no check named ${name}; there are ${Object.keys(checks).join(', ')}`);
      const finding = await check(context).catch((error: unknown) => problem(messageOf(error)));
      if (finding.state === 'problem') healthy = false;
      print(`${MARKS[finding.state]} ${name}: ${finding.sentence}`);
    }
    return healthy;
  });
}
