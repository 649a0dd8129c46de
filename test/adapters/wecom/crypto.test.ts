import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decryptFile, WecomCrypto } from '@wecom/aibot-node-sdk';
import { decrypt, encrypt, getJsApiSignature } from '@wecom/crypto';
import fc from 'fast-check';
import { isSigned, open } from '#src/adapters/wecom/crypto.ts';
import { OFFICIAL, OURS, type Vector, vectors } from './vectors.ts';

const signed = ({ signature, timestamp, nonce, encrypted }: Vector) => ({
  signature,
  timestamp,
  nonce,
  encrypted,
});

describe('the known answers', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    expect(isSigned(vector.token, signed(vector))).toBe(true);
    expect(open(vector.aesKey, vector.encrypted, vector.receiveId)).toBe(vector.plain);
  });

  it('V1 is what the vendor’s package makes of the same words', () => {
    const [v1] = vectors;
    expect(
      encrypt(OFFICIAL.aesKey, v1?.plain ?? '', OFFICIAL.receiveId, Buffer.from('0960688932c47ef1')),
    ).toBe(v1?.encrypted);
  });

  it('V7, a file of the robot', () => {
    const bytes = Buffer.from('3IxR5GOsiCEPBuNtplnyu6jqw4RMcMhXeUcZVXjbzog=', 'base64');
    expect(decryptFile(bytes, OURS.aesKey).toString()).toBe('hello wecom file');
  });

  it('V8, the signature of a page', () => {
    const { signature } = getJsApiSignature({
      ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
      nonceStr: 'Wm3WZYTPz0wzccnW',
      timestamp: 1414587457,
      url: 'http://mp.weixin.qq.com?params=value',
    });
    expect(signature).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed');
  });
});

describe('opening', () => {
  it('agrees with both packages of the vendor on whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (words) => {
        const encrypted = encrypt(OURS.aesKey, words, OURS.receiveId);
        expect(open(OURS.aesKey, encrypted, OURS.receiveId)).toBe(decrypt(OURS.aesKey, encrypted).message);
        const theirs = new WecomCrypto(OURS.token, OURS.aesKey, OURS.receiveId).encrypt(words, '1', 'n');
        expect(open(OURS.aesKey, theirs.encrypt, OURS.receiveId)).toBe(words);
        const { signature, encrypt: sealed } = theirs;
        expect(isSigned(OURS.token, { signature, timestamp: '1', nonce: 'n', encrypted: sealed })).toBe(true);
      }),
    );
  });

  it.each([
    ['a receiver of another corporation', encrypt(OURS.aesKey, 'x', 'ww-other')],
    ['a receiver that only begins like ours', encrypt(OURS.aesKey, 'x', `${OURS.receiveId}x`)],
    ['nothing', ''],
    ['half a block', Buffer.alloc(16).toString('base64')],
    ['a wrong padding', sealedRaw(Buffer.concat([Buffer.alloc(31), Buffer.from([0])]))],
    ['a padding longer than a block', sealedRaw(Buffer.concat([Buffer.alloc(31), Buffer.from([33])]))],
    ['a padding of mixed bytes', sealedRaw(Buffer.concat([Buffer.alloc(30), Buffer.from([1, 2])]))],
    ['a length beyond the end', sealedRaw(framed('x', OURS.receiveId, 4_000_000_000))],
  ])('refuses %s', (_name, encrypted) => {
    expect(open(OURS.aesKey, encrypted, OURS.receiveId)).toBeUndefined();
  });

  it('refuses every truncation of what it takes whole', () => {
    const whole = Buffer.from(encrypt(OURS.aesKey, '打卡'.repeat(20), OURS.receiveId), 'base64');
    for (let length = 0; length < whole.length; length += 1) {
      expect(open(OURS.aesKey, whole.subarray(0, length).toString('base64'), OURS.receiveId)).toBeUndefined();
    }
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (junk) => {
        expect(open(OURS.aesKey, junk, OURS.receiveId)).toBeUndefined();
      }),
    );
  });
});

describe('a signature', () => {
  it('is no longer right when any part differs', () => {
    const [vector] = vectors as [Vector];
    const good = signed(vector);
    for (const name of Object.keys(good) as (keyof typeof good)[]) {
      expect(isSigned(vector.token, { ...good, [name]: `${good[name]}0` })).toBe(false);
    }
    expect(isSigned('another', good)).toBe(false);
    expect(isSigned(vector.token, { ...good, signature: '' })).toBe(false);
  });
});

function framed(words: string, receiver: string, length = Buffer.byteLength(words)): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(length);
  const plain = Buffer.concat([randomBytes(16), size, Buffer.from(words), Buffer.from(receiver)]);
  const pad = 32 - (plain.length % 32);
  return Buffer.concat([plain, Buffer.alloc(pad, pad)]);
}

function sealedRaw(padded: Buffer): string {
  const key = Buffer.from(`${OURS.aesKey}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}
