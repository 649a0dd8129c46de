/** A person's year of events stays far below; whatever is longer is no package. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** The lines of a file as bytes, without their ends. A rest without an end is a line as well. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, at)]);
      parts = [];
      length = 0;
      from = at + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LONGEST_LINE)
      throw new Error(`a line is longer than ${LONGEST_LINE} bytes: this is no package`);
  }
  if (length > 0) yield Buffer.concat(parts);
}
