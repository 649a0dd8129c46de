import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { PICTURE } from '../../adapters/pictures.ts';
import { wordsOf } from '../../support/conversation.ts';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

/** Wednesday 2026-09-23, 10:00 in Shanghai. */
const people = [
  'L1,林接口,RD,,工程师,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,beginner',
  'R1,任审核,ROOT,,审核,Asia/Shanghai,zh-CN,reviewer,,2020-01-06,,beginner',
  'R2,阮批准,ROOT,,审核,Asia/Shanghai,zh-CN,reviewer,,2020-01-06,,beginner',
  'H1,何人事,ROOT,,人事,Asia/Shanghai,zh-CN,hr,,2020-01-06,,beginner',
  'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E2,李想,RD,SALES,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
];

let app: SmallApp;
let server: TestServer;
beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-23T02:00:00Z', people });
  server = await testServer(app);
});
afterAll(async () => {
  await server.close();
  await app.close();
});

interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await server.api(method, path, body);
  return { status: answer.status, body: await answer.json() };
}
const post = (path: string, body?: unknown) => call('POST', path, body);

const plain = { title: '停电通知', body: '周五 18:00 停电。', audience: { departments: ['RD'] } };
async function draft(over: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await post('/notices', { ...plain, ...over });
  expect(status).toBe(201);
  return body.id;
}
const heardBy = async (number: string, words: string) =>
  (await app.as(number).inbox()).filter((one) => wordsOf(one).includes(words));

describe('whoever the app does not see', () => {
  it('is named by the pre-flight, and to the liaison in the chat', async () => {
    const hide = (since: string | null) =>
      app.database.db.execute(sql`
        update identities set hidden_since = ${since}::timestamptz
        where employee_id = (select id from employees where number = 'E1')`);
    await hide('2026-09-20T00:00:00Z');
    try {
      const { body } = await post(`/notices/${await draft()}/preview`);
      expect(body.shortfalls).toEqual([
        {
          kind: 'unreachable',
          reason: 'out-of-range',
          n: 1,
          words: expect.stringMatching(/可见范围|visible range/),
          people: [expect.any(String)],
        },
      ]);
      expect(body.leaving).toBe(body.people - 1);
      const liaison = app.as('L1');
      for (const said of ['发通知', '停电\n周五停电，请保存。', '1']) await liaison.says(said);
      const seen = (await liaison.says('现在')).messages.map(wordsOf).join();
      expect(seen).toContain('发不到（不在应用的可见范围里）');
      await liaison.says('取消');
    } finally {
      await hide(null);
    }
    expect((await post(`/notices/${await draft()}/preview`)).body.shortfalls).toEqual([]);
  });
});

describe('what a channel cannot show as it was written', () => {
  it('is told by the pre-flight, by channel and place, and to the liaison in the chat', async () => {
    const [sandbox] = app.app.adapters;
    if (sandbox === undefined) throw new Error('there is no sandbox');
    sandbox.preview = () => [
      { kind: 'in-words', what: '' },
      { kind: 'button-lost', what: '报名' },
    ];
    try {
      const { body } = await post(`/notices/${await draft()}/preview`);
      expect(body.shortcomings).toEqual([
        { channel: 'sandbox', place: 'person', kind: 'in-words', what: '' },
        { channel: 'sandbox', place: 'person', kind: 'button-lost', what: '报名' },
      ]);
      const liaison = app.as('L1');
      for (const said of ['发通知', '停电\n周五停电，请保存。', '1']) await liaison.says(said);
      const seen = (await liaison.says('现在')).messages.map(wordsOf).join();
      expect(seen).toContain('显示不同 单聊里没有按钮，会写成可以回复的词；单聊里没有「报名」按钮');
      await liaison.says('取消');
    } finally {
      delete sandbox.preview;
    }
  });

  it('is nothing where everything is shown', async () => {
    expect((await post(`/notices/${await draft()}/preview`)).body.shortcomings).toEqual([]);
  });
});

