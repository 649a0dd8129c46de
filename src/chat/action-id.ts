import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { drawRandom } from '../kernel/random.ts';
import {
  type Action,
  actionSchema,
  cardSchema,
  type Message,
  type SealedCard,
  type SealedMessage,
} from './message.ts';

const sealedSchema = actionSchema.extend({ for: z.string() });
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAX_CHARACTERS = 1024;

/** Stands for the person on cards that are the same for everybody. */
export const ANYBODY = '*';

/** What an action id says once opened: the action and the employee whose card it stands on, or `ANYBODY`. */
export interface OpenedAction extends Action {
  employeeId: string;
}

export interface ActionSealer {
  /**
   * At most 1,024 characters of base64url, the shortest limit of the platforms. Throws RangeError for an action that
   * does not fit: a button that could never be opened must not reach anybody.
   */
  seal(action: Action, employeeId: string): string;
  /** `undefined` for anything that we did not seal: forged, cut, altered, or sealed with another key. */
  open(actionId: string): OpenedAction | undefined;
}

/** Seals with AES-256-GCM under a key derived from the installation's secret: unreadable and unforgeable. */
export function createActionSealer(secretKey: Buffer): ActionSealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'cuhuo card action', 32));
  return {
    seal(action, employeeId) {
      const nonce = drawRandom(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const plain = JSON.stringify({ ...action, for: action.anybody === true ? ANYBODY : employeeId });
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const id = Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
      if (id.length > MAX_CHARACTERS)
        throw new RangeError(`the action ${action.name} is too long for a button`);
      return id;
    },
    open(actionId) {
      if (actionId.length > MAX_CHARACTERS) return undefined;
      const bytes = Buffer.from(actionId, 'base64url');
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
        const plain = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
        const { for: employeeId, ...action } = sealedSchema.parse(JSON.parse(plain));
        return { ...action, employeeId };
      } catch {
        return undefined;
      }
    },
  };
}

export function sealCard(sealer: ActionSealer, content: unknown, employeeId: string): SealedCard {
  const { buttons = [], ...rest } = cardSchema.parse(content);
  return {
    ...rest,
    buttons: buttons.map(({ action, ...button }) => ({
      ...button,
      actionId: sealer.seal(action, employeeId),
    })),
  };
}

export function sealMessage(sealer: ActionSealer, message: Message, employeeId: string): SealedMessage {
  return message.kind === 'card'
    ? { kind: 'card', card: sealCard(sealer, message.card, employeeId) }
    : message;
}
