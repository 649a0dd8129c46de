import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { ok, refuse } from './answers.ts';
import { batchApi } from './batches.ts';
import { createCardTokens } from './card-tokens.ts';
import { type DirectoryKnobs, directoryApi } from './directory.ts';
import { createEvents } from './events.ts';
import { createFaults } from './faults.ts';
import { fileApi } from './files.ts';
import { createLongConnection } from './long-connection.ts';
import { messageApi } from './messages.ts';
import { createPeople } from './people.ts';
import { type PushTarget, pushOver, verifyUrl } from './push.ts';
import { createRates } from './rates.ts';
import { type Count, createSimServer, type Route } from './server.ts';
import { createTokens } from './tokens.ts';
import { createWorld } from './world.ts';

export interface FeishuSimulatorOptions {
  /** 0 finds a free one. */
  port: number;
  /** `cli_` and 16 hexadecimal digits: the official client refuses others. */
  appId?: string;
  appSecret?: string;
  verificationToken?: string;
  /** Epoch milliseconds by which tokens age and messages are dated; the system's clock unless given. */
  now?: () => number;
  /** By which rates are counted, in milliseconds; `off` counts nothing. A clock that stands still cannot do it. */
  rates?: (() => number) | 'off';
  recallWindowMs?: number;
  pingSeconds?: number;
}

export type FeishuSimulator = Awaited<ReturnType<typeof startFeishuSimulator>>;

/**
 * The server side of Feishu for one tenant and one self-built app, written from the fact sheet and strict. Events go over
 * the long connection until `pushTo` names a request URL.
 */