describe('what is wrong', () => {
  it('is one clear sentence: a variable that somebody has no value for', async () => {
    const id = await draft({ body: '{姓名}，请在{截止日}前交。', fields: { E1: { 截止日: '周五' } } });
    const { status, body } = await post(`/notices/${id}/send`, {});
    expect([status, body.code]).toEqual([422, 'notice.variable-missing']);
    expect(body.detail).toBe('「截止日」没有值：李想 等 2 人。补上以后再发。');
  });

  it('is one clear sentence: an over-long body', async () => {
    const id = await draft({ body: '长'.repeat(4_000) });
    const { status, body } = await post(`/notices/${id}/send`, {});
    expect([status, body.code]).toEqual([422, 'notice.too-long']);
    expect(body.detail).toBe('内容有 4000 个字，正文最多 3600，请精简一些。');
    expect((await post(`/notices/${id}/preview`)).body.problems).toEqual([
      { code: 'notice.too-long', sentence: body.detail },
    ]);
  });

  it('is said in the language of the page that asks', async () => {
    const body = '{姓名}，请在{截止日}前交。';
    const id = await draft({ body, audience: { employees: ['E1'] } });
    const english = async (path: string, sent?: object): Promise<Answer['body']> => {
      const answer = await fetch(`${server.url}/api/v1${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          'accept-language': 'en',
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      return answer.json();
    };
    const sentence = '“截止日” has no value for 张小满. Fill it in first.';
    expect((await english(`/notices/${id}/send`, {})).detail).toBe(sentence);
    expect((await english(`/notices/${id}/preview`)).problems).toEqual([
      { code: 'notice.variable-missing', sentence },
    ]);
  });

  it('is one clear sentence: an attachment that cannot be read', async () => {
    const sent = await fetch(`${server.url}/api/v1/notice-files?name=plan.pdf&mime=application/pdf`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/octet-stream' },
      body: 'a plan',
    });
    const { fileId } = (await sent.json()) as { fileId: string };
    const id = await draft({ attachments: [{ fileId, name: 'plan.pdf' }] });
    await rm(join(app.dataDir, 'files', 'notices', fileId));
    const { status, body } = await post(`/notices/${id}/send`, {});
    expect([status, body.code]).toEqual([422, 'notice.attachment-unreadable']);
    expect(body.detail).toContain('附件「plan.pdf」打不开');
  });

  it('is one clear sentence: a document without a number', async () => {
    const id = await draft({ kind: 'document' });
    expect((await post(`/notices/${id}/submit`)).body.code).toBe('notice.document-incomplete');
  });
});

describe('sending', () => {
  it('reaches each once although two operators press at the same moment and departments overlap', async () => {
    const id = await draft({ body: '两个人一起按。', audience: { departments: ['RD', 'SALES', 'ROOT'] } });
    const answers = await Promise.all([post(`/notices/${id}/send`, {}), post(`/notices/${id}/send`, {})]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    await app.app.settled();
    for (const number of ['E1', 'E2', 'R1']) expect(await heardBy(number, '两个人一起按')).toHaveLength(1);
    const { body } = await call('GET', `/notices/${id}/deliveries?limit=2`);
    expect(body.items.map(({ number }: { number: string }) => number)).toEqual(['E1', 'E2']);
    expect(body.nextCursor).not.toBeNull();
    const csv = await (await server.api('GET', `/notices/${id}/receipts.csv`)).text();
    expect(csv).toContain('E1,张小满,研发部');
  });

  it('gives everybody their own words', async () => {
    const id = await draft({
      body: '{姓名}（{部门}），工号 {工号}，座位 {座位}。',
      fields: { E1: { 座位: 'A1' }, E2: { 座位: 'B2' }, L1: { 座位: 'C3' } },
    });
    expect((await post(`/notices/${id}/preview`)).body).toMatchObject({ people: 3, texts: 3, problems: [] });
    expect((await post(`/notices/${id}/send`, {})).status).toBe(200);
    await app.app.settled();
    expect(await heardBy('E1', '张小满（研发部），工号 E1，座位 A1。')).toHaveLength(1);
    expect(await heardBy('E2', '座位 B2')).toHaveLength(1);
    expect(await heardBy('E2', '座位 A1')).toHaveLength(0);
  });

  it('waits for its time, and a cancelled one never comes', async () => {
    const [kept, cancelled] = [await draft({ body: '到点再发。' }), await draft({ body: '不会发出。' })];
    for (const id of [kept, cancelled])
      expect((await post(`/notices/${id}/send`, { sendAt: '2026-09-23T11:00:00+08:00' })).body.state).toBe(
        'scheduled',
      );
    await post(`/notices/${cancelled}/cancel`);
    await app.moveTo('2026-09-23T03:01:00Z');
    expect(await heardBy('E1', '到点再发')).toHaveLength(1);
    expect(await heardBy('E1', '不会发出')).toHaveLength(0);
  });
});

const document = {
  kind: 'document',
  title: '关于开展促活的通知',
  body: '各部门：请认真落实。',
  issuer: '综合办公室',
  documentNumber: '云办〔2026〕12 号',
  signatories: ['王总'],
};

describe('a document', () => {
  let id: string;
  it('is not approved by whoever reviewed it, and keeps all three names', async () => {
    id = await draft(document);
    const { body } = await post(`/notices/${id}/submit`);
    expect(body.state).toBe('in-review');
    expect((await post(`/notices/${id}/approve`)).body.code).toBe('notice.same-person');
    await app.app.settled();
    expect(await heardBy('R1', `${body.no} 号发文等你审核`)).toHaveLength(1);
    await app.as('R1').says(`批准 ${body.no}`);
    expect((await app.as('R1').says(`批准 ${body.no}`)).messages.map(wordsOf).join()).toContain('另一位同事');
    await app.as('R2').says(`批准 ${body.no}`);
    const { body: kept } = await call('GET', `/notices/${id}`);
    expect([kept.preparedBy.name, kept.reviewedBy.name, kept.approvedBy.name]).toEqual([
      'administrator',
      '任审核',
      '阮批准',
    ]);
  });

  it('cannot go out once its approval has expired', async () => {
    const { body } = await post(`/notices/${id}/send`, { sendAt: '2026-09-30T02:00:00Z' });
    expect(body.code).toBe('notice.approval-expired');
  });

  it('reaches also whoever is muted, and must be acknowledged', async () => {
    await app.as('E2').says('免打扰');
    await app.as('E2').taps(await app.as('E2').lastCard(), '安静一周');
    expect((await post(`/notices/${id}/send`, {})).status).toBe(200);
    await app.app.settled();
    expect(await heardBy('E2', '云办〔2026〕12 号')).toHaveLength(1);
    await app.as('E1').says('收到');
    expect((await call('GET', `/notices/${id}`)).body.counts).toMatchObject({ total: 3, acknowledged: 1 });
  });

  it('climbs the ladder: the person, the liaison with names, HR with figures, and nobody who has acted', async () => {
    await app.moveTo('2026-09-24T03:30:00Z');
    expect(await heardBy('L1', '提醒：关于开展促活的通知')).toHaveLength(1);
    expect(await heardBy('E1', '提醒：关于开展促活的通知')).toHaveLength(0);
    // The 25th is the Mid-Autumn Festival, then comes a weekend: what we start waits for Monday.
    await app.moveTo('2026-09-26T08:00:00Z');
    expect(await heardBy('L1', '你负责的同事还有人没处理')).toHaveLength(0);
    await app.moveTo('2026-09-28T02:00:00Z');
    const [toLiaison] = await heardBy('L1', '你负责的同事还有人没处理');
    expect(wordsOf(toLiaison)).toContain('李想');
    expect(wordsOf(toLiaison)).not.toContain('张小满');
    const [toHr] = await heardBy('H1', '还有人没处理');
    expect(wordsOf(toHr)).toContain('研发部 2 人');
    expect(wordsOf(toHr)).not.toContain('李想');
  });

  it('is taken back, and a correction refers to it and goes to whoever got it', async () => {
    const { body } = await post(`/notices/${id}/recall`);
    expect(body.notice.state).toBe('recalled');
    await app.moveTo('2026-09-28T08:05:00Z');
    const { body: after } = await call('GET', `/notices/${id}`);
    expect(after.steps.at(-1)).toMatchObject({ step: 'recall-finished', detail: { left: 0 } });
    const { body: correction } = await post(`/notices/${id}/correct`, {
      title: '更正',
      body: '日期写错了。',
    });
    expect((await post(`/notices/${correction.id}/send`, {})).status).toBe(200);
    await app.app.settled();
    expect(await heardBy('E1', `更正 ${after.no} 号通知《关于开展促活的通知》`)).toHaveLength(1);
  });
});

describe('a link', () => {
  it('counts from the scan to the deed, with a QR code as PNG and SVG and a sheet to print', async () => {
    const { body: link } = await post('/links', { label: '食堂<海报>', medium: 'poster' });
    const landing = await fetch(`${server.url}/q/${link.code}`);
    expect(await landing.text()).toContain(`扫码 ${link.code}`);
    expect(
      (await app.as('E1').says(`扫码 ${link.code.toLowerCase()}`)).messages.map(wordsOf).join(),
    ).toContain('欢迎扫码');
    await app.as('E1').says('打卡');
    const { body } = await call('GET', '/links');
    expect(body.items[0]).toMatchObject({ code: link.code, funnel: { scans: 1, visitors: 1, arrived: 1 } });
    const png = await server.api('GET', `/links/${link.code}/qr?format=png`);
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(await (await server.api('GET', `/links/${link.code}/qr`)).text()).toContain('<svg');
    const sheet = await (await server.api('GET', `/link-sheet?codes=${link.code}`)).text();
    expect(sheet).toContain('食堂&#60;海报&#62;');
    expect(sheet).not.toMatch(/src=|href=/);
    await server.api('DELETE', `/links/${link.code}`);
    expect((await fetch(`${server.url}/q/${link.code}`)).status).toBe(410);
  });
});

describe('what a notice may carry and ask for', () => {
  /** Whatever passes quiet hours is looked at by somebody else first. */
  const sendApproved = async (id: string) => {
    const { body } = await post(`/notices/${id}/submit`);
    await app.app.settled();
    await app.as('R1').says(`批准 ${body.no}`);
    return post(`/notices/${id}/send`, {});
  };

  it('shows an attached picture as a picture, and anything else as a file', async () => {
    const keep = async (name: string, body: Uint8Array<ArrayBuffer> | string) => {
      const answer = await fetch(`${server.url}/api/v1/notice-files?name=${name}&mime=image/png`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/octet-stream' },
        body,
      });
      return { fileId: ((await answer.json()) as { fileId: string }).fileId, name };
    };
    const attachments = [await keep('map.png', new Uint8Array(PICTURE)), await keep('fake.png', '<svg/>')];
    const id = await draft({
      body: '新食堂开了。',
      audience: { employees: ['E1'] },
      // Earlier notices have used up the day's budget.
      urgentReason: '今天开张',
      attachments,
    });
    expect((await sendApproved(id)).status).toBe(200);
    await app.app.settled();
    const seen = (await app.as('E1').inbox()).filter(({ kind }) => kind !== 'card' && kind !== 'text');
    expect(seen.map((one) => `${one.kind} ${wordsOf(one)}`).toSorted()).toEqual([
      'file fake.png',
      'image map.png',
    ]);
  });

  it('may ring only when it is a document or says why it is urgent, and history keeps that it rang', async () => {
    const refused = await post('/notices', { ...plain, rings: true });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('rings')]);
    const urgent = { rings: true, urgentReason: '今晚停电', audience: { employees: ['E1'] } };
    const id = await draft(urgent);
    const preview = await post(`/notices/${id}/preview`);
    expect(preview.body.shortcomings).toContainEqual({
      channel: 'sandbox',
      place: 'person',
      kind: 'not-rung',
      what: '',
    });
    expect((await sendApproved(id)).status).toBe(200);
    await app.app.settled();
    const { rows } = await app.database.db.execute(sql`
      select m.rings, m.priority from outbox_messages m join notice_messages n on n.message_id = m.id
      where n.notice_id = ${id}::uuid`);
    expect(rows).toEqual([{ rings: true, priority: 'urgent' }]);
    const { body } = await call('GET', `/notices/${id}`);
    expect(body.rings).toBe(true);
    expect(body.steps).toContainEqual(
      expect.objectContaining({ step: 'sent', detail: expect.objectContaining({ rings: true }) }),
    );
  });
});
