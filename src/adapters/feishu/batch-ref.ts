/** Feishu tells of a batch only numbers, so its id carries how many it was for: `bm-d4be…/200`. */
export const batchRef = (id: string, people: number): string => `${id}/${people}`;

/** Undefined for the id of a single message. */
export function batchIn(platformMessageId: string): { id: string; people: number } | undefined {
  const caught = /^(bm-[^/]+)\/(\d+)$/.exec(platformMessageId);
  return caught === null ? undefined : { id: caught[1] ?? '', people: Number(caught[2]) };
}
