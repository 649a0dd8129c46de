import type { InstantAnswer } from '../../chat/adapter.ts';
import type { Address, SealedMessage } from '../../chat/message.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { SendInSession } from './session.ts';

/** Shows what a button's answer would have shown on a card. Never rejects: what was done is done. */
export type ReplyAtOnce = (reply: { to: Address; answer: InstantAnswer; key: string }) => Promise<void>;

/**
 * Without a card template a button is a message that the person says, so the toast and the changed card come back as a
 * message too: within their session, which is no API call, else by the robot.
 */
export function createReplyAtOnce(deps: {
  sendInSession: SendInSession;
  sendByRobot(reply: { to: Address; message: SealedMessage; key: string }): Promise<unknown>;
  log: Log;
}): ReplyAtOnce {
  return async ({ to, answer, key }) => {
    const message = messageFrom(answer);
    if (message === undefined) return;
    try {
      const result = await deps.sendInSession({ to, message });
      if (result.kind === 'refused') await deps.sendByRobot({ to, message, key: `reply:${key}` });
    } catch (error) {
      deps.log.warn({ platform: 'dingtalk', reason: messageOf(error) }, 'a reply was lost');
    }
  };
}

function messageFrom({ toast, card }: InstantAnswer): SealedMessage | undefined {
  if (card === undefined) return toast === undefined ? undefined : { kind: 'text', text: toast };
  const body = toast === undefined ? card.body : `**${toast}**\n\n${card.body}`;
  return { kind: 'card', card: { ...card, body } };
}
