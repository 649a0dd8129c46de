import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SealedCard } from '#src/chat/message.ts';
import { ensureGroup } from '#src/sandbox/index.ts';
import { type DeedRequest, deedAnswer, messagesAnswer, type ShownMessage } from '#src/sandbox/sandbox.api.ts';
import { ANNA, BEN, startSandbox } from '../sandbox/support.ts';
import { testDatabase } from '../support/database.ts';
import { adapterContract, type ChannelDriver, type Seen, type Where } from './contract.ts';

adapterContract('the sandbox', async (receive): Promise<ChannelDriver> => {
  const database = await testDatabase();
  const sandbox = await startSandbox(database, receive);
  const { server, fileRoot } = sandbox;
  const groupId = 'all-hands';
  await ensureGroup(database.db, { id: groupId, name: '全员群', members: [ANNA, BEN] });
  await writeFile(join(fileRoot, 'hello.txt'), 'hello');
  let last: DeedRequest | undefined;

  async function does(deed: Omit<DeedRequest, 'key'> & { key?: string }) {
    last = { key: randomUUID(), ...deed };
    const answer = await server.inject({ method: 'POST', url: '/sandbox/api/events', payload: last });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return deedAnswer.parse(answer.json());
  }

  async function shown(where: Where): Promise<ShownMessage[]> {
    const [chatId, as] = 'person' in where ? [`private:${where.person}`, where.person] : [where.group, ANNA];
    const answer = await server.inject({ url: `/sandbox/api/chats/${chatId}/messages?as=${as}` });
    return messagesAnswer.parse(answer.json()).items;
  }

  return {
    adapter: sandbox.adapter,
    people: { anna: ANNA, ben: BEN, stranger: 'E9999' },
    groupId,
    file: { kind: 'file', name: '打卡 2026-11.txt', mime: 'text/plain', path: 'hello.txt', bytes: 5 },
    seen: async (where) => (await shown(where)).map(seenFrom),
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
      sandbox.clock.set(sandbox.clock.now().add({ minutes: 10 }));
      await does(last);
    },
    async close() {
      await sandbox.close();
      await database.close();
    },
  };
});

function seenFrom({ id: messageId, content }: ShownMessage): Seen {
  const seen = { messageId, kind: content.kind, words: '', buttons: [] };
  switch (content.kind) {
    case 'text':
      return { ...seen, words: content.text };
    case 'file':
      return { ...seen, words: content.name };
    case 'card':
      return { ...seen, words: JSON.stringify(content.card), buttons: labels(content.card) };
    case 'recalled':
      return seen;
  }
}

const labels = (card: SealedCard): string[] => card.buttons.map((button) => button.label);
