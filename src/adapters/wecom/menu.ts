import type { Log } from '../../kernel/log.ts';
import type { WecomClient } from './client.ts';
import { reasonOf } from './reason.ts';
import type { MenuItem } from './settings.ts';
import { cutBytes } from './words.ts';

/** Bytes of a name. Source: path/90231, read 2026-11-22. */
const NAME_BYTES = { top: 16, sub: 40 } as const;

const button = (name: string, word: string, bytes: number) => ({
  type: 'click',
  name: cutBytes(name, bytes, ''),
  key: word,
});

/** The menu as WeCom takes it. Pressing an item says its word. */
export function menuOf(items: readonly MenuItem[]): { button: object[] } {
  return {
    button: items.map(({ name, word, items: below }) =>
      below !== undefined && below.length > 0
        ? {
            name: cutBytes(name, NAME_BYTES.top, ''),
            sub_button: below.map((one) => button(one.name, one.word, NAME_BYTES.sub)),
          }
        : button(name, word ?? name, NAME_BYTES.top),
    ),
  };
}

/** Puts the menu where it differs from the one that stands. A failure is only logged: everything works by word too. */
export async function putMenu(
  client: WecomClient,
  agentId: string,
  items: readonly MenuItem[],
  log: Log,
): Promise<void> {
  if (items.length === 0) return;
  const menu = menuOf(items);
  const query = { agentid: agentId };
  try {
    const standing = await client.ask('menu/get', { query });
    if (standing.errcode === 0 && sameMenu(standing['button'], menu.button)) return;
    await client.call('menu/create', { query, body: menu });
    log.info({ platform: 'wecom', items: menu.button.length }, 'menu put');
  } catch (error) {
    log.warn({ platform: 'wecom', reason: reasonOf(error) }, 'the menu could not be put');
  }
}

function sameMenu(standing: unknown, wanted: unknown): boolean {
  return JSON.stringify(shapeOf(standing)) === JSON.stringify(shapeOf(wanted));
}

/** Names and keys in order; WeCom adds fields of its own. */
function shapeOf(buttons: unknown): unknown {
  if (!Array.isArray(buttons)) return [];
  return buttons.map(({ name, key, sub_button }: Record<string, unknown>) => [
    name,
    key ?? null,
    shapeOf(sub_button),
  ]);
}
