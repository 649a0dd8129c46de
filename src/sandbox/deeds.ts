import type { InstantAnswer, Receive } from '../chat/adapter.ts';
import type { ChatEvent, EventPayload, Place } from '../chat/event.ts';
import type { SealedMessage } from '../chat/message.ts';
import type { Db } from '../kernel/db.ts';
import { newId } from '../kernel/ids.ts';
import type { Clock, Temporal } from '../kernel/time.ts';
import type { ReplaceCard } from './card-replacer.ts';
import { keepAttachment } from './files.ts';
import { BOT, isMember, markRead, ownerOf, postFromPerson } from './im.ts';
import { BOT_NAME, MAX_ATTACHMENT_BYTES, MAX_TEXT_CHARACTERS } from './limits.api.ts';
import type { Live } from './live.ts';
import type { SandboxPeople } from './people.ts';
import type { Deed, DeedAnswer } from './sandbox.api.ts';
import { sandboxError } from './sandbox.errors.ts';
import { withoutPlace } from './views.ts';

export interface DeedDeps {
  db: Db;
  clock: Clock;
  people: SandboxPeople;
  live: Live;
  replaceCard: ReplaceCard;
  fileRoot: string;
  receive: Receive;
}

/** What a person does, with the kind narrowed. */
type DeedOf<Kind extends Deed['payload']['kind']> = Deed & {
  payload: Extract<Deed['payload'], { kind: Kind }>;
};

/**
 * Lets a person do something in the IM: what they write is shown, and what concerns the bot becomes a `ChatEvent`
 * with the deed's key. A repeat shows nothing twice and is the same event, at the moment of the first for words.
 * `at` stands in for now. Rejects with `sandbox.*` codes.
 *
 * A tap in a private chat costs no query beside those of `receive` until a card comes back, then a share in one.
 */
export async function perform(deps: DeedDeps, deed: Deed, at = deps.clock.now()): Promise<DeedAnswer> {
  const { payload } = deed;
  const { db } = deps;
  if (!(await isMember(db, deed.chatId, deed.as))) throw sandboxError('sandbox.not-a-member');
  switch (payload.kind) {
    case 'text':
      return await say(deps, { ...deed, payload }, at);
    case 'file':
      return await attach(deps, { ...deed, payload }, at);
    case 'action':
      return await tap(deps, { ...deed, payload }, at);
    case 'entered':
      return await tell(deps, deed, at, { kind: 'entered' });
    case 'read':
      return await read(deps, { ...deed, payload }, at);
  }
}

async function say(deps: DeedDeps, deed: DeedOf<'text'>, at: Temporal.Instant): Promise<DeedAnswer> {
  const { text } = deed.payload;
  if (text.length > MAX_TEXT_CHARACTERS) throw sandboxError('sandbox.text-too-long');
  const mentioned = deed.payload.mention === true || text.includes(`@${BOT_NAME}`);
  const said = await show(deps, deed, newId(), { kind: 'text', text }, at);
  return concernsBot(deed.chatId, mentioned)
    ? await tell(deps, deed, said.sentAt, { kind: 'text', text })
    : {};
}

async function attach(deps: DeedDeps, deed: DeedOf<'file'>, at: Temporal.Instant): Promise<DeedAnswer> {
  const { name, mime, base64 } = deed.payload;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > MAX_ATTACHMENT_BYTES) throw sandboxError('sandbox.file-too-large');
  const id = newId();
  const path = await keepAttachment(deps.fileRoot, id, bytes);
  const said = await show(deps, deed, id, { kind: 'file', name, mime, path, bytes: bytes.length }, at);
  if (!concernsBot(deed.chatId, false)) return {};
  return await tell(deps, deed, said.sentAt, { kind: 'file', name, fileId: said.id });
}

async function tap(deps: DeedDeps, deed: DeedOf<'action'>, at: Temporal.Instant): Promise<DeedAnswer> {
  const { actionId, inputs, messageId } = deed.payload;
  const answer = await tell(deps, deed, at, { kind: 'action', actionId, inputs, cardMessageId: messageId });
  if (answer.card !== undefined) {
    const { card } = answer;
    const changed = await deps.replaceCard({ messageId, chatId: deed.chatId, card });
    if (changed) deps.live.announce([deed.chatId]);
    return { ...answer, card: withoutPlace(card) };
  }
  return answer;
}

async function read(deps: DeedDeps, deed: DeedOf<'read'>, at: Temporal.Instant): Promise<DeedAnswer> {
  const { messageId } = deed.payload;
  const writer = await markRead(deps.db, { chatId: deed.chatId, by: deed.as, messageId, at });
  if (writer === undefined) throw sandboxError('sandbox.message-unknown');
  deps.live.announce([deed.chatId]);
  return writer === BOT ? await tell(deps, deed, at, { kind: 'read', messageId }) : {};
}

/** Writes what the person said into the chat, if there is such a person. */
async function show(
  deps: DeedDeps,
  deed: Deed,
  id: string,
  content: SealedMessage,
  at: Temporal.Instant,
): Promise<{ id: string; sentAt: Temporal.Instant }> {
  if (!(await deps.people.exists([deed.as])).has(deed.as)) throw sandboxError('sandbox.person-unknown');
  const { chatId, as: sender, key } = deed;
  const said = await postFromPerson(deps.db, { id, chatId, sender, key, content, at });
  deps.live.announce([chatId]);
  return said;
}

const concernsBot = (chatId: string, mentioned: boolean): boolean =>
  ownerOf(chatId) !== undefined || mentioned;

async function tell(
  deps: DeedDeps,
  deed: Deed,
  occurredAt: Temporal.Instant,
  payload: EventPayload,
): Promise<InstantAnswer> {
  const event: ChatEvent = {
    channel: 'sandbox',
    account: 'sandbox',
    key: deed.key,
    actor: deed.as,
    place: placeOf(deed.chatId),
    payload,
    occurredAt,
    receivedAt: deps.clock.now(),
  };
  return await deps.receive(event);
}

/** Whatever reaches the bot from a group was addressed to it: words by a mention, the rest by its card. */
function placeOf(chatId: string): Place {
  return ownerOf(chatId) === undefined ? { kind: 'group', chatId, mentioned: true } : { kind: 'private' };
}
