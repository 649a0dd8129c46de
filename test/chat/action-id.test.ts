import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ANYBODY, createActionSealer, sealMessage } from '#src/chat/action-id.ts';
import { card } from '#src/chat/message.ts';

const sealer = createActionSealer(Buffer.alloc(32, 7));
const actions = fc.record(
  {
    name: fc.string({ maxLength: 64 }),
    data: fc.dictionary(
      fc.string({ maxLength: 10 }),
      fc.oneof(fc.string({ maxLength: 40 }), fc.integer(), fc.boolean()),
      { maxKeys: 4, noNullPrototype: true },
    ),
  },
  { requiredKeys: ['name'] },
);
const daily = {
  name: 'checkins.check-in',
  data: { c: randomUUID(), d: '2026-09-18', t: randomUUID(), k: 'micro-task' },
};

describe('an action id', () => {
  it('says again what was sealed, and for whom', () => {
    fc.assert(
      fc.property(actions, fc.uuid(), (action, employeeId) => {
        expect(sealer.open(sealer.seal(action, employeeId))).toEqual({ ...action, employeeId });
      }),
    );
  });

  it('that is the same for everybody names nobody', () => {
    const action = { name: 'notices.acknowledge', anybody: true };
    expect(sealer.open(sealer.seal(action, randomUUID()))).toEqual({ ...action, employeeId: ANYBODY });
  });

  it('fits the shortest limit of the platforms', () => {
    const id = sealer.seal(daily, randomUUID());
    expect(id.length).toBeLessThanOrEqual(1024);
    expect(id).toMatch(/^[\w-]+$/);
  });

  it('is refused when it is made, not when it is pressed, if it cannot fit', () => {
    expect(() => sealer.seal({ name: 'a', data: { long: 'x'.repeat(1024) } }, randomUUID())).toThrow();
  });

  it('shows nothing of what is in it', () => {
    const id = sealer.seal(daily, randomUUID());
    expect(Buffer.from(id, 'base64url').toString('latin1')).not.toContain('checkins');
  });

  it('differs each time, so that two cards cannot be compared', () => {
    expect(sealer.seal(daily, 'a')).not.toBe(sealer.seal(daily, 'a'));
  });

  it.each([
    ['nothing', ''],
    ['words', 'checkins.check-in'],
    ['another alphabet', '打卡'.repeat(40)],
    ['base64url of JSON', Buffer.from('{"name":"checkins.check-in","for":"me"}').toString('base64url')],
    ['an endless one', 'A'.repeat(100_000)],
  ])('that is forged opens to nothing: %s', (_name, forged) => {
    expect(sealer.open(forged)).toBeUndefined();
  });

  it('that was cut opens to nothing', () => {
    const id = sealer.seal(daily, randomUUID());
    for (let length = 0; length < id.length - 1; length += 1) {
      expect(sealer.open(id.slice(0, length))).toBeUndefined();
    }
  });

  it('that was altered never opens to anything else', () => {
    const employeeId = randomUUID();
    const id = sealer.seal(daily, employeeId);
    fc.assert(
      fc.property(fc.nat({ max: id.length - 1 }), fc.constantFrom(...'ABab01-_'.split('')), (at, letter) => {
        const altered = id.slice(0, at) + letter + id.slice(at + 1);
        const opened = sealer.open(altered);
        const sameBytes = Buffer.from(altered, 'base64url').equals(Buffer.from(id, 'base64url'));
        expect(opened).toEqual(sameBytes ? { ...daily, employeeId } : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('of another installation opens to nothing', () => {
    const other = createActionSealer(Buffer.alloc(32, 8));
    expect(sealer.open(other.seal(daily, randomUUID()))).toBeUndefined();
  });
});

describe('a message on its way out', () => {
  it('carries sealed buttons for its one reader and nothing of what they mean', () => {
    const message = card({
      title: 'T',
      body: 'B',
      buttons: [{ label: '打卡', action: daily, word: '打卡' }],
    });
    const sealed = sealMessage(sealer, message, 'employee-1');
    if (sealed.kind !== 'card') throw new Error('no card');
    const [button] = sealed.card.buttons;
    expect(sealer.open(button?.actionId ?? '')).toEqual({ ...daily, employeeId: 'employee-1' });
    expect(JSON.stringify(sealed)).not.toContain('check-in');
    expect(button).toMatchObject({ label: '打卡', tone: 'plain', word: '打卡' });
  });

  it('of text stays as it is', () => {
    expect(sealMessage(sealer, { kind: 'text', text: '你好' }, 'x')).toEqual({ kind: 'text', text: '你好' });
  });
});
