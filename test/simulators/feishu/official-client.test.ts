import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as lark from '@larksuiteoapi/node-sdk';
import { type FeishuSimulator, startFeishuSimulator } from '#src/simulators/feishu/index.ts';
import { PICTURE } from '../../adapters/pictures.ts';

const silent = ['error', 'warn', 'info', 'debug', 'trace'];
const logger = Object.fromEntries(silent.map((level) => [level, () => undefined])) as unknown as lark.Logger;

let feishu: FeishuSimulator;
let client: lark.Client;
let anna: string;
beforeAll(async () => {
  feishu = await startFeishuSimulator({ port: 0 });
  anna = feishu.world.addPerson({ name: '王小安', number: 'E1' }).openId;
  const { appId, appSecret, url } = feishu;
  client = new lark.Client({ appId, appSecret, domain: url, cache: new lark.DefaultCache(), logger });
});
afterAll(() => feishu.close());

const text = (words: string) => JSON.stringify({ text: words });

describe("the platform's own client on the simulator", () => {
  it('sends, replies, reads receipts and recalls', async () => {
    const sent = await client.im.v1.message.create({
      params: { receive_id_type: 'open_id' },
      data: { receive_id: anna, msg_type: 'text', content: text('早上好') },
    });
    const message_id = sent.data?.message_id ?? '';
    const reply = await client.im.v1.message.reply({
      path: { message_id },
      data: { content: text('好'), msg_type: 'text' },
    });
    expect(reply.code).toBe(0);
    await feishu.people.reads(anna, [message_id]);
    const readers = await client.im.v1.message.readUsers({
      path: { message_id },
      params: { user_id_type: 'open_id' },
    });
    expect(readers.data?.items).toMatchObject([{ user_id: anna }]);
    expect((await client.im.v1.message.delete({ path: { message_id } })).code).toBe(0);
    expect(feishu.messagesIn({ person: anna }).filter(({ deleted }) => !deleted)).toHaveLength(1);
  });

  it('uploads a file without a name of its own, and sends it', async () => {
    const file = Buffer.from('hello');
    const uploaded = await client.im.v1.file.create({
      data: { file_type: 'stream', file_name: '打卡.txt', file },
    });
    const file_key = uploaded?.file_key ?? '';
    const { name, bytes } = feishu.world.files.get(file_key) ?? {};
    expect({ name, words: bytes?.toString() }).toEqual({ name: '打卡.txt', words: 'hello' });
  });

  it('uploads a picture byte for byte, sends it and urges, and a card shows it', async () => {
    const uploaded = await client.im.v1.image.create({ data: { image_type: 'message', image: PICTURE } });
    const image_key = uploaded?.image_key ?? '';
    expect(feishu.world.files.get(image_key)?.bytes).toEqual(PICTURE);
    const send = (msg_type: string, content: object) =>
      client.im.v1.message.create({
        params: { receive_id_type: 'open_id' },
        data: { receive_id: anna, msg_type, content: JSON.stringify(content) },
      });
    const sent = await send('image', { image_key });
    const urged = await client.im.v1.message.urgentApp({
      path: { message_id: sent.data?.message_id ?? '' },
      params: { user_id_type: 'open_id' },
      data: { user_id_list: [anna] },
    });
    expect([sent.code, urged.code, feishu.world.people.get(anna)?.urgents]).toEqual([0, 0, 1]);
    const cardWith = (img_key: string) => ({
      schema: '2.0',
      body: { elements: [{ tag: 'img', img_key, alt: { tag: 'plain_text', content: '图' } }] },
    });
    expect((await send('interactive', cardWith(image_key))).code).toBe(0);
    await expect(send('interactive', cardWith('img_v3_foreign'))).rejects.toMatchObject({
      response: { data: { code: 230099, msg: expect.stringContaining('200570') } },
    });
  });

  it('walks the directory by pages whose tokens must be encoded', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => feishu.world.addDepartment({ name: `部门 ${n}` }).id);
    const found: string[] = [];
    let page_token: string | undefined;
    do {
      const page = await client.contact.v3.department.children({
        path: { department_id: '0' },
        params: { page_size: 50, fetch_child: true, ...(page_token === undefined ? {} : { page_token }) },
      });
      found.push(...(page.data?.items ?? []).map(({ open_department_id }) => open_department_id ?? ''));
      page_token = page.data?.has_more === true ? page.data.page_token : undefined;
    } while (page_token !== undefined);
    expect(found.sort()).toEqual(ids.sort());
  });

  it('is refused with HTTP 400 after its token was revoked, and does not sign in again by itself', async () => {
    feishu.tokens.revokeAll();
    const failure = await client.contact.v3.user
      .get({ path: { user_id: anna } })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ response: { status: 400, data: { code: 99991663 } } });
  });

  it('hears events over the long connection, whole and in parts, and its answer comes back', async () => {
    const { appId, appSecret, url } = feishu;
    const heard: string[] = [];
    const eventDispatcher = new lark.EventDispatcher({ logger }).register({
      'im.message.receive_v1': async ({ message }) => {
        heard.push(message.content);
      },
      'card.action.trigger': async () => ({ toast: { type: 'success', content: '好' } }),
    });
    let stop = (): void => undefined;
    const connected = new Promise<void>((resolve, reject) => {
      const ws = new lark.WSClient({
        appId,
        appSecret,
        domain: url,
        logger,
        onReady: resolve,
        onError: reject,
      });
      stop = () => ws.close({ force: true });
      void ws.start({ eventDispatcher });
    });
    await connected;
    expect(await feishu.people.says(anna, '打卡')).toMatchObject({ ok: true });
    feishu.connection.splitAt(100);
    expect(await feishu.people.says(anna, '我的'.repeat(100))).toMatchObject({ ok: true });
    expect(heard.map((content) => JSON.parse(content).text)).toEqual(['打卡', '我的'.repeat(100)]);
    const reply = await feishu.events.call('card.action.trigger', { action: {} });
    expect(reply.reply).toEqual({ toast: { type: 'success', content: '好' } });
    stop();
  });
});
