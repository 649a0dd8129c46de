import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { buildIndex, type EngineEntry, type Ingredient } from '../src/features/faq/engine/index.ts';
import { faqFilesSchema } from '../src/features/faq/faq.schema.ts';

const FOLDER = 'config/content/office-suite/faq';
const FOLDS = 6;

/** The entries that we ship. */
export function shippedEntries(): EngineEntry[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => faqFilesSchema.parse(parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))).entries);
}

/** Share of questions that find their entry, first and among three, when it does not have them; each is left out once. */
export function leftOut(
  entries: readonly EngineEntry[],
  without: readonly Ingredient[] = [],
): { questions: number; hit1: number; hit3: number } {
  let questions = 0;
  let first = 0;
  let among = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const hidden = entries.map(
      ({ question, similar }, place) => [question, ...similar][(fold + place) % FOLDS],
    );
    const index = buildIndex(
      entries.map((entry, place) => {
        const [question = '', ...similar] = [entry.question, ...entry.similar].filter(
          (text) => text !== hidden[place],
        );
        return { ...entry, question, similar };
      }),
      new Set(without),
    );
    for (const [place, { id }] of entries.entries()) {
      const text = hidden[place];
      if (text === undefined) continue;
      const rank = index.search(text).findIndex((one) => one.id === id);
      questions += 1;
      if (rank === 0) first += 1;
      if (rank >= 0) among += 1;
    }
  }
  return { questions, hit1: first / questions, hit3: among / questions };
}
