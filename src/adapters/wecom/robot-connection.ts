import { setTimeout as sleep } from 'node:timers/promises';
import { WSClient, type WsFrame, type WsFrameHeaders } from '@wecom/aibot-node-sdk';
import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { TemplateCard } from './card.ts';
import { refusal } from './client.ts';
import type { WecomRobotSettings } from './settings.ts';

export interface RobotConnection {
  /** Sends to a chat. Rejects with PlatformError. */
  send(chatId: string, body: Record<string, unknown>): Promise<void>;
  /** Uploads a file of at most 20 MB; resolves to its media id. */
  upload(bytes: Buffer, name: string, type: 'file' | 'image'): Promise<string>;
}

export interface RobotHandlers {
  onFrame: (frame: WsFrame, connection: RobotReplies) => void;
  /** Called with the connection once it is subscribed, and with undefined when it is gone. */
  onConnection: (connection: RobotConnection | undefined) => void;
  /** Why there is no connection, in one sentence; undefined when there is. */
  onTrouble: (sentence: string | undefined) => void;
}

export interface RobotReplies {
  /** Replaces the card that was pressed; only within five seconds. */
  replace(frame: WsFrameHeaders, card: TemplateCard): Promise<void>;
  /** Answers what was said, within a day. */
  say(frame: WsFrameHeaders, markdown: string): Promise<void>;
}

/** Somebody else took the robot over: trying again at once would make the two throw each other out for ever. */
const AFTER_EVICTION_MS = 5 * 60_000;
const CHAT_GROUP = 2;

/**
 * Holds the robot's one connection until `lost` aborts. Breaks are mended by the vendor's client; when another program
 * subscribes with the same robot, it waits and tries again only while the lease is ours.
 */
export async function keepConnected(
  settings: WecomRobotSettings,
  handlers: RobotHandlers,
  log: Log,
  lost: AbortSignal,
  afterEvictionMs = AFTER_EVICTION_MS,
): Promise<void> {
  while (!lost.aborted) {
    const end = await connectOnce(settings, handlers, log, lost);
    handlers.onConnection(undefined);
    if (end === 'lost') return;
    const sentence =
      end === 'evicted'
        ? 'another program has connected with the same robot and ours was cut off; stop the other one, or give Cuhuo a robot of its own'
        : 'WeCom refuses the robot; copy Bot ID and Secret again into CUHUO_WECOM_BOT_ID and CUHUO_WECOM_BOT_SECRET, and choose the long connection (长连接) for it';
    log.error({ platform: 'wecom', advice: sentence }, 'robot not connected');
    handlers.onTrouble(sentence);
    await sleep(afterEvictionMs, undefined, { signal: lost, ref: false }).catch(() => undefined);
  }
}

async function connectOnce(
  settings: WecomRobotSettings,
  handlers: RobotHandlers,
  log: Log,
  lost: AbortSignal,
): Promise<'lost' | 'evicted' | 'refused'> {
  const quiet = () => undefined;
  const client = new WSClient({
    botId: settings.id,
    secret: settings.secret,
    wsUrl: settings.wsUrl,
    maxReconnectAttempts: -1,
    // A wrong secret does not become right by being repeated.
    maxAuthFailureAttempts: 1,
    // Its lines hold contents and credentials.
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const replies: RobotReplies = {
    async replace(frame, card) {
      await acked('aibot_respond_update_msg', client.updateTemplateCard(frame, card as never));
    },
    async say(frame, markdown) {
      const body = { msgtype: 'markdown', markdown: { content: markdown } };
      await acked('aibot_respond_msg', client.reply(frame, body as never));
    },
  };
  return new Promise((resolve) => {
    const finish = (end: 'lost' | 'evicted' | 'refused') => {
      lost.removeEventListener('abort', onLost);
      client.removeAllListeners();
      client.on('error', quiet);
      client.disconnect();
      resolve(end);
    };
    const onLost = () => finish('lost');
    lost.addEventListener('abort', onLost);
    client.on('authenticated', () => {
      log.info({ platform: 'wecom' }, 'robot connected');
      handlers.onTrouble(undefined);
      handlers.onConnection(connectionOf(client));
    });
    client.on('disconnected', () => {
      handlers.onConnection(undefined);
      handlers.onTrouble('the robot’s connection is broken; it is being opened again');
    });
    client.on('message', (frame) => handlers.onFrame(frame, replies));
    client.on('event', (frame) => {
      if (eventTypeOf(frame) === 'disconnected_event') finish('evicted');
      else handlers.onFrame(frame, replies);
    });
    client.on('error', (error) => {
      if ((error as { code?: string }).code === 'WS_AUTH_FAILURE_EXHAUSTED') finish('refused');
    });
    client.connect();
  });
}

function connectionOf(client: WSClient): RobotConnection {
  return {
    async send(chatId, body) {
      const withType = { chat_type: CHAT_GROUP, ...body };
      await acked('aibot_send_msg', client.sendMessage(chatId, withType as never));
    },
    async upload(bytes, filename, type) {
      const { media_id } = await acked('aibot_upload_media', client.uploadMedia(bytes, { type, filename }));
      return media_id;
    },
  };
}

const frameError = z.looseObject({ errcode: z.number(), errmsg: z.string().default('') });

/** The vendor's client rejects with the frame where WeCom refused, and with an Error where no answer came. */
async function acked<Value>(call: string, sending: Promise<Value>): Promise<Value> {
  try {
    return await sending;
  } catch (error) {
    const frame = frameError.safeParse(error);
    if (frame.success) throw refusal(call, frame.data);
    throw new PlatformError({
      platform: 'wecom',
      call,
      platformCode: 'NO_ACK',
      fate: 'retry',
      unanswered: true,
      cause: error,
    });
  }
}

const eventTypeOf = (frame: WsFrame): unknown =>
  (frame.body as { event?: { eventtype?: unknown } } | undefined)?.event?.eventtype;
