import { z } from 'zod';
import { storable } from '../../chat/words.ts';
import type { ApiRoutes } from '../../http/api.ts';
import { isoOf, localDay } from '../../kernel/time.ts';
import { askBody } from './faq.api.ts';
import { calibrationShape, explainShape, faqFiguresShape } from './faq.console.api.ts';
import { faqFigures } from './faq.figures.ts';
import { newestCalibration } from './faq.knowledge.ts';
import type { FaqRoutesDeps } from './faq.routes.ts';
import { answerIn } from './faq.rules.ts';
import { judge, rounded } from './faq.service.ts';

const tags = ['faq'];
/** Beyond these nothing is ever offered; they show what an entry competes with. */
const EXPLAINED = 5;
const isUuid = (text: string): boolean => z.uuid().safeParse(text).success;

/** What editors look at: why an answer is the answer, and how the knowledge base does. */
export function faqConsoleRoutes({ db, clock, zone, faq, employeeIdOf }: FaqRoutesDeps): ApiRoutes {
  return (api) => {
    api.post(
      '/faq/explain',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'What would be answered, and why; nothing is kept',
          tags,
          body: askBody,
          response: { 200: explainShape },
        },
      },
      async ({ body }) => {
        const given = body.employeeId;
        const employeeId = given === undefined || isUuid(given) ? given : await employeeIdOf(db, given);
        await faq.secondLook?.prepare(storable(body.text), localDay(clock.now(), zone));
        const question = { text: storable(body.text), at: clock.now(), zone, employeeId, context: 'api' };
        const { outcome, thresholds, choices } = await judge(db, faq, question, EXPLAINED);
        return {
          outcome,
          chosen: faq.secondLook?.chosenFor(body.text) ?? null,
          thresholds,
          candidates: choices.map(({ entry, candidate }) => ({
            entryId: entry.key,
            question: entry.question,
            answer: answerIn(entry),
            matched: candidate.matched,
            confidence: rounded(candidate.confidence),
            score: rounded(candidate.score),
            contributions: Object.fromEntries(
              Object.entries(candidate.contributions).map(([name, part]) => [name, rounded(part)]),
            ) as typeof candidate.contributions,
          })),
        };
      },
    );

    api.get(
      '/faq/figures',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'How the knowledge base does',
          tags,
          querystring: z.strictObject({}),
          response: { 200: faqFiguresShape },
        },
      },
      async () => faqFigures(db),
    );

    api.get(
      '/faq/calibration',
      {
        config: { permission: 'faq.read' },
        schema: {
          summary: 'How sure the bot has to be before it answers, and the curve that this was fitted on',
          tags,
          querystring: z.strictObject({}),
          response: { 200: calibrationShape },
        },
      },
      async () => {
        const { version, thresholds, newest, inUse } = await newestCalibration(db);
        return {
          version,
          at: newest === undefined ? null : isoOf(newest.at),
          inUse,
          thresholds,
          report: newest?.report ?? null,
        };
      },
    );
  };
}
