import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Place } from '#src/chat/event.ts';
import { ensureGroup } from '#src/sandbox/im.ts';
import { heardInGroup, wordsOf } from '../../support/conversation.ts';
import { ADMIN_TOKEN, type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

/** Wednesday 2026-09-23, 10:00 in Shanghai; nobody is to be disturbed from 12:00 to 13:30. */
const people = [
  'L1,林接口,RD,,工程师,Asia/Shanghai,zh-CN,liaison,RD,2020-01-06,,beginner',
  'R1,任审核,ROOT,,审核,Asia/Shanghai,zh-CN,reviewer,,2020-01-06,,beginner',
  'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
  'E2,李想,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
];

let app: SmallApp;
let server: TestServer;
beforeAll(async () => {
  app = await smallApp({ startAt: '2026-09-23T02:00:00Z', people });
  server = await testServer(app);
  await ensureGroup(app.database.db, { id: 'group-rd', name: '研发群', members: ['L1', 'E1', 'E2'] });
});
afterAll(async () => {
  await server.close();
  await app.close();
});

const hears = async (number: string, said: string, place?: Place): Promise<string> =>
  (await app.as(number).says(said, place === undefined ? {} : { place })).messages.map(wordsOf).join('\n');
const inboxOf = async (number: string, words: string) =>
  (await app.as(number).inbox()).filter((one) => wordsOf(one).includes(words));
const sql = async (statement: string): Promise<unknown> => app.database.pool.query(statement);
async function post(path: string, body: unknown = {}) {
  const answer = await server.api('POST', path, body);
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: answer.status, body: (await answer.json()) as any };
}
/** A draft of the operator that somebody else has to approve, because of its mobile number; answers its number. */
async function inReview(over: Record<string, unknown> = {}): Promise<number> {
  const plain = { title: '值班', body: '值班电话 13800138000。', audience: { departments: ['RD'] } };
  const { body } = await post('/notices', { ...plain, ...over });
  expect((await post(`/notices/${body.id}/submit`)).body.state).toBe('in-review');
  await app.app.settled();
  return body.no;
}
async function writes(lines: string[]): Promise<string> {
  let last = '';
  for (const line of lines) last = await hears('L1', line);
  return last;
}
const numberIn = (said: string): string => /(\d+) 号通知/.exec(said)?.[1] ?? '';

describe('one clear sentence in the chat', () => {
  it('for a text that is too long, while it is written', async () => {
    await hears('L1', '发通知');
    expect(await hears('L1', '长'.repeat(3_700))).toBe('有点长，请控制在 3600 个字以内。');
    await hears('L1', '取消');
  });

  it('for a variable that somebody has no value for by the time it is approved', async () => {
    const no = await inReview({
      body: '{姓名}的座位是 {座位}，电话 13800138000。',
      fields: { E1: { 座位: 'A1' }, E2: { 座位: 'B2' }, L1: { 座位: 'C3' } },
    });
    await sql(`update notices set fields = fields - 'E2' where no = ${no}`);
    expect(await hears('R1', `批准 ${no}`)).toBe('「座位」没有值：李想。补上以后再发。');
  });

  it('for an attachment that cannot be read by then', async () => {
    const sent = await fetch(`${server.url}/api/v1/notice-files?name=plan.pdf&mime=application/pdf`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/octet-stream' },
      body: 'a plan',
    });
    const { fileId } = (await sent.json()) as { fileId: string };
    const no = await inReview({ attachments: [{ fileId, name: 'plan.pdf' }] });
    await rm(join(app.dataDir, 'files', 'notices', fileId));
    expect(await hears('R1', `批准 ${no}`)).toBe('附件「plan.pdf」打不开，请重新上传。');
  });

  it('for an approval that has expired when its time comes, and how to go on', async () => {
    const no = numberIn(
      await writes(['发通知', '值班\n明天值班电话 13800138000。', '1', '今天 10:30', '发送']),
    );
    expect(await hears('R1', `批准 ${no}`)).toContain('已批准');
    await sql(`update notices set approval_until = '2026-09-23T02:10:00Z' where no = ${no}`);
    await app.moveTo('2026-09-23T02:31:00Z');
    expect(await inboxOf('E1', '13800138000')).toEqual([]);
    const [told] = await inboxOf('L1', '没能按时发出');
    expect(wordsOf(told)).toBe(
      `${no} 号通知没能按时发出：批准已经过期，请重新提交审批。 谁也没有收到。发「改通知 ${no}」就能接着处理。`,
    );
    const again = await hears('L1', `改通知 ${no}`);
    expect(again).toContain(`${no} 号通知先收回来了`);
    expect(again).toContain('明天值班电话 13800138000');
    await hears('L1', '取消');
  });
});

describe('an approval', () => {
  it('holds to the time that was approved, however far away', async () => {
    const no = numberIn(
      await writes(['发通知', '国庆值班\n国庆值班电话 13800138000。', '1', '10月9日 10:00', '发送']),
    );
    expect(await hears('R1', `批准 ${no}`)).toContain('已批准');
    expect(await hears('L1', `撤回通知 ${no}`)).toContain('取消了，没有发给任何人');
  });

  it('that is refused brings the text back to be changed, and sent anew', async () => {
    const no = numberIn(await writes(['发通知', '搬家\n搬家电话 13800138000。', '1', '现在', '发送']));
    await hears('R1', `退回 ${no} 请写清楚日期`);
    const [told] = await inboxOf('L1', '退回了');
    expect(wordsOf(told)).toContain(`请写清楚日期。发「改通知 ${no}」，改好再提交就行。`);
    expect(await hears('L1', `改通知 ${no}`)).toContain('搬家电话 13800138000');
    await hears('L1', '改内容');
    expect(await hears('L1', '搬家\n周五搬家，请收好东西。')).toContain('周五搬家');
    expect(await hears('L1', '发送')).toContain('已经发出，共 3 人');
    expect(await inboxOf('E1', '周五搬家')).toHaveLength(1);
  });

  it('is needed to pass quiet hours', async () => {
    const { body } = await post('/notices', {
      title: '停水',
      body: '马上停水。',
      audience: { departments: ['RD'] },
      urgentReason: '抢修',
    });
    expect((await post(`/notices/${body.id}/send`)).body.code).toBe('notice.not-approved');
  });
});

