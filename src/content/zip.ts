import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
/** A comment of 64 KB may follow the end of the directory. */
const LONGEST_TAIL = 22 + 0xffff;

export interface ZipEntry {
  name: string;
  /** Bytes when unpacked, as the directory claims; `unpack` does not believe more. */
  size: number;
  unpack(): Promise<Buffer>;
}

/** Something in the archive is not as its directory says. */
export class BrokenZip extends Error {}

/**
 * The entries of a ZIP archive by name. The directory at the end is read, so a file that was cut off is noticed at
 * once, and `unpack` stops at the promised size and checks the sum, so no entry can grow beyond what it admitted.
 * Archives above 4 GB (ZIP64) and with a password are not read.
 */
export function openZip(file: Buffer): Map<string, ZipEntry> {
  try {
    return entriesOf(file);
  } catch (error) {
    // Reading beyond the end of the buffer: the directory points outside the file.
    throw error instanceof RangeError ? new BrokenZip('an entry lies outside the file') : error;
  }
}

function entriesOf(file: Buffer): Map<string, ZipEntry> {
  const end = file.lastIndexOf(signature(END_OF_DIRECTORY));
  if (end < 0 || end < file.length - LONGEST_TAIL) throw new BrokenZip('no directory at the end');
  if (end + 22 + file.readUInt16LE(end + 20) > file.length) throw new BrokenZip('the end is cut off');
  const entries = new Map<string, ZipEntry>();
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (file.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new BrokenZip('the directory is damaged');
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    entries.set(name, entryAt(file, at, name));
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return entries;
}

function entryAt(file: Buffer, at: number, name: string): ZipEntry {
  const method = file.readUInt16LE(at + 10);
  const sum = file.readUInt32LE(at + 16);
  const packedSize = file.readUInt32LE(at + 20);
  const size = file.readUInt32LE(at + 24);
  const local = file.readUInt32LE(at + 42);
  if (file.readUInt32LE(local) !== LOCAL_ENTRY) throw new BrokenZip(`${name} is not where it should be`);
  const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  if (start + packedSize > file.length) throw new BrokenZip(`${name} is cut off`);
  const packed = file.subarray(start, start + packedSize);
  return {
    name,
    size,
    async unpack() {
      const bytes = method === 0 ? packed : await inflated(packed, size, name);
      if (bytes.length !== size || crc32(bytes) !== sum) throw new BrokenZip(`${name} is damaged`);
      return bytes;
    },
  };
}

async function inflated(packed: Buffer, size: number, name: string): Promise<Buffer> {
  try {
    return await inflate(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw new BrokenZip(`${name} cannot be unpacked`, { cause });
  }
}

/** An archive in which the given entries stand unpacked, in the given order, for a reader that goes from the front. */
export function storedZip(entries: readonly { name: string; bytes: Buffer }[]): Buffer[] {
  const parts = entries.flatMap(({ name, bytes }) => {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(LOCAL_ENTRY, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt32LE(crc32(bytes), 14);
    header.writeUInt32LE(bytes.length, 18);
    header.writeUInt32LE(bytes.length, 22);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    return [header, Buffer.from(name), bytes];
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_DIRECTORY, 0);
  return [...parts, end];
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}
