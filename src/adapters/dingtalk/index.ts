import type { ChannelAdapter } from '../../chat/adapter.ts';
import { createPictureKeys } from '../../chat/picture-keys.ts';
import type { Database } from '../../kernel/db.ts';
import { messageOf, PlatformError } from '../../kernel/errors.ts';
import { holdLease, type Lease } from '../../kernel/lease.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import { createClient, type Meter } from './client.ts';
import { createConfirming } from './confirm.ts';
import { createDirectory } from './directory.ts';
import { lostInTalk } from './encode.ts';
import { fitsTemplate } from './encode-card.ts';
import { createHearing, type Hearing } from './hearing.ts';
import { messageIdIn } from './ids.ts';
import { createImages } from './images.ts';
import { avoid, limits, METERED_CALLS, METERED_MESSAGES, quotasOf, WAYS, waysOf } from './limits.ts';
import { createUploads } from './media.ts';
import { monthAhead } from './month.ts';
import { createRecall, refusal } from './recall.ts';
import { createReplyAtOnce } from './reply.ts';
import { createCallbackRoute } from './route.ts';
import { createSending } from './send.ts';
import { createCards } from './send-card.ts';
import { sentenceOf } from './sentences.ts';
import { createSendInSession } from './session.ts';
import type { DingtalkSettings } from './settings.ts';
import { createStores } from './stores.ts';
import { createStream, type Stream, type StreamTimes } from './stream.ts';
import { listenByWebhook } from './webhook.ts';

export { type DingtalkFinding, examineDingtalk } from './doctor.ts';
export { METERED_CALLS } from './limits.ts';
export type { DingtalkSettings } from './settings.ts';

export interface DingtalkDeps {
  database: Database;
  clock: Clock;
  log: Log;
  /** File messages name paths below this folder. */
  fileRoot: string;
  publicUrl: string;
  /**
   * Hears of every metered call that is not `send` itself: uploads, questions, recalls, updates, openings of the
   * stream. Whoever keeps the month's quota counts them.
   */
  meter?: Meter;
  /** Shorter for tests. */
  streamTimes?: Partial<StreamTimes>;
  leaseMs?: number;
}

/** DingTalk as a channel: an internal app with a robot, heard by stream or by webhook. The account is the corpId. */
export function createDingtalkAdapter(settings: DingtalkSettings, deps: DingtalkDeps): ChannelAdapter {
  const { database, clock, log, fileRoot, meter = () => undefined } = deps;
  const { db } = database;
  const account = settings.corpId;
  const client = createClient({ settings, clock });
  const stores = createStores({ db, clock, account });
  const upload = createUploads({ client, fileRoot, meter });
  const keys = createPictureKeys({ db, clock, fileRoot, channel: 'dingtalk', account });
  const images = createImages({ client, keys, meter });
  const sendInSession = createSendInSession({ settings, stores, images });
  const callbackUrl = `${deps.publicUrl.replace(/\/$/, '')}/webhooks/dingtalk`;
  const route = createCallbackRoute({ client, settings, callbackUrl, meter });
  const cards = createCards({ client, settings, stores, images, route, meter });
  const send = createSending({
    client,
    settings,
    stores,
    upload,
    images,
    sendCard: cards.send,
    sendInSession,
  });
  const directory = createDirectory({ client, account });
  const reply = createReplyAtOnce({
    sendInSession,
    log,
    async sendByRobot({ to, message, key }) {
      meter(to.kind === 'person' ? 'robot/oToMessages/batchSend' : 'robot/groupMessages/send');
      await send([{ key, to, message }], to.kind === 'person' ? WAYS.one : WAYS.group);
    },
  });
  let stream: Stream | undefined;
  let lease: Lease | undefined;
  let hearing: Hearing | undefined;

  return {
    channel: 'dingtalk',
    account,
    limits,
    ways: waysOf(settings),
    quotas: quotasOf(settings),
    avoid,
    send,
    confirming: createConfirming({ client, settings, clock, meter }),
    directory: directory.source,
    recall: createRecall({ client, settings, stores, meter }),

    async listen(routes, receive) {
      hearing = createHearing({
        settings,
        stores,
        clock,
        log,
        receive,
        images,
        reply,
        hint: directory.hint,
        async updateCard(outTrackId, { card }) {
          if (card !== undefined) await cards.update(outTrackId, card);
        },
      });
      if (settings.mode === 'webhook') {
        await listenByWebhook(routes, { settings, clock, log, hearing });
        return;
      }
      const opened = createStream({
        client,
        hearing,
        log,
        meter,
        ...(deps.streamTimes === undefined ? {} : { times: deps.streamTimes }),
      });
      lease = holdLease({
        db,
        log,
        name: `dingtalk:${settings.clientId}:stream`,
        ...(deps.leaseMs === undefined ? {} : { ttlMs: deps.leaseMs }),
        async work(lost) {
          stream = opened;
          await opened.work(lost);
          stream = undefined;
        },
      });
    },

    preview(message, { kind: place }) {
      if (message.kind !== 'card') return [];
      const asTemplate = settings.cardTemplateId !== undefined && fitsTemplate(message.card);
      return asTemplate ? [] : lostInTalk(message.card, place);
    },

    monthAhead(soFar) {
      const { calls, messages } = monthAhead(settings, soFar);
      return [
        { quota: METERED_CALLS, runsOutOn: calls.runsOutOn },
        { quota: METERED_MESSAGES, runsOutOn: messages.runsOutOn },
      ];
    },

    async update(platformMessageId, card) {
      const id = messageIdIn(platformMessageId);
      if (id?.kind !== 'card') throw refusal('update', 'not-a-card');
      await cards.update(id.outTrackId, card);
    },

    async readiness() {
      try {
        await client.signIn();
      } catch (error) {
        return error instanceof PlatformError ? sentenceOf(error) : messageOf(error);
      }
      // Another process may own the stream; this one then has nothing to say about it.
      return stream?.lack();
    },

    async close() {
      await lease?.release();
      await hearing?.settled();
    },
  };
}
