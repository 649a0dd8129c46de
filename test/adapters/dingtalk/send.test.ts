import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WAYS } from '#src/adapters/dingtalk/limits.ts';
import type { SentDispatch } from '#src/chat/adapter.ts';
import type { SealedCard, SealedMessage } from '#src/chat/message.ts';
import { Temporal } from '#src/kernel/time.ts';
import type { Fault } from '#src/simulators/dingtalk/index.ts';
import { ANNA, BEN } from './office.ts';
import { dispatchTo, type Opened, openOffice } from './opened.ts';

const text = (words: string): SealedMessage => ({ kind: 'text', text: words });
const plainCard: SealedCard = { title: '停机通知', tone: 'notice', body: '周五 18:00 停机', buttons: [] };
const notice: SealedMessage = { kind: 'card', card: plainCard };
const withButton: SealedMessage = {
  kind: 'card',
  card: { ...plainCard, buttons: [{ label: '打卡', tone: 'primary', actionId: 'a', word: '打卡' }] },
};

let the: Opened;
let withTemplate: Opened;
beforeAll(async () => {
  the = await openOffice({ listens: false });
  withTemplate = await openOffice({ listens: false, template: true });
});
afterAll(async () => {
  await the.close();
  await withTemplate.close();
});

const chatOf = (opened: Opened, person: string) => opened.simulator.shown(`chat:${person}`);
const batchSend = /oToMessages\/batchSend/;
const sentBy = (way: string, platformMessageId: string | undefined): SentDispatch => ({
  key: 'k',
  to: { kind: 'person', platformId: ANNA },
  platformMessageId,
  way,
  sentAt: Temporal.Now.instant(),
});

describe('one call', () => {
  it('takes twenty people and no more', async () => {
    const twenty = Array.from({ length: 20 }, (_, index) => `many${index}`);
    for (const userid of twenty) the.simulator.addPerson({ userid });
    const before = the.simulator.counts.metered;
    const results = await the.adapter.send(
      twenty.map((person) => dispatchTo(person, text('一次二十人'))),
      WAYS.many,
    );
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(the.simulator.counts.metered - before).toBe(1);
    const tooMany = [...twenty, ANNA].map((person) => dispatchTo(person, text('二十一人')));
    await expect(the.adapter.send(tooMany, WAYS.many)).rejects.toMatchObject({
      platformCode: 'invalidParameter.userIds.overMax',
      fate: 'give-up',
    });
  });

  it('carries cards whose ids differ, as long as nobody can tell', async () => {
    const sealedFor = (actionId: string): SealedMessage => ({
      kind: 'card',
      card: { ...plainCard, buttons: [{ label: '打卡', tone: 'primary', actionId, word: '打卡' }] },
    });
    const results = await the.adapter.send(
      [dispatchTo(ANNA, sealedFor('a')), dispatchTo(BEN, sealedFor('b'))],
      WAYS.many,
    );
    expect(results).toHaveLength(2);
    const different = [dispatchTo(ANNA, text('甲')), dispatchTo(BEN, text('乙'))];
    await expect(the.adapter.send(different, WAYS.many)).rejects.toThrow('one message for all');
  });

  it('whom the platform holds back may be tried later, the others have it', async () => {
    the.simulator.flowControl(BEN, true);
    const results = await the.adapter.send(
      [dispatchTo(ANNA, text('流控')), dispatchTo(BEN, text('流控'))],
      WAYS.many,
    );
    the.simulator.flowControl(BEN, false);
    expect(results).toMatchObject([
      { kind: 'accepted' },
      { kind: 'later', reason: 'flow-controlled', waitMs: expect.any(Number) },
    ]);
  });
});

