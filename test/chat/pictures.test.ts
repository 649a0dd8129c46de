import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPictureKeys } from '#src/chat/picture-keys.ts';
import { lookAt, MOST_PICTURE_BYTES, readPicture } from '#src/chat/pictures.ts';
import { PlatformError } from '#src/kernel/errors.ts';
import { manualClock, Temporal } from '#src/kernel/time.ts';
import { PICTURE } from '../adapters/pictures.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** The beginning of a JPEG: a comment, then the frame with its size. */
function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from('ffd8fffe000461 62ffc0000b08000000000101 1100ffd9'.replaceAll(' ', ''), 'hex');
  const at = frame.indexOf(Buffer.from('ffc0', 'hex'));
  frame.writeUInt16BE(height, at + 5);
  frame.writeUInt16BE(width, at + 7);
  return Buffer.concat([frame, Buffer.alloc(8)]);
}

describe('what bytes are as a picture', () => {
  it('is told by the bytes, whatever the name says', () => {
    expect(lookAt(PICTURE)).toEqual({ mime: 'image/png', ending: 'png', width: 1, height: 1 });
    expect(lookAt(jpeg(640, 480))).toEqual({ mime: 'image/jpeg', ending: 'jpg', width: 640, height: 480 });
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>')],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script><p>long enough</p>')],
    ['a PNG without a size', Buffer.concat([PICTURE.subarray(0, 16), Buffer.alloc(20)])],
    [
      'a JPEG that ends before its size',
      Buffer.concat([Buffer.from('ffd8ffe000ff', 'hex'), Buffer.alloc(30)]),
    ],
    ['nothing', Buffer.alloc(0)],
  ])('does not take %s', (_what, bytes) => {
    expect(lookAt(bytes)).toBeUndefined();
  });

  it('ends for any bytes behind any beginning', () => {
    const starts = ['', '89504e470d0a1a0a', 'ffd8ff', 'ffd8ffff'].map((hex) => Buffer.from(hex, 'hex'));
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const look = lookAt(Buffer.concat([start, rest]));
        expect(look === undefined || (look.width > 0 && look.height > 0)).toBe(true);
      }),
    );
  });
});

describe('pictures and their keys', () => {
  let database: TestDatabase;
  let root: string;
  const clock = manualClock(Temporal.Instant.from('2026-11-24T01:00:00Z'));

  beforeAll(async () => {
    database = await testDatabase();
    root = await mkdtemp(join(tmpdir(), 'cuhuo-pictures-'));
    await writeFile(join(root, 'one.png'), PICTURE);
    await writeFile(join(root, 'same.png'), PICTURE);
    await writeFile(join(root, 'other.jpg'), jpeg(3, 2));
    await writeFile(join(root, 'wide.jpg'), jpeg(12_001, 2));
    await writeFile(join(root, 'large.png'), Buffer.concat([PICTURE, Buffer.alloc(MOST_PICTURE_BYTES)]));
    await symlink('/etc/passwd', join(root, 'link.png'));
  });
  afterAll(async () => {
    await database.close();
    await rm(root, { recursive: true });
  });

  it.each([
    ['large.png', 'image-too-large'],
    ['wide.jpg', 'image-too-large'],
    ['link.png', 'image-missing'],
    ['../../etc/passwd', 'image-missing'],
    ['none.png', 'image-missing'],
  ])('refuses %s: %s', async (path, refused) => {
    expect(await readPicture(root, path)).toEqual({ refused });
  });

  const keys = (account: string) =>
    createPictureKeys({ db: database.db, clock, fileRoot: root, channel: 'wecom', account });

  function platform(kind = 'media_id', validMs?: number) {
    let uploads = 0;
    const way = {
      kind,
      ...(validMs === undefined ? {} : { validMs }),
      upload: async () => {
        uploads += 1;
        return `key-${uploads}`;
      },
    };
    return { way, uploads: () => uploads };
  }

  it('uploads the same content once, under whatever name, also when many ask at once', async () => {
    const { way, uploads } = platform();
    const corp = keys('once');
    const asked = ['one.png', 'same.png', 'one.png'].map((path) => corp.keyOf(path, way));
    expect((await Promise.all(asked)).map((answer) => 'key' in answer && answer.key)).toEqual(
      Array(3).fill('key-1'),
    );
    expect(await keys('once').keyOf('same.png', way)).toMatchObject({ key: 'key-1' });
    expect(uploads()).toBe(1);
  });

  it('uploads again for another account, another kind of key and another picture', async () => {
    const { way, uploads } = platform();
    await keys('first').keyOf('one.png', way);
    await keys('second').keyOf('one.png', way);
    await keys('first').keyOf('one.png', { ...way, kind: 'url' });
    await keys('first').keyOf('other.jpg', way);
    expect(uploads()).toBe(4);
  });

  it('uploads again when the platform has forgotten, by its own time or by its word', async () => {
    const { way, uploads } = platform('media_id', 3 * 86_400_000);
    const corp = keys('forgetful');
    await corp.keyOf('one.png', way);
    clock.set(clock.now().add({ hours: 71 }));
    expect(await corp.keyOf('one.png', way)).toMatchObject({ key: 'key-1' });
    clock.set(clock.now().add({ hours: 2 }));
    expect(await corp.keyOf('one.png', way)).toMatchObject({ key: 'key-2' });
    await corp.forget('key-2');
    expect(await corp.keyOf('one.png', way)).toMatchObject({ key: 'key-3' });
    expect(uploads()).toBe(3);
  });

  it('remembers nothing of an upload that failed', async () => {
    const { way, uploads } = platform();
    const corp = keys('broken');
    await expect(
      corp.keyOf('one.png', { ...way, upload: () => Promise.reject(new Error('line cut')) }),
    ).rejects.toThrow('line cut');
    expect(await corp.keyOf('one.png', way)).toMatchObject({ key: 'key-1' });
    expect(uploads()).toBe(1);
  });

  it('leaves no doubt about the message when the answer to the upload is lost: that was not sent yet', async () => {
    const { way } = platform();
    const lost = new PlatformError({
      platform: 'wecom',
      call: 'media/upload',
      platformCode: 'TIMEOUT',
      fate: 'retry',
      unanswered: true,
    });
    await expect(
      keys('slow').keyOf('one.png', { ...way, upload: () => Promise.reject(lost) }),
    ).rejects.toMatchObject({ platformCode: 'TIMEOUT', fate: 'retry', unanswered: false });
  });
});
