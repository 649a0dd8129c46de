import type { InstantAnswer, Receive } from '../../chat/adapter.ts';
import type { DirectoryHint } from '../../chat/directory-source.ts';
import type { ChatEvent } from '../../chat/event.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock } from '../../kernel/time.ts';
import { decodeCardClick, decodeRobotMessage } from './decode.ts';
import { hintsOf, type PlatformEvent, readReceiptIn } from './decode-event.ts';
import { tokenIn } from './encode.ts';
import { cardAnswer, fitsTemplate } from './encode-card.ts';
import { nameOf } from './ids.ts';
import type { Images } from './images.ts';
import type { ReplyAtOnce } from './reply.ts';
import { isSessionAddress, placeOf } from './session.ts';
import type { DingtalkSettings } from './settings.ts';
import type { Stores } from './stores.ts';

/** What both ways of hearing hand over after they have verified it. Rejects when nothing was committed. */
export interface Hearing {
  robot(data: unknown): Promise<void>;
  /** Resolves within the platform's two seconds to what the card shows; `pushId` is the same in a repeat. */
  card(data: unknown, pushId: string): Promise<object>;
  event(event: PlatformEvent): Promise<void>;
  /** Resolves when nothing that was heard is still being worked on. */
  settled(): Promise<void>;
}

/** The platform waits 2 s for the answer to a click. D:event-callback-card, page of 2026-08-04. */
const CARD_ANSWER_MS = 1_700;

const LATE = Symbol('late');

export interface HearingDeps {
  settings: DingtalkSettings;
  stores: Stores;
  clock: Clock;
  log: Log;
  receive: Receive;
  images: Images;
  reply: ReplyAtOnce;
  /** For what comes too late for the callback. */
  updateCard(outTrackId: string, answer: InstantAnswer): Promise<void>;
  hint(hint: DirectoryHint): void;
}

export function createHearing(deps: HearingDeps): Hearing {
  const { settings, stores, clock, log, receive } = deps;
  const { corpId } = settings;
  const working = new Set<Promise<unknown>>();

  function tracked<Result>(work: Promise<Result>): Promise<Result> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    working.add(settled);
    void settled.then(() => working.delete(settled));
    return work;
  }

  /** A link that says a word with a token is a button; everything else stays what it is. */
  async function spoken(event: ChatEvent): Promise<ChatEvent> {
    const { payload, place } = event;
    const said = payload.kind === 'text' && place.kind === 'private' ? tokenIn(payload.text) : undefined;
    if (said === undefined) return event;
    const word = await stores.wordOf(said.token);
    return {
      ...event,
      payload:
        word === undefined
          ? { kind: 'text', text: said.words }
          : { kind: 'action', actionId: word.actionId, inputs: word.inputs },
    };
  }

  async function robot(data: unknown): Promise<void> {
    const heard = decodeRobotMessage(data, { corpId, receivedAt: clock.now() });
    if (heard.kind === 'nothing') {
      noteSilence(log, heard.reason);
      return;
    }
    const { session } = heard;
    const { place, actor } = heard.event;
    const to =
      place.kind === 'group'
        ? ({ kind: 'group', chatId: place.chatId } as const)
        : ({ kind: 'person', platformId: actor } as const);
    if (session !== undefined && isSessionAddress(session.webhook, settings))
      await stores.keepSession(placeOf(to), session.webhook, session.untilMs);
    const event = await spoken(heard.event);
    const answer = await receive(event);
    await deps.reply({ to, answer, key: event.key });
  }

  async function card(data: unknown, pushId: string): Promise<object> {
    const click = decodeCardClick(data, corpId);
    if (click === undefined) {
      noteSilence(log, 'malformed');
      return {};
    }
    const { outTrackId, userId: actor, actionId, inputs } = click;
    const known = click.conversationId ?? (await stores.cardOf(outTrackId))?.conversationId ?? undefined;
    const now = clock.now();
    const answering = shown({
      channel: 'dingtalk',
      account: corpId,
      key: `card:${pushId}`,
      actor,
      place: known === undefined ? { kind: 'private' } : { kind: 'group', chatId: known, mentioned: true },
      payload: { kind: 'action', actionId, inputs, cardMessageId: nameOf({ kind: 'card', outTrackId }) },
      // The platform does not say when somebody pressed, but does not keep them waiting either.
      occurredAt: now,
      receivedAt: now,
    });
    const answer = await inTime(answering);
    if (answer === LATE) {
      void tracked(
        answering
          .then((late) => deps.updateCard(outTrackId, late))
          .catch((error: unknown) => log.warn({ reason: messageOf(error) }, 'a late card answer was lost')),
      );
      return {};
    }
    if (answer.card !== undefined && !fitsTemplate(answer.card)) {
      const to =
        known === undefined
          ? ({ kind: 'person', platformId: actor } as const)
          : ({ kind: 'group', chatId: known } as const);
      void tracked(deps.reply({ to, answer: { card: answer.card }, key: `card:${pushId}` }));
    }
    return cardAnswer(answer, answer.mediaId);
  }

  /** What came of an event, with the picture of the card that answers it. */
  async function shown(event: ChatEvent): Promise<InstantAnswer & { mediaId?: string | undefined }> {
    const answer = await receive(event);
    return { ...answer, mediaId: await deps.images.ofCard(answer.card) };
  }

  async function event(happened: PlatformEvent): Promise<void> {
    if (happened.corpId !== undefined && happened.corpId !== corpId) return;
    for (const hint of hintsOf(happened)) deps.hint(hint);
    const now = clock.now();
    const receipt = readReceiptIn(happened, now);
    if (receipt === undefined) return;
    const { processQueryKey, userId, at } = receipt;
    const sent =
      settings.cardTemplateId === undefined ? undefined : await stores.cardCarriedBy(processQueryKey);
    await receive({
      channel: 'dingtalk',
      account: corpId,
      // The same reading may be told twice under two ids.
      key: `read:${processQueryKey}:${userId}`,
      actor: userId,
      place: { kind: 'private' },
      payload: {
        kind: 'read',
        messageId: nameOf(
          sent === undefined
            ? { kind: 'robot', processQueryKey, userId }
            : { kind: 'card', outTrackId: sent.outTrackId },
        ),
      },
      occurredAt: at,
      receivedAt: now,
    });
  }

  return {
    robot: (data) => tracked(robot(data)),
    card: (data, pushId) => tracked(card(data, pushId)),
    event: (happened) => tracked(event(happened)),
    async settled() {
      while (working.size > 0) await Promise.allSettled(working);
    },
  };
}

async function inTime<Answer>(answering: Promise<Answer>): Promise<Answer | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), CARD_ANSWER_MS);
  });
  try {
    return await Promise.race([answering, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Each says what an administrator can do; none holds what anybody wrote. */
const SILENCES: Record<string, string> = {
  'over-quota':
    'messages arrive without their words, because the organisation has used up its stream and webhook messages of this month; buy more in the developer console, or wait for the first of the month',
  'no-userid':
    'a message came without a userid, because its sender is external or the app is not published; publish it in the developer console',
  'other-organisation': 'a message of another organisation was ignored; check CUHUO_DINGTALK_CORP_ID',
  malformed: 'a push that fits no documented shape was ignored',
  'unknown-kind': 'a message of a kind that nobody can answer was ignored',
};

function noteSilence(log: Log, reason: string): void {
  const level = reason === 'over-quota' ? 'error' : 'warn';
  log[level]({ platform: 'dingtalk', reason }, SILENCES[reason] ?? reason);
}
