import { ok, refuseOld, type SimAnswer, type SimRequest } from './answers.ts';
import { cardFault } from './card-check.ts';
import { type Message, newKey, type World } from './world.ts';

interface Given {
  message: Message;
  untilMs: number;
  uses: number;
  /** Only after the callback was answered may it be used. */
  answered: boolean;
}

const LIFE_MS = 30 * 60_000;
const MOST_USES = 2;
const MOST_KEPT = 100_000;

/** The tokens of clicks, by which a card can be replaced for half an hour. */
export function createCardTokens(now: () => number, files: World['files']) {
  const given = new Map<string, Given>();
  return {
    give(message: Message): string {
      const token = newKey('c-');
      given.set(token, { message, untilMs: now() + LIFE_MS, uses: 0, answered: false });
      if (given.size > MOST_KEPT) given.delete(given.keys().next().value ?? '');
      return token;
    },
    answered(token: string): void {
      const known = given.get(token);
      if (known !== undefined) known.answered = true;
    },
    /** `POST /open-apis/interactive/v1/card/update` */
    update({ json }: SimRequest): SimAnswer {
      const token = json?.['token'];
      const card = json?.['card'];
      if (typeof token !== 'string' || !token.startsWith('c-')) return refuseOld(300020, 'token format');
      const known = given.get(token);
      if (known === undefined || known.untilMs <= now()) return refuseOld(300030, 'token expired');
      if (known.uses >= MOST_USES) return refuseOld(300040, 'token used up');
      if (cardFault(card, files) !== undefined) return refuseOld(11311, 'bad card');
      if (known.message.deleted) return refuseOld(200000, 'message recalled');
      known.uses += 1;
      // Earlier than the answer to the callback it has no effect that lasts.
      if (known.answered) known.message.content = card as Record<string, unknown>;
      return { ...ok(), body: { code: 0, msg: 'ok' } };
    },
  };
}
