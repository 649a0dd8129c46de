import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/** How the platform signs and encrypts what it pushes over HTTP. Written from the fact sheet, §3. */

export function robotSign(timestamp: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(`${timestamp}\n${appSecret}`).digest('base64');
}

export function cardSign(timestamp: string, apiSecret: string): string {
  return createHmac('sha256', apiSecret).update(timestamp).digest('base64');
}

export function eventSign(token: string, timestamp: string, nonce: string, encrypt: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest('hex');
}

const BLOCK = 32;

export function encryptEvent(
  plain: string,
  { aesKey, owner, random = randomBytes(16) }: { aesKey: string; owner: string; random?: Buffer },
): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const message = Buffer.from(plain, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const body = Buffer.concat([random, length, message, Buffer.from(owner, 'utf8')]);
  const pad = BLOCK - (body.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([body, Buffer.alloc(pad, pad)])),
    cipher.final(),
  ]).toString('base64');
}

/** What an app's answer says, and to whom it belongs. Throws when it was not encrypted with this key. */
export function decryptAnswer(encrypt: string, aesKey: string): { plain: string; owner: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypt, 'base64')), decipher.final()]);
  const body = padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
  const length = body.readUInt32BE(16);
  return {
    plain: body.subarray(20, 20 + length).toString('utf8'),
    owner: body.subarray(20 + length).toString('utf8'),
  };
}
