import type { FastifyInstance } from 'fastify';
import type { ChannelAdapter, Dispatch, Receive, SendResult } from '../../chat/adapter.ts';
import { createPictureKeys } from '../../chat/picture-keys.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { createClient, type WecomClient } from './client.ts';
import { createDirectory } from './directory.ts';
import { encode } from './encode.ts';
import { createImages } from './images.ts';
import { forgetOldSends } from './ledger.ts';
import { avoid, groupWayOf, limits, quotasOf, WAYS, waysOf } from './limits.ts';
import { putMenu } from './menu.ts';
import { createUserIds } from './open-ids.ts';
import { reasonOf } from './reason.ts';
import { listenForCallbacks } from './receive.ts';
import { forgetOldCodes, messageOfTask } from './response-codes.ts';
import { createRobot, type RobotDeps } from './robot.ts';
import { forgetOldCalls } from './robot-calls.ts';
import { sendToAppchat, sendToWebhook } from './send-to-groups.ts';
import { sendToPeople } from './send-to-people.ts';
import type { WecomAppSettings, WecomBehaviour, WecomDeps, WecomRobotSettings } from './settings.ts';
import { createTaps } from './taps.ts';

export { createClient } from './client.ts';
export { createAppchat } from './send-to-groups.ts';
export { type WecomTrial, wecomTrials } from './trials.ts';

export interface WecomOptions {
  app: WecomAppSettings;
  robot?: WecomRobotSettings | undefined;
  behaviour: WecomBehaviour;
  /** Shorter waits, for tests. */
  robotTiming?: Pick<RobotDeps, 'afterEvictionMs' | 'leaseMs'>;
}

const HOUSEKEEPING_MS = 3_600_000;
/** Whoever watches us asks every few seconds; WeCom is asked less often. */
const WELL_FOR_MS = 30_000;

/**
 * WeCom 企业微信 as a channel: people are reached by the self-built app, groups by the robot, by app chats or by group
 * pushes, whatever their address says. `docs/wecom.md` tells why.
 */
export function createWecomAdapter(options: WecomOptions, deps: WecomDeps): ChannelAdapter {
  const { app, behaviour } = options;
  const { database, clock, log, fileRoot } = deps;
  const { db } = database;
  const { corpId, agentId, baseUrl } = app;
  const account = corpId;
  const client = createClient({ baseUrl, corpId, secret: app.secret, log });
  const contacts: WecomClient | undefined =
    app.contactSecret === undefined
      ? undefined
      : createClient({ baseUrl, corpId, secret: app.contactSecret, log });
  const directory = createDirectory({ account, client, contacts, log });
  const keys = createPictureKeys({ db, clock, fileRoot, channel: 'wecom', account });
  const images = createImages(client, keys);
  const taps = createTaps({ db, client, images, agentId, log });
  const robot =
    options.robot === undefined
      ? undefined
      : createRobot({
          ...deps,
          ...options.robotTiming,
          settings: options.robot,
          images,
          userIdOf: createUserIds(client),
          tell: taps.tell,
        });
  const webhooks = app.groupWebhooks;
  const ways = waysOf({ robot: robot !== undefined, webhooks: Object.keys(webhooks) });
  const names = ways.map(({ name }) => name);
  const toGroups = { client, images, fileRoot, webhooks };
  let wellUntil = 0;

  const housekeeping = setInterval(() => {
    const work = [forgetOldSends(db), forgetOldCodes(db), forgetOldCalls(db)];
    void Promise.all(work).catch((error: unknown) =>
      log.warn({ platform: 'wecom', reason: reasonOf(error) }, 'old rows were not removed'),
    );
  }, HOUSEKEEPING_MS).unref();

  async function toGroup(dispatch: Dispatch, way: string): Promise<SendResult> {
    switch (way) {
      case WAYS.robot:
        return robot === undefined ? noWay(way) : robot.send(dispatch);
      case WAYS.appchat:
        return sendToAppchat(toGroups, dispatch);
      case WAYS.webhook:
        return sendToWebhook(toGroups, dispatch);
      default:
        return noWay(way);
    }
  }

  return {
    channel: 'wecom',
    account,
    limits,
    ways,
    quotas: quotasOf(behaviour.accountLimit).filter((quota) => quota.ways.some((way) => names.includes(way))),
    avoid,
    directory,

    async listen(routes: FastifyInstance, receive: Receive) {
      const told = (event: Omit<Parameters<Receive>[0], 'channel' | 'account'>) =>
        receive({ ...event, channel: 'wecom', account });
      await listenForCallbacks(routes, {
        corpId,
        token: app.token,
        aesKey: app.aesKey,
        clock,
        log,
        receive: told,
        messageOfTask: (taskId) => messageOfTask(db, taskId),
        onTap: taps.answer,
        onHint: directory.tell,
      });
      robot?.listen({ receive: told });
      void putMenu(client, agentId, behaviour.menu, log);
    },

    async send(dispatches, way) {
      if (way === WAYS.many || way === WAYS.one)
        return sendToPeople({ db, client, images, agentId, fileRoot }, dispatches, way);
      const [dispatch] = dispatches;
      return dispatch === undefined ? [] : [await toGroup(dispatch, way)];
    },

    update: taps.replace,

    async recall(platformMessageId) {
      const reply = await client.ask('message/recall', { body: { msgid: platformMessageId } });
      if (reply.errcode === 0) return 'recalled';
      if (reply.errcode === TOO_LATE) return 'too-late';
      throw new PlatformError({
        platform: 'wecom',
        call: 'message/recall',
        platformCode: String(reply.errcode),
        fate: 'give-up',
      });
    },

    async readiness() {
      const trouble = client.trouble() ?? robot?.trouble();
      if (trouble !== undefined) return trouble;
      if (performance.now() < wellUntil) return undefined;
      try {
        await client.call('agent/get', { query: { agentid: agentId } });
        wellUntil = performance.now() + WELL_FOR_MS;
        return undefined;
      } catch (error) {
        return client.trouble() ?? reasonOf(error);
      }
    },

    preview(message, to) {
      const way = to.kind === 'person' ? WAYS.one : groupWayOf(to.chatId);
      const picture = message.kind === 'card' && message.card.image !== undefined ? SOME_PICTURE : undefined;
      const encoded = encode(message, way, 'preview', picture);
      if (encoded.kind === 'refused') return [{ kind: 'refused', what: encoded.reason }];
      return encoded.kind === 'content' ? encoded.shortcomings : [];
    },

    async close() {
      clearInterval(housekeeping);
      await robot?.close();
    },
  };
}

/** What addresses of pictures look like, for previews: nothing is uploaded for them. */
const SOME_PICTURE = { url: `https://${'x'.repeat(112)}`, ratio: 1.5 };

/** Recalling is possible for a day. Source: path/94867, read 2026-11-22. */
const TOO_LATE = 42_052;

function noWay(way: string): SendResult {
  return { kind: 'unreachable', reason: `${way} is not set up` };
}
