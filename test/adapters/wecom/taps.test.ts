import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { WAYS } from '#src/adapters/wecom/limits.ts';
import type { InstantAnswer } from '#src/chat/adapter.ts';
import { buttonsOf, wordsOf } from '#src/simulators/wecom/client.ts';
import { ANNA, aCard, BEN, cardTo, startWecom, type TestWecom } from './support.ts';

let the: TestWecom;
let answer: InstantAnswer = {};
let keys = 0;
beforeAll(async () => {
  the = await startWecom(async () => answer);
});
afterAll(() => the.close());
beforeEach(() => {
  answer = {};
  the.events.length = 0;
});

async function sendCard(...people: string[]): Promise<string> {
  keys += 1;
  const [result] = await the.adapter.send(
    people.map((person) => cardTo(person, aCard(), `card-${keys}-${person}`)),
    WAYS.many,
  );
  if (result?.kind !== 'accepted') throw new Error(result?.kind);
  return result.platformMessageId;
}

const cardOf = (person: string, msgid: string) => {
  const found = the.simulator.client.chat(person).find((one) => one.msgid === msgid);
  if (found === undefined) throw new Error('no card');
  return found;
};
const lastWords = (person: string) => {
  const last = the.simulator.client.chat(person).at(-1);
  return last === undefined ? '' : wordsOf(last);
};
const done = aCard({ title: '已打卡', tone: 'good', buttons: [], footer: '连续 4 天' });

describe('a press', () => {
  it('replaces the card of whoever pressed, and nobody else’s', async () => {
    const msgid = await sendCard(ANNA, BEN);
    answer = { toast: '打卡成功', card: done };
    await the.simulator.client.taps(ANNA, msgid, '打卡');
    expect(wordsOf(cardOf(ANNA, msgid))).toContain('连续 4 天');
    expect(buttonsOf(cardOf(ANNA, msgid))).toEqual([]);
    expect(wordsOf(cardOf(BEN, msgid))).toContain('今日技巧');
  });

  it('names the message on which it happened', async () => {
    const msgid = await sendCard(ANNA);
    await the.simulator.client.taps(ANNA, msgid, '打卡');
    expect(the.events[0]?.payload).toMatchObject({ kind: 'action', cardMessageId: msgid });
  });

  it('that is answered with words only brings them as a message, because WeCom has no toast', async () => {
    const msgid = await sendCard(ANNA);
    answer = { toast: '再想想？' };
    await the.simulator.client.taps(ANNA, msgid, '打卡');
    expect(lastWords(ANNA)).toBe('再想想？');
    expect(buttonsOf(cardOf(ANNA, msgid))).toHaveLength(1);
  });

  it.each([
    ['has been used', 60_140],
    ['is wrong', 60_140],
  ])('whose code %s is answered with a new message', async (_name, errcode) => {
    const msgid = await sendCard(BEN);
    the.simulator.fails('message/update_template_card', { kind: 'errcode', errcode });
    answer = { card: done };
    const pushed = await the.simulator.client.taps(BEN, msgid, '打卡');
    expect(pushed).toMatchObject({ status: 200, attempts: 1 });
    expect(lastWords(BEN)).toContain('已打卡');
  });

  it('delivered again has a second answer from nobody: the one code is used', async () => {
    const msgid = await sendCard(ANNA);
    answer = { card: done };
    await the.simulator.client.taps(ANNA, msgid, '打卡');
    const before = the.simulator.client.chat(ANNA).length;
    answer = {};
    await the.simulator.client.again();
    expect(the.events.map(({ key }) => key)).toEqual([the.events[0]?.key, the.events[0]?.key]);
    expect(the.simulator.client.chat(ANNA)).toHaveLength(before);
  });

  it('does not use up more than what is kept for it: no message is sent that WeCom would drop', async () => {
    the.simulator.client.addPerson({ userid: 'quick' });
    const msgid = await sendCard('quick');
    answer = { toast: '再想想？' };
    for (let n = 0; n < 12; n += 1) await the.simulator.client.taps('quick', msgid, '打卡');
    expect(the.simulator.client.chat('quick').length - 1).toBe(5);
    expect(the.simulator.world.dropped).toBe(0);
  });
});

describe('replacing a card later', () => {
  it('takes the newest code that is left, for everybody who has the card', async () => {
    const msgid = await sendCard(ANNA, BEN);
    await the.adapter.update(msgid, done);
    for (const person of [ANNA, BEN]) expect(wordsOf(cardOf(person, msgid))).toContain('已打卡');
    await expect(the.adapter.update(msgid, done)).rejects.toMatchObject({
      platformCode: '60140',
      fate: 'give-up',
    });
  });

  it('is possible once more after each press that was not answered with a card', async () => {
    const msgid = await sendCard(ANNA);
    await the.simulator.client.taps(ANNA, msgid, '打卡');
    await the.adapter.update(msgid, aCard({ title: '第一次' }));
    await the.adapter.update(msgid, aCard({ title: '第二次' }));
    expect(wordsOf(cardOf(ANNA, msgid))).toContain('第二次');
    await expect(the.adapter.update(msgid, done)).rejects.toMatchObject({ fate: 'give-up' });
  });

  it('is given up after three days', async () => {
    const msgid = await sendCard(ANNA);
    await the.database.db.execute(
      sql`update wecom_response_codes set received_at = now() - interval '73 hours' where msgid = ${msgid}`,
    );
    await expect(the.adapter.update(msgid, done)).rejects.toMatchObject({ fate: 'give-up' });
  });
});

describe('taking back', () => {
  it('is too late after a day', async () => {
    const msgid = await sendCard(ANNA);
    the.simulator.world.advance(25 * 3_600_000);
    expect(await the.adapter.recall(msgid)).toBe('too-late');
  });

  it('is given up for what WeCom does not know', async () => {
    await expect(the.adapter.recall('no-such-message')).rejects.toMatchObject({ fate: 'give-up' });
  });
});
