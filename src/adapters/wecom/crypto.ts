import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { getSignature } from '@wecom/crypto';

const BLOCK = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** The signature that belongs to these values, compared in constant time. */
export function isSigned(
  token: string,
  given: { signature: string; timestamp: string; nonce: string; encrypted: string },
): boolean {
  const expected = Buffer.from(getSignature(token, given.timestamp, given.nonce, given.encrypted));
  const signature = Buffer.from(given.signature);
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/**
 * Opens what WeCom has encrypted: AES-256-CBC over 16 random bytes, the length, the message and whom it is for.
 * `undefined` when padding, length or receiver is not right. The vendor's `decrypt` checks none of them.
 */
export function open(aesKey: string, encrypted: string, receiveId: string): string | undefined {
  const plain = decrypted(aesKey, encrypted);
  if (plain === undefined || plain.length < RANDOM_BYTES + LENGTH_BYTES) return undefined;
  const length = plain.readUInt32BE(RANDOM_BYTES);
  const start = RANDOM_BYTES + LENGTH_BYTES;
  const end = start + length;
  if (end > plain.length) return undefined;
  const receiver = plain.subarray(end);
  const expected = Buffer.from(receiveId);
  if (receiver.length !== expected.length || !timingSafeEqual(receiver, expected)) return undefined;
  return plain.subarray(start, end).toString('utf8');
}

function decrypted(aesKey: string, encrypted: string): Buffer | undefined {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
  decipher.setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const pad = padded.at(-1) ?? 0;
  if (pad < 1 || pad > BLOCK) return undefined;
  const padding = padded.subarray(-pad);
  return padding.every((byte) => byte === pad) ? padded.subarray(0, -pad) : undefined;
}
