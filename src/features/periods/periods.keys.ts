import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';

export interface Signer {
  /** Raw Ed25519 public key, 64 hexadecimal digits. */
  publicKey: string;
  /** The first half of its SHA-256, in groups of four: what two people compare over the telephone. */
  fingerprint: string;
  /** 128 hexadecimal digits. */
  sign(bytes: Uint8Array): string;
}

/** PKCS 8 of a raw Ed25519 seed (RFC 8410, section 7). */
const PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key that signs packages of closed periods. It follows from the installation's secret, so every process and every
 * restored backup has the same one, and nothing more has to be kept safe.
 */
export function signerFrom(secretKey: Buffer): Signer {
  const seed = Buffer.from(hkdfSync('sha256', secretKey, '', 'cuhuo performance package', 32));
  const key = createPrivateKey({ key: Buffer.concat([PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const raw = rawPublicKey(createPublicKey(key));
  return {
    publicKey: raw.toString('hex'),
    fingerprint: fingerprintOf(raw),
    sign: (bytes) => sign(null, bytes, key).toString('hex'),
  };
}

/** The last 32 bytes of its SPKI form. */
function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-32);
}

function fingerprintOf(raw: Buffer): string {
  const hash = createHash('sha256').update(raw).digest('hex').slice(0, 32).toUpperCase();
  return (hash.match(/.{4}/g) ?? []).join('-');
}
