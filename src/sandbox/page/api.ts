import type {
  ChatsAnswer,
  ClockAnswer,
  DeedAnswer,
  DeedRequest,
  MessagesAnswer,
  PeopleAnswer,
  Problem,
} from '../sandbox.api.ts';
import type { Language } from './text.ts';

const ROOT = '/sandbox/api';

/** The server said no, and why in a sentence; without a status, it could not be reached. */
export class Refusal extends Error {
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

const ask = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
}

async function call<Answer>(language: Language, path: string, init: Call = {}): Promise<Answer> {
  const headers = { ...init.headers, 'accept-language': language };
  const answer = await fetch(ROOT + path, { ...init, headers }).catch(() => {
    throw new Refusal('');
  });
  if (answer.ok) return (await answer.json()) as Answer;
  const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  throw new Refusal(problem.detail ?? problem.title ?? `HTTP ${answer.status}`, answer.status);
}

/** The server, in one language for its problem sentences. */
export function createApi(language: Language) {
  return {
    people: (search: string, signal: AbortSignal) =>
      call<PeopleAnswer>(language, `/people?${ask({ search })}`, { signal }),
    chats: (as: string) => call<ChatsAnswer>(language, `/chats?${ask({ as })}`),
    messages: (as: string, chatId: string, before?: string) =>
      call<MessagesAnswer>(
        language,
        `/chats/${encodeURIComponent(chatId)}/messages?${ask(before === undefined ? { as } : { as, before })}`,
      ),
    clock: () => call<ClockAnswer>(language, '/clock'),
    does: (deed: DeedRequest) =>
      call<DeedAnswer>(language, '/events', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(deed),
      }),
  };
}

export type Api = ReturnType<typeof createApi>;

export const fileAddress = (messageId: string, as: string): string =>
  `${ROOT}/files/${messageId}?${ask({ as })}`;
export const pictureAddress = (messageId: string, as: string, name: string): string =>
  `${ROOT}/pictures/${messageId}?${ask({ as, name })}`;
export const streamAddress = (as: string): string => `${ROOT}/stream?${ask({ as })}`;

/** A UUIDv4. Not `crypto.randomUUID`: browsers have that only on HTTPS, and intranets are often without. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
