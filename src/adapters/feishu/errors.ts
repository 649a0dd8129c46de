import { type Fate, PlatformError } from '../../kernel/errors.ts';
import type { Answer } from '../../kernel/http-client.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The person cannot be reached, whatever we do: out of range, resigned, another tenant, has stopped the bot. */
const UNREACHABLE = new Set([
  230002, 230013, 230029, 230034, 230035, 230038, 230053, 232009, 11101, 99992351, 99992360, 99992361,
  99992364, 99992381,
]);

/** This message is refused, others are not. */
const REFUSED = new Set([
  230001, 230015, 230017, 230018, 230019, 230022, 230025, 230027, 230028, 230054, 230055, 230075, 230099,
  230100, 11227, 11231, 11235, 11246, 11312, 10003, 99992402,
]);

/** What the app as a whole lacks: nobody's message is lost, it waits until an administrator has helped. */
const FOR_ADMINISTRATORS = new Set([
  230006, 230036, 234041, 234042, 234007, 10014, 10012, 10013, 10015, 99991672, 99991662, 99991673, 99991401,
  11203, 11204, 11205, 11207, 11209, 11210, 11223,
]);

/** Codes of the token: sign in again, once. */
export const TOKEN_CODES: ReadonlySet<number> = new Set([99991663, 99991664]);

/**
 * How long to wait after a refusal for rate or for a day's end, in milliseconds.
 * Source: the tables "Rate limits and error handling" and "auth errors" of the fact sheet, read 2026-05-24.
 */
const WAITS: ReadonlyMap<number, number> = new Map([
  [99991400, SECOND_MS],
  [1000004, SECOND_MS],
  [1000005, SECOND_MS],
  [230020, SECOND_MS],
  [230049, SECOND_MS],
  [11232, 5 * MINUTE_MS],
  [11233, SECOND_MS],
  [11247, HOUR_MS],
  [232096, MINUTE_MS],
  [99991403, 6 * HOUR_MS],
]);

/** Answered, but it is not known whether the work was done: the platform itself stumbled. */
const INTERNAL = new Set([2200, 40003, 10002]);

/** How the platform takes a message that one person's own limit forbids for now. */
export const PERSON_LIMIT = 230020;

export type Verdict = 'unreachable' | 'refused' | 'call';

/** Whether a code speaks of the one whom we wanted to reach, of the message, or of the call as a whole. */
export function verdictOn(code: number): Verdict {
  if (UNREACHABLE.has(code)) return 'unreachable';
  return REFUSED.has(code) ? 'refused' : 'call';
}

export const isForAdministrators = (code: number): boolean => FOR_ADMINISTRATORS.has(code);

/** The failure that an answer tells of. Neither its message nor its body goes further: they may quote contents. */
export function failureOf(
  call: string,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  code: number,
) {
  const reset = Number(headers.get('x-ogw-ratelimit-reset'));
  const asked = WAITS.get(code) ?? (status === 429 ? SECOND_MS : undefined);
  const waitMs =
    reset > 0 ? reset * SECOND_MS : (asked ?? (isForAdministrators(code) ? MINUTE_MS : undefined));
  return new PlatformError({
    platform: 'feishu',
    call,
    platformCode: String(code),
    fate: fateOf(code, status, waitMs),
    unanswered: INTERNAL.has(code) || (status >= 500 && code <= 0),
    ...(waitMs === undefined ? {} : { waitMs }),
  });
}

function fateOf(code: number, status: number, waitMs: number | undefined): Fate {
  if (TOKEN_CODES.has(code)) return 'sign-in';
  if (waitMs !== undefined) return 'wait';
  return INTERNAL.has(code) || status >= 500 ? 'retry' : 'give-up';
}
