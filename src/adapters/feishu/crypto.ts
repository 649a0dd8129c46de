import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

const IV_BYTES = 16;

/** What Feishu encrypted: `base64(iv ‖ AES-256-CBC(SHA-256(key)))`. Undefined for whatever is not that. */
export function decrypt(encrypted: string, encryptKey: string): string | undefined {
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length < 2 * IV_BYTES || bytes.length % IV_BYTES !== 0) return undefined;
  const key = createHash('sha256').update(encryptKey).digest();
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, IV_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

export interface Signed {
  timestamp: string;
  nonce: string;
  signature: string;
}

/** Whether the signature is that of these bytes; compared in constant time. */
export function isSignedBy(
  encryptKey: string,
  body: Buffer,
  { timestamp, nonce, signature }: Signed,
): boolean {
  const hash = createHash('sha256').update(timestamp + nonce + encryptKey);
  return isSame(hash.update(body).digest('hex'), signature);
}

/** Compares in a time that tells nothing about where they differ. */
export function isSame(expected: string, given: string): boolean {
  const [a, b] = [expected, given].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
