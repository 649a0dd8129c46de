import { createHash } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { readCard } from './cards.ts';
import { openIdOf } from './directory.ts';
import { json } from './messages.ts';
import { rateCounter } from './rates.ts';
import { fine, refused } from './replies.ts';
import { robotContent } from './robot-content.ts';
import { createUploads } from './robot-uploads.ts';
import { deliver, newSimId, personOf, type World } from './world.ts';

const frameSchema = z.object({
  cmd: z.string(),
  headers: z.looseObject({ req_id: z.string() }),
  body: z.record(z.string(), z.unknown()).default({}),
});
type Frame = z.output<typeof frameSchema>;

const WINDOW_MS = 5_000;
const REPLY_MS = 24 * 3_600_000;

/** A callback that may still be answered. */
interface Callback {
  chat: string;
  kind: 'message' | 'enter' | 'card';
  madeAt: number;
  /** For a card event: what to replace, and whoever waits for it. */
  card?: { taskId: string; done: (updated: boolean) => void };
}

export interface Robot {
  /** Whether a client is subscribed. */
  connected(): boolean;
  /** How many subscriptions there have been. */
  subscriptions(): number;
  /** What somebody says to the robot: in a group it hears only mentions. */
  says(userid: string, text: string, options: { group?: string; msgid?: string }): Promise<string>;
  enters(userid: string): void;
  /** Presses a button on the card of this task; resolves to whether the card was replaced inside the window. */
  taps(userid: string, group: string, key: string, card: Record<string, unknown>): Promise<boolean>;
  /** Somebody else subscribes with the same robot: the present client is told so and cut off. */
  evict(): void;
  /** Breaks the connection without a word. */
  drop(): void;
  /** The last callback goes out once more. */
  again(): void;
  /** Callbacks name people by encrypted ids from now on. */
  hideIds(): void;
  close(): void;
}

