import { z } from 'zod';
import type { Clock } from '../../kernel/time.ts';
import { adviceOn } from './advice.ts';
import { createClient } from './client.ts';
import type { FeishuSettings } from './settings.ts';

export interface Checked {
  step: string;
  /** Undefined when the step is done, as far as Feishu's answers tell. */
  problem: string | undefined;
}

const MESSAGE = 'om_00000000000000000000000000000000';

/**
 * Walks the console's check-list by what the API answers; nothing is sent and nothing changed. What it cannot see (which
 * events are subscribed) it does not claim.
 */
export async function checkFeishu(settings: FeishuSettings, clock: Clock): Promise<Checked[]> {
  const client = createClient(settings, clock);
  const get = (path: string, query = {}) => client.call({ name: path.slice(1), path, query }, z.unknown());
  const results: Checked[] = [];

  /** `expected` are codes that only an app which may ask gets: what was asked for does not exist. */
  async function step(
    name: string,
    ask: () => Promise<unknown>,
    expected: readonly string[] = [],
  ): Promise<boolean> {
    const problem = await ask().then(
      () => undefined,
      (error: unknown) => (expected.includes(codeOf(error)) ? undefined : adviceOn(error)),
    );
    results.push({ step: name, problem });
    return problem === undefined;
  }

  if (!(await step('app id and secret', () => client.signIn()))) return results;
  await step('bot added, version published', () => get('/bot/v3/info'));
  await step(
    'scope im:message',
    () => get(`/im/v1/messages/${MESSAGE}/read_users`, { user_id_type: 'open_id' }),
    ['99992354', '230001', '230002', '230012', '230110'],
  );
  await step('scope contact:contact.base:readonly', () => get('/contact/v3/scopes', { page_size: 1 }));
  await step('contact scope', async () => {
    const shape = z.object({
      data: z.object({
        department_ids: z.array(z.string()).nullish(),
        user_ids: z.array(z.string()).nullish(),
      }),
    });
    const call = { name: 'contact/v3/scopes', path: '/contact/v3/scopes', query: { page_size: 1 } };
    const { data } = await client.call(call, shape);
    if ((data.department_ids ?? []).length + (data.user_ids ?? []).length === 0) throw new Error(EMPTY_SCOPE);
  });
  if (settings.mode === 'websocket') return results;
  results.push({
    step: 'webhook keys',
    problem:
      settings.encryptKey === undefined || settings.verificationToken === undefined
        ? 'webhook mode needs CUHUO_FEISHU_ENCRYPT_KEY and CUHUO_FEISHU_VERIFICATION_TOKEN; copy both from 事件与回调 → 加密策略'
        : undefined,
  });
  return results;
}

const EMPTY_SCOPE =
  'the app may see nobody; choose departments under 权限管理 → 通讯录权限范围, then create and publish a version';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'platformCode' in error ? String(error.platformCode) : '';
