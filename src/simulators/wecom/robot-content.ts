import { z } from 'zod';
import { readCard } from './cards.ts';
import type { SimContent, World } from './world.ts';

const MARKDOWN_BYTES = 20_480;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the robot may send, or the code that refuses it. */
export function robotContent(world: World, body: Record<string, unknown>): SimContent | number {
  const msgtype = String(body['msgtype']);
  const given = z.record(z.string(), z.unknown()).safeParse(body[msgtype]);
  if (!given.success) return 40_008;
  switch (msgtype) {
    case 'markdown':
    case 'stream': {
      const words = textOf(given.data['content']);
      if (words === '') return 44_004;
      return Buffer.byteLength(words) > MARKDOWN_BYTES ? 45_002 : { msgtype, body: given.data };
    }
    case 'template_card': {
      const card = readCard(given.data);
      return typeof card === 'number' ? card : { msgtype, body: card };
    }
    case 'image':
    case 'file':
      return world.media.get(String(given.data['media_id']))?.type === msgtype
        ? { msgtype, body: given.data }
        : 40_007;
    default:
      return 40_008;
  }
}
