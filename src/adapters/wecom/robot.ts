import type { WsFrame } from '@wecom/aibot-node-sdk';
import { sql } from 'drizzle-orm';
import type { Dispatch, InstantAnswer, SendResult } from '../../chat/adapter.ts';
import type { ChatEvent } from '../../chat/event.ts';
import type { SealedMessage } from '../../chat/message.ts';
import { readPicture } from '../../chat/pictures.ts';
import { PlatformError, withoutDoubt } from '../../kernel/errors.ts';
import { holdLease, type Lease } from '../../kernel/lease.ts';
import { renderCard } from './card.ts';
import { ROBOT_CARD } from './card-sizes.ts';
import { type Encoded, encode } from './encode.ts';
import { readForUpload } from './files.ts';
import type { Images } from './images.ts';
import { callIdOf } from './ledger.ts';
import { WAYS } from './limits.ts';
import { reasonOf } from './reason.ts';
import { askOwner, type RobotCall, serveCalls } from './robot-calls.ts';
import { keepConnected, type RobotConnection, type RobotReplies } from './robot-connection.ts';
import { decodeRobot, readRobotBody } from './robot-frames.ts';
import { resultOf } from './send-to-groups.ts';
import type { WecomDeps, WecomRobotSettings } from './settings.ts';
import { text } from './wecom.text.ts';

export interface RobotDeps extends WecomDeps {
  settings: WecomRobotSettings;
  images: Images;
  /** The person behind the id that a robot shows, in lower case. */
  userIdOf: (shown: string) => Promise<string>;
  receive: (event: Omit<ChatEvent, 'channel' | 'account'>) => Promise<InstantAnswer>;
  /** Says something to one person, in the app. */
  tell: (userId: string, sentence: string) => Promise<void>;
  /** How long to stay away after another program has taken the robot over. */
  afterEvictionMs?: number;
  leaseMs?: number;
}

export interface Robot {
  /** Competes for the connection from now on. */
  listen(deps: Pick<RobotDeps, 'receive'>): void;
  /** Sends to one group, through whichever process holds the connection. */
  send(dispatch: Dispatch): Promise<SendResult>;
  trouble(): string | undefined;
  close(): Promise<void>;
}

/**
 * The intelligent robot: the only way by which cards that can be pressed reach groups. One process at a time holds its
 * connection, by a lease; the others hand their messages to it through the database.
 */
export function createRobot(deps: Omit<RobotDeps, 'receive'>): Robot {
  const { database, log, settings } = deps;
  const { db } = database;
  let lease: Lease | undefined;
  let connection: RobotConnection | undefined;
  let trouble: string | undefined;

  async function perform({ chatId, body, file, image }: RobotCall): Promise<void> {
    if (connection === undefined)
      throw new PlatformError({
        platform: 'wecom',
        call: 'aibot_send_msg',
        platformCode: 'NOT_CONNECTED',
        fate: 'retry',
      });
    if (image !== undefined) {
      const read = await readPicture(deps.fileRoot, image.path);
      if ('refused' in read) throw new Error(read.refused);
      const name = `picture.${read.ending}`;
      const media_id = await connection.upload(read.bytes, name, 'image').catch(withoutDoubt);
      return connection.send(chatId, { msgtype: 'image', image: { media_id } });
    }
    if (file === undefined) return connection.send(chatId, body ?? {});
    const bytes = await readForUpload(deps.fileRoot, file.path);
    if (typeof bytes === 'string') throw new Error(bytes);
    const media_id = await connection.upload(bytes, file.name, 'file').catch(withoutDoubt);
    await connection.send(chatId, { msgtype: 'file', file: { media_id } });
  }

  async function work(lost: AbortSignal, receive: RobotDeps['receive']): Promise<void> {
    const calls = serveCalls(db, log, perform);
    try {
      await keepConnected(
        settings,
        {
          onFrame: (frame, replies) => void hear({ ...deps, receive }, frame, replies),
          onConnection: (now) => {
            connection = now;
          },
          onTrouble: (sentence) => {
            trouble = sentence;
          },
        },
        log,
        lost,
        deps.afterEvictionMs,
      );
    } finally {
      connection = undefined;
      await calls.stop();
    }
  }

  return {
    listen({ receive }) {
      lease = holdLease({
        db,
        log,
        name: `wecom:${settings.id}:robot`,
        ...(deps.leaseMs === undefined ? {} : { ttlMs: deps.leaseMs }),
        work: (lost) => work(lost, receive),
      });
    },
    async send({ key, to, message }) {
      const chatId = to.kind === 'group' ? to.chatId : '';
      const taskId = callIdOf([key]);
      const picture = await deps.images.linked(message);
      if (picture !== undefined && 'refused' in picture) return { kind: 'refused', reason: picture.refused };
      const encoded = encode(message, WAYS.robot, taskId, picture);
      if (encoded.kind === 'refused') return { kind: 'refused', reason: encoded.reason };
      const call = callFor(chatId, message, encoded);
      const read = message.kind === 'image' ? await readPicture(deps.fileRoot, message.path) : undefined;
      if (read !== undefined && 'refused' in read) return { kind: 'refused', reason: read.refused };
      try {
        await (connection === undefined ? askOwner(db, call) : perform(call));
        return { kind: 'accepted', platformMessageId: taskId };
      } catch (error) {
        if (!(error instanceof PlatformError) || error.fate !== 'give-up') throw error;
        return resultOrRefusal(error);
      }
    },
    trouble: () => trouble,
    async close() {
      await lease?.release();
      connection = undefined;
    },
  };
}

