import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { createWecomAdapter } from '#src/adapters/wecom/index.ts';
import { WAYS } from '#src/adapters/wecom/limits.ts';
import type { Dispatch } from '#src/chat/adapter.ts';
import { PlatformError } from '#src/kernel/errors.ts';
import { silentLog } from '#src/kernel/log.ts';
import { systemClock } from '#src/kernel/time.ts';
import { ANNA, aCard, BEN, cardTo, optionsFor, startWecom, type TestWecom, textTo } from './support.ts';

let the: TestWecom;
beforeAll(async () => {
  the = await startWecom(async () => ({}));
});
afterAll(() => the.close());

const wordsIn = (person: string) =>
  the.simulator.client.chat(person).map(({ content }) => content.body['content']);
const many = (...dispatches: Dispatch[]) => the.adapter.send(dispatches, WAYS.many);
const one = (dispatch: Dispatch) => the.adapter.send([dispatch], WAYS.one);
const calls = () => the.simulator.calls('message/send');

/** Another process with the same database. */
const other = () => {
  const { database, fileRoot } = the;
  return createWecomAdapter(optionsFor(the.simulator), {
    database,
    fileRoot,
    clock: systemClock,
    log: silentLog,
  });
};

async function failure(sending: Promise<unknown>): Promise<PlatformError> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlatformError)) throw new Error('it did not fail as a platform fails');
  return error;
}

describe('an answer of 0 that names people', () => {
  it('ends for them as refused with the reason, and as accepted for the others', async () => {
    the.simulator.client.addPerson({ userid: 'Left', status: 5 });
    the.simulator.client.addPerson({ userid: 'outside', inRange: false });
    the.simulator.client.addPerson({ userid: 'Free', licensed: false });
    const people = [ANNA, 'Left', 'nobody', BEN, 'outside', 'Free'];
    const results = await many(...people.map((person) => textTo(person, '半数不在', `half-${person}`)));
    expect(results.map(({ kind }) => kind)).toEqual([
      'accepted',
      'refused',
      'refused',
      'accepted',
      'refused',
      'refused',
    ]);
    expect(results[1]).toMatchObject({ reason: expect.stringContaining('invaliduser') });
    expect(results[5]).toMatchObject({ reason: expect.stringContaining('unlicenseduser') });
    expect(wordsIn(ANNA)).toContain('半数不在');
  });

  it('of whom nobody is known, ends as unreachable', async () => {
    expect(await one(textTo('nobody', '有人吗', 'nobody-1'))).toMatchObject([
      { kind: 'unreachable', reason: expect.stringContaining('可见范围') },
    ]);
  });
});

