import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { drawRandom } from '../../kernel/random.ts';

/**
 * How DingTalk signs and encrypts what it pushes over HTTP.
 * Source: platforms/dingtalk.md §3; github.com/open-dingtalk/DingTalk-Callback-Crypto, read 2026-11-22.
 */

/** The signature of robot messages. It covers the time only, not the body. */
export const robotSignature = (timestamp: string, appSecret: string): string =>
  createHmac('sha256', appSecret).update(`${timestamp}\n${appSecret}`).digest('base64');

/** The signature of card callbacks; it too covers the time only. */
export const cardSignature = (timestamp: string, apiSecret: string): string =>
  createHmac('sha256', apiSecret).update(timestamp).digest('base64');

export const eventSignature = (token: string, timestamp: string, nonce: string, encrypt: string): string =>
  createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest('hex');

/** Compares without telling by its duration how much is right. */
export function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const BLOCK_BYTES = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

export interface EventCipher {
  encrypt(plain: string, owner: string, random?: Buffer): string;
  /** `undefined` for what was not encrypted with this key, was cut, or is padded wrongly. */
  decrypt(encrypted: string): { plain: string; owner: string } | undefined;
}

/** AES-256-CBC with the console's key of 43 characters and padding to 32 bytes. */
export function createEventCipher(aesKey: string): EventCipher {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const iv = key.subarray(0, 16);
  return {
    encrypt(plain, owner, random = drawRandom(RANDOM_BYTES)) {
      const message = Buffer.from(plain, 'utf8');
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(message.length);
      const body = Buffer.concat([random, length, message, Buffer.from(owner, 'utf8')]);
      const pad = BLOCK_BYTES - (body.length % BLOCK_BYTES);
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
      const padded = Buffer.concat([body, Buffer.alloc(pad, pad)]);
      return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
    },
    decrypt(encrypted) {
      try {
        const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
        const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()]);
        return opened(padded);
      } catch {
        return undefined;
      }
    },
  };
}

function opened(padded: Buffer): { plain: string; owner: string } | undefined {
  const pad = padded.at(-1) ?? 0;
  const head = RANDOM_BYTES + LENGTH_BYTES;
  if (pad < 1 || pad > BLOCK_BYTES || padded.length < head + pad) return undefined;
  if (!padded.subarray(-pad).every((byte) => byte === pad)) return undefined;
  const body = padded.subarray(0, -pad);
  const length = body.readUInt32BE(RANDOM_BYTES);
  if (length > body.length - head) return undefined;
  return {
    plain: body.subarray(head, head + length).toString('utf8'),
    owner: body.subarray(head + length).toString('utf8'),
  };
}
