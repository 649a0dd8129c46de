import { cardFault, children } from './card-check.ts';
import type { createCardTokens } from './card-tokens.ts';
import type { Attempt, Events } from './events.ts';
import { type Chat, type Message, newKey, type Person, type World } from './world.ts';

export interface Tapped {
  toast: string | undefined;
  /** What the client shows when the app did not answer as it should: 200341 too late, 200671 status, 200672, 200673. */
  error: number | undefined;
  attempt: Attempt;
}

type Node = Record<string, unknown>;

/** What people do in their client. */
export function createPeople(deps: {
  world: World;
  now: () => number;
  events: Events;
  cardTokens: ReturnType<typeof createCardTokens>;
}) {
  const { world, now, events, cardTokens } = deps;

  const idOf = ({ openId, unionId, userId }: Person) => ({
    union_id: unionId,
    user_id: userId,
    open_id: openId,
  });
  function person(openId: string): Person {
    const found = world.people.get(openId);
    if (found === undefined) throw new Error(`nobody is called ${openId}`);
    return found;
  }
  function place(openId: string, group?: string): Chat {
    if (group === undefined) return world.privateChat(openId);
    const chat = world.chats.get(group);
    if (chat === undefined) throw new Error(`there is no group ${group}`);
    return chat;
  }

  function sends(
    openId: string,
    type: string,
    content: Node,
    options: { group?: string; mention?: boolean } = {},
  ): Promise<Attempt | undefined> {
    const chat = place(openId, options.group);
    // The app has the scope for messages that mention it, not for all that is said in groups.
    if (chat.kind === 'group' && options.mention !== true) return Promise.resolve(undefined);
    const at = String(now());
    const message_id = newKey('om_');
    world.said.set(message_id, { chatId: chat.id, recalled: false });
    const bot = { union_id: newKey('on_'), user_id: '', open_id: world.botOpenId };
    const mention = {
      key: '@_user_1',
      id: bot,
      mentioned_type: 'bot',
      name: '促活',
      tenant_key: world.tenantKey,
    };
    return events.emit('im.message.receive_v1', {
      sender: { sender_id: idOf(person(openId)), sender_type: 'user', tenant_key: world.tenantKey },
      message: {
        message_id,
        create_time: at,
        update_time: at,
        chat_id: chat.id,
        chat_type: chat.kind,
        message_type: type,
        content: JSON.stringify(content),
        ...(options.mention === true ? { mentions: [mention] } : {}),
      },
    });
  }

  function pressed(message: Message, label: string): { button: Node; form: Node | undefined } {
    const find = (
      node: Node,
      form: Node | undefined,
    ): { button: Node; form: Node | undefined } | undefined => {
      const within = node['tag'] === 'form' ? node : form;
      if (node['tag'] === 'button' && (node['text'] as Node | undefined)?.['content'] === label) {
        return { button: node, form: within };
      }
      for (const child of children(node)) {
        const found = find(child, within);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    const found = find((message.content['body'] ?? {}) as Node, undefined);
    if (found === undefined) throw new Error(`no button ${label}`);
    return found;
  }

  async function taps(
    openId: string,
    message: Message,
    label: string,
    inputs: Record<string, string> = {},
  ): Promise<Tapped> {
    const { button, form } = pressed(message, label);
    const value = ((button['behaviors'] ?? []) as Node[]).find(({ type }) => type === 'callback')?.['value'];
    const token = cardTokens.give(message);
    const { openId: open_id, unionId: union_id, userId: user_id } = person(openId);
    const filled =
      form !== undefined && button['form_action_type'] === 'submit' ? { form_value: inputs } : {};
    const attempt = await events.call('card.action.trigger', {
      operator: { tenant_key: world.tenantKey, user_id, open_id, union_id },
      token,
      action: { value, tag: 'button', name: button['name'], timezone: 'Asia/Shanghai', ...filled },
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.chatId },
    });
    cardTokens.answered(token);
    return shownAfter(message, attempt);
  }

  /** Applies what came back, as the client does. */
  function shownAfter(message: Message, attempt: Attempt): Tapped {
    const nothing = { toast: undefined, attempt };
    if (attempt.status === 0) return { ...nothing, error: 200341 };
    if (!attempt.ok) return { ...nothing, error: 200671 };
    const reply = attempt.reply as
      | { toast?: { content?: string }; card?: { type?: string; data?: unknown } }
      | undefined;
    if (typeof reply !== 'object' || reply === null) return { ...nothing, error: 200672 };
    if (reply.card !== undefined) {
      if (reply.card.type !== 'raw' || cardFault(reply.card.data, world.files) !== undefined)
        return { ...nothing, error: 200673 };
      message.content = reply.card.data as Node;
    }
    return { toast: reply.toast?.content, error: undefined, attempt };
  }

  return {
    taps,
    says: (openId: string, text: string, options: { group?: string; mention?: boolean } = {}) =>
      sends(openId, 'text', { text: options.mention === true ? `@_user_1 ${text}` : text }, options),
    sends,
    /** Opens the private chat with the bot. */
    enters(openId: string): Promise<Attempt> {
      const chat = world.privateChat(openId);
      const last = chat.messages.at(-1);
      return events.emit('im.chat.access_event.bot_p2p_chat_entered_v1', {
        chat_id: chat.id,
        operator_id: idOf(person(openId)),
        last_message_id: last?.id ?? '',
        last_message_create_time: last === undefined ? '' : String(last.createdAtMs),
      });
    },
    /** Looks at messages; only those of a private chat are told to the app. */
    async reads(openId: string, ids: readonly string[]): Promise<Attempt | undefined> {
      const chat = world.privateChat(openId);
      const read: string[] = [];
      for (const id of ids) {
        const message = chat.messages.find((one) => one.id === id) ?? world.messages.get(id);
        message?.readers.set(openId, now());
        if (message?.chatId === chat.id && message.batch === undefined) read.push(id);
      }
      if (read.length === 0) return undefined;
      const reader = {
        reader_id: idOf(person(openId)),
        read_time: String(now()),
        tenant_key: world.tenantKey,
      };
      return events.emit('im.message.message_read_v1', { reader, message_id_list: read });
    },
    /** Presses an entry of the bot's menu. */
    menu: (openId: string, key: string): Promise<Attempt> =>
      events.emit('application.bot.menu_v6', {
        operator: { operator_name: person(openId).name, operator_id: idOf(person(openId)) },
        event_key: key,
        timestamp: Math.floor(now() / 1_000),
      }),
    /** The directory says that something happened to somebody; only a hint, as documented. */
    changed: (openId: string, what: 'created' | 'updated' | 'deleted'): Promise<Attempt> =>
      events.emit(`contact.user.${what}_v3`, {
        object: { open_id: openId, name: world.people.get(openId)?.name ?? '' },
        old_object: {},
      }),
  };
}