describe('a notice that went out', () => {
  it('cannot be changed any more, but corrected: neither scope nor time is asked for', async () => {
    const no = numberIn(await hears('L1', '通知进度'));
    expect(await hears('L1', `改通知 ${no}`)).toContain('已经发出去了，改不了原文');
    expect(await hears('L1', `更正通知 ${no}`)).toContain('要更正《搬家》的哪里');
    const preview = await hears('L1', '改到周六搬家。');
    expect(preview).toContain(`更正 ${no} 号通知《搬家》，以这一条为准。`);
    expect(preview).toContain('收件 3 人');
    expect(await hears('L1', '返回')).toContain('正确的内容是什么');
    await hears('L1', '改到周日搬家。');
    expect(await hears('L1', '发送')).toContain('共 3 人');
    expect(await inboxOf('E2', '改到周日搬家')).toHaveLength(1);
  });

  it('says of whom nobody knows whether it arrived, and does not call it failed', async () => {
    await sql(`update deliveries set state = 'unknown', reason = 'answer-lost' where employee_id =
      (select id from employees where number = 'E2') and message_id in (select message_id from notice_messages)`);
    const said = await hears('L1', '通知进度');
    expect(said).toContain('不确定是否送到 1 人');
    expect(said).toContain('李想：平台没有回话，不确定是否送到，没有重发');
    expect(said).not.toContain('没送到 1 人');
  });

  it('is closed by a word, and nobody is reminded any more', async () => {
    const no = numberIn(await hears('L1', '通知进度'));
    expect(await hears('E1', `结束通知 ${no}`)).not.toContain('结束了');
    expect(await hears('L1', `结束通知 ${no}`)).toBe(`${no} 号通知结束了，不再提醒任何人。`);
    expect(await hears('L1', `催办 ${no}`)).not.toContain('只提醒');
  });
});

describe('the group of a department', () => {
  const place: Place = { kind: 'group', chatId: 'group-rd', mentioned: true };
  it('gets the notice once, with blanks filled in', async () => {
    await hears('L1', '绑定部门群', place);
    expect((await heardInGroup(app, 'group-rd')).map(wordsOf).join()).toContain('也会发到这个群');
    await writes(['发通知', '开会\n{时间}开会，请准时。', '周五 9:00', '1', '现在']);
    expect(await hears('L1', '发到群')).toContain('同时发到 1 个部门群');
    await hears('L1', '发送');
    const heard = (await heardInGroup(app, 'group-rd')).filter((one) =>
      wordsOf(one).includes('开会，请准时'),
    );
    expect(heard.map(wordsOf).join()).toContain('周五 9:00开会，请准时。');
    expect(heard).toHaveLength(1);
  });

  it('does not get what holds somebody’s own words, and the preview says so', async () => {
    await writes(['发通知', '座位\n{姓名}，请看座位表。', '1', '现在']);
    expect(await hears('L1', '发到群')).toContain('不会发到群');
    await hears('L1', '取消');
  });
});

describe('three notices a day', () => {
  it('are enough for a liaison, whichever way they come; the draft is kept', async () => {
    await writes(['发通知', '第三条\n这是今天的第三条。', '1', '现在', '发送']);
    expect(await writes(['发通知', '第四条\n这是今天的第四条。', '1', '现在', '发送'])).toBe(
      '今天已经发了 3 条通知，让大家歇歇，明天再发吧。草稿我替你留着。',
    );
    expect(await hears('L1', '发通知')).toContain('这是今天的第四条');
    await hears('L1', '取消');
  });
});

describe('a reminder', () => {
  // Another day: everybody has had enough messages by now.
  beforeAll(() => app.moveTo('2026-09-24T02:00:00Z'));

  it('stops at once when the person acts, although it was already waiting', async () => {
    const { body } = await post('/notices', {
      title: '回执请今天发',
      body: '请回执。',
      audience: { departments: ['RD'] },
      needsAcknowledgement: true,
    });
    await post(`/notices/${body.id}/send`);
    await app.moveTo('2026-09-24T04:10:00Z');
    expect((await post(`/notices/${body.id}/remind`)).body).toEqual({ outcome: 'sent', people: 3 });
    await app.app.settled();
    await hears('E1', '收到');
    await app.moveTo('2026-09-24T05:35:00Z');
    expect(await inboxOf('E1', '提醒：回执请今天发')).toEqual([]);
    expect(await inboxOf('E2', '提醒：回执请今天发')).toHaveLength(1);
  });

  it('leaves out the rungs that nobody wanted', async () => {
    await app.moveTo('2026-09-28T02:00:00Z');
    const { body } = await post('/notices', {
      title: '只告诉接口人',
      body: '请回执，谢谢。',
      audience: { departments: ['RD'] },
      needsAcknowledgement: true,
      ladder: [{ afterHours: 1, to: 'liaison' }],
    });
    await post(`/notices/${body.id}/send`);
    await app.moveTo('2026-09-28T03:10:00Z');
    expect(await inboxOf('L1', '只告诉接口人：你负责的同事还有人没处理')).toHaveLength(1);
    expect(await inboxOf('E2', '提醒：只告诉接口人')).toEqual([]);
  });
});
