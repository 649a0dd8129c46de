import { randomUUID } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChatEvent } from '#src/chat/event.ts';
import type { SealedCard } from '#src/chat/message.ts';
import { ensureGroup } from '#src/sandbox/index.ts';
import { chatsAnswer, clockAnswer, messagesAnswer, peopleAnswer } from '#src/sandbox/sandbox.api.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { ANNA, BEN, startSandbox, type TestSandbox } from './support.ts';

let database: TestDatabase;
let sandbox: TestSandbox;
let events: ChatEvent[] = [];
let fails = false;
const GROUP = 'g1';

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startSandbox(database, async (event) => {
    if (fails) throw new Error('the database went away');
    events.push(event);
    return {};
  });
  await ensureGroup(database.db, { id: GROUP, name: '接口人', members: [ANNA, BEN] });
});
beforeEach(() => {
  events = [];
});
afterAll(async () => {
  await sandbox.close();
  await database.close();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  sandbox.server.inject({ url: `/sandbox/api${path}`, headers });
const post = (payload: unknown, headers: Record<string, string> = {}) =>
  sandbox.server.inject({
    method: 'POST',
    url: '/sandbox/api/events',
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
const deed = (payload: unknown, over: Record<string, unknown> = {}) => {
  return { as: ANNA, chatId: `private:${ANNA}`, key: randomUUID(), payload, ...over };
};
const messagesOf = async (chatId: string, as = ANNA, before = '') =>
  messagesAnswer.parse((await get(`/chats/${chatId}/messages?as=${as}${before}`)).json());

async function sends(
  to: string,
  message: Parameters<typeof sandbox.adapter.send>[0][number]['message'],
): Promise<string> {
  const [result] = await sandbox.adapter.send(
    [{ key: randomUUID(), to: { kind: 'person', platformId: to }, message }],
    'post',
  );
  if (result?.kind !== 'delivered') throw new Error(result?.kind);
  return result.platformMessageId;
}

describe('junk', () => {
  const action = { kind: 'action', actionId: 'a', inputs: {}, messageId: randomUUID() };
  it.each<[string, unknown]>([
    ['no JSON', '{"as":'],
    ['null', 'null'],
    ['a list', []],
    ['nothing', {}],
    ['an unknown kind', deed({ kind: 'dance' })],
    ['a key that is no UUID', deed({ kind: 'entered' }, { key: 'one' })],
    [
      'an actor with a control character',
      deed({ kind: 'entered' }, { as: 'E\u00001', chatId: 'private:E\u00001' }),
    ],
    ['an empty text', deed({ kind: 'text', text: ' \n ' })],
    ['an action id beyond any platform', deed({ ...action, actionId: 'a'.repeat(1025) })],
    ['an input beyond any platform', deed({ ...action, inputs: { note: 'a'.repeat(1001) } })],
    ['an input that is no text', deed({ ...action, inputs: { note: { $ne: 1 } } })],
    ['a message id that is none', deed({ kind: 'read', messageId: "' or 1=1" })],
    ['a file that is no base64', deed({ kind: 'file', name: 'a', base64: '*' })],
  ])('is refused with a sentence: %s', async (_name, body) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: 'sandbox.bad-request',
      detail: expect.stringContaining('请刷新'),
    });
    expect(events).toEqual([]);
  });

  it('is refused in English to whoever reads English', async () => {
    const answer = await post({}, { 'accept-language': 'en-GB,en;q=0.9' });
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('Reload') });
  });

  it('in a text is shown as a stand-in where PostgreSQL cannot keep it', async () => {
    expect((await post(deed({ kind: 'text', text: 'a\0b\ud800' }))).statusCode).toBe(200);
    expect((await messagesOf(`private:${ANNA}`)).items.at(-1)).toMatchObject({
      content: { text: 'a\ufffdb\ufffd' },
    });
  });
});

describe('too much', () => {
  it('takes 4,000 characters and refuses one more in a friendly sentence', async () => {
    expect((await post(deed({ kind: 'text', text: '字'.repeat(4000) }))).statusCode).toBe(200);
    const answer = await post(deed({ kind: 'text', text: '字'.repeat(4001) }));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({
      code: 'sandbox.text-too-long',
      detail: expect.stringContaining('4000'),
    });
    expect(events).toHaveLength(1);
  });

  it('refuses a body over 64 KB', async () => {
    const answer = await post(deed({ kind: 'text', text: 'x'.repeat(70_000) }));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'sandbox.too-large' });
  });

  it('refuses an attachment over 40 KB', async () => {
    const base64 = Buffer.alloc(40_001).toString('base64');
    const answer = await post(deed({ kind: 'file', name: 'a.bin', base64 }));
    expect(answer.json()).toMatchObject({ status: 413, code: 'sandbox.file-too-large' });
  });
});