function callFor(chatId: string, message: SealedMessage, encoded: Encoded): RobotCall {
  if (encoded.kind === 'content')
    return { chatId, body: { msgtype: encoded.msgtype, [encoded.msgtype]: encoded.content } };
  if (message.kind === 'image') return { chatId, image: { path: message.path } };
  if (message.kind === 'file') return { chatId, file: { path: message.path, name: message.name } };
  throw new RangeError('neither contents nor a file');
}

/** Refused by WeCom for good: the group's fault, or the message's. */
function resultOrRefusal(error: PlatformError): SendResult {
  const errcode = Number(error.platformCode);
  if (errcode === 846_607)
    return { kind: 'unreachable', reason: '846607: nobody has mentioned the robot in this group yet' };
  if (Number.isNaN(errcode)) return { kind: 'refused', reason: error.platformCode };
  return resultOf('aibot_send_msg', { errcode, errmsg: '' }, '');
}

async function hear(deps: RobotDeps, frame: WsFrame, replies: RobotReplies): Promise<void> {
  try {
    const body = readRobotBody(frame.body);
    const heard = body && decodeRobot(body, deps.clock.now());
    if (body === undefined || heard === undefined) return;
    if (body.chattype === 'group') await noteChat(deps, body.chatid);
    const actor = await deps.userIdOf(body.from.userid);
    const answer = await deps.receive({ ...heard.event, actor });
    if (answer.card !== undefined && heard.taskId !== undefined) {
      const picture = await deps.images.ofCard(answer.card);
      const rendered = renderCard(answer.card, {
        sizes: ROBOT_CARD,
        taskId: heard.taskId,
        replacing: true,
        picture,
      });
      if (rendered !== undefined) await replies.replace(frame, rendered.card);
    } else if (answer.toast !== undefined) await deps.tell(actor, answer.toast);
    // What the queue sends to a person goes through the app; whoever spoke here should know where to look.
    if (heard.event.place.kind === 'private' && heard.event.payload.kind === 'text')
      await replies.say(frame, text['zh-CN'].answeredInApp);
  } catch (error) {
    deps.log.warn({ platform: 'wecom', reason: reasonOf(error) }, 'robot callback could not be handled');
  }
}

async function noteChat({ database }: RobotDeps, chatId: string): Promise<void> {
  await database.db.execute(sql`
    insert into wecom_chats (chat_id, first_seen_at, last_seen_at) values (${chatId}, now(), now())
    on conflict (chat_id) do update set last_seen_at = now()
    where wecom_chats.last_seen_at < now() - interval '1 hour'`);
}