describe('a call whose answer was lost', () => {
  it('may be repeated with the same people: each has it once', async () => {
    the.simulator.fails('message/send', { kind: 'lost' });
    const set = [textTo(ANNA, '答复丢了', 'lost-a'), textTo(BEN, '答复丢了', 'lost-b')];
    expect(await failure(many(...set))).toMatchObject({ fate: 'retry', unanswered: true });
    expect((await many(...set)).map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(wordsIn(ANNA).filter((words) => words === '答复丢了')).toHaveLength(1);
    expect(wordsIn(BEN).filter((words) => words === '答复丢了')).toHaveLength(1);
  });

  it('may be repeated by another process', async () => {
    the.simulator.fails('message/send', { kind: 'lost' });
    const card = cardTo(ANNA, aCard({ title: '换一个进程' }), 'lost-card');
    await failure(one(card));
    expect(await other().send([card], WAYS.one)).toMatchObject([{ kind: 'accepted' }]);
    const cards = the.simulator.client
      .chat(ANNA)
      .filter(({ content }) => JSON.stringify(content.body).includes('换一个进程'));
    expect(cards).toHaveLength(1);
  });

  it('is not repeated with other people: what became of it is unknown', async () => {
    the.simulator.fails('message/send', { kind: 'lost' });
    const [a, b] = [textTo(ANNA, '少了一个人', 'less-a'), textTo(BEN, '少了一个人', 'less-b')];
    await failure(many(a, b));
    const before = calls();
    expect(await many(a)).toEqual([{ kind: 'unknown' }]);
    expect(calls()).toBe(before);
    expect(wordsIn(ANNA).filter((words) => words === '少了一个人')).toHaveLength(1);
  });

  it('is not repeated once WeCom may have forgotten it', async () => {
    the.simulator.fails('message/send', { kind: 'lost' });
    const late = textTo(ANNA, '过了很久', 'late-1');
    await failure(one(late));
    await the.database.db.execute(
      sql`update wecom_sends set tried_at = now() - interval '3 hours' where key = 'late-1'`,
    );
    expect(await one(late)).toEqual([{ kind: 'unknown' }]);
  });

  it('names the same upload when a file is repeated', async () => {
    await writeFile(join(the.fileRoot, 'report.txt'), '十一月的打卡');
    const file = {
      key: 'file-1',
      to: { kind: 'person' as const, platformId: ANNA },
      message: { kind: 'file' as const, name: '报表.txt', mime: 'text/plain', path: 'report.txt', bytes: 18 },
    };
    the.simulator.fails('message/send', { kind: 'lost' });
    await failure(one(file));
    await one(file);
    const files = the.simulator.client.chat(ANNA).filter(({ content }) => content.msgtype === 'file');
    expect(files).toHaveLength(1);
    const media = the.simulator.world.media.get(String(files[0]?.content.body['media_id']));
    expect(media?.name).toBe('报表.txt');
    expect(media?.bytes).toEqual(await readFile(join(the.fileRoot, 'report.txt')));
  });
});

describe('a call that WeCom refuses', () => {
  it('has reached nobody and may be made again in another set', async () => {
    the.simulator.fails('message/send', { kind: 'errcode', errcode: 45_009 });
    const [a, b] = [textTo(ANNA, '太快了', 'fast-a'), textTo(BEN, '太快了', 'fast-b')];
    expect(await failure(many(a, b))).toMatchObject({ fate: 'wait', waitMs: 60_000, unanswered: false });
    expect(await many(a)).toMatchObject([{ kind: 'accepted' }]);
  });

  it('because it is busy, may have been done, and is repeated without a double', async () => {
    the.simulator.fails('message/send', { kind: 'errcode', errcode: -1 });
    const busy = textTo(ANNA, '系统繁忙', 'busy-1');
    expect(await failure(one(busy))).toMatchObject({ fate: 'retry', unanswered: true });
    expect(await one(busy)).toMatchObject([{ kind: 'accepted' }]);
    expect(wordsIn(ANNA).filter((words) => words === '系统繁忙')).toHaveLength(1);
  });

  it.each([
    ['a file of five bytes', 'small.txt', 'hello', 'file-too-small'],
    ['a file that is not there', 'nowhere.txt', undefined, 'file-missing'],
    ['a file elsewhere', '../../etc/hostname', undefined, 'file-missing'],
  ])('%s is not sent', async (_name, path, content, reason) => {
    if (content !== undefined) await writeFile(join(the.fileRoot, path), content);
    const message = { kind: 'file' as const, name: 'x.txt', mime: 'text/plain', path, bytes: 5 };
    const to = { kind: 'person' as const, platformId: ANNA };
    expect(await one({ key: `file ${path}`, to, message })).toEqual([{ kind: 'refused', reason }]);
  });
});

describe('the same words twice', () => {
  it('arrive twice when they were promised twice', async () => {
    await one(textTo(ANNA, '已经打过卡啦', 'twice-1'));
    await one(textTo(ANNA, '已经打过卡啦', 'twice-2'));
    expect(wordsIn(ANNA).filter((words) => words === '已经打过卡啦')).toHaveLength(2);
  });

  it('arrive once when the same key is sent by two processes at the same time', async () => {
    const both = textTo(ANNA, '两个进程', 'both-1');
    await Promise.all([one(both), other().send([both], WAYS.one)]);
    expect(wordsIn(ANNA).filter((words) => words === '两个进程')).toHaveLength(1);
  });
});

describe('the daily quota', () => {
  it('counts people, not calls, and is what WeCom allows', () => {
    const daily = the.adapter.quotas.find(({ name }) => name === 'message/send a day');
    expect(daily).toMatchObject({ counts: 'recipients', per: 'account', most: 100_000 });
  });
});

describe('100,000 people', () => {
  it('get a notice with 100 calls, each once, none dropped or throttled', async () => {
    const large = await startWecom(async () => ({}), { world: { accountLimit: 500 } });
    const ids = Array.from({ length: 100_000 }, (_, index) => `p${index}`);
    for (const userid of ids) large.simulator.client.addPerson({ userid });
    const before = large.simulator.calls('message/send');
    const notice = aCard({ title: '全员通知', body: '周五晚上停机维护。' });
    for (let from = 0; from < ids.length; from += 1000) {
      const set = ids.slice(from, from + 1000).map((id) => cardTo(id, notice, `notice:${id}`));
      const results = await large.adapter.send(set, WAYS.many);
      expect(results.every(({ kind }) => kind === 'accepted')).toBe(true);
    }
    expect(large.simulator.calls('message/send') - before).toBe(100);
    expect(ids.every((id) => large.simulator.client.chat(id).length === 1)).toBe(true);
    expect([large.simulator.world.dropped, large.simulator.world.throttled]).toEqual([0, 0]);
    await large.close();
  }, 180_000);
});