export async function startFeishuSimulator(options: FeishuSimulatorOptions) {
  const { appId = 'cli_a1b2c3d4e5f60718', appSecret = 'simulated-secret' } = options;
  const { verificationToken = 'simulated-verification-token', now = Date.now } = options;
  const { recallWindowMs = 24 * 3_600_000, pingSeconds = 120 } = options;
  const world = createWorld({ appId, now });
  const rates =
    options.rates === 'off'
      ? { take: () => undefined }
      : createRates(options.rates ?? (() => performance.now()));
  const faults = createFaults();
  const counts = new Map<string, Count>();
  const tokens = createTokens({ appId, appSecret, now });
  const knobs: DirectoryKnobs = { scope: undefined, tooLarge: new Set(), hidden: new Set() };
  const app = {
    botEnabled: true,
    /** 2 is enabled; see the page of bot/v3/info. */
    activateStatus: 2,
    /** Our address is not on the app's list. */
    ipRefused: false,
    grantedScopes: undefined as Set<string> | undefined,
  };
  const messages = messageApi({ world, now, rates, recallWindowMs });
  const batches = batchApi({ world, now, recallWindowMs });
  const cardTokens = createCardTokens(now, world.files);
  const directory = directoryApi(world, knobs);
  const files = fileApi(world);
  const connection = createLongConnection({
    appId,
    appSecret,
    pingSeconds,
    wsUrl: () => url.replace('http', 'ws'),
  });
  let target: PushTarget | undefined;
  const events = createEvents({
    world,
    now,
    verificationToken,
    transport: (envelope, timeoutMs) =>
      (target === undefined ? connection.transport : pushOver(target, now))(envelope, timeoutMs),
  });

  const im = '/open-apis/im/v1';
  const contact = '/open-apis/contact/v3';
  const open = (method: string, path: string, name: string, answer: Route['answer']): Route => {
    return { method, path, name, answer };
  };
  /** Tier 4, with a tenant token, and only with the API scope where the app has a list of those. */
  const tier4 = (
    method: string,
    path: string,
    name: string,
    answer: Route['answer'],
    scope?: string,
  ): Route => ({
    method,
    path,
    name,
    auth: 'tenant',
    limited: true,
    answer: (request) =>
      app.ipRefused
        ? refuse(99991401, 'ip is not in the whitelist')
        : scope !== undefined && app.grantedScopes?.has(scope) === false
          ? refuse(99991672, `Access denied. One of the following scopes is required: [${scope}].`)
          : answer(request),
  });
  const bot: Route = {
    ...open('GET', '/open-apis/bot/v3/info', 'bot/v3/info', () =>
      app.botEnabled
        ? ok(undefined, {
            bot: { activate_status: app.activateStatus, app_name: '促活', open_id: world.botOpenId },
          })
        : refuse(230006, 'Bot ability is not activated.'),
    ),
    auth: 'tenant',
  };
  const server = createSimServer({
    rates,
    faults,
    counts,
    check: (authorization) => tokens.check(authorization),
    routes: [
      open('POST', '/open-apis/auth/v3/tenant_access_token/internal', 'auth', (request) =>
        tokens.issue(request),
      ),
      open('POST', '/callback/ws/endpoint', 'ws/endpoint', (request) => connection.discover(request)),
      bot,
      tier4('POST', `${im}/messages`, 'im/v1/messages', messages.create, 'im:message'),
      tier4('POST', `${im}/messages/:id/reply`, 'im/v1/messages/reply', messages.reply),
      tier4('PATCH', `${im}/messages/:id`, 'im/v1/messages/patch', messages.patch),
      tier4('PUT', `${im}/messages/:id`, 'im/v1/messages/put', messages.put),
      tier4('DELETE', `${im}/messages/:id`, 'im/v1/messages/delete', messages.recall, 'im:message:recall'),
      tier4(
        'GET',
        `${im}/messages/:id/read_users`,
        'im/v1/messages/read_users',
        messages.readers,
        'im:message',
      ),
      ...['app', 'sms', 'phone'].map((kind) =>
        tier4(
          'PATCH',
          `${im}/messages/:id/urgent_${kind}`,
          `im/v1/messages/urgent_${kind}`,
          messages.urge,
          'im:message.urgent',
        ),
      ),
      tier4('POST', `${im}/files`, 'im/v1/files', files.file, 'im:resource'),
      tier4('POST', `${im}/images`, 'im/v1/images', files.image, 'im:resource'),
      tier4(
        'POST',
        '/open-apis/message/v4/batch_send',
        'message/v4/batch_send',
        batches.send,
        'im:message:send_multi_users',
      ),
      tier4(
        'GET',
        `${im}/batch_messages/:id/get_progress`,
        'im/v1/batch_messages/get_progress',
        batches.progress,
      ),
      tier4('GET', `${im}/batch_messages/:id/read_user`, 'im/v1/batch_messages/read_user', batches.readers),
      tier4('DELETE', `${im}/batch_messages/:id`, 'im/v1/batch_messages/delete', batches.recall),
      tier4('POST', '/open-apis/interactive/v1/card/update', 'interactive/v1/card/update', (request) =>
        cardTokens.update(request),
      ),
      tier4(
        'GET',
        `${contact}/scopes`,
        'contact/v3/scopes',
        directory.scopes,
        'contact:contact.base:readonly',
      ),
      tier4('GET', `${contact}/departments/batch`, 'contact/v3/departments/batch', directory.departments),
      tier4(
        'GET',
        `${contact}/departments/:id/children`,
        'contact/v3/departments/children',
        directory.children,
        'contact:department.organize:readonly',
      ),
      tier4(
        'GET',
        `${contact}/users/find_by_department`,
        'contact/v3/users/find_by_department',
        directory.members,
        'contact:contact.base:readonly',
      ),
      tier4('GET', `${contact}/users/batch`, 'contact/v3/users/batch', directory.users),
      tier4('GET', `${contact}/users/:id`, 'contact/v3/users', directory.user),
    ],
  });
  server.on('upgrade', (request, socket, head) => connection.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    appId,
    appSecret,
    verificationToken,
    world,
    app,
    directory: knobs,
    events,
    connection,
    faults,
    tokens,
    people: createPeople({ world, now, events, cardTokens }),
    /** How often each call was made, and how often it was refused for rate. */
    counts: (name: string): Count => counts.get(name) ?? { calls: 0, throttled: 0 },
    totals: () =>
      [...counts.values()].reduce(
        (sum, one) => ({ calls: sum.calls + one.calls, throttled: sum.throttled + one.throttled }),
        { calls: 0, throttled: 0 },
      ),
    /** From now on events and callbacks are pushed there; undefined: over the long connection again. */
    pushTo(to: PushTarget | undefined): void {
      target = to;
    },
    verifyUrl: (to: PushTarget) => verifyUrl(to, verificationToken),
    /** What stands in the private chat with somebody, or in a group. */
    messagesIn: (where: { person: string } | { group: string }) =>
      ('person' in where ? world.privateChat(where.person) : world.chats.get(where.group))?.messages ?? [],
    /** Resolves when every batch taken so far is delivered. */
    async settled(): Promise<void> {
      await turn();
      await batches.settled();
    },
    async close(): Promise<void> {
      connection.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