describe('somebody else', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a private chat', { as: BEN, chatId: `private:${ANNA}` }],
    ['a group without them', { as: 'E0003', chatId: GROUP }],
    ['a group that does not exist', { as: BEN, chatId: 'g9' }],
  ])('may not speak in %s', async (_name, over) => {
    for (const payload of [
      { kind: 'text', text: '@促活 打卡' },
      { kind: 'entered' },
      { kind: 'read', messageId: randomUUID() },
      { kind: 'action', actionId: 'a', messageId: randomUUID() },
    ]) {
      expect((await post(deed(payload, over))).statusCode).toBe(403);
    }
    expect(events).toEqual([]);
  });

  it('may not read a chat of others', async () => {
    expect((await get(`/chats/private:${ANNA}/messages?as=${BEN}`)).statusCode).toBe(403);
    expect((await get(`/chats/${GROUP}/messages?as=E0003`)).statusCode).toBe(403);
  });

  it('who is not in the directory sees and says nothing', async () => {
    expect((await get('/chats?as=E9999')).json()).toMatchObject({
      status: 404,
      code: 'sandbox.person-unknown',
    });
    expect((await get('/stream?as=E9999')).statusCode).toBe(404);
    const answer = await post(deed({ kind: 'text', text: '你好' }, { as: 'E9999', chatId: 'private:E9999' }));
    expect(answer.statusCode).toBe(404);
  });

  it('cannot change a card of another chat by pressing it from their own', async () => {
    const card: SealedCard = { title: '原来的', tone: 'plain', body: '', buttons: [] };
    const messageId = await sends(BEN, { kind: 'card', card });
    expect((await post(deed({ kind: 'action', actionId: 'a', messageId }))).statusCode).toBe(200);
    expect((await messagesOf(`private:${BEN}`, BEN)).items.at(-1)).toMatchObject({
      content: { card: { title: '原来的' } },
    });
  });
});

