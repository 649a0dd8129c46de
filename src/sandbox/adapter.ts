import type { ChannelAdapter, ChannelLimits, Dispatch, Receive, SendResult } from '../chat/adapter.ts';
import type { SealedCard } from '../chat/message.ts';
import { readPicture } from '../chat/pictures.ts';
import type { Way } from '../chat/quota.ts';
import type { Database } from '../kernel/db.ts';
import { messageOf, PlatformError } from '../kernel/errors.ts';
import { fileBelow } from '../kernel/files.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/time.ts';
import { createCardReplacer } from './card-replacer.ts';
import { existingGroups } from './im.lists.ts';
import { postFromBot, privateChatOf, recallMessage, replaceCard } from './im.ts';
import { createLive } from './live.ts';
import { createPeopleBook, type SandboxPeople } from './people.ts';
import { sandboxRoutes } from './routes.ts';
import { createStreams } from './streams.ts';

export interface SandboxDeps {
  database: Database;
  clock: Clock;
  log: Log;
  people: SandboxPeople;
  /** File messages name paths below this folder; attachments of people are kept in it under `sandbox/`. */
  fileRoot: string;
  /** Whether the clock moves only by hand; the page then shows the time. */
  clockIsManual?: boolean;
  /** The IANA zone in which the page shows times; absent means the browser's own. */
  zone?: string;
  /** The built page, when it does not lie in `dist/sandbox-page`. */
  pageRoot?: string;
}

/** Our own numbers, chosen like a platform's: 4,000 characters of at most 3 bytes a UTF-16 unit, and Feishu's 30 KB. */
const limits: ChannelLimits = {
  maxTextBytes: 12_000,
  maxCardBytes: 30_000,
};

/** Our own tables take any set at once, and the same key only once. */
const ways: readonly Way[] = [
  {
    name: 'post',
    batchSize: 500,
    ownContents: true,
    repeatsSafely: true,
    serves: 'single',
    takes: () => true,
  },
];

/** A message id as PostgreSQL takes it; anything else names nothing. */
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The built-in IM as a channel like the platforms: the same contract, and a page under `/sandbox`. */
export function createSandboxAdapter(deps: SandboxDeps): ChannelAdapter {
  const { database, clock, log, people, fileRoot } = deps;
  const { db } = database;
  const live = createLive({ database, log });
  const streams = createStreams({ db, live, log });

  async function changed(call: string, change: Promise<string | undefined>): Promise<void> {
    const chatId = await change;
    if (chatId === undefined) throw refusal(call, 'message-unknown');
    live.announce([chatId]);
  }

  return {
    channel: 'sandbox',
    account: 'sandbox',
    limits,
    ways,
    quotas: [],

    async listen(routes, receive: Receive) {
      const { clockIsManual = false, zone, pageRoot } = deps;
      const book = createPeopleBook(people);
      const own = { book, streams, clockIsManual, zone, pageRoot };
      await sandboxRoutes(routes, {
        db,
        clock,
        people,
        live,
        fileRoot,
        receive,
        replaceCard: createCardReplacer(db),
        ...own,
      });
    },

    async send(dispatches) {
      const refusals = await Promise.all(await refusalsOf(deps, dispatches));
      const accepted = dispatches.filter((_dispatch, index) => refusals[index] === undefined);
      const posts = accepted.map(({ key, to, message }) => ({ key, chatId: chatOf(to), content: message }));
      const ids = await postFromBot(db, posts, clock.now());
      live.announce(posts.map((post) => post.chatId));
      return dispatches.map((dispatch, index) => refusals[index] ?? delivered(ids.get(dispatch.key)));
    },

    async update(platformMessageId, card: SealedCard) {
      if (!UUID.test(platformMessageId)) throw refusal('update', 'message-unknown');
      if (bytesOf(card) > limits.maxCardBytes) throw refusal('update', 'card-too-large');
      await changed('update', replaceCard(db, platformMessageId, card));
    },

    async recall(platformMessageId) {
      if (!UUID.test(platformMessageId)) throw refusal('recall', 'message-unknown');
      await changed('recall', recallMessage(db, platformMessageId, clock.now()));
      return 'recalled';
    },

    async readiness() {
      try {
        await database.pool.query('select 1');
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },

    async close() {
      streams.close();
      await live.close();
    },
  };
}

const chatOf = (to: Dispatch['to']): string =>
  to.kind === 'person' ? privateChatOf(to.platformId) : to.chatId;

const delivered = (id: string | undefined): SendResult =>
  id === undefined ? { kind: 'unknown' } : { kind: 'delivered', platformMessageId: id };

const bytesOf = (content: unknown): number => Buffer.byteLength(JSON.stringify(content));

function refusal(call: string, platformCode: string): PlatformError {
  return new PlatformError({ platform: 'sandbox', call, platformCode, fate: 'give-up' });
}

/** One look-up of people and one of groups for the whole set. Text is never cut: a too long one is refused. */
async function refusalsOf(
  deps: SandboxDeps,
  dispatches: readonly Dispatch[],
): Promise<Promise<SendResult | undefined>[]> {
  const persons = dispatches.flatMap(({ to }) => (to.kind === 'person' ? [to.platformId] : []));
  const groups = dispatches.flatMap(({ to }) => (to.kind === 'group' ? [to.chatId] : []));
  const [knownPersons, knownGroups] = await Promise.all([
    persons.length === 0 ? new Set<string>() : deps.people.exists([...new Set(persons)]),
    existingGroups(deps.database.db, groups),
  ]);
  return dispatches.map(async ({ to, message }) => {
    if (to.kind === 'person' && !knownPersons.has(to.platformId)) return unreachable('person-unknown');
    if (to.kind === 'group' && !knownGroups.has(to.chatId)) return unreachable('group-unknown');
    if (message.kind === 'text')
      return Buffer.byteLength(message.text) > limits.maxTextBytes ? refused('text-too-long') : undefined;
    if (message.kind === 'card' && bytesOf(message.card) > limits.maxCardBytes)
      return refused('card-too-large');
    const picture = message.kind === 'card' ? message.card.image : message;
    if (message.kind !== 'file') {
      const found = picture === undefined ? undefined : await readPicture(deps.fileRoot, picture.path);
      return found !== undefined && 'refused' in found ? refused(found.refused) : undefined;
    }
    return (await fileBelow(deps.fileRoot, message.path)) === undefined ? refused('file-missing') : undefined;
  });
}

const refused = (reason: string): SendResult => ({ kind: 'refused', reason });
const unreachable = (reason: string): SendResult => ({ kind: 'unreachable', reason });
