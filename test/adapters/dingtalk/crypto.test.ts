import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cardSignature,
  createEventCipher,
  eventSignature,
  isSame,
  robotSignature,
} from '#src/adapters/dingtalk/crypto.ts';
import * as platform from '#src/simulators/dingtalk/signatures.ts';

/** platforms/dingtalk.md §3.4: A from the vendor's repository, B from its documentation, C worked out by hand. */
const vectors = {
  A: {
    token: 'mryue',
    aesKey: 'Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7',
    owner: 'ding6ccabc44d2c8d38b',
    timestamp: '1608001896814',
    nonce: 'WL4PK6yA',
    random: 'l7Y3EcX2CU5w8av3',
    plain: '{"EventType":"check_url"}',
    signature: '03044561471240d4a14bb09372dfcfd4fd0e40cb',
    encrypt:
      '0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3',
  },
  B: {
    token: '123456',
    aesKey: '1234567890123456789012345678901234567890123',
    owner: 'dingsnotzck6pm5veliw',
    timestamp: '1614767836',
    nonce: 'A7Co0cJLMzIDtMMI',
    random: 'dICkEDLj0eb6yAbc',
    plain: 'success',
    signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
    encrypt: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
  },
  C: {
    token: '123456',
    aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij',
    owner: 'dingabcdefabcdefab12',
    timestamp: '1700000000000',
    nonce: 'nonce0123456789A',
    random: '0123456789abcdef',
    plain: 'success',
    signature: '8dd4278c54aeba375f24bd929d0d2ea0200411e0',
    encrypt: 'HcA0QDKRG/U9FnFvX30Rgz6w4zsa7YG72uChSwpwB9L5gYnHN9qCi4ymy3VJk6uwu2DMXRDQLaHJ2BQ6AXZcxA==',
  },
};

describe.each(Object.entries(vectors))('vector %s', (_name, vector) => {
  const { token, aesKey, owner, timestamp, nonce, random, plain, signature, encrypt } = vector;

  it('is signed as the platform signs it', () => {
    expect(eventSignature(token, timestamp, nonce, encrypt)).toBe(signature);
    expect(platform.eventSign(token, timestamp, nonce, encrypt)).toBe(signature);
  });

  it('opens', () => {
    expect(createEventCipher(aesKey).decrypt(encrypt)).toEqual({ plain, owner });
    expect(platform.decryptAnswer(encrypt, aesKey)).toEqual({ plain, owner });
  });

  it('closes to the same letters', () => {
    expect(createEventCipher(aesKey).encrypt(plain, owner, Buffer.from(random))).toBe(encrypt);
    expect(platform.encryptEvent(plain, { aesKey, owner, random: Buffer.from(random) })).toBe(encrypt);
  });
});

it.each([
  ['1577262236757', 'this is a secret', 'DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA='],
  ['1700000000000', 'SEC0123456789abcdef', 'TSZbRFUuvaSQaRKUpF970OPCb2/LcQAP3wOvwZIzBZk='],
  ['1700000000000', 'GT-appSecret-EXAMPLE', '+DUdMDoNUqT5k6U6/3wU5ja7T6CDtmH7CqENCfKcA/M='],
])('a robot message of %s is signed with its secret', (timestamp, secret, sign) => {
  expect(robotSignature(timestamp, secret)).toBe(sign);
  expect(platform.robotSign(timestamp, secret)).toBe(sign);
});

it('a card callback is signed over its time', () => {
  const sign = 'I85VWQbGCqbDkjEb7rsCEkTKI9QSL3wzLms54MiwXlg=';
  expect(cardSignature('1700000000000', 'example-secret')).toBe(sign);
  expect(platform.cardSign('1700000000000', 'example-secret')).toBe(sign);
});

it('whatever is closed opens again, and its padding fills blocks of 32 bytes', () => {
  const cipher = createEventCipher(vectors.A.aesKey);
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), fc.string(), (plain, owner) => {
      const closed = cipher.encrypt(plain, owner);
      expect(Buffer.from(closed, 'base64').length % 32).toBe(0);
      expect(cipher.decrypt(closed)).toEqual({ plain: plain, owner: owner });
    }),
  );
});

it('junk and other keys open nothing, and nothing is thrown', () => {
  const [cipher, other] = [createEventCipher(vectors.A.aesKey), createEventCipher(vectors.C.aesKey)];
  fc.assert(
    fc.property(fc.base64String({ maxLength: 400 }), (junk) => {
      expect(cipher.decrypt(junk)?.owner).not.toBe(vectors.A.owner);
    }),
  );
  expect(other.decrypt(vectors.A.encrypt)?.owner).not.toBe(vectors.A.owner);
});

it('signatures of another length are not the same', () => {
  expect(isSame('a', 'ab')).toBe(false);
  expect(isSame('ab', 'ab')).toBe(true);
});
