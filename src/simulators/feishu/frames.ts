/** One frame of the long connection: `pbbp2.Frame`, proto2, by hand, because two shapes need no library. */
export interface Frame {
  seqId: bigint;
  logId: bigint;
  service: number;
  /** 0 control, 1 data. */
  method: number;
  headers: [key: string, value: string][];
  payload: Buffer;
}

const VARINT = 0;
const BYTES = 2;

export function encodeFrame({ seqId, logId, service, method, headers, payload }: Frame): Buffer {
  const parts = [
    varintField(1, seqId),
    varintField(2, logId),
    varintField(3, BigInt(service)),
    varintField(4, BigInt(method)),
    ...headers.map(([key, value]) =>
      bytesField(5, Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, Buffer.from(value))])),
    ),
    ...(payload.length === 0 ? [] : [bytesField(8, payload)]),
  ];
  return Buffer.concat(parts);
}

/** Throws RangeError for bytes that are no frame. */
export function decodeFrame(bytes: Buffer): Frame {
  const frame: Frame = { seqId: 0n, logId: 0n, service: 0, method: 0, headers: [], payload: Buffer.alloc(0) };
  for (const [field, value] of fieldsOf(bytes)) {
    if (typeof value === 'bigint') {
      if (field === 1) frame.seqId = value;
      if (field === 2) frame.logId = value;
      if (field === 3) frame.service = Number(value);
      if (field === 4) frame.method = Number(value);
    } else if (field === 5) frame.headers.push(headerOf(value));
    else if (field === 8) frame.payload = value;
  }
  return frame;
}

function headerOf(bytes: Buffer): [string, string] {
  const header: [string, string] = ['', ''];
  for (const [field, value] of fieldsOf(bytes)) {
    if (typeof value !== 'bigint' && (field === 1 || field === 2)) header[field - 1] = value.toString('utf8');
  }
  return header;
}

function* fieldsOf(bytes: Buffer): Generator<[number, bigint | Buffer]> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('frame is cut');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('number is too long');
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    if (kind === VARINT) yield [tag >> 3, varint()];
    else if (kind === BYTES) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new RangeError('frame is cut');
      yield [tag >> 3, bytes.subarray(at, at + length)];
      at += length;
    } else throw new RangeError(`wire type ${kind} is not used`);
  }
}

function varintField(field: number, value: bigint): Buffer {
  return Buffer.concat([varintOf(BigInt((field << 3) | VARINT)), varintOf(value)]);
}

function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([varintOf(BigInt((field << 3) | BYTES)), varintOf(BigInt(value.length)), value]);
}

function varintOf(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
