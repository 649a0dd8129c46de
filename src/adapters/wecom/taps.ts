import type { InstantAnswer } from '../../chat/adapter.ts';
import type { SealedCard } from '../../chat/message.ts';
import type { Db } from '../../kernel/db.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { renderCard } from './card.ts';
import { APP_CARD } from './card-sizes.ts';
import type { WecomClient } from './client.ts';
import type { Tap } from './decode.ts';
import { cardInWords } from './encode.ts';
import type { Images } from './images.ts';
import { MEMBER, TEXT_BYTES } from './limits.ts';
import { reasonOf } from './reason.ts';
import { keepCode, takeCode } from './response-codes.ts';
import { cutBytes, harmlessText } from './words.ts';

const CODE_GONE = 60_140;
const PEOPLE_REMEMBERED = 10_000;

interface Deps {
  db: Db;
  client: WecomClient;
  images: Images;
  agentId: string;
  log: Log;
  now?: () => number;
}

export interface Taps {
  /** Shows the answer to whoever pressed: the card replaced, or words where there is no card to replace. */
  answer(tap: Tap, answer: InstantAnswer): Promise<void>;
  /** A sentence to one person, outside of the queue. What exceeds the room kept for it is not sent. */
  tell(userId: string, sentence: string): Promise<void>;
  /** Replaces a card for everybody who has it. Rejects with PlatformError of fate `give-up` when it no longer can. */
  replace(msgid: string, card: SealedCard): Promise<void>;
}

/**
 * WeCom knows no toast, and ignores what is answered to a press: the card is replaced by a call with the code that
 * came with the press. Source: developer.work.weixin.qq.com/document/path/94888, read 2026-11-22.
 */
export function createTaps({ db, client, images, agentId, log, now = Date.now }: Deps): Taps {
  const room = createRoom(now);

  const update = async (code: string, taskId: string, card: SealedCard, whom: object) => {
    const picture = await images.ofCard(card);
    return client.ask('message/update_template_card', {
      body: {
        ...whom,
        agentid: Number(agentId),
        response_code: code,
        template_card: renderCard(card, { sizes: APP_CARD, taskId, replacing: true, picture })?.card,
      },
    });
  };

  async function say(userId: string, msgtype: string, content: Record<string, unknown>): Promise<void> {
    if (!room.take(userId)) return;
    const body = { touser: userId, agentid: Number(agentId), msgtype, [msgtype]: content, safe: 0 };
    await client.ask('message/send', { body });
  }

  const tell = (userId: string, sentence: string) =>
    say(userId, 'text', { content: cutBytes(harmlessText(sentence), TEXT_BYTES, '…') });

  async function show({ userId, taskId, responseCode }: Tap, card: SealedCard): Promise<void> {
    const reply = await update(responseCode, taskId, card, { userids: [userId] });
    if (reply.errcode !== CODE_GONE) return;
    const words = cardInWords(card, TEXT_BYTES, await images.ofCard(card));
    if (words.kind === 'content') await say(userId, words.msgtype, words.content);
  }

  return {
    tell,
    async answer(tap, answer) {
      try {
        if (answer.card !== undefined) return await show(tap, answer.card);
        if (tap.responseCode !== '') await keepCode(db, { code: tap.responseCode, taskId: tap.taskId });
        if (answer.toast !== undefined) await tell(tap.userId, answer.toast);
      } catch (error) {
        // The deed is recorded; only its picture is late.
        log.warn({ platform: 'wecom', reason: reasonOf(error) }, 'a press could not be answered at once');
      }
    },
    async replace(msgid, card) {
      // Codes of one card may end before their time; then the next newest is tried.
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const taken = await takeCode(db, msgid);
        if (taken === undefined) break;
        const reply = await update(taken.code, taken.taskId, card, { atall: 1 });
        if (reply.errcode === 0) return;
        if (reply.errcode !== CODE_GONE) throw giveUp(String(reply.errcode));
      }
      throw giveUp(String(CODE_GONE));
    },
  };
}

const giveUp = (platformCode: string): PlatformError =>
  new PlatformError({
    platform: 'wecom',
    call: 'message/update_template_card',
    platformCode,
    fate: 'give-up',
  });

/** How often one member may be told something at once: the share of WeCom's limits that the queue leaves to us. */
function createRoom(now: () => number): { take(userId: string): boolean } {
  const counts = new Map<string, { minute: number; inMinute: number; hour: number; inHour: number }>();
  return {
    take(userId) {
      const minute = Math.floor(now() / 60_000);
      const hour = Math.floor(now() / 3_600_000);
      const known = counts.get(userId);
      const inMinute = known?.minute === minute ? known.inMinute : 0;
      const inHour = known?.hour === hour ? known.inHour : 0;
      if (inMinute >= MEMBER.minute.forTaps || inHour >= MEMBER.hour.forTaps) return false;
      if (counts.size >= PEOPLE_REMEMBERED && known === undefined) counts.delete([...counts.keys()][0] ?? '');
      counts.set(userId, { minute, inMinute: inMinute + 1, hour, inHour: inHour + 1 });
      return true;
    },
  };
}
