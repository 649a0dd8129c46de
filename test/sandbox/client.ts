import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { SealedCard } from '#src/chat/message.ts';
import type { ManualClock } from '#src/kernel/time.ts';
import { type DeedRequest, deedAnswer, messagesAnswer, type ShownMessage } from '#src/sandbox/sandbox.api.ts';
import type { ChannelDriver, Seen, Where } from '../adapters/contract.ts';

type Deeds = Pick<ChannelDriver, 'seen' | 'opens' | 'says' | 'taps' | 'reads' | 'redelivers'>;

/** What people do in the sandbox's page. `viewer` looks at groups; time passes before a redelivery where it can. */
export function sandboxClient(server: FastifyInstance, viewer: string, clock?: ManualClock): Deeds {
  let last: DeedRequest | undefined;

  async function does(deed: Omit<DeedRequest, 'key'> & { key?: string }) {
    last = { key: randomUUID(), ...deed };
    const answer = await server.inject({ method: 'POST', url: '/sandbox/api/events', payload: last });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return deedAnswer.parse(answer.json());
  }

  async function shown(where: Where): Promise<ShownMessage[]> {
    const [chatId, as] =
      'person' in where ? [`private:${where.person}`, where.person] : [where.group, viewer];
    const answer = await server.inject({ url: `/sandbox/api/chats/${chatId}/messages?as=${as}` });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return messagesAnswer.parse(answer.json()).items;
  }

  /** What the address that the page shows answers. */
  async function pictureOf({ id, content }: ShownMessage, where: Where): Promise<{ picture?: Buffer }> {
    const hasOne = content.kind === 'image' || (content.kind === 'card' && content.card.image !== undefined);
    if (!hasOne) return {};
    const as = 'person' in where ? where.person : viewer;
    const answer = await server.inject({ url: `/sandbox/api/pictures/${id}?as=${as}` });
    return answer.statusCode === 200 ? { picture: answer.rawPayload } : {};
  }

  return {
    async seen(where) {
      const messages = (await shown(where)).filter(({ sender }) => sender === 'bot');
      return Promise.all(
        messages.map(async (one) => ({ ...seenFrom(one), ...(await pictureOf(one, where)) })),
      );
    },
    async opens(messageId, person) {
      return (await server.inject({ url: `/sandbox/api/files/${messageId}?as=${person}` })).body;
    },
    async says(person, text, { group, mention } = {}) {
      const words = mention === true ? `@促活 ${text}` : text;
      await does({
        as: person,
        chatId: group ?? `private:${person}`,
        payload: { kind: 'text', text: words },
      });
    },
    async taps(person, messageId, label, inputs = {}) {
      const chatId = `private:${person}`;
      const { content } = (await shown({ person })).find((message) => message.id === messageId) ?? {};
      const button =
        content?.kind === 'card' ? content.card.buttons.find((one) => one.label === label) : undefined;
      if (button === undefined) throw new Error(`no button ${label}`);
      const payload = { kind: 'action' as const, actionId: button.actionId, inputs, messageId };
      const { toast } = await does({ as: person, chatId, payload });
      return toast === undefined ? {} : { toast };
    },
    async reads(person, messageId) {
      await does({ as: person, chatId: `private:${person}`, payload: { kind: 'read', messageId } });
    },
    async redelivers() {
      if (last === undefined) throw new Error('nothing to deliver again');
      clock?.set(clock.now().add({ minutes: 10 }));
      await does(last);
    },
  };
}

function seenFrom({ id: messageId, content }: ShownMessage): Seen {
  const seen = { messageId, kind: content.kind, words: '', buttons: [] };
  switch (content.kind) {
    case 'text':
      return { ...seen, words: content.text };
    case 'file':
      return { ...seen, words: content.name };
    case 'image':
      return { ...seen, words: content.alt };
    case 'card':
      return { ...seen, words: JSON.stringify(content.card), buttons: labels(content.card) };
    case 'recalled':
      return seen;
  }
}

const labels = (card: SealedCard): string[] => card.buttons.map((button) => button.label);
