/** Numbers that the server enforces and the page respects. Kept apart from the zod shapes, so that the page stays small. */

/** In UTF-16 code units, as an input field counts. */
export const MAX_TEXT_CHARACTERS = 4000;

/** What a person may attach: a request carries it as base64 within the 64 KB body limit. */
export const MAX_ATTACHMENT_BYTES = 40_000;

/** Messages a page of a chat holds. */
export const MESSAGES_PER_PAGE = 30;

/** How the bot is called in the sandbox, also after the `@`. */
export const BOT_NAME = '促活';
