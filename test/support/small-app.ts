import { type TestApp, type TestAppOptions, testApp } from './app.ts';
import { contentFolder, type SmallContent } from './content.ts';
import { conversation, type Speaker } from './conversation.ts';

export interface SmallApp extends TestApp {
  /** Speaks as the employee with this number. */
  as(number: string): Speaker;
}

/** The application with a small company and a small campaign. */
export async function smallApp(
  options: SmallContent & Pick<TestAppOptions, 'startAt' | 'redisUrl' | 'behaviour'>,
): Promise<SmallApp> {
  const { startAt, redisUrl, behaviour, ...content } = options;
  const folder = await contentFolder(content);
  const started = await testApp({ startAt, redisUrl, behaviour, content: folder.path });
  await folder.remove();
  return { ...started, as: (number) => conversation(started, number) };
}
