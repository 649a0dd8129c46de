/** Something that stops us and that a caller can tell apart by its `code`, such as `quiz.closed`. */
export class AppError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/**
 * What the sender should do after a platform refused or did not answer:
 * `retry` soon, `wait` as long as the platform asks, `sign-in` again and retry once, or `give-up`.
 */
export type Fate = 'retry' | 'wait' | 'sign-in' | 'give-up';

/** A call to a platform that did not succeed. Neither tokens nor message texts belong in here. */
export class PlatformError extends Error {
  readonly platform: string;
  readonly call: string;
  readonly platformCode: string;
  readonly fate: Fate;
  /** How long the platform asked us to wait, in milliseconds. */
  readonly waitMs: number | undefined;
  /** True when the platform may have done what we asked although its answer never came. */
  readonly unanswered: boolean;

  constructor(failure: {
    platform: string;
    call: string;
    platformCode: string;
    fate: Fate;
    waitMs?: number;
    unanswered?: boolean;
    cause?: unknown;
  }) {
    super(
      `${failure.platform} ${failure.call} failed with ${failure.platformCode}`,
      failure.cause === undefined ? undefined : { cause: failure.cause },
    );
    this.name = 'PlatformError';
    this.platform = failure.platform;
    this.call = failure.call;
    this.platformCode = failure.platformCode;
    this.fate = failure.fate;
    this.waitMs = failure.waitMs;
    this.unanswered = failure.unanswered ?? false;
  }
}

/**
 * Throws the failure of a call that comes before the one that matters, such as an upload or a sign-in, without a doubt:
 * whatever became of it, what follows it was not asked for yet.
 */
export function withoutDoubt(error: unknown): never {
  if (!(error instanceof PlatformError)) throw error;
  const { platform, call, platformCode, fate, waitMs } = error;
  throw new PlatformError({
    platform,
    call,
    platformCode,
    fate,
    unanswered: false,
    ...(waitMs === undefined ? {} : { waitMs }),
  });
}

/** An error that a person caused and can mend: the command line prints its message without a stack. */
export class UserError extends AppError {
  constructor(message: string, details: Record<string, unknown> = {}) {
    super('input.invalid', message, { details });
    this.name = 'UserError';
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
