import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import type { EventPayload, Place } from '#src/chat/event.ts';
import type { SealedCard, SealedMessage } from '#src/chat/message.ts';
import { Temporal } from '#src/kernel/time.ts';
import { sandboxMessages } from '#src/sandbox/sandbox.tables.ts';
import type { TestApp } from './app.ts';

export interface Heard {
  toast: string | undefined;
  /** The card that replaced the one which was pressed. */
  card: SealedCard | undefined;
  /** What arrived in chat since, in order. */
  messages: SealedMessage[];
  outcome: string;
}

export interface Speaker {
  says(text: string, options?: Deed): Promise<Heard>;
  /** Presses the button with this label on a card. */
  taps(
    card: SealedCard | undefined,
    label: string,
    options?: Deed & { inputs?: Record<string, string> },
  ): Promise<Heard>;
  opensChat(): Promise<Heard>;
  does(payload: EventPayload, options?: Deed): Promise<Heard>;
  /** Everything that the bot has sent to this person so far. */
  inbox(): Promise<SealedMessage[]>;
  lastCard(): Promise<SealedCard>;
}

interface Deed {
  /** The event's key: the same key is a redelivery. */
  key?: string;
  /** When the person did it, if that is not now. */
  at?: string;
  place?: Place;
}

/** Speaks as one employee through the sandbox's events and hears what comes back. */
export function conversation({ app, database }: TestApp, number: string): Speaker {
  const chatId = `private:${number}`;

  async function inbox(): Promise<SealedMessage[]> {
    const rows = await database.db
      .select({ sender: sandboxMessages.sender, content: sandboxMessages.content })
      .from(sandboxMessages)
      .where(eq(sandboxMessages.chatId, chatId))
      .orderBy(asc(sandboxMessages.id));
    return rows.filter(({ sender }) => sender === 'bot').map(({ content }) => content);
  }

  async function does(payload: EventPayload, options: Deed = {}): Promise<Heard> {
    const before = (await inbox()).length;
    const now = app.clock.now();
    const routed = await app.router.route({
      channel: 'sandbox',
      account: 'sandbox',
      key: options.key ?? randomUUID(),
      actor: number,
      place: options.place ?? { kind: 'private' },
      payload,
      occurredAt: options.at === undefined ? now : Temporal.Instant.from(options.at),
      receivedAt: now,
    });
    await app.settled();
    const { toast, card } = routed.answer;
    return { toast, card, messages: (await inbox()).slice(before), outcome: routed.outcome };
  }

  return {
    inbox,
    does,
    says: (text, options) => does({ kind: 'text', text }, options),
    opensChat: () => does({ kind: 'entered' }),
    async taps(card, label, options = {}) {
      const button = card?.buttons.find((one) => one.label === label);
      if (button === undefined) throw new Error(`no button ${label} on ${card?.title}: ${labels(card)}`);
      return does({ kind: 'action', actionId: button.actionId, inputs: options.inputs ?? {} }, options);
    },
    async lastCard() {
      const last = (await inbox()).at(-1);
      if (last?.kind !== 'card') throw new Error(`the last message is no card but ${last?.kind}`);
      return last.card;
    },
  };
}

/** What the bot has said in a group so far. */
export async function heardInGroup({ database }: TestApp, chatId: string): Promise<SealedMessage[]> {
  const rows = await database.db
    .select({ sender: sandboxMessages.sender, content: sandboxMessages.content })
    .from(sandboxMessages)
    .where(eq(sandboxMessages.chatId, chatId))
    .orderBy(asc(sandboxMessages.id));
  return rows.filter(({ sender }) => sender === 'bot').map(({ content }) => content);
}

/** The one card among these messages. */
export function cardIn(messages: readonly SealedMessage[]): SealedCard {
  const cards = messages.flatMap((message) => (message.kind === 'card' ? [message.card] : []));
  const [only] = cards;
  if (only === undefined || cards.length > 1) throw new Error(`${cards.length} cards instead of one`);
  return only;
}

function labels(card: SealedCard | undefined): string {
  return (card?.buttons ?? []).map(({ label }) => label).join(', ');
}

/** The words of a message, for assertions on what somebody reads. */
export function wordsOf(message: SealedMessage | undefined): string {
  if (message === undefined) return '';
  if (message.kind === 'text') return message.text;
  if (message.kind === 'file') return message.name;
  if (message.kind === 'image') return message.alt;
  const { title, body, facts = [], footer = '' } = message.card;
  return [title, body, ...facts.map(({ label, value }) => `${label} ${value}`), footer].join('\n');
}
