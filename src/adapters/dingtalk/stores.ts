import { and, eq, gt, lt, type SQL } from 'drizzle-orm';
import type { Db } from '../../kernel/db.ts';
import type { Clock } from '../../kernel/time.ts';
import { dingtalkCards, dingtalkSessions, dingtalkWords } from './dingtalk.tables.ts';

/** An action that a link stands for, with what it fills in. */
export interface Spoken {
  token: string;
  actionId: string;
  inputs: Record<string, string>;
}

export interface SentCard {
  outTrackId: string;
  carrierId: string | null;
  conversationId: string | null;
}

/** What the adapter has to remember beyond one process. */
export interface Stores {
  keepWords(words: readonly Spoken[]): Promise<void>;
  wordOf(token: string): Promise<Spoken | undefined>;
  keepCard(card: SentCard): Promise<void>;
  cardOf(outTrackId: string): Promise<SentCard | undefined>;
  cardCarriedBy(carrierId: string): Promise<SentCard | undefined>;
  keepSession(place: string, webhook: string, untilMs: number): Promise<void>;
  /** The address for a reply, while the platform still takes one. */
  sessionOf(place: string): Promise<string | undefined>;
}

/** A link on a message of last month means nothing any more. */
const KEEP_WORDS_DAYS = 30;
/** Longer than any card is updated or recalled. */
const KEEP_CARDS_DAYS = 90;
const SWEEP_EVERY_MS = 3_600_000;
/** A reply takes a moment on its way. */
const SESSION_MARGIN_MS = 60_000;

export function createStores({ db, clock, account }: { db: Db; clock: Clock; account: string }): Stores {
  let sweptAt = Number.NEGATIVE_INFINITY;

  /** Now and then, with a write that happens anyway. */
  async function sweep(): Promise<void> {
    const now = clock.now();
    if (now.epochMilliseconds - sweptAt < SWEEP_EVERY_MS) return;
    sweptAt = now.epochMilliseconds;
    const before = (days: number) => now.subtract({ hours: 24 * days });
    await db.delete(dingtalkWords).where(lt(dingtalkWords.createdAt, before(KEEP_WORDS_DAYS)));
    await db.delete(dingtalkCards).where(lt(dingtalkCards.createdAt, before(KEEP_CARDS_DAYS)));
    await db.delete(dingtalkSessions).where(lt(dingtalkSessions.until, now));
  }

  const cardWhere = async (where: SQL): Promise<SentCard | undefined> => {
    const [card] = await db.select().from(dingtalkCards).where(where).limit(1);
    return card;
  };

  return {
    async keepWords(words) {
      if (words.length === 0) return;
      await sweep();
      const createdAt = clock.now();
      await db
        .insert(dingtalkWords)
        .values(words.map((word) => ({ ...word, createdAt })))
        .onConflictDoNothing();
    },
    async wordOf(token) {
      const [word] = await db.select().from(dingtalkWords).where(eq(dingtalkWords.token, token));
      return word;
    },
    async keepCard(card) {
      await sweep();
      await db
        .insert(dingtalkCards)
        .values({ ...card, createdAt: clock.now() })
        .onConflictDoUpdate({
          target: dingtalkCards.outTrackId,
          set:
            card.carrierId === null ? { conversationId: card.conversationId } : { carrierId: card.carrierId },
        });
    },
    cardOf: (outTrackId) => cardWhere(eq(dingtalkCards.outTrackId, outTrackId)),
    cardCarriedBy: (carrierId) => cardWhere(eq(dingtalkCards.carrierId, carrierId)),
    async keepSession(place, webhook, untilMs) {
      await sweep();
      const until = clock.now().add({ milliseconds: Math.trunc(untilMs - clock.now().epochMilliseconds) });
      await db
        .insert(dingtalkSessions)
        .values({ account, place, webhook, until })
        .onConflictDoUpdate({
          target: [dingtalkSessions.account, dingtalkSessions.place],
          set: { webhook, until },
        });
    },
    async sessionOf(place) {
      const soon = clock.now().add({ milliseconds: SESSION_MARGIN_MS });
      const [session] = await db
        .select({ webhook: dingtalkSessions.webhook })
        .from(dingtalkSessions)
        .where(
          and(
            eq(dingtalkSessions.account, account),
            eq(dingtalkSessions.place, place),
            gt(dingtalkSessions.until, soon),
          ),
        );
      return session?.webhook;
    },
  };
}
