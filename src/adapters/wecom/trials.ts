import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { adviceOn } from './advice.ts';
import { createClient, request } from './client.ts';
import { WEBHOOK_PATH } from './receive.ts';
import type { WecomAppSettings, WecomRobotSettings } from './settings.ts';

/** One thing that `cuhuo doctor` tries, with what to do where it is not right. */
export interface WecomTrial {
  state: 'ok' | 'warning' | 'problem';
  sentence: string;
}

/** Asks WeCom what an administrator has to get right: secret, address, app, visible range, callback, robot. */
export async function wecomTrials(options: {
  app: WecomAppSettings;
  robot: WecomRobotSettings | undefined;
  publicUrl: string;
  log: Log;
}): Promise<WecomTrial[]> {
  const { app, robot, publicUrl, log } = options;
  const token = await tokenTrial(app);
  const trials = [token];
  if (token.state === 'ok') trials.push(...(await appTrials(app, log)));
  trials.push(callbackTrial(publicUrl));
  trials.push(
    robot === undefined
      ? {
          state: 'warning',
          sentence:
            'no robot: in groups there are no cards that can be pressed (CUHUO_WECOM_BOT_ID, CUHUO_WECOM_BOT_SECRET)',
        }
      : { state: 'ok', sentence: `robot ${robot.id}; /readyz says whether it is connected` },
  );
  return trials;
}

async function tokenTrial({ baseUrl, corpId, secret }: WecomAppSettings): Promise<WecomTrial> {
  try {
    const reply = await request(baseUrl, 'gettoken', { query: { corpid: corpId, corpsecret: secret } });
    if (reply.errcode === 0) return { state: 'ok', sentence: 'corp id and secret are right' };
    return { state: 'problem', sentence: sentenceOf(reply.errcode, reply.errmsg) };
  } catch (error) {
    return {
      state: 'problem',
      sentence: `${baseUrl} does not answer (${messageOf(error)}); check CUHUO_WECOM_BASE_URL and the way out of this network`,
    };
  }
}

async function appTrials(app: WecomAppSettings, log: Log): Promise<WecomTrial[]> {
  const client = createClient({ ...app, log });
  const agent = await client.ask('agent/get', { query: { agentid: app.agentId } });
  if (agent.errcode !== 0) return [{ state: 'problem', sentence: sentenceOf(agent.errcode, agent.errmsg) }];
  const departments = await client.ask('department/simplelist');
  if (departments.errcode !== 0)
    return [{ state: 'problem', sentence: sentenceOf(departments.errcode, departments.errmsg) }];
  const seen = Array.isArray(departments['department_id']) ? departments['department_id'] : [];
  const root = seen.some((one: { id?: unknown }) => one.id === 1);
  return [
    { state: 'ok', sentence: `agent id ${app.agentId} belongs to the secret, and our address may call` },
    root
      ? { state: 'ok', sentence: `the app sees the whole company: ${seen.length} departments` }
      : {
          state: 'warning',
          sentence: `the app sees ${seen.length} departments but not the root; whoever is outside gets no message, and app chats do not work: widen 可见范围`,
        },
  ];
}

function callbackTrial(publicUrl: string): WecomTrial {
  const { hostname } = new URL(publicUrl);
  const local = ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(hostname);
  return local
    ? {
        state: 'problem',
        sentence: `WeCom cannot reach ${publicUrl}; set CUHUO_PUBLIC_URL to the address under which it reaches this server`,
      }
    : {
        state: 'ok',
        sentence: `the callback is ${publicUrl}${WEBHOOK_PATH}; type it in under 接收消息 of the app`,
      };
}

const sentenceOf = (errcode: number, errmsg: string): string =>
  adviceOn(errcode, errmsg).sentence ??
  `WeCom answers ${errcode}; look it up at open.work.weixin.qq.com/devtool/query?e=${errcode}`;
