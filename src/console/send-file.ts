import { newKey, Refusal } from './api.ts';

/** Sends a file as it is. Rejects with Refusal. */
export async function sendFile<Answer>(path: string, type: string, file: File): Promise<Answer> {
  const answer = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': type,
      'x-cuhuo-csrf': '1',
      'idempotency-key': newKey(),
      'accept-language': document.documentElement.lang,
    },
    body: file,
  });
  const content: unknown = await answer.json();
  if (!answer.ok) throw new Refusal(content as ConstructorParameters<typeof Refusal>[0]);
  return content as Answer;
}
