import { expect, it } from '@jest/globals';
import { createLine } from '#src/outbox/line.ts';

it('lets those who wait for the same thing go in the order in which they came, also after one has failed', async () => {
  const line = createLine();
  const log: string[] = [];
  const turn = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${name} ends`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };
  const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => line.queueUp('quota', turn(name))));
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('lets those who wait for something else pass', async () => {
  const line = createLine();
  let free = (): void => undefined;
  const held = line.queueUp('campaigns', () => new Promise<void>((resolve) => (free = resolve)));
  expect(await line.queueUp('answers', async () => 'answered')).toBe('answered');
  free();
  await held;
});
