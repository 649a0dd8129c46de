import { z } from 'zod';
import { callPlatform } from '../../kernel/http-client.ts';
import type { Clock } from '../../kernel/time.ts';
import { adviceForCode, adviceOn } from './advice.ts';
import { probes } from './check-scopes.ts';
import { createClient } from './client.ts';
import type { FeishuSettings } from './settings.ts';

export interface Checked {
  step: string;
  /** Undefined when the step is done, as far as Feishu's answers tell. */
  problem: string | undefined;
}

const botShape = z.object({
  bot: z.object({ activate_status: z.number().optional(), ip_white_list: z.array(z.string()).nullish() }),
});
const scopeShape = z.object({
  data: z.object({
    department_ids: z.array(z.string()).nullish(),
    user_ids: z.array(z.string()).nullish(),
  }),
});
const memberShape = z.object({
  data: z.object({ items: z.array(z.record(z.string(), z.unknown())).nullish() }),
});
const socketShape = z.object({ code: z.number() });

/**
 * Walks the console's check-list by what the API answers; nothing is sent and nothing changed. What it cannot see (which
 * events are subscribed) it does not claim.
 */
export async function checkFeishu(settings: FeishuSettings, clock: Clock): Promise<Checked[]> {
  const client = createClient(settings, clock);
  const results: Checked[] = [];

  /** `expected` are codes that only an app which may ask gets: what was asked for does not exist. */
  async function step<Result>(
    name: string,
    ask: () => Promise<Result>,
    expected: readonly string[] = [],
  ): Promise<Result | undefined> {
    let result: Result | undefined;
    const problem = await ask().then(
      (answer) => {
        result = answer;
        return undefined;
      },
      (error: unknown) => (expected.includes(codeOf(error)) ? undefined : adviceOn(error)),
    );
    results.push({ step: name, problem });
    return result;
  }
  const get = <Shape>(path: string, query: Record<string, string | number>, shape: z.ZodType<Shape>) =>
    client.call({ name: path.slice(1), path, query }, shape);

  await step('app id and secret', () => client.signIn());
  if (results[0]?.problem !== undefined) return results;
  await step('bot added, version published, app enabled', async () => {
    const { bot } = await get('/bot/v3/info', {}, botShape);
    const advice = NOT_ENABLED[bot.activate_status ?? ENABLED];
    if (advice !== undefined) throw new Error(advice);
  });
  for (const { scope, expected, ...call } of probes)
    await step(
      `scope ${scope}`,
      () => client.call({ name: call.path.slice(1), ...call }, z.unknown()),
      expected,
    );
  const ids = { user_id_type: 'open_id', department_id_type: 'open_department_id' };
  const granted = await step('contact scope', async () => {
    const { data } = await get('/contact/v3/scopes', { ...ids, page_size: 1 }, scopeShape);
    if ((data.department_ids ?? []).length + (data.user_ids ?? []).length === 0) throw new Error(EMPTY_SCOPE);
    return data;
  });
  await step('fields of people', () => fieldsOf(granted?.department_ids?.[0], granted?.user_ids?.[0]));
  if (settings.mode === 'websocket') await step('long connection', () => socket(settings));
  else results.push({ step: 'webhook keys', problem: keysOf(settings) });
  return results;

  /** A field whose API scope was not granted is absent without a word, so somebody is looked at. */
  async function fieldsOf(department: string | undefined, person: string | undefined): Promise<void> {
    const path = person === undefined ? '/contact/v3/users/find_by_department' : '/contact/v3/users/batch';
    const who =
      person === undefined ? { department_id: department ?? '0', page_size: 50 } : { user_ids: person };
    const { data } = await get(path, { ...ids, ...who }, memberShape);
    const items = data.items ?? [];
    if (items.length === 0) return;
    const lacking = FIELDS.filter(([field]) => items.every((item) => item[field] === undefined));
    if (lacking.length > 0) {
      const scopes = [...new Set(lacking.map(([, scope]) => scope))].join(', ');
      throw new Error(
        `people come without ${lacking.map(([, , what]) => what).join(', ')}; add ${scopes} ${WHERE}`,
      );
    }
  }
}

const WHERE = 'under 权限管理 → API 权限, then create and publish a version';
/** A field of a person, the scope that shows it, and what is lacking without it. */
const FIELDS: readonly [field: string, scope: string, what: string][] = [
  ['name', 'contact:user.base:readonly', 'name'],
  ['employee_no', 'contact:user.employee:readonly', '工号 (by which they are matched with what HR imported)'],
  ['department_ids', 'contact:user.department:readonly', 'department'],
];

/** States of an app by `activate_status`. Source: /ukTMukTMukTM/uAjMxEjLwITMx4CMyETM, read 2026-11-24. */
const ENABLED = 2;
const NOT_ENABLED: Readonly<Record<number, string>> = {
  0: 'no version was published yet; create and publish one under 版本管理与发布',
  1: 'the app is switched off; switch it on in the admin console under 应用管理',
  3: 'the app is installed and not enabled; enable it in the admin console under 应用管理',
  4: 'a newer version waits to be approved; approve it in the admin console under 应用审核',
  5: "the app's licence has expired; renew it in the admin console",
  6: "the tenant's plan has expired; renew it",
};

/** Asks for the address of the long connection and does not open it. */
async function socket({ baseUrl, appId, appSecret }: FeishuSettings): Promise<void> {
  const answer = await callPlatform({
    platform: 'feishu',
    call: 'callback/ws/endpoint',
    url: `${baseUrl.replace(/\/+$/, '')}/callback/ws/endpoint`,
    body: { AppID: appId, AppSecret: appSecret },
  });
  const code = socketShape.safeParse(answer.json).data?.code ?? -answer.status;
  if (code === 0) return;
  throw new Error(
    adviceForCode(String(code)) ?? `Feishu answers ${code} to the long connection; try again later`,
  );
}

const keysOf = ({ encryptKey, verificationToken }: FeishuSettings): string | undefined =>
  encryptKey === undefined || verificationToken === undefined
    ? 'webhook mode needs CUHUO_FEISHU_ENCRYPT_KEY and CUHUO_FEISHU_VERIFICATION_TOKEN; copy both from 事件与回调 → 加密策略'
    : undefined;

const EMPTY_SCOPE =
  'the app may see nobody; choose departments under 权限管理 → 通讯录权限范围, then create and publish a version';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'platformCode' in error ? String(error.platformCode) : '';
