import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeNotice,
  encodeTalk,
  fitsWorkNotice,
  lostInTalk,
  tokenIn,
} from '#src/adapters/dingtalk/encode.ts';
import { cardParams } from '#src/adapters/dingtalk/encode-card.ts';
import { messageIdIn, nameOf, outTrackIdOf } from '#src/adapters/dingtalk/ids.ts';
import type { SealedCard } from '#src/chat/message.ts';

const card = (more: Partial<SealedCard> = {}): SealedCard => ({
  title: '今日技巧',
  tone: 'plain',
  body: '按 Ctrl+D',
  buttons: [],
  ...more,
});
const textOf = (one: SealedCard, place: 'person' | 'group' = 'person'): string =>
  encodeTalk({ kind: 'card', card: one }, place).msgParam['text'] ?? '';

describe('buttons without a template', () => {
  const button = (more: object) => ({ label: '打卡', tone: 'primary' as const, actionId: 'sealed', ...more });

  it('are all there in a private chat; in a group the preview says what is lost', () => {
    const one = card({ buttons: [button({ word: '打卡' }), button({ label: '有用' })] });
    expect(lostInTalk(one, 'person')).toEqual([]);
    expect(lostInTalk(one, 'group')).toEqual([
      { kind: 'in-words', what: '' },
      { kind: 'button-lost', what: '有用' },
    ]);
    const inputs = [{ name: 'note', label: '心得', kind: 'text' as const }];
    expect(lostInTalk({ ...one, inputs }, 'person')).toEqual([{ kind: 'input-lost', what: '心得' }]);
  });

  it('with a word are links that say it', () => {
    const text = textOf(card({ buttons: [button({ word: '打卡' })] }));
    expect(text).toContain('[打卡](dtmd://dingtalkclient/sendMessage?content=%E6%89%93%E5%8D%A1)');
  });

  it('with a word read the same, whoever they are sealed for', () => {
    const sealedFor = (actionId: string) => textOf(card({ buttons: [button({ word: '打卡', actionId })] }));
    expect(sealedFor('for Anna')).toBe(sealedFor('for Ben'));
  });

  it('without one say a token that stands for the action', () => {
    const { msgParam, spoken } = encodeTalk(
      { kind: 'card', card: card({ buttons: [button({ label: '有用' })] }) },
      'person',
    );
    const [, said = ''] = /content=([^)]*)\)/.exec(msgParam['text'] ?? '') ?? [];
    expect(tokenIn(decodeURIComponent(said))).toEqual({ words: '有用', token: spoken[0]?.token });
    expect(spoken).toEqual([{ token: expect.any(String), actionId: 'sealed', inputs: {} }]);
  });

  it('turn a choice into one link for each answer', () => {
    const options = ['a', 'b'].map((value) => ({ value, label: `选 ${value}` }));
    const input = { name: 'answer', label: '哪个？', kind: 'choice' as const, options };
    const { spoken } = encodeTalk(
      { kind: 'card', card: card({ inputs: [input], buttons: [button({ label: '提交' })] }) },
      'person',
    );
    expect(spoken.map(({ inputs }) => inputs)).toEqual([{ answer: 'a' }, { answer: 'b' }]);
  });

  it('are words to say in a group, where a link would not reach the bot', () => {
    const text = textOf(card({ buttons: [button({ word: '打卡' })] }), 'group');
    expect(text).toContain('@我 说 「打卡」');
    expect(text).not.toContain('dtmd:');
  });
});

it('what people are called makes no link', () => {
  const text = textOf(
    card({ title: '[点我](http://evil.example)', facts: [{ label: '姓名', value: '[a](b)' }] }),
  );
  expect(text).not.toMatch(/\[[^\]]*\]\(/);
});

it('a notice asks for nothing and is short', () => {
  const fits = (one: SealedCard) => fitsWorkNotice({ kind: 'card', card: one });
  expect(fits(card())).toBe(true);
  expect(fits(card({ body: '字'.repeat(700) }))).toBe(false);
  expect(fits(card({ buttons: [{ label: '好', tone: 'plain', actionId: 'x' }] }))).toBe(false);
  expect(fitsWorkNotice({ kind: 'text', text: '短' })).toBe(false);
  expect(Buffer.byteLength(JSON.stringify(encodeNotice(card())))).toBeLessThanOrEqual(2048);
});

describe('variables of a template', () => {
  it('are all given, all texts, and none is longer than the platform takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (body) => {
        const params = cardParams(card({ body }));
        for (const value of Object.values(params ?? {})) {
          expect(typeof value).toBe('string');
          expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1_024);
        }
        if (params !== undefined) expect(Object.keys(params)).toHaveLength(3 + 6 + 5 * 5 + 6 * 3);
      }),
    );
  });

  it('lose no word of a long body', () => {
    const body = Array.from({ length: 40 }, (_, line) => `第 ${line} 行 ${'字'.repeat(30)}`).join('\n');
    const params = cardParams(card({ body })) ?? {};
    const shown = [1, 2, 3, 4, 5, 6].map((part) => params[`md${part}`]).filter((part) => part !== '');
    expect(shown.join('\n')).toBe(body);
  });

  it('do not exist for a card that is too long', () => {
    expect(cardParams(card({ body: '字'.repeat(4_000) }))).toBeUndefined();
  });
});

it('names of messages are read back as they were written', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9+/=_-]{1,40}$/);
  fc.assert(
    fc.property(part, fc.string({ minLength: 1 }), (processQueryKey, userId) => {
      const id = { kind: 'robot' as const, processQueryKey, userId };
      expect(messageIdIn(nameOf(id))).toEqual(id);
    }),
  );
  expect(messageIdIn('no-such-message')).toBeUndefined();
});

it('a dispatch names its card in at most 64 characters, always the same', () => {
  expect(outTrackIdOf('m:r')).toBe(outTrackIdOf('m:r'));
  expect(outTrackIdOf('m:r')).not.toBe(outTrackIdOf('m:s'));
  expect(outTrackIdOf('x'.repeat(500)).length).toBeLessThanOrEqual(64);
});