/** The long connection of the intelligent robot on the same port; one client at a time. */
export function createRobot(world: World, server: Server): Robot {
  const sockets = new WebSocketServer({ noServer: true });
  const perChat = rateCounter(world, [
    [60, 30],
    [3600, 1000],
  ]);
  const uploadMedia = createUploads(world);
  const callbacks = new Map<string, Callback>();
  let current: WebSocket | undefined;
  let subscribed = 0;
  let hidden = false;
  let last: { cmd: string; body: Record<string, unknown>; callback: Omit<Callback, 'madeAt'> } | undefined;

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('message', (data) => {
        const parsed = frameSchema.safeParse(json(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
        if (!parsed.success) return opened.close();
        const answer = handle(opened, parsed.data);
        opened.send(JSON.stringify({ headers: parsed.data.headers, ...answer }));
      });
      opened.on('error', () => undefined);
      opened.on('close', () => {
        if (current === opened) current = undefined;
      });
    });
  }
  server.on('upgrade', upgrade);

  function evict(): void {
    const old = current;
    if (old === undefined) return;
    current = undefined;
    const body = eventBody('', '', 'disconnected_event', {});
    old.send(JSON.stringify({ cmd: 'aibot_event_callback', headers: { req_id: newSimId() }, body }));
    setTimeout(() => old.close(), 20).unref();
  }

  function handle(socket: WebSocket, frame: Frame): Record<string, unknown> {
    const { cmd, body } = frame;
    world.calls.set(cmd, (world.calls.get(cmd) ?? 0) + 1);
    if (cmd === 'aibot_subscribe') {
      if (body['bot_id'] !== world.bot.id || body['secret'] !== world.bot.secret) return refused(853_000);
      if (current !== socket) evict();
      current = socket;
      subscribed += 1;
      return fine();
    }
    if (current !== socket) return refused(846_609);
    const fault = world.faults.get(cmd)?.shift();
    if (fault?.kind === 'errcode') return refused(fault.errcode);
    switch (cmd) {
      case 'ping':
        return fine();
      case 'aibot_send_msg':
        return sendTo(typeof body['chatid'] === 'string' ? body['chatid'] : '', body, false);
      case 'aibot_respond_msg':
        return respond(frame, ['message', 'card'], REPLY_MS);
      case 'aibot_respond_welcome_msg':
        return respond(frame, ['enter'], WINDOW_MS);
      case 'aibot_respond_update_msg':
        return replaceCard(frame);
      case 'aibot_upload_media_init':
      case 'aibot_upload_media_chunk':
      case 'aibot_upload_media_finish':
        return uploadMedia(cmd, body);
      default:
        return refused(40_008);
    }
  }

  function respond(
    { headers, body }: Frame,
    kinds: readonly Callback['kind'][],
    windowMs: number,
  ): Record<string, unknown> {
    const callback = callbacks.get(headers.req_id);
    if (callback === undefined || !kinds.includes(callback.kind)) return refused(846_605);
    if (world.now() - callback.madeAt > windowMs) return refused(846_604);
    return sendTo(callback.chat, body, true);
  }

  /** `answering`: the chat is the one that a callback came from, so somebody has spoken there. */
  function sendTo(
    chatid: string,
    body: Record<string, unknown>,
    answering: boolean,
  ): Record<string, unknown> {
    const group = world.groups.get(chatid);
    const person = group === undefined ? personOf(world, chatid) : undefined;
    if (group?.kind !== 'robot' && person === undefined) return refused(93_006);
    if (!answering && group !== undefined && !group.spoken) return refused(846_607);
    const content = robotContent(world, body);
    if (typeof content === 'number') return refused(content);
    const { task_id } = content.body;
    if (typeof task_id === 'string') {
      if (robotTasks.has(task_id)) return refused(846_625);
      robotTasks.add(task_id);
    }
    if (!perChat.take(chatid.toLowerCase())) {
      world.throttled += 1;
      return refused(45_009);
    }
    const msgid = typeof task_id === 'string' ? task_id : newSimId();
    if (group !== undefined) deliver(world.groupChats, chatid, { msgid, content });
    else deliver(world.chats, `robot ${chatid.toLowerCase()}`, { msgid, content });
    return fine();
  }
  const robotTasks = new Set<string>();

  function replaceCard({ headers, body }: Frame): Record<string, unknown> {
    const callback = callbacks.get(headers.req_id);
    if (callback?.card === undefined) return refused(846_605);
    if (world.now() - callback.madeAt > WINDOW_MS) return refused(846_604);
    const card = readCard(body['template_card']);
    if (typeof card === 'number') return refused(card);
    if (card.task_id !== callback.card.taskId) return refused(846_625);
    const delivery = world.groupChats
      .get(callback.chat)
      ?.find(({ msgid }) => msgid === callback.card?.taskId);
    if (delivery !== undefined) {
      delivery.content = { msgtype: 'template_card', body: card };
      const { replace_text: greyed } = card as { replace_text?: string };
      if (greyed !== undefined) delivery.greyed = greyed;
    }
    callback.card.done(true);
    callbacks.delete(headers.req_id);
    return fine();
  }

  const idOf = (userid: string): string => (hidden ? openIdOf(userid) : userid);

  function eventBody(
    userid: string,
    group: string,
    eventtype: string,
    detail: Record<string, unknown>,
  ): Record<string, unknown> {
    return {
      msgid: newSimId(),
      create_time: Math.floor(world.now() / 1000),
      aibotid: world.bot.id,
      ...(group === '' ? { chattype: 'single' } : { chatid: group, chattype: 'group' }),
      from: { userid: idOf(userid) },
      msgtype: 'event',
      event: { eventtype, ...(Object.keys(detail).length === 0 ? {} : { [eventtype]: detail }) },
    };
  }

  function callOut(cmd: string, body: Record<string, unknown>, callback: Omit<Callback, 'madeAt'>): string {
    const req_id = `cb${createHash('sha256').update(newSimId()).digest('hex').slice(0, 20)}`;
    callbacks.set(req_id, { ...callback, madeAt: world.now() });
    last = { cmd, body, callback };
    current?.send(JSON.stringify({ cmd, headers: { req_id }, body }));
    return req_id;
  }

  return {
    connected: () => current !== undefined,
    subscriptions: () => subscribed,
    async says(userid, text, { group, msgid = newSimId() }) {
      const chat = group === undefined ? {} : { chatid: group };
      const of = group === undefined ? undefined : world.groups.get(group);
      if (of !== undefined) of.spoken = true;
      const body = {
        msgid,
        aibotid: world.bot.id,
        ...chat,
        chattype: group === undefined ? 'single' : 'group',
        from: { userid: idOf(userid) },
        create_time: Math.floor(world.now() / 1000),
        msgtype: 'text',
        text: { content: group === undefined ? text : `@促活 ${text}` },
      };
      return callOut('aibot_msg_callback', body, { chat: group ?? userid, kind: 'message' });
    },
    enters(userid) {
      callOut('aibot_event_callback', eventBody(userid, '', 'enter_chat', {}), {
        chat: userid,
        kind: 'enter',
      });
    },
    taps(userid, group, key, card) {
      const taskId = String(card['task_id']);
      const detail = { card_type: card['card_type'], event_key: key, task_id: taskId };
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), WINDOW_MS).unref();
        const done = (updated: boolean) => {
          clearTimeout(timer);
          resolve(updated);
        };
        const body = eventBody(userid, group, 'template_card_event', detail);
        callOut('aibot_event_callback', body, { chat: group, kind: 'card', card: { taskId, done } });
      });
    },
    evict,
    drop: () => current?.terminate(),
    again() {
      if (last !== undefined) callOut(last.cmd, last.body, last.callback);
    },
    hideIds() {
      hidden = true;
    },
    close() {
      server.off('upgrade', upgrade);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
