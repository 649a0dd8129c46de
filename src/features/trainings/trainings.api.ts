import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/paging.api.ts';
import { instantSchema, isStorable, momentInput, wordInput } from '../../kernel/shapes.ts';

export const trainingKinds = ['on-site', 'remote', 'external-event'] as const;
const kind = z.enum(trainingKinds);
const form = z.enum(['live', 'recorded']);
const scope = z.enum(['general', 'special']);
const state = z.enum(['draft', 'open', 'cancelled']);
const url = z.url({ protocol: /^https?$/ }).max(1_000);
const words = (most: number) => z.string().trim().max(most).refine(isStorable, 'must not contain U+0000');
const step = z
  .string()
  .regex(
    /^(?:(?:[1-9]|[1-2]\d|30)d|(?:[1-9]|1\d|2[0-3])h|(?:[5-9]|[1-5]\d)m)$/,
    'must be such as 7d, 1h or 15m',
  )
  .meta({ examples: ['1d'] });
const quota = z.strictObject({
  department: wordInput.describe('Its code'),
  seats: z.int().min(0).max(100_000),
});

/** A class as somebody plans it. */
export const trainingInput = z
  .strictObject({
    title: words(100).min(1),
    about: words(1_500).default(''),
    kind: kind.describe('external-event: an event of somebody else that we ride on'),
    form: form.default('live'),
    scope: scope.default('general'),
    lecturer: words(60).default(''),
    place: words(150).min(1).nullable().default(null),
    link: url.nullable().default(null),
    zone: words(60)
      .min(1)
      .nullable()
      .default(null)
      .describe('Where it takes place; null: where the company is'),
    startsAt: momentInput,
    endsAt: momentInput,
    seats: z.int().min(1).max(100_000).nullable().default(null).describe('Null: as many as come'),
    quotas: z.array(quota).max(100).default([]).describe('At most so many of these seats for a department'),
    walkIns: z.boolean().default(false).describe('Whether people may come without signing up'),
    lateAfterMinutes: z.int().min(0).max(240).default(10),
    leastMinutes: z
      .int()
      .min(0)
      .max(1_440)
      .nullable()
      .default(null)
      .describe('Online for less is absent; null: 60 %'),
    reminders: z.array(step).max(6).default(['7d', '3d', '1d', '1h']),
    materialLinks: z
      .array(z.strictObject({ label: words(60).min(1), url }))
      .max(10)
      .default([]),
    quizKey: words(61).min(1).nullable().default(null).describe('A round that opens after the class'),
    recordingUrl: url.nullable().default(null).describe('Goes to whoever was absent'),
  })
  .superRefine((given, context) => {
    const [from, to] = [Date.parse(given.startsAt), Date.parse(given.endsAt)];
    if (to <= from)
      context.addIssue({ code: 'custom', path: ['endsAt'], message: 'must come after startsAt' });
    if (to - from > 72 * 3_600_000)
      context.addIssue({ code: 'custom', path: ['endsAt'], message: 'must come within three days' });
  });
export type TrainingInput = z.input<typeof trainingInput>;
export type TrainingPlan = z.output<typeof trainingInput>;

export const seriesInput = z.strictObject({
  title: words(100).min(1),
  everyDays: z.int().min(1).max(90),
  count: z.int().min(2).max(30),
  training: trainingInput.describe('The first one; the others take place at the same hour on the wall'),
});

export const trainingShape = z.object({
  id: z.uuid(),
  no: z.int().describe('What people type'),
  series: z.object({ id: z.uuid(), title: z.string() }).nullable(),
  title: z.string(),
  about: z.string(),
  kind,
  form,
  scope,
  lecturer: z.string(),
  place: z.string().nullable(),
  link: z.string().nullable(),
  zone: z.string(),
  startsAt: instantSchema,
  endsAt: instantSchema,
  seats: z.int().nullable(),
  quotas: z.array(z.object({ department: z.string(), name: z.string(), seats: z.int() })),
  walkIns: z.boolean(),
  lateAfterMinutes: z.int(),
  leastMinutes: z.int(),
  reminders: z.array(z.string()),
  materialLinks: z.array(z.object({ label: z.string(), url: z.string() })),
  quizKey: z.string().nullable(),
  recordingUrl: z.string().nullable(),
  state,
  revision: z.int().describe('How often people were told of a change'),
  cancelReason: z.string().nullable(),
  readyAt: instantSchema.nullable().describe('Since when everything for it is there'),
  linkCode: z.string().nullable().describe('The short link of its posters, at /links'),
  signedUp: z.int(),
  waiting: z.int(),
  gaps: z.int().describe('Items of the checklist that are neither ticked off nor explained'),
});
export type TrainingView = z.infer<typeof trainingShape>;

export const trainingsQuery = pageQuery
  .extend({
    from: momentInput.optional().describe('Only what is not over then'),
    to: momentInput.optional().describe('Only what begins before'),
    state: state.optional(),
  })
  .strict();
export const trainingsPage = pageOf(trainingShape);
export const seriesShape = z.object({ seriesId: z.uuid(), items: z.array(trainingShape) });
export const changedShape = z.object({
  training: trainingShape,
  told: z.int().describe('How many people heard of a new time or place'),
  movedUp: z.int().describe('How many got a seat from the waiting list'),
});
export const cancelInput = z.strictObject({ reason: words(200).min(1) });
export const nothingInput = z.strictObject({}).optional();

