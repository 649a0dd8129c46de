/**
 * The text of a file: UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030, which is what Excel
 * writes in China. Null when it is none of them.
 */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs('utf-16le', bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs('utf-16be', bytes);
  const text = decodeAs('utf-8', bytes) ?? decodeAs('gb18030', bytes);
  return text?.includes('\0') ? null : text;
}

function decodeAs(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