describe('files', () => {
  it('download under their own name, as an attachment that nothing sniffs', async () => {
    await writeFile(join(sandbox.fileRoot, 'a.xlsx'), 'cells');
    const file = {
      kind: 'file',
      name: '导出 "11月"(1).xlsx',
      mime: 'application/x\r\ny',
      path: 'a.xlsx',
      bytes: 5,
    } as const;
    const answer = await get(`/files/${await sends(ANNA, file)}?as=${ANNA}`);
    expect(answer.body).toBe('cells');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="_11_1_.xlsx"; filename*=UTF-8''${'%E5%AF%BC%E5%87%BA%20%2211%E6%9C%88%22%281%29.xlsx'}`,
    });
  });

  it.each(['../secret', '/etc/passwd', 'sub/../../secret', 'link', '.', '', 'missing', 'a\0b'])(
    'never leave the file root: %j',
    async (path) => {
      await mkdir(join(sandbox.fileRoot, 'sub'), { recursive: true });
      await symlink('/etc/passwd', join(sandbox.fileRoot, 'link')).catch(() => undefined);
      const message = { kind: 'file', name: 'x', mime: '', path, bytes: 1 } as const;
      const [result] = await sandbox.adapter.send(
        [{ key: randomUUID(), to: { kind: 'person', platformId: ANNA }, message }],
        'post',
      );
      expect(result).toEqual({ kind: 'refused', reason: 'file-missing' });
    },
  );

  it('are closed to those outside the chat, gone when recalled, and unknown when there is none', async () => {
    await writeFile(join(sandbox.fileRoot, 'b.txt'), 'b');
    const id = await sends(ANNA, {
      kind: 'file',
      name: 'b.txt',
      mime: 'text/plain',
      path: 'b.txt',
      bytes: 1,
    });
    expect((await get(`/files/${id}?as=${BEN}`)).statusCode).toBe(403);
    await sandbox.adapter.recall(id);
    expect((await get(`/files/${id}?as=${ANNA}`)).statusCode).toBe(404);
    expect((await get(`/files/${randomUUID()}?as=${ANNA}`)).statusCode).toBe(404);
  });

  it('of people reach the bot by id and come back to who sent them', async () => {
    const payload = {
      kind: 'file',
      name: '../请假.csv',
      mime: 'text/csv',
      base64: Buffer.from('a,b').toString('base64'),
    };
    expect((await post(deed(payload))).statusCode).toBe(200);
    const shown = (await messagesOf(`private:${ANNA}`)).items.at(-1);
    expect(events[0]?.payload).toEqual({ kind: 'file', name: '../请假.csv', fileId: shown?.id });
    expect(shown?.content).toEqual({ kind: 'file', name: '../请假.csv', mime: 'text/csv', bytes: 3 });
    expect((await get(`/files/${shown?.id}?as=${ANNA}`)).body).toBe('a,b');
  });
});

describe('what is shown', () => {
  it('shows a retried message once, at its first moment, and tells the bot again under the same key', async () => {
    const said = deed({ kind: 'text', text: '只说一次' });
    fails = true;
    expect((await post(said)).statusCode).toBe(500);
    fails = false;
    const first = sandbox.clock.now();
    sandbox.clock.set(first.add({ hours: 1 }));
    expect((await post(said)).statusCode).toBe(200);
    const shown = (await messagesOf(`private:${ANNA}`)).items.filter(({ key }) => key === said.key);
    expect(shown).toHaveLength(1);
    expect(events).toMatchObject([{ key: said.key }]);
    expect(events[0]?.occurredAt.equals(first)).toBe(true);
  });

  it('pages through a chat from its end to its beginning without a gap', async () => {
    for (let count = 1; count <= 65; count += 1) await sends(BEN, { kind: 'text', text: `第 ${count} 条` });
    const seen: string[] = [];
    let before: string | null = '';
    while (before !== null) {
      const page = await messagesOf(`private:${BEN}`, BEN, before === '' ? '' : `&before=${before}`);
      seen.unshift(...page.items.flatMap(({ content }) => (content.kind === 'text' ? [content.text] : [])));
      before = page.before;
    }
    expect(seen.slice(-65)).toEqual(Array.from({ length: 65 }, (_, index) => `第 ${index + 1} 条`));
  });

  it('counts what each person has not seen, in private and in groups', async () => {
    const unread = async (as: string) => {
      const { chats } = chatsAnswer.parse((await get(`/chats?as=${as}`)).json());
      return Object.fromEntries(chats.map((chat) => [chat.kind, chat.unread]));
    };
    const before = { anna: await unread(ANNA), ben: await unread(BEN) };
    const id = await sends(ANNA, { kind: 'text', text: '新消息' });
    await sandbox.adapter.send(
      [
        {
          key: randomUUID(),
          to: { kind: 'group', chatId: GROUP },
          message: { kind: 'text', text: '群消息' },
        },
      ],
      'post',
    );
    expect(await unread(ANNA)).toEqual({
      private: (before.anna['private'] ?? 0) + 1,
      group: (before.anna['group'] ?? 0) + 1,
    });

    const inGroup = (await messagesOf(GROUP)).items.at(-1);
    await post(deed({ kind: 'read', messageId: id }));
    await post(deed({ kind: 'read', messageId: inGroup?.id }, { chatId: GROUP }));
    expect(await unread(ANNA)).toEqual({ private: before.anna['private'], group: 0 });
    expect((await unread(BEN))['group']).toBe((before.ben['group'] ?? 0) + 1);
    expect(events.map(({ payload }) => payload.kind)).toEqual(['read', 'read']);
  });

  it('does not show what was recalled, nor where files lie on the server', async () => {
    const id = await sends(ANNA, { kind: 'text', text: '秘密' });
    await sandbox.adapter.recall(id);
    const answer = await get(`/chats/private:${ANNA}/messages?as=${ANNA}`);
    expect(answer.body).not.toContain('秘密');
    expect(answer.body).not.toContain('"path"');
    expect(messagesAnswer.parse(answer.json()).items.at(-1)).toMatchObject({
      id,
      content: { kind: 'recalled' },
      read: true,
    });
  });

  it('finds people by name, number, department and role', async () => {
    for (const words of ['小安', 'e0001', '财务', 'HR']) {
      const { items } = peopleAnswer.parse((await get(`/people?search=${encodeURIComponent(words)}`)).json());
      expect(items.map(({ platformId }) => platformId)).toEqual([ANNA]);
    }
    expect((await get(`/people?search=${'x'.repeat(65)}`)).statusCode).toBe(400);
  });

  it('tells the time of a clock that moves by hand', async () => {
    const clock = clockAnswer.parse((await get('/clock')).json());
    expect(clock).toEqual({ now: sandbox.clock.now().toString(), manual: true, zone: 'Asia/Shanghai' });
  });
});

describe('the page', () => {
  it('is served under /sandbox once it is built, and before that says what to do', async () => {
    const pageRoot = join(sandbox.fileRoot, 'page');
    await mkdir(join(pageRoot, 'assets'), { recursive: true });
    const unbuilt = await startSandbox(database, async () => ({}), pageRoot);
    const missing = await unbuilt.server.inject({ url: '/sandbox' });
    expect(missing.statusCode).toBe(503);
    expect(missing.json()).toMatchObject({ detail: expect.stringContaining('npm run build') });
    await writeFile(join(pageRoot, 'index.html'), '<!doctype html>');
    await writeFile(join(pageRoot, 'assets', 'a.js'), '1');
    for (const url of ['/sandbox', '/sandbox/', '/sandbox?as=E0001']) {
      expect((await unbuilt.server.inject({ url })).headers['content-type']).toContain('text/html');
    }
    expect((await unbuilt.server.inject({ url: '/sandbox/assets/a.js' })).body).toBe('1');
    expect((await unbuilt.server.inject({ url: '/sandbox/assets/..%2findex.html' })).statusCode).not.toBe(
      200,
    );
    await unbuilt.close();
  });
});