const gap = z.object({ id: z.uuid(), no: z.int(), label: z.string() });
export type Gap = z.infer<typeof gap>;

export const materialShape = z.object({
  id: z.uuid(),
  no: z.int(),
  label: z.string(),
  owner: z.object({ number: z.string(), name: z.string() }).nullable(),
  doneAt: instantSchema.nullable(),
  doneBy: z.string().nullable(),
  gapReason: z.string().nullable(),
  gapBy: z.string().nullable(),
});
export type MaterialView = z.infer<typeof materialShape>;
export const materialsShape = z.object({ items: z.array(materialShape) });
export const materialsInput = z.strictObject({
  items: z
    .array(
      z.strictObject({ label: words(60).min(1), owner: wordInput.nullable().default(null).describe('工号') }),
    )
    .min(1)
    .max(50),
});
export const materialInput = z
  .strictObject({
    label: words(60).min(1).optional(),
    owner: wordInput.nullable().optional().describe('工号; null takes the owner away'),
    done: z.boolean().optional(),
    gapReason: words(200).min(1).nullable().optional().describe('Why it may be missing'),
  })
  .refine((given) => Object.keys(given).length > 0, 'must change something');

const standing = z.enum(['in', 'waiting', 'cancelled', 'none']);
const source = z.enum(['code', 'qr', 'import', 'manual']);
export const personShape = z.object({
  number: z.string(),
  name: z.string(),
  department: z.string().nullable(),
  standing,
  movedUpAt: instantSchema.nullable().describe('When they came up from the waiting list'),
  present: z.boolean(),
  arrivedAt: instantSchema.nullable(),
  late: z.boolean(),
  minutes: z.int().nullable(),
  source: source.nullable(),
  grade: z.enum(['witnessed', 'metered', 'declared']).nullable(),
  reason: z.string().nullable(),
});
export type PersonView = z.infer<typeof personShape>;
export const peopleQuery = pageQuery.strict();
export const peoplePage = pageOf(personShape);
export const personInput = z.strictObject({
  employee: wordInput.describe('工号'),
  do: z.enum(['sign-up', 'cancel']),
});
export const personDoneShape = z.object({
  outcome: z.enum(['in', 'waiting', 'already', 'cancelled', 'not-in', 'closed']),
});
export const attendanceInput = z.strictObject({
  employee: wordInput.describe('工号'),
  present: z.boolean(),
  late: z.boolean().default(false),
  reason: words(200).min(1),
});
export const attendanceDoneShape = z.object({ outcome: z.enum(['recorded', 'corrected', 'unchanged']) });

export const historyShape = z.object({
  at: instantSchema,
  number: z.string(),
  name: z.string(),
  kind: z.enum(['signed-up', 'waits', 'moved-up', 'cancelled', 'walked-in']),
  by: z.string(),
});
export const historyPage = pageOf(historyShape);

export const codeShape = z.object({
  now: instantSchema.describe("The server's clock: countdowns go by it"),
  open: z.boolean().describe('Whether attendance is taken now'),
  code: z.string(),
  until: instantSchema,
  url: z.string(),
  qr: z.string().describe('The same as SVG'),
});
export type CodeView = z.infer<typeof codeShape>;

export const arrivalsQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });
export const arrivalsShape = z.object({
  after: z.int().describe('Where to go on'),
  signedUp: z.int(),
  present: z.int(),
  late: z.int(),
  items: z.array(
    z.object({
      seq: z.int(),
      number: z.string(),
      name: z.string(),
      department: z.string().nullable(),
      at: instantSchema,
      late: z.boolean(),
      present: z.boolean().describe('False takes somebody away again'),
    }),
  ),
});
export type ArrivalsView = z.infer<typeof arrivalsShape>;

export const resultsShape = z.object({
  signedUp: z.int(),
  waiting: z.int(),
  present: z.int(),
  late: z.int(),
  absent: z.int(),
  ratings: z
    .object({
      count: z.int(),
      average: z.number(),
      scores: z.array(z.int()).length(5).describe('How many gave 1, 2, … 5'),
      comments: z.array(z.object({ score: z.int(), comment: z.string() })),
    })
    .nullable()
    .describe('Null while fewer than three have rated: nobody can be told apart'),
  quiz: z
    .object({
      key: z.string(),
      title: z.string(),
      state: z.string(),
      people: z.int(),
      rightShare: z.number().nullable(),
    })
    .nullable(),
  poster: z.object({ scans: z.int(), arrived: z.int() }).nullable().describe('What its short link brought'),
  recordingToldAt: instantSchema.nullable(),
});
export type ResultsView = z.infer<typeof resultsShape>;

export const importQuery = z.strictObject({
  dryRun: z.stringbool().default(false).describe('Reports what would happen'),
});
export const importShape = z.object({
  dryRun: z.boolean(),
  totals: z.object({ counted: z.int(), unchanged: z.int(), short: z.int(), refused: z.int() }),
  rows: z.array(
    z.object({
      line: z.int(),
      number: z.string(),
      minutes: z.int().nullable(),
      outcome: z.enum(['counted', 'unchanged', 'short', 'refused']),
      problem: z.string().nullable(),
    }),
  ),
});
export type ImportView = z.infer<typeof importShape>;
