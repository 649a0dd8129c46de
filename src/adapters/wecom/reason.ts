import { messageOf } from '../../kernel/errors.ts';

/**
 * Why something failed, for the log. A failed query names its parameters, which hold what people wrote or one-time
 * codes; what the database said does not.
 */
export function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : messageOf(error);
}
