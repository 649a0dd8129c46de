import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, wordInput } from '../../kernel/shapes.ts';

const kind = z.enum(['daily', 'span', 'live']);
const state = z.enum(['draft', 'published', 'closed', 'approved']);

export const quizShape = z.object({
  id: z.uuid(),
  key: z.string(),
  campaignId: z.uuid(),
  kind,
  state,
  title: z.string(),
  rules: z.string().describe('The policy in one sentence, as people read it'),
  startsAt: instantSchema,
  endsAt: instantSchema,
  publishedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  approvedAt: instantSchema.nullable(),
  questions: z.int(),
  people: z.int().describe('Who has a paper'),
  file: z.unknown().describe('The round as it was planned'),
});
export type QuizView = z.infer<typeof quizShape>;
export const quizzesQuery = pageQuery.extend({ state: state.optional() }).strict();
export const quizzesPage = pageOf(quizShape);
export const quizPutShape = z.object({ outcome: z.enum(['created', 'updated']), quiz: quizShape });

export const quizPreviewShape = z.object({
  slots: z.array(z.object({ wanted: z.int(), fitting: z.int() })),
  rules: z.object({ 'zh-CN': z.string(), en: z.string() }),
  cards: z
    .array(
      z.object({
        title: z.string(),
        body: z.string(),
        picture: z.string().nullable(),
        buttons: z.array(z.string()),
      }),
    )
    .describe('One paper as somebody might get it'),
});
export type QuizPreview = z.infer<typeof quizPreviewShape>;

export const liveInput = z.strictObject({ do: z.enum(['next', 'reveal', 'end']) });

const placeShape = z.object({ rank: z.int(), number: z.string(), name: z.string(), score: z.int() });
export const liveShape = z.object({
  now: instantSchema.describe("The server's clock: countdowns go by it"),
  state,
  phase: z.enum(['lobby', 'open', 'revealed', 'over']),
  number: z.int().describe('Of the question, from 1; 0 in the lobby'),
  of: z.int(),
  text: z.string().nullable(),
  picture: z.string().nullable(),
  options: z.array(z.string()).describe('In the order of the bank; everybody sees their own'),
  closesAt: instantSchema.nullable(),
  joined: z.int(),
  answered: z.int(),
  right: z.int().nullable().describe('Null until the answer is revealed'),
  answer: z.string().nullable(),
  explanation: z.string().nullable(),
  top: z.array(placeShape),
});
export type LiveView = z.infer<typeof liveShape>;

export const resultShape = placeShape.extend({
  right: z.int(),
  answered: z.int(),
  asked: z.int(),
  seconds: z.number(),
  wins: z.boolean(),
});
export type ResultView = z.infer<typeof resultShape>;
export const resultsQuery = pageQuery.strict();
export const resultsPage = pageOf(resultShape);

export const leagueShape = z.object({
  items: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      people: z.int(),
      took: z.int(),
      score: z.int(),
      perHead: z.number(),
      rank: z.int().nullable().describe('Null where a department is too small to be ranked'),
    }),
  ),
});
export type LeagueView = z.infer<typeof leagueShape>;

export const itemsShape = z.object({
  items: z.array(
    z.object({
      position: z.int(),
      key: z.string(),
      text: z.string(),
      options: z.array(z.string()),
      answers: z.int(),
      easiness: z.number().describe('Mean share of what was right'),
      discrimination: z.number().nullable().describe('Correlation with everything else of the same people'),
      chosen: z.array(z.int()),
      medianSeconds: z.number(),
      signals: z.array(z.string()),
      withdrawn: z.object({ reason: z.string(), at: instantSchema }).nullable(),
    }),
  ),
});
export type ItemsView = z.infer<typeof itemsShape>;

export const withdrawInput = z.strictObject({
  reason: z.string().trim().min(1).max(200).describe('People read it'),
});
export const withdrawnShape = z.object({ changed: z.int().describe('Whose score or rank moved') });

export const rescoresPage = pageOf(
  z.object({
    position: z.int(),
    number: z.string(),
    name: z.string(),
    scoreBefore: z.int(),
    scoreAfter: z.int(),
    rankBefore: z.int(),
    rankAfter: z.int(),
  }),
);

export const winnersShape = z.object({ winners: z.array(placeShape) });
export const campaignInput = z.object({ campaign: wordInput.describe('The id or the key of a campaign') });

export const certifiedShape = z.object({
  quizId: z.uuid(),
  title: z.string(),
  number: z.string().describe('Whose certificate it is: their 工号'),
  name: z.string(),
  rank: z.int(),
  right: z.int(),
  asked: z.int(),
  issuedAt: instantSchema,
});
