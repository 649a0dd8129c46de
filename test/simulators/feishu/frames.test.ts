import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeFrame, encodeFrame } from '#src/simulators/feishu/frames.ts';

/** Vectors of the fact sheet, made with the official SDK. */
const PING = '0800100018f681801020002a0c0a0474797065120470696e67';
const PONG =
  '0800100018f681801020002a0c0a04747970651204706f6e6742547b225265636f6e6e656374436f756e74223a2d312c225265636f6e6e656374496e74657276616c223a3132302c225265636f6e6e6563744e6f6e6365223a33302c2250696e67496e74657276616c223a3132307d';
const EVENT =
  '0801100218f681801020012a0d0a047479706512056576656e742a100a0a6d6573736167655f696412026d312a080a0373756d1201312a080a037365711201302a0e0a0874726163655f696412027431424b7b22736368656d61223a22322e30222c22686561646572223a7b226576656e745f74797065223a22696d2e6d6573736167652e726563656976655f7631227d2c226576656e74223a7b7d7d';

describe('frames of the long connection', () => {
  it('a ping is the one of the official client', () => {
    const ping = { seqId: 0n, logId: 0n, service: 33554678, method: 0, payload: Buffer.alloc(0) };
    expect(encodeFrame({ ...ping, headers: [['type', 'ping']] }).toString('hex')).toBe(PING);
  });

  it.each([
    ['ping', PING],
    ['pong', PONG],
    ['event', EVENT],
  ])('a %s is the same after reading and writing', (_name, hex) => {
    expect(encodeFrame(decodeFrame(Buffer.from(hex, 'hex'))).toString('hex')).toBe(hex);
  });

  it('an event names its parts and carries its envelope', () => {
    const { headers, payload } = decodeFrame(Buffer.from(EVENT, 'hex'));
    expect(Object.fromEntries(headers)).toMatchObject({
      type: 'event',
      message_id: 'm1',
      sum: '1',
      seq: '0',
    });
    expect(JSON.parse(payload.toString('utf8'))).toMatchObject({ schema: '2.0' });
  });

  it('any frame survives the wire', () => {
    const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const frames = fc.record({
      seqId: uint64,
      logId: uint64,
      service: fc.nat(),
      method: fc.constantFrom(0, 1),
      headers: fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' }))),
      payload: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(fc.property(frames, (frame) => expect(decodeFrame(encodeFrame(frame))).toEqual(frame)));
  });

  it('junk is refused, not misread', () => {
    const junk = Buffer.from(EVENT, 'hex').subarray(0, 40);
    expect(() => decodeFrame(junk)).toThrow(RangeError);
  });
});
