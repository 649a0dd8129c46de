import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sampleTickets } from '#src/app/ticket-gauges.ts';
import { wordsOf } from '../../support/conversation.ts';
import { teach } from '../../support/knowledge.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { type SmallApp, smallApp } from '../../support/small-app.ts';

let app: SmallApp;
let server: TestServer;
beforeAll(async () => {
  app = await smallApp({
    startAt: '2026-09-14T01:30:00Z',
    tips: 3,
    people: [
      'E1,张小满,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E2,李想,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'E3,王芳,RD,,工程师,Asia/Shanghai,zh-CN,,,2020-01-06,,beginner',
      'S1,赵客服,RD,,驻场,Asia/Shanghai,zh-CN,support,,2020-01-06,,advanced',
    ],
  });
  server = await testServer(app);
  await teach(app, [{ id: 'print', question: '怎么双面打印', answer: '勾选双面。' }]);
});
afterAll(async () => {
  await server.close();
  await app.close();
});

/** What Prometheus reads under names that begin so, help texts left out. */
async function numbers(prefix: string): Promise<string[]> {
  await sampleTickets(app.database.db, app.app.clock.now(), app.app.metrics);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(prefix));
}

it('before anything happened nothing is open, and nobody has a score', async () => {
  expect(await numbers('cuhuo_tickets_open')).toEqual([
    'cuhuo_tickets_open{priority="p0",state="waiting"} 0',
    'cuhuo_tickets_open{priority="p0",state="claimed"} 0',
    'cuhuo_tickets_open{priority="technical",state="waiting"} 0',
    'cuhuo_tickets_open{priority="technical",state="claimed"} 0',
  ]);
  expect(await numbers('cuhuo_ticket_csat{')).toEqual([]);
  expect(await numbers('cuhuo_ticket_first_reply_seconds')).toEqual([]);
});

it('tickets are counted by priority and state, with first answers, scores and promises not kept', async () => {
  await app.as('E1').says('人工 打印机离线了');
  await app.as('E2').says('人工 全公司打不开文档');
  await app.as('E3').says('人工 模板不见了');
  await app.as('S1').says('工单级别 2 P0');
  await app.moveTo('2026-09-14T01:40:00Z');
  await app.as('S1').says('回复 1 马上来');
  await app.as('S1').says('结单 1 重启好了');
  await app.as('E1').says('评分 4');
  await app.moveTo('2026-09-14T02:31:00Z');
  const open = await numbers('cuhuo_tickets_open');
  expect(open).toContain('cuhuo_tickets_open{priority="p0",state="waiting"} 1');
  expect(open).toContain('cuhuo_tickets_open{priority="technical",state="waiting"} 1');
  expect(await numbers('cuhuo_tickets_overdue')).toContain('cuhuo_tickets_overdue{priority="p0"} 1');
  expect(await numbers('cuhuo_ticket_sla_breaches')).toEqual([
    'cuhuo_ticket_sla_breaches{priority="p0"} 1',
    'cuhuo_ticket_sla_breaches{priority="technical"} 0',
  ]);
  expect(await numbers('cuhuo_ticket_first_reply_seconds')).toEqual([
    'cuhuo_ticket_first_reply_seconds{priority="technical",quantile="0.5"} 600',
    'cuhuo_ticket_first_reply_seconds{priority="technical",quantile="0.9"} 600',
  ]);
  expect(await numbers('cuhuo_ticket_csat')).toEqual([
    'cuhuo_ticket_csat{days="30"} 4',
    'cuhuo_ticket_csat_scores{days="30"} 1',
  ]);
});

it('questions are counted by what was answered, and their searches timed', async () => {
  expect(wordsOf((await app.as('E3').says('怎么双面打印')).messages[0])).toContain('勾选双面');
  await server.api('POST', '/faq/ask', { text: '公积金怎么提取' });
  const counted = await numbers('cuhuo_faq_questions_total');
  expect(counted).toContain('cuhuo_faq_questions_total{via="sandbox",outcome="answer"} 1');
  expect(counted).toContain('cuhuo_faq_questions_total{via="api",outcome="handover"} 1');
  expect(await numbers('cuhuo_faq_search_duration_seconds_count')).toEqual([
    'cuhuo_faq_search_duration_seconds_count 2',
  ]);
});