describe('what goes wrong', () => {
  it.each<[Fault['kind'], object]>([
    ['qps', { fate: 'wait', waitMs: 1_000, unanswered: false }],
    ['busy', { fate: 'retry', unanswered: false }],
    ['month', { fate: 'give-up', platformCode: 'Forbidden.AccessDenied.ApiCountLimitForOrg' }],
    ['permission', { fate: 'give-up' }],
    ['ip-ban', { fate: 'wait', waitMs: 300_000 }],
    ['html', { fate: 'retry', unanswered: true }],
    ['done-but-504', { fate: 'retry', unanswered: true }],
    ['done-but-reset', { fate: 'retry', unanswered: true }],
  ])('%s is told as it is, and one call was made', async (kind, failure) => {
    const path = '/v1.0/robot/oToMessages/batchSend';
    const before = the.simulator.counts.calls.get(path) ?? 0;
    the.simulator.breaks({ path: batchSend, kind });
    await expect(the.adapter.send([dispatchTo(ANNA, text(kind))], WAYS.one)).rejects.toMatchObject(failure);
    expect((the.simulator.counts.calls.get(path) ?? 0) - before).toBe(1);
    const arrived = chatOf(the, ANNA).filter(({ words }) => words === kind);
    expect(arrived).toHaveLength(kind.startsWith('done') ? 1 : 0);
  });

  it.each<[Fault['kind'], object]>([
    ['qps', { fate: 'wait', waitMs: 1_000 }],
    ['busy', { fate: 'retry' }],
    ['gateway-88', { fate: 'retry', unanswered: true }],
    ['done-but-504', { fate: 'retry', unanswered: true }],
    ['month', { fate: 'give-up', platformCode: '90020' }],
    ['permission', { fate: 'give-up', platformCode: '60011' }],
  ])('%s of the old family too', async (kind, failure) => {
    the.simulator.breaks({ path: /asyncsend_v2/, kind });
    await expect(the.adapter.send([dispatchTo(ANNA, notice)], WAYS.work)).rejects.toMatchObject(failure);
  });

  it.each([
    ['the new family', batchSend, WAYS.one, text('令牌一')],
    ['the old family', /asyncsend_v2/, WAYS.work, { kind: 'card', card: { ...plainCard, body: '令牌二' } }],
  ] as const)(
    'an expired token of %s costs one more call and no message',
    async (_name, path, way, message) => {
      the.simulator.breaks({ path, kind: 'token-expired' });
      const [result] = await the.adapter.send([dispatchTo(ANNA, message)], way);
      expect(result).toMatchObject({ kind: 'accepted' });
      const shelf = way === WAYS.work ? 'work' : 'chat';
      const words = message.kind === 'card' ? message.card.body : '令牌一';
      const arrived = the.simulator.shown(`${shelf}:${ANNA}`).filter((shown) => shown.words.includes(words));
      expect(arrived).toHaveLength(1);
    },
  );

  it('a card whose answer was lost is there once, however often it is sent', async () => {
    const one = dispatchTo(ANNA, withButton);
    withTemplate.simulator.breaks({ path: /createAndDeliver/, kind: 'done-but-504' });
    await expect(withTemplate.adapter.send([one], WAYS.card)).rejects.toMatchObject({ unanswered: true });
    const [result] = await withTemplate.adapter.send([one], WAYS.card);
    expect(result).toMatchObject({ kind: 'accepted' });
    expect(chatOf(withTemplate, ANNA)).toHaveLength(1);
  });

  it('a card to somebody unknown is not taken for delivered, although the platform says success', async () => {
    const [result] = await withTemplate.adapter.send([dispatchTo('nobody', withButton)], WAYS.card);
    expect(result).toEqual({ kind: 'unreachable', reason: 'card-not-delivered' });
  });
});

describe('afterwards', () => {
  it('a message is delivered until it is read, and one question is one metered call for all in it', async () => {
    const sent = await the.adapter.send(
      [dispatchTo(ANNA, text('看了吗')), dispatchTo(BEN, text('看了吗'))],
      WAYS.many,
    );
    const asked = sent.map((one) =>
      sentBy(WAYS.many, 'platformMessageId' in one ? one.platformMessageId : ''),
    );
    the.metered.length = 0;
    await the.simulator.deeds
      .reads(BEN, asked[1]?.platformMessageId?.split(':')[1] ?? '')
      .catch(() => undefined);
    expect(await the.adapter.confirming?.ask(asked)).toMatchObject([{ kind: 'delivered' }, { kind: 'read' }]);
    expect(the.metered).toEqual(['robot/oToMessages/readStatus']);
  });

  it('a work notice that was dropped without a word is found, with the reason', async () => {
    const again: SealedMessage = { kind: 'card', card: { ...plainCard, body: '同样的话' } };
    await the.adapter.send([dispatchTo(ANNA, again)], WAYS.work);
    const sent = await the.adapter.send(
      ['nobody', ANNA, BEN].map((person) => dispatchTo(person, again)),
      WAYS.work,
    );
    expect(sent.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
    const asked = sent.map((one) =>
      sentBy(WAYS.work, 'platformMessageId' in one ? one.platformMessageId : ''),
    );
    expect(await the.adapter.confirming?.ask(asked)).toEqual([
      { kind: 'unreachable', reason: 'user-unknown' },
      { kind: 'refused', reason: '143106' },
      { kind: 'delivered' },
    ]);
    expect(the.simulator.counts.dropped).toBe(1);
  });

  it('what left no key, and what is not ours, stays untold and costs nothing', async () => {
    the.metered.length = 0;
    const asked = ['session:reply', 'card:x', 'junk', undefined].map((id) => sentBy(WAYS.one, id));
    const kinds = (await the.adapter.confirming?.ask(asked))?.map(({ kind }) => kind);
    expect(kinds).toEqual(['untold', 'untold', 'untold', 'untold']);
    expect(the.metered).toEqual([]);
  });
});

it('every way is in the quota of the second and of the month but replies, which have their own', () => {
  for (const { name } of the.adapter.ways) {
    const windows = the.adapter.quotas.filter(({ ways }) => ways.includes(name)).map(({ window }) => window);
    if (name !== WAYS.session) expect(windows).toContainEqual({ seconds: 1 });
    expect(windows).toContainEqual({ calendar: 'month', zone: 'Asia/Shanghai' });
  }
});
