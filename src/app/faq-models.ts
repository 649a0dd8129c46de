import type { ChatEvent } from '../chat/event.ts';
import type { Behaviour, Config } from '../config.ts';
import type { Faq, RerankSettings } from '../features/faq/index.ts';
import type { CommandTable } from '../inbox/command-table.ts';
import { localDay } from '../kernel/time.ts';

/** The models of the YAML file with the keys of the environment. */
export function rerankSettings(
  { embedding, languageModel }: Behaviour['faq'],
  keys: Config['faqKeys'] | undefined,
): RerankSettings {
  return {
    embedding: embedding && { ...embedding, key: keys?.embedding },
    languageModel: languageModel && { ...languageModel, key: keys?.languageModel },
  };
}

/** Shows a question to the model before its transaction begins; undefined when there is none. */
export function questionsAhead({
  secondLook,
  commands,
  zone,
}: {
  secondLook: Faq['secondLook'];
  commands: Pick<CommandTable, 'knows'>;
  zone: string;
}): ((event: ChatEvent) => Promise<void>) | undefined {
  if (secondLook === undefined) return undefined;
  return async ({ payload, place, occurredAt }) => {
    if (payload.kind !== 'text' || (place.kind === 'group' && !place.mentioned)) return;
    if (!commands.knows(payload.text)) await secondLook.prepare(payload.text, localDay(occurredAt, zone));
  };
}
