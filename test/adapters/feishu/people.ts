import type { FeishuSimulator } from '#src/simulators/feishu/index.ts';
import type { Message } from '#src/simulators/feishu/world.ts';
import type { ChannelDriver, Seen, Where } from '../contract.ts';

type Deeds = Pick<ChannelDriver, 'seen' | 'opens' | 'says' | 'taps' | 'reads' | 'redelivers'>;

/** What people see and do in the client that the simulator plays. */
export function feishuPeople(feishu: FeishuSimulator): Deeds {
  const { people, world } = feishu;

  async function messages(where: Where): Promise<Message[]> {
    await feishu.settled();
    return feishu.messagesIn(where);
  }

  async function messageOf(person: string, id: string): Promise<Message> {
    const found = world.messages.get(id) ?? (await messages({ person })).find((one) => one.id === id);
    if (found === undefined) throw new Error(`no message ${id}`);
    return found;
  }

  return {
    seen: async (where) => (await messages(where)).map(seenFrom),
    async opens(messageId, person) {
      const { content } = await messageOf(person, messageId);
      return world.files.get(String(content['file_key']))?.bytes.toString('latin1') ?? '';
    },
    async says(person, text, { group, mention = false } = {}) {
      const attempt = await people.says(person, text, group === undefined ? {} : { group, mention });
      if (attempt !== undefined && !attempt.ok) throw new Error(`the app answered ${attempt.status}`);
    },
    async taps(person, messageId, label, inputs = {}) {
      const { toast, error } = await people.taps(person, await messageOf(person, messageId), label, inputs);
      if (error !== undefined) throw new Error(`the client shows ${error}`);
      return toast === undefined ? {} : { toast };
    },
    async reads(person, messageId) {
      await people.reads(person, [messageId]);
    },
    async redelivers() {
      await feishu.events.redeliver({ newEventId: true });
    },
  };

  function seenFrom(message: Message): Seen {
    const { id: messageId, type, content } = message;
    const seen = { messageId, words: '', buttons: [] };
    if (message.deleted) return { ...seen, kind: 'recalled' };
    if (type === 'text') return { ...seen, kind: 'text', words: String(content['text']) };
    if (type === 'post') return { ...seen, kind: 'text', words: JSON.stringify(content) };
    if (type === 'file') {
      return { ...seen, kind: 'file', words: world.files.get(String(content['file_key']))?.name ?? '' };
    }
    if (type === 'image') {
      return { ...seen, kind: 'image', picture: world.files.get(String(content['image_key']))?.bytes };
    }
    const [key] = imagesIn(content);
    const picture = key === undefined ? {} : { picture: world.files.get(key)?.bytes };
    return { ...seen, kind: 'card', words: JSON.stringify(content), buttons: labelsIn(content), ...picture };
  }
}

function imagesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { tag, img_key: key } = node as { tag?: unknown; img_key?: unknown };
  return tag === 'img' ? [String(key)] : Object.values(node).flatMap(imagesIn);
}

function labelsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(labelsIn);
  if (typeof node !== 'object' || node === null) return [];
  const { tag, text } = node as { tag?: unknown; text?: { content?: unknown } };
  if (tag === 'button') return [String(text?.content)];
  return Object.values(node).flatMap(labelsIn);
}
