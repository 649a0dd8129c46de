import { z } from 'zod';
import type { InstantAnswer, Receive } from '../../chat/adapter.ts';
import type { DirectoryHint } from '../../chat/directory-source.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import { type CardPlace, cardOf } from './card.ts';
import type { FeishuClient } from './client.ts';
import { decode } from './decode.ts';
import type { Envelope } from './envelope.ts';
import { text } from './feishu.text.ts';
import type { Images } from './images.ts';

/** What goes back to Feishu: `busy` asks it to deliver the event again. */
export type Handled = { kind: 'done'; body: object } | { kind: 'busy' };

/** Feishu waits three seconds, of which the way there and back takes some. */
const WINDOW_MS = 2_500;
const MESSAGE = 'im.message.receive_v1';
const LATE = Symbol('late');

/** An answer, with the key of the picture on its card. */
type Shown = InstantAnswer & { imageKey?: string };

/** Works on one verified envelope and answers inside of Feishu's window, whatever our own work takes. */
export type Handle = (envelope: Envelope) => Promise<Handled>;

export function createHandle(deps: {
  client: FeishuClient;
  images: Images;
  clock: Clock;
  log: Log;
  account: string;
  botOpenId: () => Promise<string | undefined>;
  receive: Receive;
  hint: (hint: DirectoryHint) => void;
  windowMs?: number;
}): Handle {
  const { client, images, clock, log, account, receive, windowMs = WINDOW_MS } = deps;

  return async (envelope) => {
    const begun = performance.now();
    const context = { account, receivedAt: clock.now(), botOpenId: await deps.botOpenId() };
    // Whether a group message is meant for us cannot be told yet.
    if (context.botOpenId === undefined && envelope.header.event_type === MESSAGE) return { kind: 'busy' };
    const { events, hints, cardToken } = decode(envelope, context);
    for (const hint of hints) deps.hint(hint);
    const work = Promise.all(
      events.map(async (event): Promise<Shown> => {
        const answer = await receive(event);
        const imageKey = await images.ofCard(answer.card);
        return imageKey === undefined ? answer : { ...answer, imageKey };
      }),
    );
    const answers = await within(work, windowMs - (performance.now() - begun));
    if (cardToken === undefined)
      return answers === LATE || answers === 'failed' ? { kind: 'busy' } : done({});
    const place = events[0]?.place.kind ?? 'private';
    if (answers === 'failed') return done({ toast: { type: 'error', ...i18n('failed') } });
    if (answers !== LATE) return done(replyOf(answers[0] ?? {}, place));
    void work.then(([answer]) => afterwards(answer ?? {}, cardToken, place)).catch(() => undefined);
    return done({ toast: { type: 'info', ...i18n('late') } });
  };

  /** Replaces the card by the click's token. That works only after the click was answered, so it waits a little. */
  async function afterwards({ card, imageKey }: Shown, token: string, place: CardPlace): Promise<void> {
    if (card === undefined) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 1_000).unref();
    });
    const call = { name: 'interactive/v1/card/update', path: '/interactive/v1/card/update' };
    await client
      .call({ ...call, body: { token, card: cardOf(card, place, imageKey) } }, z.unknown())
      .catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'card could not be replaced later'));
  }
}

const done = (body: object): Handled => ({ kind: 'done', body });

const i18n = (key: 'late' | 'failed') => ({
  content: text['zh-CN'][key],
  i18n: { zh_cn: text['zh-CN'][key], en_us: text.en[key] },
});

function replyOf({ toast, card, imageKey }: Shown, place: CardPlace): object {
  return {
    ...(toast === undefined ? {} : { toast: { type: 'success', content: toast } }),
    ...(card === undefined ? {} : { card: { type: 'raw', data: cardOf(card, place, imageKey) } }),
  };
}

/** A failure has been logged where it happened; here it only decides what Feishu hears. */
async function within<Value>(work: Promise<Value>, ms: number): Promise<Value | 'failed' | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  try {
    return await Promise.race([work.catch(() => 'failed' as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
