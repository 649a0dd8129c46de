import { type ActionSealer, sealMessage } from '../chat/action-id.ts';
import type { Dispatch } from '../chat/adapter.ts';
import { cardSchema, type Message, type SealedMessage } from '../chat/message.ts';
import type { Row } from './settle.ts';

/** The dispatch of one row: its key is the same however often it is tried. */
export function dispatchOf(sealer: ActionSealer, row: Row, message: SealedMessage | Message): Dispatch {
  return {
    key: `${row.messageId}:${row.recipient}`,
    to:
      row.addressKind === 'group'
        ? { kind: 'group', chatId: row.platformId }
        : { kind: 'person', platformId: row.platformId },
    message: sealMessage(sealer, message as Message, row.employeeId ?? ''),
  };
}

/** As a channel will see it, with buttons that open nothing: enough to say which way takes it, and how large it is. */
export function plainMessage(message: Message): SealedMessage {
  if (message.kind !== 'card') return message;
  const { buttons = [], ...rest } = cardSchema.parse(message.card);
  const actionId = 'x'.repeat(TYPICAL_ACTION_ID);
  return {
    kind: 'card',
    card: { ...rest, buttons: buttons.map(({ action: _action, ...button }) => ({ ...button, actionId })) },
  };
}

/** As long as most sealed actions are, in characters. */
const TYPICAL_ACTION_ID = 300;
