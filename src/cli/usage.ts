/** The command was called with words that it does not know: exit code 2. */
export class UsageError extends Error {}
