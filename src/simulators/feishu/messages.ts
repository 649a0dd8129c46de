import { ok, pageOf, refuse, type SimAnswer, type SimRequest, wordIn } from './answers.ts';
import { cardFault } from './card-check.ts';
import { FIVE_A_SECOND, type Rates } from './rates.ts';
import type { Chat, Message, World } from './world.ts';

export interface MessageDeps {
  world: World;
  now: () => number;
  rates: Rates;
  /** How long somebody's own message can be taken back, as the tenant's administrator set it. */
  recallWindowMs: number;
}

const TEXT_BYTES = 150_000;
const CARD_BYTES = 30_000;
const UUID_MS = 3_600_000;
const DAY_MS = 86_400_000;
const TYPES = ['text', 'post', 'image', 'file', 'interactive', 'audio', 'media', 'share_chat', 'share_user'];

const invalid = (what: string): SimAnswer =>
  refuse(230001, `Your request contains an invalid request parameter, ext=${what}`);
const tooOften = (what: string): SimAnswer =>
  refuse(230020, `This operation triggers the frequency limit, ext=${what}`);

export function messageApi({ world, now, rates, recallWindowMs }: MessageDeps) {
  const byUuid = new Map<string, { at: number; answer: SimAnswer }>();

  /** Where a message to this address goes, or why it cannot. */
  function chatFor(type: string | null, id: unknown): Chat | SimAnswer {
    if (typeof id !== 'string' || id === '') return invalid('receive_id is empty');
    if (type === 'chat_id') {
      const chat = world.chats.get(id);
      if (!id.startsWith('oc_') || chat === undefined) return refuse(230034, 'The receive_id is invalid.');
      return chat.botIn ? chat : refuse(230002, 'The bot can not be outside the group.');
    }
    if (type !== 'open_id') return invalid('receive_id_type');
    if (!id.startsWith('ou_')) return refuse(230034, 'The receive_id is invalid.');
    const person = world.people.get(id);
    if (person === undefined) return refuse(99992351, 'not a valid open_id');
    if (person.status.is_resigned) return refuse(230029, 'User has resigned.');
    if (!person.available) return refuse(230013, 'Bot has NO availability to this user.');
    if (person.stopped) return refuse(230053, 'The user has stopped the bot from sending messages.');
    return world.privateChat(id);
  }

  function take(chat: Chat, json: Record<string, unknown>, replyTo?: string): SimAnswer {
    const content = contentOf(json);
    if ('status' in content) return content;
    const message = world.post(chat, {
      type: wordIn(json['msg_type']),
      content: content.parsed,
      replyTo,
    });
    return ok(shown(message));
  }

  function contentOf(json: Record<string, unknown>): { parsed: Record<string, unknown> } | SimAnswer {
    const type = wordIn(json['msg_type']);
    const content = json['content'];
    if (!TYPES.includes(type)) return invalid('msg_type');
    if (typeof content !== 'string') return invalid('content is not a string in json format');
    const most = type === 'text' ? TEXT_BYTES : CARD_BYTES;
    if (Buffer.byteLength(content) > most)
      return refuse(230025, 'The length of the message content reaches its limit.');
    const parsed = objectIn(content);
    if (parsed === undefined) return invalid('content is not a string in json format');
    if (type === 'text' && (typeof parsed['text'] !== 'string' || parsed['text'] === ''))
      return invalid('text is empty');
    if (type === 'post' && parsed['zh_cn'] === undefined && parsed['en_us'] === undefined)
      return invalid('post');
    if (type === 'file' || type === 'image') {
      const file = world.files.get(wordIn(parsed[`${type}_key`]));
      if (file === undefined) return refuse(230017, 'Bot is NOT the owner of the resource.');
      if (file.kind !== type)
        return refuse(230055, 'The type of file upload does not match the type of message.');
    }
    return type === 'interactive' ? (cardRefusal(parsed, world.files) ?? { parsed }) : { parsed };
  }

  function shown(message: Message) {
    return {
      message_id: message.id,
      root_id: '',
      parent_id: message.replyTo ?? '',
      msg_type: message.type,
      create_time: String(message.createdAtMs),
      update_time: String(message.updatedAtMs),
      deleted: message.deleted,
      updated: message.edits > 0,
      chat_id: message.chatId,
      sender: { id: world.appId, id_type: 'app_id', sender_type: 'app', tenant_key: world.tenantKey },
      body: { content: JSON.stringify(message.content) },
      mentions: [],
    };
  }

  /** Our own message by id, or why it cannot be touched. */
  function own({ params }: SimRequest): Message | SimAnswer {
    const message = world.messages.get(params['id'] ?? '');
    if (message === undefined) return refuse(99992354, 'not a valid message_id');
    return message.deleted ? refuse(230110, 'The message has been deleted.') : message;
  }

  function once(json: Record<string, unknown>, make: () => SimAnswer): SimAnswer {
    const { uuid } = json;
    if (uuid === undefined) return make();
    if (typeof uuid !== 'string' || uuid.length > 50) return invalid('uuid');
    const before = byUuid.get(uuid);
    if (before !== undefined && now() - before.at < UUID_MS) return before.answer;
    const answer = make();
    if (answer.status === 200) {
      byUuid.set(uuid, { at: now(), answer });
      if (byUuid.size > 500_000) byUuid.delete(byUuid.keys().next().value ?? '');
    }
    return answer;
  }

  return {
    create({ query, json }: SimRequest): SimAnswer {
      if (json === undefined) return invalid('body');
      const chat = chatFor(query.get('receive_id_type'), json['receive_id']);
      if ('status' in chat) return chat;
      return once(json, () => {
        if (rates.take(`to ${chat.id}`, FIVE_A_SECOND) !== undefined) return tooOften('chat rate limit');
        return take(chat, json);
      });
    },
    reply(request: SimRequest): SimAnswer {
      const { json, params } = request;
      const id = params['id'] ?? '';
      const message = world.messages.get(id);
      const said = world.said.get(id) ?? (message && { chatId: message.chatId, recalled: message.deleted });
      if (said === undefined || json === undefined) return refuse(99992354, 'not a valid message_id');
      if (said.recalled) return refuse(230011, 'The message is recalled.');
      const chat = world.chats.get(said.chatId) as Chat;
      if (!chat.botIn) return refuse(230002, 'The bot can not be outside the group.');
      return once(json, () => {
        if (rates.take(`to ${chat.id}`, FIVE_A_SECOND) !== undefined) return tooOften('chat rate limit');
        return take(chat, json, id);
      });
    },
    patch(request: SimRequest): SimAnswer {
      const message = own(request);
      if ('status' in message) return message;
      const content = request.json?.['content'];
      if (message.type !== 'interactive' || typeof content !== 'string') return invalid('content');
      if (now() - message.createdAtMs > 14 * DAY_MS) return refuse(230031, 'The message has expired.');
      if (rates.take(`patch ${message.id}`, FIVE_A_SECOND) !== undefined) {
        return tooOften('Update the single messages too frequently');
      }
      if (Buffer.byteLength(content) > CARD_BYTES)
        return refuse(230025, 'The length of the message content reaches its limit.');
      const parsed = objectIn(content);
      const refusal = cardRefusal(parsed, world.files);
      if (refusal !== undefined) return refusal;
      replace(message, parsed ?? {});
      return ok();
    },
    put(request: SimRequest): SimAnswer {
      const message = own(request);
      if ('status' in message) return message;
      if (message.type !== 'text' && message.type !== 'post') return invalid('msg_type');
      if (message.edits >= 20) return refuse(230072, 'The message has reached its edit limit.');
      const content = contentOf({ ...request.json });
      if ('status' in content) return content;
      replace(message, content.parsed);
      return ok(shown(message));
    },
    recall(request: SimRequest): SimAnswer {
      const message = own(request);
      if ('status' in message) return message;
      if (now() - message.createdAtMs > recallWindowMs)
        return refuse(230009, 'The message is too old to be recalled.');
      message.deleted = true;
      return ok();
    },
    readers(request: SimRequest): SimAnswer {
      const message = own(request);
      if ('status' in message) return message;
      if (request.query.get('user_id_type') === null) return refuse(99992402, 'field validation failed');
      if (now() - message.createdAtMs > 7 * DAY_MS) return refuse(230033, 'The message is too old.');
      const items = [...message.readers].map(([user_id, at]) => ({
        user_id_type: 'open_id',
        user_id,
        timestamp: String(at),
        tenant_key: world.tenantKey,
      }));
      const page = pageOf(items, request.query, 100, 20);
      return typeof page === 'string' ? refuse(99992402, `field validation failed: ${page}`) : ok(page);
    },
    urge(request: SimRequest): SimAnswer {
      const message = own(request);
      if ('status' in message) return message;
      const ids = request.json?.['user_id_list'];
      if (!Array.isArray(ids) || ids.length === 0 || ids.length > 200) return invalid('user_id_list');
      const members = world.chats.get(message.chatId)?.members ?? new Set();
      const bad = ids.filter((id) => !members.has(wordIn(id)));
      if (bad.length === ids.length) return invalid('all users are invalid');
      for (const id of ids) {
        const person = world.people.get(wordIn(id));
        if (person !== undefined && person.urgents >= 200)
          return refuse(230023, 'too many unread urgent messages');
        if (person !== undefined) person.urgents += 1;
      }
      return ok({ invalid_user_id_list: bad });
    },
    replace,
  };

  function replace(message: Message, content: Record<string, unknown>): void {
    message.content = content;
    message.updatedAtMs = now();
    message.edits += 1;
  }
}

export function cardRefusal(card: unknown, files: World['files']): SimAnswer | undefined {
  const fault = cardFault(card, files);
  if (fault === undefined) return undefined;
  return refuse(
    230099,
    `Failed to create card content, ext=ErrCode: ${fault.code}; ErrMsg: ${fault.message}; ErrorValue: ;`,
  );
}

export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
