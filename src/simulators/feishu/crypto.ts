import { createCipheriv, createHash, randomBytes } from 'node:crypto';

/** `base64(iv ‖ AES-256-CBC(SHA-256(key)))`, as the platform encrypts what it pushes. */
export function encrypt(plain: string, encryptKey: string, iv: Buffer = randomBytes(16)): string {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv);
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
}

/** The headers of a signed push. `timestampSeconds` and nonce come in, so that vectors can be checked. */
export function signed(
  body: string,
  { encryptKey, timestamp, nonce }: { encryptKey: string; timestamp: string; nonce: string },
): Record<string, string> {
  const signature = createHash('sha256')
    .update(timestamp + nonce + encryptKey + body)
    .digest('hex');
  return {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
    'x-lark-signature': signature,
  };
}
