import { expect, it } from '@jest/globals';
import type { ChannelAdapter } from '#src/chat/adapter.ts';
import type { Recipient } from '#src/outbox/outbox.ts';
import { shortcomingsOf } from '#src/outbox/shortcomings.ts';
import { fakeAdapter } from './fake-adapter.ts';

const inWords: ChannelAdapter['preview'] = (_message, to) =>
  to.kind === 'group' ? [{ kind: 'in-words', what: '' }] : [{ kind: 'cut', what: '2048' }];
const adapter: ChannelAdapter = { ...fakeAdapter({ repeatsSafely: true }), preview: inWords };
const address = { channel: 'sandbox' as const, account: 'fake', platformId: 'x' };
const person: Recipient = { employeeId: 'e', address };
const group: Recipient = { employeeId: null, address, kind: 'group' };
const text = { kind: 'text' as const, text: '通知' };

it('what several people or groups would miss is told once for each place', () => {
  expect(shortcomingsOf([adapter], text, [person, person, group, group])).toEqual([
    { channel: 'sandbox', place: 'person', kind: 'cut', what: '2048' },
    { channel: 'sandbox', place: 'group', kind: 'in-words', what: '' },
  ]);
});

it('nothing is told of a channel that nobody here uses, or that shows everything', () => {
  expect(shortcomingsOf([adapter], text, [])).toEqual([]);
  expect(shortcomingsOf([{ ...adapter, account: 'other' }], text, [person])).toEqual([]);
  expect(shortcomingsOf([fakeAdapter({ repeatsSafely: true })], text, [person])).toEqual([]);
});
